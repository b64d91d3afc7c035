"""Include arrows point down only, and the core includes nothing of the system but what it may.

What a folder may include stands in `folders` of meson.build; public headers count as part of their folder."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from house import ROOT, Report, folders, header_folder, includes, named

SYSTEM = {'<stddef.h>', '<stdint.h>', '<stdbool.h>', '<limits.h>'}
VECTOR = {'lib/message/wide.h': {'<immintrin.h>', '<emmintrin.h>', '<arm_neon.h>'}}
report = Report()
below = folders()
seen = []

for folder, lower in below.items():
    for other in lower:
        if other not in seen:
            report.fail(f'meson.build: {folder} stands on {other}, which does not stand below it')
    seen.append(folder)


def check_file(path, allowed, system):
    for line, name in includes(path):
        where, inner = f'{named(path)}:{line}', name[1:-1]
        folder = header_folder(inner) if inner.startswith('sip/') else inner.split('/')[0]
        if name[0] == '<':
            if name not in system:
                report.fail(f'{where}: {name} is not for here')
        elif folder not in allowed:
            report.fail(f'{where}: {name} is not below')
        elif not ((ROOT / 'lib' / inner).exists() or (ROOT / 'include' / inner).exists()):
            report.fail(f'{where}: {name} is not written from lib/ or include/')


for path in sorted((ROOT / 'include/sip').glob('*.h')):
    folder = header_folder(f'sip/{path.name}')
    if folder is None and path.name != 'sip.h':
        report.fail(f'{named(path)}: which folder does it belong to? (tests/house.py)')
    elif folder == 'posix':
        check_file(path, below, SYSTEM | {'<sys/socket.h>'})
    elif path.name != 'sip.h':
        check_file(path, [folder] + below[folder], SYSTEM)

everything = {inner for _, inner in includes(ROOT / 'include/sip/sip.h')}
for path in sorted((ROOT / 'include/sip').glob('*.h')):
    if path.name not in ('sip.h', 'posix.h') and f'"sip/{path.name}"' not in everything:
        report.fail(f'include/sip/sip.h: does not include sip/{path.name}')

for folder, lower in below.items():
    for path in sorted((ROOT / 'lib' / folder).glob('*.[ch]')):
        check_file(path, [folder] + lower, SYSTEM | VECTOR.get(named(path), set()))
for path in sorted((ROOT / 'lib').glob('*/*.[ch]')):
    if path.parent.name == 'posix':
        for line, name in includes(path):
            if name[0] == '"' and not name.startswith(('"sip/', '"posix/')):
                report.fail(f'{named(path)}:{line}: {name} is not public')
    elif path.parent.name not in below:
        report.fail(f'{named(path)}: its folder is not in meson.build')

# An example stands on public headers alone; the judge of what is sent on nothing of ours.
for path in sorted((ROOT / 'examples').glob('**/*.[ch]')):
    for line, name in includes(path):
        if name[0] == '"' and not (name.startswith('"sip/') or (ROOT / 'examples' / name[1:-1]).exists() or
                                   (path.parent / name[1:-1]).exists()):
            report.fail(f'{named(path)}:{line}: {name} is not of the examples')
for pattern in ('strict*.[ch]', 'reader.[ch]'):
    for path in sorted((ROOT / 'tests').glob(pattern)):
        for line, name in includes(path):
            if name[1:-1].split('/')[0] in list(below) + ['sip', 'posix']:
                report.fail(f'{named(path)}:{line}: {name} is of the library that this judges')

report.end(f'{len(below)} folders of the core include downwards only')
