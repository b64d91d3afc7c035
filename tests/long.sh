#!/bin/sh
# The long form of the tests: more calls against real peers, and the same peers against programs built with
# the sanitizers. Needs the builds of tests/run.sh, and runs that first where they are missing.
#
#     sh tests/long.sh
#
# Ends with "N passed, N failed, N skipped" and status 0 when none failed.
set -u
cd "$(dirname "$0")/.." || exit 1
if [ ! -f build/build.ninja ] || [ ! -f build-asan/build.ninja ]; then
    sh tests/run.sh || exit 1
fi
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

for peers in "build --long" "build-asan sipp kamailio baresip"; do
    echo "--- ${peers}"
    ninja -C "${peers%% *}" >/dev/null || echo "FAIL build in ${peers%% *}" | tee -a "$out"
    # shellcheck disable=SC2086
    BUILD=${peers%% *} sh tests/interop/run.sh ${peers#* } 2>&1 | tee -a "$out" | grep -v ' skipped$'
done
failed=$(grep -c '^FAIL ' "$out")
echo "$(grep -c '^pass ' "$out") passed, $failed failed, $(grep -c '^skip ' "$out") skipped"
[ "$failed" = 0 ]
