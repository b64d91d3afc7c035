#!/bin/sh
# How big the library is on a Cortex-M4 (Thumb-2, -Os, so the small layout of lib/base/layout.h): linked
# programs of tests/size/, with all that nobody calls left out, and the folders of lib/. Text and read-only
# data, what libc and the compiler's own functions add included.
#
#     sh tests/size.sh
#
# Ends with status 1 when parser and SDP are more than 16 KB, whose largest functions are then told; 77 when
# the compiler is missing.
set -eu
cd "$(dirname "$0")/.."
. tests/need.sh
need arm-none-eabi-gcc:gcc-arm-none-eabi libnewlib-arm-none-eabi ||
    { echo "skipped: no $missing"; exit 77; }

LIMIT=16384
flags='-mcpu=cortex-m4 -mthumb -std=c11 -Os -ffreestanding -ffunction-sections -fdata-sections -Iinclude -Ilib'
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 1' INT TERM

for folder in lib/*/; do
    folder=$(basename "$folder")
    [ "$folder" != posix ] || continue
    mkdir "$directory/$folder"
    for source in lib/"$folder"/*.c; do
        arm-none-eabi-gcc $flags -fvisibility=hidden -c "$source" \
            -o "$directory/$folder/$(basename "$source").o"
    done
done

linked() # OPTIONS...: bytes of text and read-only data of tests/size/parser.c with these options
{
    arm-none-eabi-gcc $flags "$@" tests/size/parser.c "$directory"/*/*.o -o "$directory/program" \
        -nostartfiles --specs=nano.specs -Wl,--gc-sections,-e,parse
    arm-none-eabi-size "$directory/program" | awk 'NR == 2 { print $1 }'
}

both=$(linked -DWITH_SDP)
echo "linked, tests/size/parser.c:"
printf '%7d  parser\n' "$(linked)"
printf '%7d  parser and SDP, at most %d\n' "$both" "$LIMIT"
printf '%7d  parser and SDP, every value of every known header\n' "$(linked -DWITH_SDP -DWITH_ALL)"
echo "folders, all of them:"
for folder in "$directory"/*/; do
    arm-none-eabi-size -t "$folder"*.o | awk -v name="$(basename "$folder")" \
        'END { printf "%7d  lib/%s, %d bytes of writable data\n", $1, name, $2 + $3 }'
done
[ "$both" -le "$LIMIT" ] && exit
linked -DWITH_SDP >"$directory/size"
arm-none-eabi-nm -S --size-sort -r -t d "$directory/program" | awk '$3 ~ /[tTrR]/ { printf "%7d  %s\n", $2, $4 }' | head -n 25
echo "missed: parser and SDP are $((both - LIMIT)) bytes too big"
exit 1
