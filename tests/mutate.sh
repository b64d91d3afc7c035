#!/bin/sh
# Whether the unit tests notice small changes of the library: another relation, another sign, another
# constant, a negated condition, a deleted statement, swapped arguments; one change at a time, at places
# drawn by a seed. Each mutant is tried by the programs that go through its line, first as it is, then with
# the sanitizers. What gives the same code as before is no mutant, another one is drawn.
#
#     sh tests/mutate.sh [-n NUMBER] [-s SEED] [FOLDER...]        (300 of each; base message sdp auth)
#
# Prints each survivor. Ends with status 1 when fewer than 90 % of a folder are killed, when more than 5 %
# are those that tests/mutate/equivalents.csv lists as no change of behaviour, or when one of those is
# killed; 77 when the tools are not there.
set -eu
cd "$(dirname "$0")/.."
. tests/need.sh
need gcc:gcc gcov:gcc libc6-dev python3:python3 || { echo "skipped: no $missing"; exit 77; }
exec python3 tests/mutate/mutate.py "$@"
