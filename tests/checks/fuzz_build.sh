#!/bin/sh
# fuzz/build.sh, run as OSS-Fuzz runs it with clang and libFuzzer, makes each target with its corpus and
# dictionary, and each of them plays. In build-fuzz/, which fuzz/run.sh uses too.
set -eu
cd "$(dirname "$0")/../.."
. tests/need.sh
need clang:clang meson:meson ninja:ninja-build zip:zip || { echo "skipped: no $missing"; exit 77; }

flags='-g -O2 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all'
out=$PWD/build-fuzz/out
rm -rf "$out"
CC=clang CXX=clang++ CFLAGS=$flags LIB_FUZZING_ENGINE=-fsanitize=fuzzer WORK=$PWD/build-fuzz OUT=$out \
    nice sh fuzz/build.sh
count=0
for target in $(sh fuzz/run.sh list); do
    [ -s "$out/fuzz_$target.dict" ] && [ -s "$out/fuzz_${target}_seed_corpus.zip" ] ||
        { echo "$target has no dictionary or no corpus"; exit 1; }
    "$out/fuzz_$target" -runs=100 -dict="$out/fuzz_$target.dict" >"$out/log" 2>&1 ||
        { tail -n 20 "$out/log"; echo "$target does not run"; exit 1; }
    count=$((count + 1))
done
echo "$count targets built and played"
