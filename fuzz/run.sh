#!/bin/sh
# Runs fuzz targets: installs what is missing, builds, fuzzes, tells what came out.
#
#     sh fuzz/run.sh TARGET EXECUTIONS       libFuzzer with ASan and UBSan
#     sh fuzz/run.sh all SECONDS             each target its part of SECONDS, two at a time, after the build
#     sh fuzz/run.sh -a TARGET EXECUTIONS    AFL++ instead (persistent mode, ASan)
#     sh fuzz/run.sh -m TARGET|all           puts what the runs have found into fuzz/corpus, minimised
#     sh fuzz/run.sh list                    names the targets
#
# Builds in build-fuzz/ (AFL++: build-afl/), where corpus/TARGET grows and findings/TARGET has an
# input for each finding; fuzz/README.md says how to replay one. Ends with status 1 when something was
# found, 77 when it cannot run here.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/need.sh

usage()
{
    sed -n '4,8s/^# *//p' fuzz/run.sh >&2
    exit 2
}

targets() # those of fuzz/meson.build
{
    sed -n "/^fuzzed = {/,/^}/s/^  '\([a-z_]*\)':.*/\1/p" fuzz/meson.build
}

count() # DIRECTORY: files in it
{
    find "$1" -type f 2>/dev/null | wc -l
}

# --- building ---

install()
{
    tools="clang:clang meson:meson ninja:ninja-build"
    [ "$engine" = libfuzzer ] || tools="$tools afl-clang-fast:afl++"
    # shellcheck disable=SC2086
    need $tools || { echo "skipped: no $missing"; exit 77; }
    echo 'int main(void) { return 0; }' >"$scratch.c"
    clang -fsanitize=address,fuzzer-no-link "$scratch.c" -o "$scratch.out" 2>/dev/null ||
        need "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev" || { echo "skipped: no $missing"; exit 77; }
}

build()
{
    flags='-g -O2 -fno-omit-frame-pointer'
    if [ "$engine" = afl ]; then
        work=$PWD/build-afl
        set -- AFL_USE_ASAN=1 CC=afl-clang-fast CXX=afl-clang-fast++ CFLAGS="$flags"
    else
        work=$PWD/build-fuzz
        set -- CC=clang CXX=clang++ \
            CFLAGS="$flags -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all"
    fi
    env "$@" WORK="$work" OUT="$work/out" LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
        sh fuzz/build.sh >"$scratch" 2>&1 || { tail -n 30 "$scratch"; echo "could not build"; exit 1; }
}

# --- one target ---

told() # TARGET EXECUTIONS SECONDS NEW FINDINGS
{
    printf '%-16s %10d executions %5d s %7d /s %5d new units %3d findings\n' \
        "$1" "$2" "$3" $(($2 / ($3 > 0 ? $3 : 1))) "$4" "$5"
}

shown() # TARGET: what a finding said
{
    grep -E -m 3 '^fuzz/.*: |runtime error|ERROR: (Address|Memory|libFuzzer)' "$work/$1.log" | sed 's/^/    /'
    find "$work/findings/$1" -type f -newer "$work/$1.began" | sed 's/^/    /'
}

prepare() # TARGET
{
    mkdir -p "$work/corpus/$1" "$work/findings/$1" "fuzz/corpus/$1"
    before=$(count "$work/corpus/$1") found=$(count "$work/findings/$1")
    began=$(date +%s)
    : >"$work/$1.began"
}

libfuzzer() # TARGET OPTION...: -runs=N or -max_total_time=S
{
    name=$1
    shift
    prepare "$name"
    nice "$work/out/fuzz_$name" "$@" -dict=fuzz/sip.dict -max_len=1500 -timeout=20 -print_final_stats=1 \
        -artifact_prefix="$work/findings/$name/" "$work/corpus/$name" "fuzz/corpus/$name" \
        >"$work/$name.log" 2>&1
    status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
    found=$(($(count "$work/findings/$name") - found))
    told "$name" "${executions:-0}" $(($(date +%s) - began)) $(($(count "$work/corpus/$name") - before)) "$found"
    [ $status = 0 ] && return
    shown "$name"
    [ "$found" -gt 0 ] || tail -n 5 "$work/$name.log" | sed 's/^/    /'
    return 1
}

