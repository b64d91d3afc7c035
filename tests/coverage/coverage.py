"""What the unit tests go through, from builds with clang's counters (tests/coverage.sh).

    coverage.py programs BUILD              the unit tests' programs, as ninja names them
    coverage.py report BUILD... [FOLDER...] runs them and tells what is missing
"""
import bisect
import collections
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from house import ROOT, functions, named

TESTED = ('base', 'message', 'sdp', 'auth')  # whose unit tests are run
FOLDERS = ('message', 'sdp', 'auth')         # what is told when nothing is asked for
MCDC = 98                                    # per cent; lines and branches 100
EXCLUSIONS = ROOT / 'tests/coverage/exclusions.csv'


CONSTANT = re.compile(r'!?\bSIP_OPTIMIZE_SIZE\b')  # a condition that a build decides: clang counts no branch


class Source:
    """A file of lib/, by line and column."""

    def __init__(self, path):
        self.path = path
        self.name = named(path)
        self.lines = path.read_text().splitlines()
        self.constants = [(number, found.start() + 1, number, found.end() + 1)
                          for number, text in enumerate(self.lines, 1) for found in CONSTANT.finditer(text)]
        self.functions = [(first, last, name) for name, first, last in functions(path)]

    def text(self, place):
        """What stands between (line, column) and (line, column), on one line."""
        line, column, last, end = place
        part = self.lines[line - 1:last]
        part[-1] = part[-1][:end - 1]
        part[0] = part[0][column - 1:]
        return ' '.join(' '.join(part).split())

    def line(self, number):
        return ' '.join(self.lines[number - 1].split())

    def function(self, number):
        return next((name for first, last, name in self.functions if first <= number <= last), '')


class Counts:
    """What was done in one file, in any build."""

    def __init__(self, constants):
        self.constants = constants
        self.lines = collections.Counter()
        self.branches = collections.defaultdict(lambda: [0, 0])  # place of a condition: true, false
        self.decisions = {}                                      # place: [shown] of its conditions

    def conditions(self, decision):
        """The places of a decision's conditions, in their order, and whether each was shown to decide; but
        not the constants, which clang has among those that were not."""
        first, last = decision[:2], decision[2:]
        places = sorted(place for place in {*self.branches, *self.constants}
                        if first <= place[:2] and place[2:] <= last)
        return [(place, shown) for place, shown in zip(places, self.decisions[decision])
                if place not in self.constants]


def tests(build):
    """(program, working folder) of each unit test."""
    text = subprocess.run(['meson', 'introspect', '--tests', build], check=True, capture_output=True).stdout
    return [(test['cmd'], test['workdir'] or build) for test in json.loads(text)
            if test['name'].split('/')[0] in TESTED and test['suite'][0].endswith('unit')]


def run(build):
    """Runs all tests of a build; the arguments by which llvm-cov finds them and their counts."""
    folder = pathlib.Path(build).resolve() / 'counts'
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    waiting = tests(build)
    running, raw = [], []
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            command, where = waiting.pop()
            raw.append(str(folder / (pathlib.Path(command[0]).name + '.profraw')))
            running.append((command, subprocess.Popen(
                command, cwd=where, env=dict(os.environ, LLVM_PROFILE_FILE=raw[-1]),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)))
        command, process = running.pop(0)
        said = process.communicate(timeout=300)[0]
        if process.returncode:
            sys.exit(said.decode(errors='replace')[-2000:] + f'\n{command[0]} failed')
    merged = str(folder / 'all.profdata')
    subprocess.run(['llvm-profdata-19', 'merge', '-sparse', '-o', merged, *raw], check=True)
    programs = [command[0] for command, _ in tests(build)]
    return ['-instr-profile', merged, programs[0], *(x for p in programs[1:] for x in ('-object', p))]


def add_lines(counts, arguments):
    """Lines, as llvm-cov counts them."""
    text = subprocess.run(['llvm-cov-19', 'export', '-format=lcov', '-skip-functions', '-skip-branches',
                           *arguments], check=True, capture_output=True, text=True).stdout
    for row in text.splitlines():
        if row.startswith('SF:'):
            current = counts.get(os.path.realpath(row[3:]))
        elif row.startswith('DA:') and current:
            number, count = row[3:].split(',')[:2]
            current.lines[int(number)] += int(count)


def add_conditions(counts, arguments):
    """Branches and decisions, of each copy of each function."""
    text = subprocess.run(['llvm-cov-19', 'export', '-format=text', '-skip-expansions', *arguments],
                          check=True, capture_output=True).stdout
    for function in json.loads(text)['data'][0]['functions']:
        files = [counts.get(os.path.realpath(name)) for name in function['filenames']]
        for *place, true, false, file, _, _ in function['branches']:
            if files[file]:
                both = files[file].branches[tuple(place)]
                both[0] += true
                both[1] += false
        for record in function['mcdc_records']:
            place, shown, current = tuple(record[:4]), record[-1], files[0]
            if current:
                old = current.decisions.setdefault(place, [False] * len(shown))
                current.decisions[place] = [a or b for a, b in zip(old, shown)]


