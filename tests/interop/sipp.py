"""SIPp calls `answer`: plainly, through a bad network, and when it is full."""
import re
import time

from suite import HERE, LONG, Sipp, answer, await_port, check, run, start

CALLS = 1000 if LONG else 100


def usage(program):
    """What `answer` tells at its end: its counters, and {pool: {limit, used, peak, refused}}."""
    status = program.stop()
    assert status == 0, f'answer ended with status {status}'
    counters, pools = {}, {}
    for line in program.text().splitlines():
        pairs = {key: int(value) for key, value in re.findall(r'(\w+)=(\d+)', line)}
        if line.startswith('received='):
            counters = pairs
        elif 'limit' in pairs:
            pools[line.split()[0]] = pairs
    assert counters and pools, 'answer told no counters'
    return counters, pools


@check(f'{CALLS} calls at 20 a second over UDP, then nothing is in use')
def _():
    program = answer()
    Sipp('uac', '-m', CALLS, '-r', 20, '-d', 200).succeed(CALLS / 20 + 30)
    time.sleep(33)  # 64*T1, timer J of the last BYE (RFC 3261 §17.2.2)
    counters, pools = usage(program)
    left = {name: pool['used'] for name, pool in pools.items() if pool['used']}
    assert not left, f'still in use: {left}'
    assert pools['calls']['peak'] > 0 and counters['received'] >= 3 * CALLS, f'{counters} {pools}'
    assert counters['refused'] == 0 and counters['dropped'] == 0, f'{counters}'


@check(f'{CALLS} calls at 20 a second over TCP')
def _():
    answer()
    Sipp('uac', '-m', CALLS, '-r', 20, '-d', 200, '-t', 't1').succeed(CALLS / 20 + 30)


@check('OPTIONS over UDP and TCP')
def _():
    answer()
    Sipp('options', '-m', 10, '-r', 20).succeed()
    Sipp('options', '-m', 10, '-r', 20, '-t', 't1').succeed()


@check(f'{CALLS} calls with 2 % lost and 2 % doubled')
def _():
    program = answer()
    relay = start('relay', 'python3', HERE / 'relay.py', 5090, 5080, '--lose', 0.02, '--double', 0.02, '--seed', 1)
    await_port(5090, tcp=False)
    Sipp('uac', '-m', CALLS, '-r', 20, '-d', 200, to='127.0.0.1:5090').succeed(CALLS / 20 + 60)
    relay.stop()
    for way in ('there', 'back'):
        lost, doubled = map(int, relay.expect(rf'^{way} passed=\d+ lost=(\d+) doubled=(\d+)').groups())
        assert lost and doubled, f'the relay did nothing {way}'
    counters, _ = usage(program)
    assert counters['retransmitted'] > 0, f'{counters}'


@check('--calls 2: the third INVITE gets 486, and the next call goes through')
def _():
    program = answer('--calls', 2)
    two = Sipp('uac', '-m', 2, '-r', 20, '-d', 3000)
    time.sleep(1)
    Sipp('busy', '-m', 1, port=15062).succeed(5)
    two.succeed()
    Sipp('uac', '-m', 1, '-d', 100, port=15064).succeed()
    _, pools = usage(program)
    assert pools['calls']['limit'] == 2 and pools['calls']['peak'] == 2, f'{pools["calls"]}'
    assert pools['calls']['refused'] == 1, f'{pools["calls"]}'


@check('--calls 9 --transactions 6: some of nine calls get 503, the others complete')
def _():
    program = answer('--calls', 9, '--transactions', 6)
    nine = Sipp('full', '-m', 9, '-r', 20, '-d', 2000)
    nine.succeed()
    heard = nine.log.read_text(errors='replace')
    refused = set(re.findall(r'SIP/2\.0 503 .*?\r?\nCall-ID: (\S+)', heard, re.S))
    talked = set(re.findall(r'\nBYE .*?\r?\nCall-ID: (\S+)', heard, re.S))
    assert refused and talked, f'{len(refused)} refused, {len(talked)} answered'
    assert 'Retry-After' not in heard, 'a 503 with Retry-After takes a phone out of service'
    Sipp('uac', '-m', 1, '-d', 100, port=15064).succeed()
    _, pools = usage(program)
    assert pools['transactions']['limit'] == 6 and pools['transactions']['refused'] > 0, f'{pools}'
    return f'{len(refused)} refused, {len(talked)} answered'


@check('--hold 1: answer hangs up first')
def _():
    answer('--hold', 1)
    Sipp('held', '-m', 20, '-r', 20).succeed()


run()
