#!/bin/sh
# A Meson project that has libsip in subprojects/ builds and runs a program on the core and one on the
# sockets' library.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/subprojects/libsip"
cp -r include lib meson.build meson_options.txt "$work/subprojects/libsip"
cp tests/checks/header.c examples/ring.c "$work"
cat >"$work/meson.build" <<'END'
project('host', 'c', default_options: ['c_std=c11'])
subproject('libsip', default_options: ['examples=false', 'tests=false', 'werror=true'])
test('core', executable('core', 'header.c', dependencies: dependency('libsip')))
executable('ring', 'ring.c', dependencies: dependency('libsip-posix'))
END
cd "$work" || exit 1
meson setup build >log 2>&1 && meson test -C build >>log 2>&1 && ninja -C build >>log 2>&1 ||
    { tail -n 30 log; exit 1; }
build/ring nonsense 2>/dev/null
[ $? = 2 ] || { echo "ring takes nonsense for a URI"; exit 1; }
echo "a host with libsip in subprojects/"
