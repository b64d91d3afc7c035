#!/bin/sh
# All tests: installs what is missing, builds with gcc in build/ and with clang and its sanitizers in
# build-asan/, runs units and flows in both, the machine checks, the demo, and real peers.
#
#     sh tests/run.sh [units] [checks] [demo] [interop]        (all of them; some minutes)
#
# Ends with "N passed, N failed, N skipped" and status 0 when none failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/need.sh

results=$(mktemp) && log=$(mktemp) || exit 1
trap 'rm -f "$results" "$log"' EXIT
trap 'exit 1' INT TERM

result() # pass|FAIL|skip NAME[: WHY]
{
    echo "$*" | tee -a "$results"
}

close() # tells again what did not pass, then the counts
{
    failed=$(grep -c '^FAIL ' "$results")
    if grep -q -v '^pass ' "$results"; then
        echo "--- not passed"
        grep -v '^pass ' "$results"
    fi
    echo "$(grep -c '^pass ' "$results") passed, $failed failed, $(grep -c '^skip ' "$results") skipped"
    [ "$failed" = 0 ]
    exit
}

step() # WHAT: with the seconds since the start
{
    echo "--- $* ($(($(date +%s) - began)) s)"
}

shown() # a failed command's output
{
    tail -n 60 "$log" | sed 's/^/    /'
}

# --- what is needed ---

install()
{
    need gcc:gcc g++:g++ clang:clang meson:meson ninja:ninja-build pkg-config:pkg-config python3:python3 \
        libc6-dev arm-none-eabi-gcc:gcc-arm-none-eabi libnewlib-arm-none-eabi ||
        { result "FAIL install: $missing"; close; }
    version=$(clang -dumpversion | cut -d. -f1)
    echo 'int main(void) { return 0; }' >"$log.c"
    clang -fsanitize=address,undefined "$log.c" -o "$log.out" 2>/dev/null || need "libclang-rt-$version-dev" ||
        { result "FAIL install: $missing"; close; }
    rm -f "$log.c" "$log.out"
    need sipp:sip-tester kamailio:kamailio kamailio-tls-modules kamailio-websocket-modules \
        kamailio-extra-modules baresip:baresip-core openssl:openssl ip:iproute2 unshare:util-linux \
        strace:strace || echo "checks with these peers will be skipped"
}

# --- units and flows ---

build() # DIRECTORY COMPILER OPTIONS...
{
    directory=$1 compiler=$2
    shift 2
    if [ -f "$directory/build.ninja" ]; then
        meson configure "$directory" -Dwerror=true "$@" >"$log" 2>&1
    else
        CC=$compiler meson setup "$directory" -Dwerror=true "$@" >"$log" 2>&1
    fi && ninja -C "$directory" -k 0 >"$log" 2>&1 && result "pass build by $compiler" && return
    sed -n -E '/FAILED|error|ERROR/,$p' "$log" | grep -v '^\[' | head -n 60 | sed 's/^/    /'
    result "FAIL build by $compiler"
    close
}

units() # DIRECTORY COMPILER
{
    timeout 900 meson test -C "$1" --no-rebuild --print-errorlogs -t 3 >"$log" 2>&1 ||
        grep -v ' OK  ' "$log" | tail -n 80 | sed 's/^/    /'
    python3 - "$1/meson-logs/testlog.json" "$2" >>"$results" <<'END'
import json, re, sys

verdicts = {'OK': 'pass', 'EXPECTEDFAIL': 'pass', 'SKIP': 'skip'}
count = 0
for line in open(sys.argv[1]):
    test = json.loads(line)
    said = re.findall(r'^(\d+) passed, \d+ failed$', test.get('stdout', ''), re.M)
    count += sum(map(int, said))
    verdict = verdicts.get(test['result'], 'FAIL')
    why = '' if verdict == 'pass' else ': ' + (test.get('stdout', '').strip().splitlines() or [''])[-1]
    name = test['name'].split(' / ', 1)[-1]
    print(f"{verdict} {name} by {sys.argv[2]}{why}")
print(f'{count} test functions by {sys.argv[2]}', file=sys.stderr)
END
    [ $? = 0 ] || result "FAIL tests by $2 told nothing"
}

# --- checks and the demo ---

check() # NAME COMMAND...: 77 is a skip; the last line says how or why
{
    name=$1
    shift
    timeout 300 "$@" >"$log" 2>&1 </dev/null
    case $? in
    0) result "pass $name: $(tail -n 1 "$log")" ;;
    77) result "skip $name: $(tail -n 1 "$log")" ;;
    *) shown; result "FAIL $name" ;;
    esac
}

checks()
{
    for script in tests/checks/*.sh; do check "$(basename "$script" .sh)" sh "$script"; done
    for script in tests/checks/*.py; do check "$(basename "$script" .py)" python3 "$script"; done
}

interop()
{
    timeout 900 sh tests/interop/run.sh >"$log" 2>&1 </dev/null
    status=$?
    grep -v ' skipped$' "$log"
    grep -E '^(pass|FAIL|skip) ' "$log" >>"$results"
    [ $status = 0 ] || grep -q '^FAIL ' "$log" || result "FAIL interop broke off"
}

began=$(date +%s)
parts=" ${*:-units checks demo interop} "
step "install"
install
step "build"
build build gcc
case $parts in *" units "*)
    build build-asan clang -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=all
    step "units and flows by gcc"
    units build gcc
    step "units and flows by clang with sanitizers"
    units build-asan clang ;;
esac
case $parts in *" checks "*) step "checks"; checks ;; esac
case $parts in *" demo "*) step "demo"; check demo sh examples/demo.sh ;; esac
case $parts in *" interop "*) step "interop"; interop ;; esac
step "done"
close
