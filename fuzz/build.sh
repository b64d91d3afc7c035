#!/bin/sh
# Builds all targets as OSS-Fuzz does: programs, their corpora (zipped, where there is zip) and the
# dictionary come into $OUT.
#
#     CC=clang CXX=clang++ CFLAGS='-g -O2 -fsanitize=address,fuzzer-no-link' \
#         LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out sh fuzz/build.sh
#
# $WORK is where it builds (default build-fuzz). Without $LIB_FUZZING_ENGINE the programs play files
# (replay.c). Needs meson and ninja.
set -eu
cd "$(dirname "$0")/.."
: "${OUT:?where the programs go}"
work=${WORK:-$PWD/build-fuzz}/objects
export CC="${CC:-clang}" CXX="${CXX:-clang++}" CFLAGS="${CFLAGS:-}" CXXFLAGS="${CXXFLAGS:-${CFLAGS:-}}"

# What was built with other flags is built anew.
made_with="$CC $CXX $CFLAGS $CXXFLAGS ${LIB_FUZZING_ENGINE:-}"
if [ ! -f "$work/build.ninja" ] || [ "$(cat "$work/made-with" 2>/dev/null)" != "$made_with" ]; then
    rm -rf "$work"
    meson setup "$work" --buildtype=plain -Db_lundef=false -Dexamples=false -Dtests=true \
        -Dfuzzing_engine="${LIB_FUZZING_ENGINE:-}" >"${TMPDIR:-/tmp}/fuzz-setup-$$" 2>&1 ||
        { cat "${TMPDIR:-/tmp}/fuzz-setup-$$"; exit 1; }
    rm -f "${TMPDIR:-/tmp}/fuzz-setup-$$"
    echo "$made_with" >"$work/made-with"
fi
ninja -C "$work" fuzz

mkdir -p "$OUT"
for program in "$work"/fuzz/fuzz_*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    name=$(basename "$program")
    cp "$program" "$OUT/"
    cp fuzz/sip.dict "$OUT/$name.dict"
    [ ! -d "fuzz/corpus/${name#fuzz_}" ] || ! command -v zip >/dev/null ||
        zip -q -j -r "$OUT/${name}_seed_corpus.zip" "fuzz/corpus/${name#fuzz_}"
done
