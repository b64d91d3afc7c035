#!/bin/sh
# The build without Meson is one line of sh with every folder written out, and where the README has
# that line it is this one. Meson's lists of sources name the same files.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

folders="base message sdp auth stream trace transport transaction dialog ua"
listed=$(sed -n "/^folders = {/,/^}/s/^  '\([a-z]*\)':.*/\1/p" meson.build | tr '\n' ' ')
[ "$folders " = "$listed" ] || wrong "the line has the folders $folders; meson.build has $listed"

core="lib/base/*.c lib/message/*.c lib/sdp/*.c lib/auth/*.c lib/stream/*.c lib/trace/*.c \
lib/transport/*.c lib/transaction/*.c lib/dialog/*.c lib/ua/*.c"
grep -rhoE 'cc .*lib/base/\*\.c.*' README.md 2>/dev/null >"$work/told"
if [ -f README.md ] && ! grep -qF "$core" "$work/told"; then
    wrong "README.md: the one-line build is missing, or names other folders than: $core"
fi

# shellcheck disable=SC2086
cc -std=c11 -O1 -Iinclude -Ilib tests/checks/header.c $core -o "$work/program" && "$work/program" >"$work/out" ||
    wrong "the core does not build by one line"
posix=$(ls lib/posix/*.c | grep -v 'poller_poll\.c')
# shellcheck disable=SC2086
cc -std=c11 -O1 -D_GNU_SOURCE -Iinclude -Ilib examples/ring.c $posix $core -o "$work/ring" ||
    wrong "ring does not build by one line"
"$work/ring" nonsense 2>/dev/null && wrong "ring takes nonsense for a URI"

for folder in $folders; do
    sed -n "/files(/,/)/p" "lib/$folder/meson.build" | grep -oE "[a-z0-9_]+\.c" | sort >"$work/meson"
    ls "lib/$folder" | grep '\.c$' | sort | diff "$work/meson" - >"$work/diff" ||
        wrong "lib/$folder: meson.build lists other files: $(grep '^[<>]' "$work/diff" | tr '\n' ' ')"
done
echo "the line and meson.build name the same files"
exit $failed
