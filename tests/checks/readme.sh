#!/bin/sh
# The first C of README.md stands by line 15 and is a program once it has a main around its statements; the
# files and commands that README.md names are there.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "README.md: $*"; failed=1; }

[ "$(grep -n -m 1 '^```c$' README.md | cut -d: -f1)" -lt 15 ] || wrong "no C by line 15"
{
    printf '#include <stdio.h>\n#include <sip/posix.h>\n#include <sip/sip.h>\n'
    sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' | sed '/^}$/q'
    printf 'int main(void)\n{\n    struct sip_ua *ua = NULL;\n    struct sip_events events = {0};\n'
    printf '    struct sip_call_args args = {0};\n    struct sip_call call;\n'
    printf '    events.call = call_event;\n'
    sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' | sed '1,/^}$/d'
    printf '    return !events.call;\n}\n'
} >"$work/snippet.c"
gcc -std=c11 -Wall -Wextra -Wno-unused-parameter -Werror -Iinclude -fsyntax-only "$work/snippet.c" || wrong "its C does not compile"

for path in $(grep -oE '\((include|lib|examples|tests|fuzz)/[A-Za-z0-9_./-]*' README.md | tr -d '(') \
            $(grep -oE '`(sh )?(examples|tests|fuzz|lib|include)/[A-Za-z0-9_./-]*`' README.md | sed 's/`//g; s/^sh //'); do
    [ -e "$path" ] || wrong "$path is not there"
done

[ $failed -eq 1 ] || echo "README.md: its first program compiles, what it names is there"
exit $failed
