#!/usr/bin/env python3
"""Writes the hash of header names and of methods into lib/message/header.c and match.h.

Run it when a row is added to SIP_HEADERS or SIP_METHODS in include/sip/header.h:
    python3 tests/message/header_slots.py
The test `every_name_and_method_has_a_slot_of_its_own` fails until that is done."""
import pathlib
import random
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
source = (ROOT / 'include/sip/header.h').read_text()
headers = re.findall(r'X\((\w+), "([^"]+)", (?:0|\'(.)\'), ', source)
methods = re.findall(r'X\((\w+)\)', source.split('#define SIP_METHODS(X)')[1].split('enum')[0])
chance = random.Random(1)


def word(text):
    """Eight bytes as a number, letters in lower case; first byte lowest."""
    return int.from_bytes(bytes(b | 0x20 for b in text.encode()), 'little')


def key(name):
    """The last eight bytes and the first, or all of a shorter name, and the length."""
    return word(name) + len(name) if len(name) < 8 else word(name[-8:]) + word(name[:8]) + len(name)


def slot(key, factor, bits):
    return (key * factor & 0xffffffffffffffff) >> 64 - bits


def all_apart(keys, factor, bits):
    taken = set()
    for key in keys:
        if slot(key, factor, bits) in taken:
            return False
        taken.add(slot(key, factor, bits))
    return True


def header_factor(names, bits):
    keys = [key(n) for n in names]
    if len(set(keys)) < len(keys):
        sys.exit('two names have the same key')
    for _ in range(10000000):
        factor = chance.getrandbits(64) | 1
        if all_apart(keys, factor, bits):
            return factor
    sys.exit('no factor found: more bits are needed')


def method_factors(names, slots):
    for _ in range(1000000):
        f = chance.randrange(1, 64), chance.randrange(1, 64)
        if len({(f[0] * len(n) + f[1] * ord(n[0])) % slots for n in names}) == len(names):
            return f
    sys.exit('no factors found: more slots are needed')


def table(kind, prefix, slots, rows):
    return (f'{kind}[{slots}] = {{\n' +
            ''.join(f'    [{slot}] = {prefix}{name},\n' for slot, name in sorted(rows)) + '};\n')


def replace(path, pattern, text):
    path = ROOT / path
    found = re.subn(pattern, lambda _: text, path.read_text(), count=1, flags=re.S)
    if found[1] != 1:
        sys.exit(f'{path}: where to write is not found')
    path.write_text(found[0])


bits = 9
factor = header_factor([n for _, n, _ in headers], bits)
m = method_factors(methods, 32)
replace('lib/message/match.h', r'#define SIP_HEADER_SLOT_FACTOR [^\n]*\n',
        '#define SIP_HEADER_SLOT_FACTOR UINT64_C(0x%016x)\n' % factor)
replace('lib/message/header.c', r'const uint8_t sip_header_letters\[26\].*?\n};\n',
        table('const uint8_t sip_header_letters', 'SIP_HEADER_', 26,
              [(ord(c) - ord('a'), i) for i, _, c in headers if c]))
replace('lib/message/header.c', r'const uint8_t sip_header_slots\[.*?\n};\n',
        table('const uint8_t sip_header_slots', 'SIP_HEADER_', '1 << SIP_HEADER_SLOT_BITS',
              [(slot(key(n), factor, bits), i) for i, n, _ in headers]))
replace('lib/message/header.c', r'enum { METHOD_LEN_FACTOR.*?\n};\n',
        'enum { METHOD_LEN_FACTOR = %d, METHOD_FIRST_FACTOR = %d };\n\n' % m +
        table('static const uint8_t method_slots', 'SIP_', 32,
              [((m[0] * len(n) + m[1] * ord(n[0])) % 32, n) for n in methods]))
