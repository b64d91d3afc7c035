#!/bin/sh
# The unit tests of base, message, sdp and auth on other machines, by qemu-user: big-endian ones of 32 and
# 64 bits, one with NEON, the small layout (-Os) in Thumb-2, a plain one of 32 bits; and here with a trap
# at each access to memory that is not aligned.
#
#     sh tests/targets.sh [mips] [s390x] [aarch64] [armhf] [i686] [aligned]        (all of them; 3 minutes)
#
# Prints a line for each. Ends with status 1 when a program does not build or pass; 77 when nothing could
# run.
set -eu
cd "$(dirname "$0")/.."
. tests/need.sh

warnings='-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes
    -Wmissing-prototypes -Werror'

target() # NAME: sets what it is compiled with, what runs its programs, and the packages for both
{
    runner=
    case $1 in
    mips) compiler=mips-linux-gnu-gcc options=-O2 runner=qemu-mips libc=libc6-dev-mips-cross ;;
    s390x) compiler=s390x-linux-gnu-gcc options=-O2 runner=qemu-s390x libc=libc6-dev-s390x-cross ;;
    aarch64) compiler=aarch64-linux-gnu-gcc options=-O2 runner=qemu-aarch64 libc=libc6-dev-arm64-cross ;;
    armhf) compiler=arm-linux-gnueabihf-gcc options='-Os -mthumb' runner=qemu-arm libc=libc6-dev-armhf-cross ;;
    i686) compiler=i686-linux-gnu-gcc options=-O2 libc=libc6-dev-i386-cross ;;
    aligned) compiler=gcc libc=libc6-dev
        options='-O1 -fsanitize=alignment -fsanitize-undefined-trap-on-error' ;;
    *) echo "no such target: $1"; exit 2 ;;
    esac
    packages="$compiler:${compiler%-gcc} $libc ${runner:+$runner:qemu-user}"
    [ "$compiler" = gcc ] || packages="$compiler:gcc-${compiler%-gcc} $libc ${runner:+$runner:qemu-user}"
}

units() # FOLDER: the sources of its tests, as tests/meson.build lists them
{
    sed -n '/^units = {/,/^}/p' tests/meson.build | tr -d "\n '" |
        sed -e "s/.*[{,]$1:\[\([^]]*\)\].*/\1/" -e 's/,/\n/g' | sed "s|.*|tests/$1/&.c|"
}

# What is compiled is linked statically, so that no libc of the target is looked for.
run() # NAME
{
    target "$1"
    root=$PWD passed=0 failed=0
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    trap 'exit 1' INT TERM
    for folder in base message sdp auth; do
        mkdir "$directory/$folder"
        (cd "$directory/$folder" && "$compiler" $warnings $options -ffreestanding \
            -I"$root/include" -I"$root/lib" -c "$root/lib/$folder"/*.c) || { echo "$1: does not build"; exit 1; }
    done
    for source in $(units base) $(units message) $(units sdp) $(units auth); do
        if {
            "$compiler" -std=c11 $options -Iinclude -Ilib -Itests -static "$source" "$directory"/*/*.o \
                -o "$directory/program" && timeout 100 $runner "$directory/program"
        } >"$directory/out" 2>&1; then
            passed=$((passed + 1))
        else
            echo "$1: $source failed"
            tail -n 20 "$directory/out"
            failed=$((failed + 1))
        fi
    done
    [ "$failed" = 0 ] || { echo "$1: $failed programs failed, $passed passed"; exit 1; }
    echo "$1: $passed programs passed"
}

if [ "${1:-}" = --run ]; then
    run "$2"
    exit
fi

names=${*:-mips s390x aarch64 armhf i686 aligned} all= ready=
for name in $names; do
    target "$name"
    all="$all $packages"
done
need $all || true
for name in $names; do
    target "$name"
    missing=$(need_find $packages)
    if [ -z "$missing" ]; then
        ready="$ready $name"
    else
        echo "$name: skipped, no $missing"
    fi
done
[ -n "$ready" ] || { echo "skipped: nothing to compile with or to run it"; exit 77; }
printf '%s\n' $ready | xargs -n 1 -P 2 sh tests/targets.sh --run || exit 1
