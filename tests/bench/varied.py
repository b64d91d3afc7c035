"""Writes COUNT different messages made from SEED and the six into DIRECTORY: names, hosts, addresses, tags,
branches and numbers of other lengths, header names of other case, fields in another order.

    python3 tests/bench/varied.py SEED COUNT DIRECTORY"""
import pathlib
import random
import re
import string
import sys

HERE = pathlib.Path(__file__).resolve().parent
LETTERS = string.ascii_lowercase
WORDS = LETTERS + string.digits


def text(chance, alphabet, least, most):
    return ''.join(chance.choice(alphabet) for _ in range(chance.randint(least, most)))


def host(chance):
    labels = [chance.choice(LETTERS) + text(chance, WORDS, 1, 11) for _ in range(chance.randint(1, 3))]
    return '.'.join(labels + [chance.choice(['com', 'net', 'org', 'example', 'invalid', 'test'])])


def address(chance):
    return '.'.join(str(chance.randint(1, 254)) for _ in range(4))


def replaced(chance, line):
    """A line whose names are others: of one kind for one, wherever it stood."""
    line = re.sub(r'\b\d+\.\d+\.\d+\.\d+\b', lambda _: address(chance), line)
    line = re.sub(r'(?<=[@ :])(?:[a-z0-9-]+\.)+(?:com|net|org)\b', lambda _: host(chance), line)
    line = re.sub(r'(?<=sip:)\w+(?=@)', lambda _: text(chance, WORDS, 2, 14), line)
    line = re.sub(r'(?<=branch=z9hG4bK)[\w.]+', lambda _: text(chance, WORDS + '.', 6, 30), line)
    line = re.sub(r'(?<=tag=)[\w-]+', lambda _: text(chance, WORDS + '-', 4, 24), line)
    line = re.sub(r'(?<=nonce=")\w+', lambda _: text(chance, string.hexdigits, 8, 48), line)
    line = re.sub(r'(?<=Call-ID: )[^@]+', lambda _: text(chance, WORDS, 8, 36), line)
    line = re.sub(r'(?<=CSeq: )\d+', lambda _: str(chance.randint(1, 2000000000)), line)
    return re.sub(r'^"[^"]*"|(?<=: )"[^"]*"', lambda _: '"' + text(chance, LETTERS + ' ', 3, 24) + '"', line)


def recased(chance, line):
    name, colon, value = line.partition(':')
    return chance.choice([name, name, name, name.lower(), name.upper()]) + colon + value


def shuffled(chance, fields):
    """Any order, but of the fields of one name."""
    names = [field.partition(':')[0] for field in fields]
    chance.shuffle(names)
    left = {name: [field for field in fields if field.partition(':')[0] == name] for name in names}
    return [left[name].pop(0) for name in names]


def message(chance, template):
    head, _, body = template.partition('\r\n\r\n')
    first, *fields = head.split('\r\n')
    body = '\r\n'.join(replaced(chance, line) for line in body.split('\r\n'))
    fields = [re.sub(r'^(Content-Length: ).*', rf'\g<1>{len(body)}', replaced(chance, f)) for f in fields]
    fields = [recased(chance, field) for field in shuffled(chance, fields)]
    return '\r\n'.join([replaced(chance, first)] + fields) + '\r\n\r\n' + body


def main():
    chance, count, directory = random.Random(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    templates = [path.read_bytes().decode() for path in sorted((HERE / 'messages').glob('[1-6]_*.sip'))]
    for i in range(count):
        (directory / f'{i:04}').write_bytes(message(chance, templates[i % len(templates)]).encode())


main()
