"""A phone registers with Kamailio and calls SIPp, baresip and another phone through it.

Realm sip.test; users alice bob carol dave with password pw-<user>. baresip answers MD5 alone, so with
SHA-256 the phone calls SIPp and another phone of ours."""
import signal
import time

import suite
from suite import PEERS, Sipp, await_port, baresip, check, need, phone, run, start


def registrar(algorithm):
    """A registrar and record-routing proxy on port 5060, UDP and TCP."""
    need('kamailio', 'openssl')
    run_dir = suite.work / 'kamailio'
    options = ['-A', 'AUTH_SHA256'] if algorithm == 'SHA-256' else []
    starter = start('kamailio', 'sh', PEERS / 'kamailio/start.sh', run_dir, *options)
    starter.expect(r'^\d+', 30)
    await_port(5060)
    return run_dir / 'kamailio.log'


def call_and_hang_up(caller, callee=None):
    """The caller has --call and --hang-up-after 1."""
    caller.expect(r'^answered call=1')
    if callee:
        callee.expect(r'^answered call=1')
    caller.expect(r'^ended call=1 why=local status=200')
    if callee:
        callee.expect(r'^ended call=1 why=remote')
    status = caller.end(10)
    assert status == 0, f'{caller.name} ended with status {status}'


def server(transport):
    return f'sip:127.0.0.1:5060;transport={transport}'


def add(algorithm, transport):
    @check(f'{algorithm} over {transport.upper()}: phone registers, calls SIPp, unregisters')
    def _():
        registrar(algorithm)
        uas = Sipp('uas', '-m', 1, port=15071, to=None)
        caller = phone('alice', server(transport), '--call', 'sip:port15071@sip.test', '--hang-up-after', 1)
        caller.expect(r'^registered aor=sip:alice@sip.test expires=\d+')
        caller.expect(r'^ringing call=1')
        call_and_hang_up(caller)
        uas.succeed(10)
        caller.expect(r'^unregistered')

    @check(f'{algorithm} over {transport.upper()}: a wrong password ends after one try')
    def _():
        registrar(algorithm)
        caller = phone('alice', server(transport), password='wrong')
        caller.expect(r'^register-failed aor=sip:alice@sip.test status=401 retry_in=0')
        time.sleep(2)
        assert len(caller.text().splitlines()) == 1, 'it tries again'

    @check(f'{algorithm} over {transport.upper()}: phone calls phone through it')
    def _():
        registrar(algorithm)
        callee = phone('bob', server(transport), '--auto-answer')
        callee.expect(r'^registered')
        caller = phone('alice', server(transport), '--call', 'sip:bob@sip.test', '--hang-up-after', 1)
        call_and_hang_up(caller, callee)
        assert callee.stop(signal.SIGINT) == 0, 'bob does not end with status 0'
        callee.expect(r'^unregistered')


def add_baresip(transport):
    @check(f'MD5 over {transport.upper()}: phone calls baresip through it')
    def _():
        registrar('MD5')
        baresip('answerer')
        caller = phone('alice', server(transport), '--call', 'sip:dave@sip.test', '--hang-up-after', 2)
        call_and_hang_up(caller)
        caller.expect(r'^media call=1 sent=[1-9]\d* received=[1-9]')

    @check(f'MD5 over {transport.upper()}: the proxy says 404, 486 and 603, and phone tells')
    def _():
        registrar('MD5')
        for status, who in ((404, 'bob'), (486, 'code486'), (603, 'code603')):
            caller = phone('alice', server(transport), '--call', f'sip:{who}@sip.test', '--hang-up-after', 1)
            caller.expect(rf'^ended call=1 why=refused status={status}')
            assert caller.end() == 1  # nobody answered


for each in ('MD5', 'SHA-256'):
    for way in ('udp', 'tcp'):
        add(each, way)
for way in ('udp', 'tcp'):
    add_baresip(way)

run()
