# For scripts that need Debian packages:  . tests/need.sh; need gcc:gcc sipp:sip-tester libc6-dev
#
# An argument is COMMAND:PACKAGE, or PACKAGE alone. What is there already is not asked for, wherever it
# came from; nothing missing: nothing is run. `need` installs the rest as root, else names it; it fails when
# something is still missing, and leaves the packages in $missing.

need_has() # COMMAND:PACKAGE or PACKAGE
{
    case $1 in
    *:*) command -v "${1%%:*}" >/dev/null 2>&1 ;;
    *) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$' ;;
    esac
}

need_find() # prints the packages of those arguments that are missing, each once
{
    for wanted in "$@"; do
        need_has "$wanted" || echo "${wanted#*:}"
    done | sort -u | tr '\n' ' '
}

need()
{
    missing=$(need_find "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "missing, and there is no apt-get to install it: $missing"
        return 1
    elif [ "$(id -u)" != 0 ]; then
        echo "missing; as root: apt-get install $missing"
        return 1
    fi
    echo "installing $missing"
    need_log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
               --no-install-recommends $missing; } >"$need_log" 2>&1 </dev/null; then
        tail -n 15 "$need_log"
    fi
    rm -f "$need_log"
    missing=$(need_find "$@")
    [ -z "$missing" ] || { echo "could not install $missing"; return 1; }
}
