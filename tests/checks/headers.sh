#!/bin/sh
# Each public header alone is clean C99 and C++17, and a real program in each language runs with them.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

strictly() { "$@" -Wall -Wextra -Wpedantic -Werror -Iinclude; }
wrong() { echo "$*"; failed=1; }

for header in include/sip/*.h; do
    name=${header#include/}
    printf '#include "%s"\nextern int alone;\n' "$name" >"$work/one.c"
    for cc in gcc clang; do
        strictly $cc -std=c99 -fsyntax-only "$work/one.c" || wrong "$name: no clean C99 by $cc"
        strictly $cc -x c++ -std=c++17 -fsyntax-only "$work/one.c" || wrong "$name: no clean C++17 by $cc"
    done
done

sed -n "/^folders = {/,/^}/s/^  '\([a-z]*\)':.*/\1/p" meson.build >"$work/folders"
mkdir "$work/core"
while read -r folder; do
    for source in "lib/$folder"/*.c; do
        gcc -std=c11 -O1 -Iinclude -Ilib -c "$source" -o "$work/core/$folder-$(basename "$source").o" ||
            wrong "$source: does not compile"
    done
done <"$work/folders"

strictly gcc -std=c99 tests/checks/header.c "$work"/core/*.o -o "$work/c99" && "$work/c99" >"$work/out" ||
    wrong "tests/checks/header.c: does not build or run"
strictly g++ -std=c++17 tests/checks/header.cpp "$work"/core/*.o -o "$work/c++17" && "$work/c++17" ||
    wrong "tests/checks/header.cpp: does not build or run"
echo "$(ls include/sip/*.h | wc -l) headers, a program in C99 and one in C++17"
exit $failed
