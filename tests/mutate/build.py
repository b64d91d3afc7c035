"""Builds for mutants: the library as one shared object of ready objects, the unit tests' programs, and
which lines each program goes through."""
import ast
import collections
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import resource
import subprocess

from house import ROOT, folders, sources

BUILD = ROOT / 'build-mutate'
PLAIN = ['gcc', '-std=c11', '-O1', '-fPIC', '-Werror=incompatible-pointer-types', '-Werror=int-conversion',
         '-Werror=return-type', '-Werror=implicit-function-declaration']
FLAVOURS = {  # what a build is for: its options
    'plain': [],
    'sanitized': ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    'counted': ['-O0', '--coverage'],
}
JOBS = os.cpu_count() or 1


class Failure(Exception):
    pass


def compiled(arguments):
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Failure(done.stderr)


def units():
    """{folder: [names]} of the unit tests, from tests/meson.build."""
    return ast.literal_eval(re.search(r'^units = (\{.*?^\})', (ROOT / 'tests/meson.build').read_text(),
                                      re.S | re.M).group(1))


class Build:
    """What mutants of some folders are made from and tried by."""

    def __init__(self, asked):
        below = folders()
        tested = set(asked) | ({'message', 'auth'} if 'base' in asked else set())  # base is used by those
        self.folders = [folder for folder in below if folder in tested or
                        any(folder in below[other] for other in tested)]
        self.sources = [path for folder in self.folders for path in sources(folder)]
        self.tests = [(folder, ROOT / 'tests' / folder / f'{name}.c')
                      for folder in self.folders if folder in tested for name in units().get(folder, [])]
        self.limits = {}
        BUILD.mkdir(exist_ok=True)

    def object(self, flavour, path):
        return BUILD / flavour / path.relative_to(ROOT).with_suffix('.o')

    def library(self, flavour):
        return BUILD / flavour / 'library.so'

    def program(self, flavour, folder, path):
        return BUILD / flavour / f'{folder}_{path.stem}'

    @staticmethod
    def options(path):
        core = path.is_relative_to(ROOT / 'lib')
        return ['-Iinclude', '-Ilib', *(['-ffreestanding'] if core else ['-Itests'])]

    def fresh(self, flavour, path):
        """Compiles a file unless its object is younger than all that it includes."""
        made = self.object(flavour, path)
        notes = made.with_suffix('.d')
        if made.exists() and notes.exists():
            needed = notes.read_text().replace('\\\n', ' ').split(':', 1)[1].split()
            if all((ROOT / name).exists() and (ROOT / name).stat().st_mtime < made.stat().st_mtime
                   for name in needed):
                return
        made.parent.mkdir(parents=True, exist_ok=True)
        compiled([*PLAIN, *FLAVOURS[flavour], *self.options(path), '-MMD', '-c',
                  str(path.relative_to(ROOT)), '-o', str(made.relative_to(ROOT))])

    def link(self, flavour, objects, library):
        compiled([*PLAIN, *FLAVOURS[flavour], '-shared', '-Wl,-Bsymbolic', *map(str, objects), '-o', str(library)])

    def make(self, flavour):
        """Everything of a flavour, as it is."""
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            files = self.sources + [path for _, path in self.tests]
            list(pool.map(lambda path: self.fresh(flavour, path), files))
            self.link(flavour, [self.object(flavour, path) for path in self.sources], self.library(flavour))
            list(pool.map(lambda test: self.link_program(flavour, *test), self.tests))

    def link_program(self, flavour, folder, path, changed=None, directory=None):
        to = (directory or BUILD / flavour) / f'{folder}_{path.stem}'
        compiled([*PLAIN, *FLAVOURS[flavour], str(changed or self.object(flavour, path)),
                  f'-L{BUILD / flavour}', '-l:library.so', '-o', str(to)])

    def users(self, name):
        """The files that include a header of lib/, from the notes of the compiler."""
        for path in [*self.sources, *(path for _, path in self.tests)]:
            if f' {name}' in self.object('plain', path).with_suffix('.d').read_text():
                yield path

    def run(self, flavour, name, directory=None, cpu_s=60):
        """Runs a program with the library of `directory`, or its own program there if there is one: what
        it ended with, or None for too long, and the seconds it took."""
        folder = BUILD / flavour
        command = directory / name if directory and (directory / name).exists() else folder / name

        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        environment = dict(os.environ, LD_LIBRARY_PATH=str(directory or folder), ASAN_OPTIONS='detect_leaks=0')
        process = subprocess.Popen([str(command)], cwd=ROOT, env=environment, preexec_fn=limits,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=20 * cpu_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return process.returncode

    def programs(self):
        return [f'{folder}_{path.stem}' for folder, path in self.tests]

    def folder_of(self, program):
        return program.split('_')[0]

    def measure(self, flavour):
        """Runs every program as it is: all must pass; the limit of each is far above its time."""
        for name in self.programs():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            if self.run(flavour, name) != 0:
                raise Failure(f'{name} fails without any change')
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            self.limits[flavour, name] = 2 + int(10 * took)

    def reach(self):
        """{file: {line: {programs}}}: who goes through a line, by gcov."""
        self.make('counted')
        reached = collections.defaultdict(lambda: collections.defaultdict(set))
        counts = list((BUILD / 'counted').glob('**/*.gcda'))
        for name in self.programs():
            for path in counts:
                path.unlink(missing_ok=True)
            self.run('counted', name)
            counts = list((BUILD / 'counted').glob('**/*.gcda'))
            told = subprocess.run(['gcov', '-j', '-t', *map(str, counts)], cwd=ROOT, capture_output=True, text=True)
            for document in told.stdout.splitlines():
                for file in json.loads(document)['files']:
                    if file['file'].startswith('lib/'):
                        for line in file['lines']:
                            if line['count']:
                                reached[file['file']][line['line_number']].add(name)
        return reached