afl() # TARGET EXECUTIONS
{
    prepare "$1"
    rm -rf "$work/afl/$1"
    mkdir -p "$work/afl"
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 \
        nice afl-fuzz -i "fuzz/corpus/$1" -o "$work/afl/$1" -x fuzz/sip.dict -m none -E "$2" \
        -- "$work/out/fuzz_$1" >"$work/$1.log" 2>&1 || { tail -n 20 "$work/$1.log"; return 1; }
    stats=$work/afl/$1/default/fuzzer_stats
    cp "$work/afl/$1"/default/crashes/id* "$work/afl/$1"/default/hangs/id* "$work/findings/$1/" 2>/dev/null
    found=$(($(count "$work/findings/$1") - found))
    told "$1" "$(sed -n 's/^execs_done *: //p' "$stats")" $(($(date +%s) - began)) \
        "$(sed -n 's/^corpus_found *: //p' "$stats")" "$found"
    [ "$found" = 0 ] || { shown "$1"; return 1; }
}

minimise() # TARGET: what it takes to reach every edge that was reached
{
    prepare "$1"
    rm -rf "$work/merged"
    mkdir "$work/merged"
    nice "$work/out/fuzz_$1" -merge=1 -use_counters=0 -max_len=1500 "$work/merged" "fuzz/corpus/$1" \
        "$work/corpus/$1" >"$work/$1.log" 2>&1 || { tail -n 20 "$work/$1.log"; return 1; }
    rm -rf "fuzz/corpus/$1"
    mkdir "fuzz/corpus/$1"
    for file in "$work"/merged/*; do
        cp "$file" "fuzz/corpus/$1/$(basename "$file" | cut -c1-12)"
    done
    echo "$1: $(count "fuzz/corpus/$1") files, $(cat "fuzz/corpus/$1"/* | wc -c) bytes"
}

# --- all ---

lane() # SECONDS TARGET...: one after the other
{
    each=$1 failed=0
    shift
    for target in "$@"; do
        libfuzzer "$target" -max_total_time="$each" || failed=1
    done
    return $failed
}

all() # SECONDS: in two lanes
{
    names=$(targets)
    each=$(($1 * 2 / $(echo "$names" | wc -l)))
    [ "$each" -gt 0 ] || each=1
    # shellcheck disable=SC2046
    lane "$each" $(echo "$names" | sed -n 'p;n') &
    other=$!
    # shellcheck disable=SC2046
    lane "$each" $(echo "$names" | sed -n 'n;p')
    first=$?
    wait "$other" && [ $first = 0 ]
}

engine=libfuzzer merge=false
case ${1:-} in
-a) engine=afl; shift ;;
-m) merge=true; shift ;;
list) targets; exit 0 ;;
esac
[ $# -ge 1 ] && { $merge || [ $# = 2 ]; } || usage
case ${2:-1} in *[!0-9]* | '') usage ;; esac
[ "$1" = all ] || targets | grep -q -x "$1" || { echo "no target $1; sh fuzz/run.sh list names them" >&2; exit 2; }
[ "$1$engine" != allafl ] || usage

scratch=$(mktemp) || exit 1
trap 'rm -f "$scratch" "$scratch.c" "$scratch.out"' EXIT
trap 'exit 1' INT TERM
install
build
if $merge; then
    status=0
    for target in $([ "$1" = all ] && targets || echo "$1"); do minimise "$target" || status=1; done
    exit $status
elif [ "$1" = all ]; then
    all "$2"
elif [ "$engine" = afl ]; then
    afl "$1" "$2"
else
    libfuzzer "$1" -runs="$2"
fi
