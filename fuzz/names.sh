#!/bin/sh
# Prints a header that gives another name to all that FILES define or use of ours: with it in front
# the library is compiled a second time into one program.
#
#     sh fuzz/names.sh PREFIX FILE...
set -eu
prefix=$1
shift
grep -h -o -E '\<sip_[a-z0-9_]+\>' "$@" | LC_ALL=C sort -u | sed "s/.*/#define & ${prefix}_&/"
