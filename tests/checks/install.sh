#!/bin/sh
# An installed libsip is found by pkg-config and used by a small program, shared and static; the shared
# libraries export what the public headers declare and nothing else.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

DESTDIR=$work meson install -C "$build" --no-rebuild >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
found=$(find "$work" -name libsip.pc)
[ -n "$found" ] || { echo "no libsip.pc was installed"; exit 1; }
libdir=$(dirname "$(dirname "$found")")
export PKG_CONFIG_LIBDIR="$libdir/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$work"

use() # NAME SOURCE FLAGS...: a program outside of the house
{
    name=$1 source=$2
    shift 2
    gcc -std=c11 "$source" "$@" -o "$work/$name" || wrong "$name: does not build"
}

# shellcheck disable=SC2046
use shared tests/checks/header.c $(pkg-config --cflags --libs libsip)
# shellcheck disable=SC2046
use static tests/checks/header.c -static $(pkg-config --static --cflags --libs libsip)
# shellcheck disable=SC2046
use shared-posix examples/ring.c $(pkg-config --cflags --libs libsip-posix)
# shellcheck disable=SC2046
use static-posix examples/ring.c -static $(pkg-config --static --cflags --libs libsip-posix)
for name in shared static; do
    LD_LIBRARY_PATH=$libdir "$work/$name" >"$work/out" || wrong "$name: does not run"
    LD_LIBRARY_PATH=$libdir "$work/$name-posix" nonsense 2>/dev/null
    [ $? = 2 ] || wrong "$name-posix: does not run, or takes nonsense for a URI"
done
LD_LIBRARY_PATH=$libdir ldd "$work/shared" | grep -q "libsip\.so.*$work" ||
    wrong "shared: does not use the installed libsip.so"

for header in include/sip/*.h; do
    cmp -s "$header" "$(find "$work" -path "*/${header}")" || wrong "$header was not installed"
done
grep -ohE '\bsip_[a-z0-9_]+\(' include/sip/*.h | tr -d '(' | sort -u >"$work/declared"
for library in libsip libsip-posix; do
    nm -D --defined-only "$libdir/$library.so" | awk '{ print $NF }' | sort -u >"$work/exported"
    comm -23 "$work/exported" "$work/declared" >"$work/odd"
    [ -s "$work/odd" ] && wrong "$library.so exports what no public header declares: $(tr '\n' ' ' <"$work/odd")"
    cat "$work/exported" >>"$work/all"
done
sed -n 's/.*SIP_API[^(]*[ *]\(sip_[a-z0-9_]*\)(.*/\1/p' include/sip/*.h | sort -u >"$work/promised"
sort -u "$work/all" | comm -13 - "$work/promised" >"$work/odd"
[ -s "$work/odd" ] && wrong "promised by a public header, but not there: $(tr '\n' ' ' <"$work/odd")"
echo "$(wc -l <"$work/promised") functions, all exported and nothing else"
exit $failed
