#!/bin/sh
# Speed of the message layer beside libosip2, libre and Sofia-SIP: builds the programs, makes the
# varied messages, prints the tables of tests/bench/README.md.
#
#     sh tests/bench/run.sh [ROUNDS]       (21; two minutes)
#     sh tests/bench/run.sh quick          (3 rounds: the counts are the same, the times are rough)
#     sh tests/bench/run.sh held           (the same; judged by what is reached where a target is not yet)
#
# Ends with status 1 when a target of shared/NUMBERS.md is missed; 77 when a package is missing.
set -eu
cd "$(dirname "$0")/../.."
. tests/need.sh

SEED=7 COUNT=3000
rounds=${1:-21}
judged=
case $rounds in
quick) rounds=3 ;;
held) rounds=3 judged=held ;;
esac
need gcc:gcc python3:python3 valgrind:valgrind pkg-config:pkg-config libc6-dev \
    libosip2-dev libre-dev libsofia-sip-ua-dev || { echo "skipped: no $missing"; exit 77; }
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 1' INT TERM

ours() # NAME OPTIONS...: libsip as meson builds it, with these options
{
    program=$1
    shift
    mkdir "$directory/objects"
    for source in lib/base/*.c lib/message/*.c lib/auth/*.c; do
        gcc -std=c11 -O2 -g -ffreestanding -Iinclude -Ilib "$@" -c "$source" \
            -o "$directory/objects/$(echo "$source" | tr / _).o"
    done
    gcc -std=gnu11 -O2 -g -Iinclude "$@" tests/bench/bench.c tests/bench/sip.c "$directory"/objects/*.o \
        -o "$directory/$program"
    rm -r "$directory/objects"
}

peer() # NAME OPTIONS...
{
    program=$1
    shift
    gcc -std=gnu11 -O2 -g -DHAVE_STDBOOL_H -DHAVE_INTTYPES_H tests/bench/bench.c "tests/bench/$program.c" \
        -o "$directory/$program" "$@"
}

ours sip
ours sip-v3 -march=x86-64-v3
ours sip-words -U__SSE2__
peer osip $(pkg-config --cflags --libs libosip2)
peer re $(pkg-config --cflags --libs libre)
peer sofia $(pkg-config --cflags --libs sofia-sip-ua)
peer memchr
mkdir "$directory/varied"
python3 tests/bench/varied.py "$SEED" "$COUNT" "$directory/varied"
python3 tests/bench/table.py "$directory" "$rounds" $judged
