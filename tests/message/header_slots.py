#!/usr/bin/env python3
"""Prints the hash of header names and of methods for lib/message/header.c.

Run it when a row is added to SIP_HEADERS or SIP_METHODS in include/sip/header.h, and paste what it
prints over the part of lib/message/header.c between the two marks:
    python3 tests/message/header_slots.py < include/sip/header.h
The test `every_name_and_method_has_a_slot_of_its_own` fails until that is done."""
import random
import re
import sys

source = sys.stdin.read()
headers = re.findall(r'X\((\w+), "([^"]+)", (?:0|\'(.)\'), ', source)
methods = re.findall(r'X\((\w+)\)', source.split('#define SIP_METHODS(X)')[1].split('enum')[0])
chance = random.Random(1)


def header_key(name):
    low = name.lower()
    return len(low), ord(low[0]), ord(low[len(low) // 2]), ord(low[-1])


def factors(keys, slots, width):
    for _ in range(1000000):
        f = [chance.randrange(1, 64) for _ in range(width)]
        if len({sum(a * b for a, b in zip(f, k)) % slots for k in keys}) == len(keys):
            return f
    sys.exit('no factors found: more slots are needed')


def table(kind, prefix, slots, rows):
    print(f'static const uint8_t {kind}[{slots}] = {{')
    for slot, name in sorted(rows):
        print(f'    [{slot}] = {prefix}{name},')
    print('};')


slots = 128 if len(headers) < 60 else 256
f = factors([header_key(n) for _, n, _ in headers], slots, 4)
print('enum { LEN_FACTOR = %d, FIRST_FACTOR = %d, MIDDLE_FACTOR = %d, LAST_FACTOR = %d };\n' % tuple(f))
table('header_slots', 'SIP_HEADER_', slots,
      [(sum(a * b for a, b in zip(f, header_key(n))) % slots, i) for i, n, _ in headers])
print('\n/* §7.3.3: the one-letter forms, from a to z. */')
table('compact_ids', 'SIP_HEADER_', 26, [(ord(c) - ord('a'), i) for i, _, c in headers if c])
print()
m = factors([(len(n), ord(n[0])) for n in methods], 32, 2)
print('enum { METHOD_LEN_FACTOR = %d, METHOD_FIRST_FACTOR = %d };\n' % tuple(m))
table('method_slots', 'SIP_', 32,
      [((m[0] * len(n) + m[1] * ord(n[0])) % 32, n) for n in methods])
