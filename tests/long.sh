#!/bin/sh
# The long tests: what takes more minutes than a newcomer waits. Real peers with more calls and against
# programs built with sanitizers, fuzzing, proofs, coverage, mutants, other machines, speed and size.
#
#     sh tests/long.sh [--quick] [interop] [fuzz] [proof] [coverage] [mutate] [targets] [torture] [bench] [size]
#
# All parts when none is named; --quick: with the counts that fit into the minutes of .ci/run. What each part
# prints is shown. Needs the builds of tests/run.sh, and runs that first where they are missing.
#
# Ends with "N passed, N failed, N skipped" and status 0 when none failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/report.sh

quick=false
[ "${1:-}" != --quick ] || { quick=true; shift; }
parts=${*:-interop fuzz proof coverage mutate targets torture bench size}

tell() # MINUTES NAME COMMAND...: a check whose output is shown, with its minutes in --quick
{
    most=$(($1 * 60))
    $quick || most=36000
    shift
    step "$1"
    check "$@"
    grep -q "^FAIL $1" "$results" || sed 's/^/    /' "$log"
}

interop() # in .ci/run it has had its minutes already
{
    $quick && return
    for peers in "build --long" "build-asan sipp kamailio baresip"; do
        step "interop ${peers}"
        ninja -C "${peers%% *}" >/dev/null || result "FAIL build in ${peers%% *}"
        # shellcheck disable=SC2086
        BUILD=${peers%% *} sh tests/interop/run.sh ${peers#* } 2>&1 </dev/null | tee "$log" | grep -v ' skipped$'
        grep -E '^(pass|FAIL|skip) ' "$log" >>"$results"
    done
}

fuzz()
{
    $quick && tell 8 fuzz sh fuzz/run.sh all 360 && return
    tell 60 fuzz sh fuzz/run.sh all 3000
}

proof() { tell 8 proof sh tests/proof/run.sh; }
coverage() { tell 4 coverage sh tests/coverage.sh; }
targets() { tell 4 targets sh tests/targets.sh; }
size() { tell 1 size sh tests/size.sh; }

mutate()
{
    $quick && tell 6 mutate sh tests/mutate.sh -n 40 && return
    tell 90 mutate sh tests/mutate.sh
}

torture() { $quick || tell 60 torture sh tests/torture/mangled.sh all; }

bench()
{
    $quick && tell 3 bench sh tests/bench/run.sh held && return
    tell 30 bench sh tests/bench/run.sh
}

for part in $parts; do
    case $part in
    interop | fuzz | proof | coverage | mutate | targets | torture | bench | size) ;;
    *) sed -n 's/^#     sh/usage: sh/p' "$0" >&2; exit 2 ;;
    esac
done
if [ ! -f build/build.ninja ] || [ ! -f build-asan/build.ninja ]; then
    sh tests/run.sh units || exit 1
fi
for part in $parts; do $part; done
step "done"
close
