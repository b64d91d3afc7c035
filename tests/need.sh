# For scripts that need Debian packages:  . tests/need.sh; need gcc:gcc sipp:sip-tester libc6-dev
#
# An argument is COMMAND:PACKAGE, or PACKAGE alone. What is there already is not asked for, wherever it
# came from; nothing missing: nothing is run. `need` installs the rest as root, else names it; it fails when
# something is still missing, and leaves the packages in $missing. Where there is no dpkg nobody can tell
# of a PACKAGE alone; it is taken to be there.

PATH=$PATH:/usr/sbin:/sbin # commands that are there, for whoever is not root

need_has() # COMMAND:PACKAGE or PACKAGE
{
    case $1 in
    *:*) command -v "${1%%:*}" >/dev/null 2>&1 ;;
    *) command -v dpkg-query >/dev/null 2>&1 || return 0
       dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$' ;;
    esac
}

need_find() # prints the packages of those arguments that are missing, each once
{
    for wanted in "$@"; do
        need_has "$wanted" || echo "${wanted#*:}"
    done | sort -u | tr '\n' ' '
}

need_install() # PACKAGE...: a service that comes along (Kamailio's) is not started, now or at boot
(
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ] && [ ! -L $policy ]; then
        trap 'rm -f $policy' EXIT
        trap 'exit 1' INT TERM
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends "$@" || exit 1
    for package in "$@"; do
        [ ! -e "/etc/init.d/$package" ] || update-rc.d "$package" disable
    done
    exit 0
)

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
    need_install $missing >"$need_log" 2>&1 </dev/null
    missing=$(need_find "$@")
    [ -z "$missing" ] || tail -n 15 "$need_log"
    rm -f "$need_log"
    [ -z "$missing" ] || { echo "could not install $missing"; return 1; }
}
