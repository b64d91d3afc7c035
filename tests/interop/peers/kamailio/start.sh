#!/bin/sh
# Starts a loopback registrar and record-routing proxy: realm sip.test; users alice, bob, carol,
# dave with password pw-<user>; udp and tcp 5060 (also [::1]), tls 5061, ws 5080, wss 5443.
# sh start.sh RUN_DIR [-A AUTH_SHA256] [-A NO_PROXY_AUTH]; stop it with: kill $(cat RUN_DIR/kamailio.pid)
# Needs: kamailio kamailio-tls-modules kamailio-websocket-modules kamailio-extra-modules openssl
set -eu
here=$(cd "$(dirname "$0")" && pwd)
run=$1; shift
mkdir -p "$run"; run=$(cd "$run" && pwd)
if [ ! -f "$run/server.pem" ]; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=libsip test CA" \
        -keyout "$run/ca.key" -out "$run/ca.pem" 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj "/CN=sip.test" \
        -keyout "$run/server.key" -out "$run/server.csr" 2>/dev/null
    openssl x509 -req -in "$run/server.csr" -CA "$run/ca.pem" -CAkey "$run/ca.key" -CAcreateserial \
        -days 30 -extfile "$here/ext.cnf" -out "$run/server.pem" 2>/dev/null
fi
cat > "$run/tls.cfg" <<END
[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = $run/server.key
certificate = $run/server.pem
[client:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
END
modules=$(ls -d /usr/lib/*/kamailio/modules | head -n 1)
sed -e "s#RUN_DIR#$run#g" -e "s#/usr/lib/x86_64-linux-gnu/kamailio/modules#$modules#" \
    "$here/kamailio.cfg" > "$run/kamailio.cfg"
grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null || sed -i '/\[::1\]/d' "$run/kamailio.cfg"
kamailio -f "$run/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$run" -P "$run/kamailio.pid" "$@" \
    > "$run/kamailio.log" 2>&1 &
i=0
while ! grep -qs . "$run/kamailio.pid" && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
sleep 1
cat "$run/kamailio.pid"
