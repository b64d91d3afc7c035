"""Whether the unit tests notice small changes of the library; tests/mutate.sh says how it is called."""
import argparse
import collections
import concurrent.futures
import csv
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from build import BUILD, FLAVOURS, JOBS, PLAIN, Build, Failure, compiled
from changes import Mutable, order
from house import ROOT, named

KILLED = 90     # per cent at least
EQUIVALENT = 5  # per cent at most
EQUIVALENTS = ROOT / 'tests/mutate/equivalents.csv'
KEY = ('file', 'function', 'before', 'after')


class Trial:
    """One mutant: a changed file in a folder of its own, and what is built from it."""

    def __init__(self, build, reached, name, file, change):
        self.build, self.name, self.file, self.change = build, name, file, change
        self.before, self.after = file.lines(change)
        self.key = (name, change.function, self.before, self.after)
        self.programs = self.choose(reached.get(name, {}))

    def choose(self, lines):
        """The programs that go through the changed line, those of its folder first, then the quick ones."""
        line = self.change.line
        while line > 1 and line not in lines:
            line -= 1
        through = lines.get(line, set()) | lines.get(self.change.line, set())
        folder, stem = self.name.split('/')[1], pathlib.Path(self.name).stem
        return sorted(through, key=lambda name: (name != f'{folder}_{stem}', self.build.folder_of(name) != folder,
                                                 self.build.limits['plain', name], name))

    def compile(self, flavour, directory):
        """Whether the library became another one."""
        changed = directory / self.name
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(self.file.changed(self.change))
        path = ROOT / self.name
        users = [path] if path.suffix == '.c' else list(self.build.users(self.name))
        made, other = {}, False
        for user in users:
            source = changed if user == path else user
            made[user] = directory / (str(user.relative_to(ROOT)).replace('/', '-') + '.o')
            compiled([*PLAIN, *FLAVOURS[flavour], f'-I{directory / "lib"}', *self.build.options(user),
                      '-c', str(source), '-o', str(made[user])])
            other |= made[user].read_bytes() != self.build.object(flavour, user).read_bytes()
        if not other:
            return False
        objects = [made.get(source, self.build.object(flavour, source)) for source in self.build.sources]
        self.build.link(flavour, objects, directory / 'library.so')
        for folder, test in self.build.tests:
            if test in made:
                self.build.link_program(flavour, folder, test, made[test], directory)
        return True

    def try_by(self, flavour, directory):
        """'same', or who killed it, or None."""
        if not self.compile(flavour, directory):
            return 'same'
        for name in self.programs:
            if self.build.run(flavour, name, directory, self.build.limits[flavour, name]) != 0:
                return name
        return None

    def verdict(self):
        """killed, survived, same (code), or no (does not compile); and by whom."""
        for flavour in ('plain', 'sanitized'):
            directory = pathlib.Path(tempfile.mkdtemp(dir=BUILD))
            try:
                by = self.try_by(flavour, directory)
            except Failure:
                return 'no', None
            finally:
                shutil.rmtree(directory, ignore_errors=True)
            if by == 'same' and flavour == 'plain':
                return 'same', None
            if by and by != 'same':
                return 'killed', f'{by} {flavour}'
        return 'survived', None


def equivalents():
    """{(file, function, before, after): reason}."""
    with EQUIVALENTS.open(newline='') as file:
        return {tuple(row[k] for k in KEY): row['reason'] for row in csv.DictReader(file)}


def mutants(build, reached, folder, seed):
    """All of a folder, in the order of the seed."""
    found = []
    for path in sorted((ROOT / 'lib' / folder).glob('*.[ch]')):
        file = Mutable(path)
        found += [(order(seed, named(path), file, change), named(path), file, change) for change in file.changes]
    found.sort(key=lambda mutant: mutant[0])
    return [Trial(build, reached, *mutant[1:]) for mutant in found]


def try_folder(folder, trials, number, listed):
    """Tries mutants until `number` of them are others than the library; prints who lives. Whether the
    folder's targets are reached."""
    counts, wrong, kinds = collections.Counter(), 0, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        waiting, rest = collections.deque(), iter(trials)
        while counts['killed'] + counts['survived'] + counts['equivalent'] < number:
            while len(waiting) < JOBS:
                trial = next(rest, None)
                if not trial:
                    break
                waiting.append((trial, pool.submit(trial.verdict)))
            if not waiting:
                break
            trial, future = waiting.popleft()
            verdict, by = future.result()
            if trial.key in listed and verdict == 'survived':
                verdict = 'equivalent'
            elif trial.key in listed and verdict == 'killed':
                print(f'{trial.name}:{trial.change.line}: listed as equivalent, but killed by {by}')
                wrong += 1
            counts[verdict] += 1
            kinds[trial.change.kind, verdict] += 1
            if verdict == 'survived':
                who = '' if trial.programs else ' (no test comes here)'
                print(f'{trial.name}:{trial.change.line}: {trial.change.kind} survived{who}\n'
                      f'    - {trial.before}\n    + {trial.after}', flush=True)
    tried = counts['killed'] + counts['survived']
    rate = 100 * counts['killed'] / tried if tried else 100
    share = 100 * counts['equivalent'] / (tried + counts['equivalent'] or 1)
    print(f"lib/{folder}: {counts['killed']} killed, {counts['survived']} survived, "
          f"{counts['equivalent']} equivalent ({share:.1f} %), {counts['no']} did not compile, "
          f"{counts['same']} gave the same code: {rate:.1f} % killed")
    print('    ' + ', '.join(f"{kind} {kinds[kind, 'killed']} of {kinds[kind, 'killed'] + kinds[kind, 'survived']}"
                             for kind in sorted({kind for kind, _ in kinds})), flush=True)
    return rate >= KILLED and share <= EQUIVALENT and not wrong


def stale(listed, folders):
    """Rows of equivalents whose line is not there any more."""
    for name, function, before, after in listed:
        path = ROOT / name
        if name.split('/')[1] in folders:
            file = Mutable(path) if path.exists() else None
            if not file or not any(change.function == function and file.lines(change) == (before, after)
                                   for change in file.changes):
                yield f'{name}: {function}: {before}'


def main():
    parser = argparse.ArgumentParser(prog='tests/mutate.sh')
    parser.add_argument('-n', type=int, default=300, help='mutants of each folder')
    parser.add_argument('-s', type=int, default=1, help='seed')
    parser.add_argument('folders', nargs='*')
    arguments = parser.parse_args()
    asked = [name.rstrip('/').split('/')[-1] for name in arguments.folders] or ['base', 'message', 'sdp', 'auth']
    began = time.monotonic()
    build = Build(asked)
    for flavour in ('plain', 'sanitized'):
        build.make(flavour)
        build.measure(flavour)
    reached = build.reach()
    print(f'{len(build.tests)} programs ready after {time.monotonic() - began:.0f} s', flush=True)
    listed, reached_all = equivalents(), True
    for text in stale(listed, asked):
        print('listed as equivalent, but the line is not there any more:', text)  # it excuses nothing
    for folder in asked:
        trials = mutants(build, reached, folder, arguments.s)
        print(f'--- lib/{folder}: {arguments.n} of {len(trials)} mutants, seed {arguments.s}', flush=True)
        reached_all = try_folder(folder, trials, arguments.n, listed) and reached_all
    print(f'{time.monotonic() - began:.0f} s')
    return 0 if reached_all else 1


if __name__ == '__main__':
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f'{failure}')
