#!/bin/sh
# Real peers against the examples, each in a network namespace of its own.
#
#     sh tests/interop/run.sh [--long] [PEER...]     PEER: sipp kamailio baresip cost
#
# Takes the programs from $BUILD (build). One line per check; ends with "N passed, N failed, N skipped" and
# status 0 when none failed. KEEP=1 keeps the directory of a check that failed.
set -u
cd "$(dirname "$0")/../.." || exit 1
PATH=$PATH:/usr/sbin:/sbin # kamailio, for whoever is not root
out=$(mktemp) && status=$(mktemp) || exit 1
trap 'rm -f "$out" "$status"' EXIT
long= peers=
for word in "$@"; do
    case $word in
    --long) long=--long ;;
    sipp | kamailio | baresip | cost) peers="$peers $word" ;;
    *) echo "usage: run.sh [--long] [sipp] [kamailio] [baresip] [cost]" >&2; exit 2 ;;
    esac
done

# Processes end with the namespace. Who is not root becomes root inside of it, where the system allows that.
apart="unshare --net --pid --fork --kill-child --mount-proc"
[ "$(id -u)" = 0 ] || apart="unshare --user --map-root-user${apart#unshare}"

# baresip wants a network besides the loopback: one that leads nowhere.
prepare='ip link set lo up && ip link add v0 type veth peer name v1 && ip addr add 10.99.0.1/24 dev v0 &&
    ip link set v0 up && ip link set v1 up && ip route add default via 10.99.0.2; exec "$@"'

for peer in ${peers:-sipp kamailio baresip cost}; do
    if ! $apart true 2>/dev/null; then
        echo "skip $peer: no network namespace: $($apart true 2>&1 | head -n 1)" | tee -a "$out"
        continue
    fi
    { $apart sh -c "$prepare" sh python3 "tests/interop/$peer.py" $long </dev/null 2>&1
      echo $? >"$status"; } | tee -a "$out"
    case $(cat "$status") in
    0 | 3) ;; # all passed, some failed
    *) echo "FAIL $peer: the checks broke off" | tee -a "$out" ;;
    esac
done

passed=$(grep -c '^pass ' "$out")
failed=$(grep -c '^FAIL ' "$out")
echo "$passed passed, $failed failed, $(grep -c '^skip ' "$out") skipped"
[ "$failed" = 0 ]
