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
. tests/report.sh

asked() # PART
{
    case $parts in *" $1 "*) return 0 ;; esac
    return 1
}

# --- what is needed ---

install() # what the asked parts need
{
    tools="gcc:gcc libc6-dev meson:meson ninja:ninja-build" peers=
    asked units && tools="$tools clang:clang python3:python3"
    asked checks && tools="$tools g++:g++ clang:clang pkg-config:pkg-config python3:python3
        arm-none-eabi-gcc:gcc-arm-none-eabi libnewlib-arm-none-eabi"
    asked interop && tools="$tools python3:python3" peers="sipp:sip-tester kamailio:kamailio
        kamailio-tls-modules kamailio-websocket-modules kamailio-extra-modules baresip:baresip-core
        openssl:openssl ip:iproute2 unshare:util-linux strace:strace"
    if ! need $tools $peers; then
        need $tools >/dev/null || { result "FAIL install: $missing"; close; }
        echo "checks with these are skipped"
    fi
    asked units || return
    echo 'int main(void) { return 0; }' >"$log.c"
    clang -fsanitize=address,undefined "$log.c" -o "$log.out" 2>/dev/null ||
        need "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev" || { result "FAIL install: $missing"; close; }
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
    rm -f "$1/meson-logs/testlog.json"
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

checks()
{
    for script in tests/checks/*.sh; do check "$(basename "$script" .sh)" sh "$script"; done
    for script in tests/checks/*.py; do check "$(basename "$script" .py)" python3 "$script"; done
}

interop() # each check is told when it ends
{
    { timeout 900 sh tests/interop/run.sh 2>&1 </dev/null; echo $? >"$log.out"; } |
        tee "$log" | grep --line-buffered -v ' skipped$'
    grep -E '^(pass|FAIL|skip) ' "$log" >>"$results"
    [ "$(cat "$log.out")" = 0 ] || grep -q '^FAIL ' "$log" || result "FAIL interop broke off"
}

for part in "$@"; do
    case $part in
    units | checks | demo | interop) ;;
    *) echo "usage: run.sh [units] [checks] [demo] [interop]" >&2; exit 2 ;;
    esac
done
parts=" ${*:-units checks demo interop} "
step "install"
install
step "build"
build build gcc
if asked units; then
    build build-asan clang -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=all
    step "units and flows by gcc"
    units build gcc
    step "units and flows by clang with sanitizers"
    units build-asan clang
fi
if asked checks; then step "checks"; checks; fi
if asked demo; then step "demo"; check demo sh examples/demo.sh; fi
if asked interop; then step "interop"; interop; fi
step "done"
close