def missing(source, counts):
    """(line, what, text) of each thing that was not done; `what` is as in the file of exclusions."""
    for number, count in sorted(counts.lines.items()):
        if count == 0 and source.line(number):  # clang counts empty lines beside an #if
            yield number, 'line', 'not run', source.line(number)
    for place, (true, false) in sorted(counts.branches.items()):
        text = source.text(place)
        if not true:
            yield place[0], 'branch', 'never true', text
        if not false:
            yield place[0], 'branch', 'never false', text
    for place in sorted(counts.decisions):
        for condition, shown in counts.conditions(place):
            if not shown:
                yield condition[0], 'decision', 'does not decide', source.text(condition)


def totals(counts):
    return {'line': len(counts.lines), 'branch': 2 * len(counts.branches),
            'decision': sum(len(counts.conditions(place)) for place in counts.decisions)}


def percent(done, all_of):
    return 100 * done / all_of if all_of else 100


def row(name, sums):
    """One row of the table; whether it reaches the targets."""
    shown = []
    for kind in ('line', 'branch', 'decision'):
        left, all_of = sums[kind]
        shown.append(f'{all_of - left:6d} of {all_of:5d} {percent(all_of - left, all_of):6.2f} %')
    print(f'{name:30s} ' + '  '.join(shown))
    return not sums['line'][0] and not sums['branch'][0] and \
        percent(sums['decision'][1] - sums['decision'][0], sums['decision'][1]) >= MCDC


class Exclusions:
    """Rows of file, function, what, text, reason: what cannot be reached, and the proof of it. A file or
    function of * is any, a text that ends in * begins so. What of a condition is never true or never
    false cannot decide either."""

    def __init__(self):
        with EXCLUSIONS.open(newline='') as file:
            self.rows = list(csv.DictReader(file))
        self.used = [False] * len(self.rows)

    def take(self, file, function, what, text):
        found = False
        for i, row in enumerate(self.rows):
            same = row['text'] == text or row['text'].endswith('*') and text.startswith(row['text'][:-1])
            if same and row['file'] in (file, '*') and row['function'] in (function, '*') and row['reason']:
                if row['what'] == what:
                    self.used[i] = found = True
                found |= what == 'does not decide' and row['what'].startswith('never')
        return found

    def stale(self, folders):
        """The rows that excluded nothing, of these folders."""
        for row, used in zip(self.rows, self.used):
            of = FOLDERS if row['file'] == '*' else row['file'].split('/')[1:2]
            if not used and set(of) <= set(folders):
                yield ', '.join(row[k] for k in ('file', 'function', 'what', 'text'))


def report(builds, folders):
    sources = [Source(path) for folder in folders for path in sorted((ROOT / 'lib' / folder).glob('*.[ch]'))]
    counts = {str(source.path): Counts(source.constants) for source in sources}
    for build in builds:
        arguments = run(build)
        add_lines(counts, arguments)
        add_conditions(counts, arguments)
    exclusions, gaps, reached, excluded = Exclusions(), [], True, 0
    print(f'{"":30s} {"lines":^24s}  {"branches":^24s}  {"MC/DC":^24s}')
    for folder in folders:
        whole = collections.defaultdict(lambda: [0, 0])
        for source in sources:
            mine = counts[str(source.path)]
            if source.name.split('/')[1] != folder or not mine.lines:
                continue
            sums = {kind: [0, number] for kind, number in totals(mine).items()}
            for line, kind, what, text in missing(source, mine):
                if exclusions.take(source.name, source.function(line), what, text):
                    sums[kind][1] -= 1
                    excluded += 1
                else:
                    sums[kind][0] += 1
                    gaps.append(f'{source.name}:{line}: {what}: {text}')
            row(source.name, sums)
            for kind in sums:
                whole[kind] = [a + b for a, b in zip(whole[kind], sums[kind])]
        reached = row(f'lib/{folder}', whole) and reached
        print()
    print(*gaps, sep='\n')
    stale = list(exclusions.stale(folders))
    for text in stale:
        print('excluded, but it is not there or not missing:', text)
    print(f'{len(gaps)} missing, {excluded} excluded as unreachable, {len(stale)} of the exclusions stale')
    return reached and not stale


if __name__ == '__main__':
    if sys.argv[1] == 'programs':
        print(*(os.path.relpath(os.path.realpath(command[0]), os.path.realpath(sys.argv[2]))
                for command, _ in tests(sys.argv[2])))
    else:
        builds = [a for a in sys.argv[2:] if (pathlib.Path(a) / 'build.ninja').exists()]
        asked = [a.rstrip('/').split('/')[-1] for a in sys.argv[2:] if a not in builds] or FOLDERS
        sys.exit(0 if report(builds, asked) else 1)
