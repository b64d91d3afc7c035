"""No function, file, public header or example has outgrown what a reader can hold."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from house import ROOT, Report, functions, named

FUNCTION, FILE, HEADER = 70, 800, 250
EXAMPLES = {'ring.c': 60, 'register.c': 60, 'bare_loop.c': 60, 'answer.c': 90}  # under so many lines
report = Report()
longest = []

for top in ('include', 'lib', 'examples', 'tests', 'fuzz'):
    for path in sorted((ROOT / top).glob('**/*.[ch]')):
        lines = path.read_text().splitlines()
        most = HEADER if top == 'include' else FILE
        if len(lines) > most:
            report.fail(f'{named(path)}: {len(lines)} lines, {most} at most')
        for name, first, last in functions(path):
            longest.append((last - first + 1, f'{named(path)}:{first}: {name}'))
            if last - first + 1 > FUNCTION:
                report.fail(f'{named(path)}:{first}: {name} has {last - first + 1} lines, {FUNCTION} at most')

for name, limit in EXAMPLES.items():
    path = ROOT / 'examples' / name
    count = len(path.read_text().splitlines()) if path.exists() else None
    if count is None or count >= limit:
        report.fail(f'examples/{name}: {"missing" if count is None else count} lines, fewer than {limit} wanted')

longest.sort(reverse=True)
report.end(f'{len(longest)} functions; the longest: ' +
           ', '.join(f'{where.split()[-1]} {lines}' for lines, where in longest[:3]))
