#!/bin/sh
# Spoiled messages get the same results on every run, and from vector and plain scans alike.
#
#     sh tests/torture/mangled.sh [all | SEED] [PROGRAM...]
#
# A PROGRAM is tests/torture/mangle.c with one kind of scans; without any those of $BUILD (build). `all` takes
# some minutes, see mangle.c. Ends with one line, and status 0 when all said the same and none complained.
set -u
here=$(dirname "$0")
how=
case ${1-} in all | [0-9]*) how=$1; shift ;; esac
if [ $# = 0 ]; then
    cd "$here/../.." || exit 1
    build=${BUILD:-build}
    set -- "$build/tests/mangle" "$build/tests/mangle_words" "$build/tests/mangle_bytes"
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
failed=0

again=$1 # the first one twice
for program in "$@" "$again"; do
    # shellcheck disable=SC2086
    "$program" print $how >"$work/said" || { failed=1; head -n 40 "$work/said"; }
    if [ ! -f "$work/first" ]; then
        mv "$work/said" "$work/first"
    elif ! cmp -s "$work/first" "$work/said"; then
        failed=1
        echo "$program says something else than $1, first:"
        diff "$work/first" "$work/said" | head -n 4
    fi
done
echo "$(tail -n 1 "$work/first"); $# kinds of scans, and again"
exit $failed
