#!/bin/sh
# How much of the library its unit tests go through: lines, branches (each way of each condition) and
# MC/DC (each condition shown to decide alone), by clang-19. The tests of base, message, sdp and auth
# run in a build with vectors, in one without (-U__SSE2__) and in one of the small layout
# (lib/message/layout.h); what any of them has done is done.
#
#     sh tests/coverage.sh [FOLDER...]        (message sdp auth)
#
# Prints each file and folder, then what is missing with its text. Ends with status 1 when a folder has
# less than 100 % of lines and branches or 98 % of MC/DC, or when a row of tests/coverage/exclusions.csv
# excludes what is not there or not missing; 77 when the tools are not there.
set -eu
cd "$(dirname "$0")/.."
. tests/need.sh
need clang-19:clang-19 llvm-cov-19:llvm-19 libclang-rt-19-dev libc6-dev meson:meson \
    ninja:ninja-build python3:python3 || { echo "skipped: no $missing"; exit 77; }

export LLVM_PROFILE_FILE=/dev/null # of what meson tries out
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' INT TERM

build() # NAME OPTIONS...: build-coverage/NAME
{
    directory=build-coverage/$1
    shift
    counted="-fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc"
    [ -f "$directory/build.ninja" ] ||
        CC=clang-19 meson setup "$directory" -Dexamples=false -Doptimization=0 -Ddebug=false \
            -Dc_args="$counted $*" -Dc_link_args="-fprofile-instr-generate" >"$log" 2>&1 ||
        { tail -n 40 "$log"; exit 1; }
    ninja -C "$directory" build.ninja >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; } # the list of tests
    ninja -C "$directory" $(python3 tests/coverage/coverage.py programs "$directory") >"$log" 2>&1 ||
        { grep -E -A6 'error:|FAILED' "$log" | head -n 60; exit 1; }
}

build vector
build plain -U__SSE2__
build small -DSIP_OPTIMIZE_SIZE=1
python3 tests/coverage/coverage.py report build-coverage/vector build-coverage/plain build-coverage/small "$@"
