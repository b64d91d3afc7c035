#!/bin/sh
# The corpora of all fuzz targets under clang's MemorySanitizer: nothing is read before it was written.
# In build-msan/.
set -eu
cd "$(dirname "$0")/../.."
. tests/need.sh
need clang:clang meson:meson ninja:ninja-build || { echo "skipped: no $missing"; exit 77; }

work=$PWD/build-msan
CC=clang CXX=clang++ CFLAGS='-g -O1 -fno-omit-frame-pointer -fsanitize=memory' WORK=$work OUT=$work/out \
    nice sh fuzz/build.sh
total=0
for target in $(sh fuzz/run.sh list); do
    "$work/out/fuzz_$target" "fuzz/corpus/$target" >"$work/log" 2>&1 ||
        { tail -n 30 "$work/log"; echo "$target fails under MemorySanitizer"; exit 1; }
    played=$(sed -n 's/^\([0-9]*\) inputs$/\1/p' "$work/log")
    total=$((total + played))
done
echo "$total inputs under MemorySanitizer"
