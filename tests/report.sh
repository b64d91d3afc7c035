# For scripts that run many checks and count them:  . tests/report.sh
#
# Each check ends with a line `pass NAME`, `FAIL NAME` or `skip NAME: WHY`; close ends the script with
# "N passed, N failed, N skipped" and status 0 when none failed.

began=$(date +%s)
results=$(mktemp) && log=$(mktemp) || exit 1
trap 'rm -f "$results" "$log" "$log.c" "$log.out"' EXIT
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

check() # NAME COMMAND...: 77 is a skip; the last line says how or why; $most seconds, 300 when not said
{
    name=$1
    shift
    timeout "${most:-300}" "$@" >"$log" 2>&1 </dev/null
    case $? in
    0) result "pass $name: $(tail -n 1 "$log")" ;;
    77) result "skip $name: $(tail -n 1 "$log")" ;;
    124) shown; result "FAIL $name: took more than ${most:-300} s" ;;
    *) shown; result "FAIL $name" ;;
    esac
}
