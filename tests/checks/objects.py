"""The core's objects, built -Os for x86-64 and for a Cortex-M4: what they need, hold and define.

They need six functions of libc and the listed support of the compiler, hold no writable data, and
define no global name that another SIP library exports. Prints their sizes on the Cortex-M4."""
import collections
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from house import ROOT, Report, folders, named, sources

LIBC = {'memcpy', 'memmove', 'memset', 'memcmp', 'memchr', 'strlen'}
# Each target: tool prefix, flags, and the functions of the compiler that may be called. Shifts, products and
# comparisons of 64 bits are cheap; divisions (__aeabi_uldivmod, __udivdi3 ...) are not, and not here.
TARGETS = {
    'x86-64': ('', ['-m64', '-fno-pic'], set()),
    'Cortex-M4': ('arm-none-eabi-', ['-mcpu=cortex-m4', '-mthumb'],
                  {'__aeabi_llsl', '__aeabi_llsr', '__aeabi_lasr', '__aeabi_lmul', '__aeabi_ulcmp',
                   '__aeabi_lcmp'}),
}
FLAGS = ['-std=c11', '-Os', '-ffreestanding', '-fvisibility=hidden', '-fno-stack-protector',
         '-U_FORTIFY_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-Iinclude', '-Ilib']
report = Report()
foreign = dict(line.split(' ', 1) for line in
               (ROOT / 'tests/checks/foreign_symbols.txt').read_text().splitlines()
               if not line.startswith('#'))


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def build(target, flags, path, out):
    tool = TARGETS[target][0]
    status, _, said = run(tool + 'gcc', *FLAGS, *flags, '-c', named(path), '-o', str(out))
    if status:
        return path, None
    names = [line.split() for line in run(tool + 'nm', '-P', str(out))[1].splitlines()]
    sections = [line.split() for line in run(tool + 'size', '-A', str(out))[1].splitlines()]
    return path, (names, {row[0]: int(row[1]) for row in sections if len(row) == 3 and row[1].isdigit()})


def check_target(target, work, pool):
    tool, flags, support = TARGETS[target]
    if not shutil.which(tool + 'gcc'):
        report.fail(f'{target}: no {tool}gcc')
        return {}
    sizes, defined, needed = collections.Counter(), {}, {}
    jobs = [pool.submit(build, target, flags, path, work / f'{target}-{folder}-{path.stem}.o')
            for folder in folders() for path in sources(folder)]
    for job in jobs:
        path, built = job.result()
        if built is None:
            report.fail(f'{target}: {named(path)} does not compile')
            continue
        names, sections = built
        for name, size in sections.items():
            if size and name.startswith(('.data', '.bss', '.tdata', '.tbss')):
                report.fail(f'{target}: {named(path)}: {size} bytes of {name}')
            if name.startswith(('.text', '.rodata')):
                sizes[path.parent.name] += size
        for name, kind, *_ in names:
            if kind == 'C':
                report.fail(f'{target}: {named(path)}: common symbol {name}')
            if kind in 'Uvw':
                needed.setdefault(name, path)
            elif kind.isupper():
                defined.setdefault(name, []).append(path)
    for name, path in sorted(needed.items()):
        if name not in defined and name not in LIBC | support:
            report.fail(f'{target}: {named(path)}: needs {name}')
    check_names(target, defined)
    return sizes


def check_names(target, defined):
    for name, paths in sorted(defined.items()):
        if not name.startswith('sip_'):
            report.fail(f'{target}: {named(paths[0])}: global name {name} without sip_')
        if name in foreign:
            report.fail(f'{target}: {named(paths[0])}: {name} is also exported by {foreign[name]}')
        if len(paths) > 1:
            report.fail(f'{target}: {name} is defined in ' + ' and '.join(map(named, paths)))


def check_posix(work):
    """The sockets' library has the system below it; of its names the same is asked."""
    for path in sources('posix'):
        out = work / f'posix-{path.stem}.o'
        if run('gcc', '-std=c11', '-D_GNU_SOURCE', '-O1', '-Iinclude', '-Ilib', '-c', named(path), '-o', str(out))[0]:
            report.fail(f'{named(path)} does not compile')
        rows = [line.split() for line in run('nm', '-P', str(out))[1].splitlines()]
        check_names('posix', {row[0]: [path] for row in rows if row[1].isupper() and row[1] != 'U'})


with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(2) as workers:
    measured = {each: check_target(each, pathlib.Path(directory), workers) for each in TARGETS}
    check_posix(pathlib.Path(directory))
report.end('; '.join(f'{sum(sizes.values())} bytes of code and constants on {target} (' +
                     ', '.join(f'{folder} {sizes[folder]}' for folder in sizes) + ')'
                     for target, sizes in measured.items()))
