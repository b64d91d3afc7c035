#!/bin/sh
# Shows with Frama-C EVA that the parsers read and write nothing outside of what they are given.
# tests/proof/README.md says what that means.
#
#     sh tests/proof/run.sh [ENTRY...]        (any_NAME or exact_NAME of the PROOF(NAME)s; else those of ENTRIES)
#
# Prints a line for each entry: alarms, preconditions that are not shown, statements reached, seconds.
# Ends with status 1 at any alarm; 77 when Frama-C cannot be installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/need.sh
need frama-c:frama-c-base gcc:gcc || { echo "skipped: no $missing"; exit 77; }

ENTRIES='addresses address dialogs content network via uri words datagram stream
    auth list params features lines fragment addr'
# What these compare are views; each of them has an entry of its own, where it is not left out.
VIEWS='sip_str_same sip_str_equal sip_str_is sip_method_of sip_header_of sip_uri_text_same sip_addr_parse'

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

prepare() # a copy in which slices stay inside of their text, parsed once
{
    cp -r lib include tests/proof "$work" || return 1
    slice='struct sip_str slice = {s->base + from, to - from};'
    grep -qF "$slice" lib/message/scan_hot.h || { echo "sip_scan_slice() is not what it was"; return 1; }
    sed -i "s|$slice|size_t end = to < s->len ? to : s->len, begin = from < end ? from : end;\
 struct sip_str slice = {s->base + begin, end - begin};|" "$work/lib/message/scan_hot.h"
    cd "$work" && env -u CPP frama-c -c11 -machdep gcc_x86_64 -kernel-warn-key parser:decimal-float=inactive \
        -cpp-extra-args='-Iinclude -Ilib -Iproof -U__SSE2__ -DSIP_OPTIMIZE_SIZE=1 -D__builtin_memcpy=memcpy -include string.h' \
        proof/*.c lib/message/*.c lib/base/str.c lib/base/error.c -save all.sav >parse.log 2>&1 ||
        { tail -n 20 parse.log; return 1; }
}

cat >"$work/one.sh" <<'END'
entry=$1
shift
case $entry in
*_texts | *_names | *_addr) specs= ;;
*) specs="-eva-use-spec $(echo "$@" | tr ' ' ',')" ;;
esac
began=$(date +%s)
frama-c -load all.sav -main "$entry" -eva -eva-no-results -eva-auto-loop-unroll 16 \
    -eva-widening-delay 1 -eva-widening-period 1 $specs >"$entry.log" 2>&1
status=$?
alarms=$(sed -n 's/^ *\([0-9]*\) alarms\{0,1\} generated.*/\1/p' "$entry.log")
unknown=$(sed -n 's/.* \([0-9]*\) unknown.*/\1/p' "$entry.log" | awk '{ sum += $1 } END { print sum + 0 }')
reached=$(sed -n 's/.*functions, \([0-9]*\) statements reached (out of \([0-9]*\)).*/\1 of \2/p' "$entry.log")
verdict=pass
[ "$status" = 0 ] && [ "$alarms" = 0 ] && [ "$unknown" = 0 ] &&
    ! grep -q -E 'missing-spec|NON TERMINATING' "$entry.log" || verdict=FAIL
echo "$verdict $entry: ${alarms:-?} alarms, $unknown not shown, $reached statements, $(($(date +%s) - began)) s"
[ $verdict = pass ] || grep -A1 -E 'eva:alarm|missing-spec|User Error' "$entry.log" | grep -v '^--' | head -n 20
END

began=$(date +%s)
prepare || exit 1
cd "$work" || exit 1
[ $# -gt 0 ] || set -- $(for name in $ENTRIES; do echo "any_$name"; done)
for entry in "$@"; do echo "$entry"; done |
    xargs -P 2 -I '{}' sh one.sh '{}' $VIEWS | tee lines
failed=$(grep -c '^FAIL' lines)
echo "$(grep -c '^pass' lines) entries shown, $failed not, $(($(date +%s) - began)) s"
[ "$failed" = 0 ]
