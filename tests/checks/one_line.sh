#!/bin/sh
# The README's build without Meson, run as it stands there, builds a program; it has every folder
# written out, and Meson's lists of sources name the same files.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

folders=$(sed -n "/^folders = {/,/^}/s/^  '\([a-z]*\)':.*/\1/p" meson.build)
line=$(grep -m 1 -E '^cc .*lib/base/\*\.c' README.md) || { echo "README.md: no line that builds"; exit 1; }
for folder in $folders; do
    case $line in
    *" lib/$folder/*.c"*) ;;
    *) wrong "README.md: the one-line build has no lib/$folder/*.c" ;;
    esac
    sed -n "/files(/,/)/p" "lib/$folder/meson.build" | grep -oE "[a-z0-9_]+\.c" | sort >"$work/meson"
    ls "lib/$folder" | grep '\.c$' | sort | diff "$work/meson" - >"$work/diff" ||
        wrong "lib/$folder: meson.build lists other files: $(grep '^[<>]' "$work/diff" | tr '\n' ' ')"
done

# What the line makes is a program of program.c, or something to link one with.
cp -r include lib "$work"
cp tests/checks/header.c "$work/program.c"
cd "$work" || exit 1
sh -c "$line" || wrong "README.md: the one-line build fails"
[ -x program ] || gcc -std=c11 -Iinclude program.c libsip.[ao] -o program || wrong "nothing to link with was built"
./program >out || wrong "the program does not run"

posix=$(ls lib/posix/*.c | grep -v 'poller_poll\.c')
core=$(for folder in $folders; do echo "lib/$folder/*.c"; done)
# shellcheck disable=SC2086
cc -std=c11 -O1 -D_GNU_SOURCE -Iinclude -Ilib "$top/examples/ring.c" $posix $core -o ring ||
    wrong "ring does not build by one line"
./ring nonsense 2>/dev/null && wrong "ring takes nonsense for a URI"

echo "every folder is in README.md's line, and every file in meson.build"
exit $failed
