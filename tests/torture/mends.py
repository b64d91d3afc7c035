"""Replays how refused messages were mended by what `parse` said of them (mends.txt).

    mends.py PARSE [next]       PARSE: build/examples/parse; next: shows what is said behind the last mend

Each message must be refused in the words that stand there, and be taken after its last mend. Ends with the
count and status 0 when all are as written and at least 18 of them end up well."""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WANTED = 18
parse = pathlib.Path(sys.argv[1]).resolve()
show = 'next' in sys.argv


def said(message):
    done = subprocess.run([str(parse), '-'], input=message, capture_output=True)
    return done.stdout.decode().strip().removeprefix('-: '), done.stderr.decode().strip()


def text(line):
    return line[2:].encode().decode('unicode_escape').encode('latin-1')


def mend(message, old, new, refusal):
    """`old` becomes `new` where it first stands from the line of the refusal on, or at all; no `old`: at the offset."""
    offset = int(refusal.split('offset=')[1].split()[0])
    begin = message.rfind(b'\n', 0, offset) + 1
    at = message.find(old, begin) if old else offset
    at = message.index(old) if at < 0 else at
    return message[:at] + new + message[at + len(old):]


def replay(name, rounds):
    message = (HERE / name).read_bytes()
    for number, (refusal, old, new) in enumerate(rounds, 1):
        now = said(message)[0]
        if now != refusal:
            print(f'{name}, round {number}: parse says "{now}", not "{refusal}"')
            return False
        message = mend(message, old, new, refusal)
    now, why = said(message)
    if not now.startswith('ok '):
        print(f'{name}, after {len(rounds)} rounds: {now}')
        if show:
            print(f'    {why}')
        return False
    return True


def read():
    messages = {}
    for line in (HERE / 'mends.txt').read_text().splitlines():
        rounds = list(messages.values())[-1] if messages else None
        if line.startswith('#') or not line.strip():
            continue
        if not line.startswith(' '):
            messages[line] = []
        elif line.strip().startswith('refused '):
            rounds.append([line.strip(), b'', b''])
        elif line.strip()[0] in '-+':
            rounds[-1][1 if line.strip()[0] == '-' else 2] = text(line.lstrip())
        else:
            sys.exit(f'mends.txt: what is "{line}"?')
    return messages


messages = read()
mended = sum([replay(name, rounds) for name, rounds in messages.items()])
print(f'{mended} of {len(messages)} refused messages are mended by what parse says')
sys.exit(mended < len(messages) or mended < WANTED)
