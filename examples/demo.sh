#!/bin/sh
# Two phones talk through a PBX, on this machine alone. Builds what it needs in build/, lets alice call
# bob, hold, resume and hang up, looks for what each said in what the other heard, and draws the call.
#
#     sh examples/demo.sh
#
# Ends with "demo: OK" and status 0, or says what failed.
set -u
cd "$(dirname "$0")/.." || exit 1

fail()
{
    echo "demo: FAILED: $*"
    exit 1
}

work=$(mktemp -d) || fail "no directory for temporary files"
pids=
cleanup()
{
    for pid in $pids; do
        kill "$pid" 2>/dev/null
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# --- what is needed ---

missing=
need() # PACKAGE COMMAND...: asks for the package unless the command works
{
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

try_compiler()
{
    echo '#include <stdio.h>' | ${CC:-cc} -E - 
}

need gcc ${CC:-cc} --version
need libc6-dev try_compiler
need meson meson --version
need ninja-build ninja --version
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "please install:$missing (I am not root, or this is no Debian)"
    fi
    echo "demo: installing$missing"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
        >"$work/install.log" 2>&1 </dev/null || { cat "$work/install.log"; fail "could not install$missing"; }
fi

echo "demo: building in build/"
[ -f build/build.ninja ] || meson setup build >"$work/build.log" 2>&1 ||
    { cat "$work/build.log"; fail "meson setup"; }
ninja -C build examples/phone examples/pbx examples/ladder examples/signal examples/correlate \
    tests/replay >"$work/build.log" 2>&1 || { cat "$work/build.log"; fail "the build"; }
bin=$PWD/build/examples

# --- a pbx and two phones ---

await() # WHO PATTERN: until a line of what WHO says matches
{
    for _ in $(seq 100); do
        grep -q "$2" "$work/$1.out" && return
        sleep 0.1
    done
    echo "--- $1 said:"
    cat "$work/$1.out"
    fail "$1 never said \"$2\""
}

phone() # NAME: becomes that user's phone
{
    exec "$bin/phone" --aor "sip:$1@sip.test" --server "sip:$server;transport=udp" \
        --user "$1" --password "pw-$1" --listen 127.0.0.1:0 --play "$work/$1.wav" \
        --record "$work/$1-heard.wav" --trace "$work/$1.trace" --record-core "$work/$1.core" \
        >"$work/$1.out" 2>&1
}

say() # WHO COMMAND: what a user types
{
    echo "demo: $1: $2"
    case $1 in
    alice) echo "$2" >&3 ;;
    bob) echo "$2" >&4 ;;
    esac
}

"$bin/signal" --seed 1 --seconds 30 "$work/alice.wav" || fail "alice has no voice"
"$bin/signal" --seed 2 --seconds 30 "$work/bob.wav" || fail "bob has no voice"
printf 'alice:pw-alice\nbob:pw-bob\n' >"$work/users"
mkfifo "$work/alice.in" "$work/bob.in" || fail "no named pipe"
: >"$work/pbx.out" >"$work/alice.out" >"$work/bob.out"

"$bin/pbx" --domain sip.test --users "$work/users" --listen udp:127.0.0.1:0 \
    --trace "$work/pbx.trace" >"$work/pbx.out" 2>&1 &
pbx=$!
pids="$pbx"
await pbx '^listening'
server=$(sed -n 's/^listening udp://p' "$work/pbx.out")

phone bob <"$work/bob.in" &
bob=$!
phone alice <"$work/alice.in" &
alice=$!
pids="$alice $bob $pbx"
exec 3>"$work/alice.in" 4>"$work/bob.in"
await bob '^registered'
await alice '^registered'
echo "demo: alice and bob are registered at sip:$server"

# --- the call ---

say alice "call sip:bob@sip.test"
await bob '^incoming call=1 from=sip:alice@sip.test'
await alice '^ringing call=1'
sleep 1
say bob answer
await alice '^answered call=1'
await bob '^answered call=1'
sleep 4
say alice hold
await alice '^held call=1'
await bob '^held call=1'
sleep 2
say alice resume
await alice '^resumed call=1'
await bob '^resumed call=1'
sleep 4
say alice hangup
await alice '^ended call=1 why=local'
await bob '^ended call=1 why=remote'
await alice '^media call=1'
await bob '^media call=1'
say alice quit
wait "$alice" || fail "alice's phone ended with status $?"
kill -INT "$bob"
wait "$bob" || fail "bob's phone ended with status $?"
kill "$pbx"
wait "$pbx" || fail "the pbx ended with status $?"
pids=

# --- what came of it ---

for name in alice bob; do
    grep -q '^unregistered' "$work/$name.out" || fail "$name did not unregister"
    echo "demo: $name's phone: $(grep '^media' "$work/$name.out")"
done
echo "demo: what alice said in what bob heard (one pause: the hold)"
"$bin/correlate" "$work/alice.wav" "$work/bob-heard.wav" --pauses 1 || fail "bob did not hear alice"
echo "demo: what bob said in what alice heard"
"$bin/correlate" "$work/bob.wav" "$work/alice-heard.wav" --pauses 1 || fail "alice did not hear bob"
echo "demo: the library once more, without sockets and clock, from what each phone recorded"
(cd "$work" && "$bin/../tests/replay" alice.core bob.core) || fail "a replay does something else"
echo "demo: the call as it happened"
"$bin/ladder" --without REGISTER "$work/alice.trace" "$work/pbx.trace" "$work/bob.trace" ||
    fail "no ladder"
echo "demo: OK"
