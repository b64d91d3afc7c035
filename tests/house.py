"""What the checks know about the house: its folders, its files, and how C text is read without comments."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which folder of lib/ a public header belongs to; digest_server.h goes where digest.h goes. A header that
# is not here fails tests/checks/includes.py.
HEADERS = {
    'base': ['str', 'error', 'version'],
    'message': ['addr', 'edit', 'fault', 'fields', 'header', 'message', 'multipart', 'tel',
                'tolerance', 'uri', 'writer'],
    'sdp': ['sdp'],
    'auth': ['digest'],
    'stream': ['framer'],
    'trace': ['trace', 'ladder'],
    'transport': ['transport', 'stack', 'size', 'reply'],
    'transaction': ['transaction'],
    'dialog': ['dialog'],
    'ua': ['ua', 'call', 'registration', 'request'],
    'posix': ['posix'],
}


def header_folder(name):
    """'sip/call.h' -> 'ua'; None for sip/sip.h, which is everything, and for unknown ones."""
    stem = name[len('sip/'):-len('.h')].split('_')[0]
    return next((folder for folder, stems in HEADERS.items() if stem in stems), None)


def folders():
    """{folder: [those below it]} of the core, bottom to top, from meson.build."""
    text = (ROOT / 'meson.build').read_text()
    body = re.search(r'^folders = \{(.*?)^\}', text, re.S | re.M).group(1)
    return {name: re.findall(r"'(\w+)'", below)
            for name, below in re.findall(r"'(\w+)': \[(.*?)\]", body, re.S)}


def sources(folder):
    return sorted((ROOT / 'lib' / folder).glob('*.c'))


def named(path):
    return str(path.relative_to(ROOT))


def includes(path):
    """(line, '<x>' or '"x"') of each include."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+([<"].*[>"])', line)
        if found:
            yield number, found.group(1)


def bare(text):
    """C text with comments, literals and preprocessor lines blanked; lines stay where they are."""
    def blank(match):
        return re.sub(r'[^\n]', ' ', match.group())
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)
    return re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', blank, text, flags=re.M)


def functions(path):
    """(name, first line, last line) of each function that is defined in a file."""
    text, depth, head = bare(path.read_text()), 0, 0
    for at, char in enumerate(text):
        if char == '{':
            depth += 1
            if depth == 1:
                before = text[head:at]
                function = before.rstrip().endswith(')') and '=' not in before
                found = re.search(r'(\w+)\s*\(', before)
                first = text.count('\n', 0, head + len(before) - len(before.lstrip())) + 1
                if function and found:
                    name = found.group(1)
                    if name in ('TEST', '__attribute__'):
                        name = before[found.end():].split(')')[0]
                else:
                    name = None
        elif char == '}':
            depth -= 1
            if depth == 0:
                if name:
                    yield name, first, text.count('\n', 0, at) + 1
                head = at + 1
        elif char == ';' and depth == 0:
            head = at + 1


class Report:
    """Collects what is wrong; `end` tells it and ends the program."""

    def __init__(self):
        self.wrong = 0

    def fail(self, text):
        print(text)
        self.wrong += 1

    def end(self, what):
        print(what if not self.wrong else f'{self.wrong} wrong')
        raise SystemExit(1 if self.wrong else 0)
