"""baresip registers at `pbx --algorithms MD5` (it answers nothing else) and calls phone, both ways, with
hang-up by each side."""
import sys
import time

import suite
from suite import CONTROL, PEERS, baresip, check, example, phone, run

sys.path.insert(0, str(PEERS / 'baresip'))
from control import tell

SERVER = 'sip:127.0.0.1:5060;transport=udp'


def pbx(*options):
    users = suite.work / 'users'
    users.write_text(''.join(f'{name}:pw-{name}\n' for name in ('alice', 'bob', 'carol', 'dave')))
    program = example('pbx', '--domain', 'sip.test', '--users', users, '--listen', 'udp:127.0.0.1:5060',
                      '--listen', 'tcp:127.0.0.1:5060', '--algorithms', 'MD5', *options)
    program.expect(r'^listening tcp')
    return program


def command(role, word, parameter=''):
    said = tell(CONTROL[role], word, parameter)
    assert said and said.get('ok'), f'baresip does not take {word} {parameter}: {said}'


def ended(ours, why):
    ours.expect(rf'^ended call=1 why={why} status=200')
    sent, received = map(int, ours.expect(r'^media call=1 sent=(\d+) received=(\d+)').groups())
    assert sent > 10 and received > 10, f'media sent={sent} received={received}'


@check('baresip calls phone through pbx, and hangs up')
def _():
    pbx()
    theirs = baresip('caller')
    ours = phone('alice', SERVER, '--auto-answer')
    ours.expect(r'^registered')
    command('caller', 'dial', 'sip:alice@sip.test')
    ours.expect(r'^incoming call=1 from=sip:carol@sip.test')
    ours.expect(r'^answered call=1')
    theirs.expect(r'Call established')
    time.sleep(1)
    command('caller', 'hangup')
    ended(ours, 'remote')


@check('baresip calls phone through pbx, phone hangs up')
def _():
    pbx()
    theirs = baresip('caller')
    ours = phone('alice', SERVER)
    ours.expect(r'^registered')
    command('caller', 'dial', 'sip:alice@sip.test')
    ours.expect(r'^incoming call=1 from=sip:carol@sip.test')
    ours.say('answer')
    ours.expect(r'^answered call=1')
    theirs.expect(r'Call established')
    time.sleep(1)
    ours.say('hangup')
    ended(ours, 'local')
    theirs.expect(r'session closed|Call with .* terminated|terminated \(duration')


@check('phone calls baresip through pbx, and hangs up')
def _():
    pbx()
    theirs = baresip('answerer')
    ours = phone('alice', SERVER, '--call', 'sip:dave@sip.test', '--hang-up-after', 2)
    ours.expect(r'^answered call=1')
    ended(ours, 'local')
    assert ours.end() == 0
    theirs.expect(r'session closed|terminated')


@check('phone calls baresip through pbx, baresip hangs up')
def _():
    pbx()
    baresip('answerer')
    ours = phone('alice', SERVER, '--call', 'sip:dave@sip.test', '--hang-up-after', 60)
    ours.expect(r'^answered call=1')
    time.sleep(1)
    command('answerer', 'hangup')
    ended(ours, 'remote')


@check('phone refuses baresip: 486 through pbx')
def _():
    pbx()
    theirs = baresip('caller')
    ours = phone('alice', SERVER)
    ours.expect(r'^registered')
    command('caller', 'dial', 'sip:alice@sip.test')
    ours.expect(r'^incoming call=1')
    ours.say('reject 486')
    theirs.expect(r'486 Busy Here')
    ours.expect(r'^ended call=1')


@check('baresip gives up while phone rings: CANCEL through pbx')
def _():
    pbx()
    baresip('caller')
    ours = phone('alice', SERVER)
    ours.expect(r'^registered')
    command('caller', 'dial', 'sip:alice@sip.test')
    ours.expect(r'^incoming call=1')
    command('caller', 'hangup')
    ours.expect(r'^ended call=1 why=cancelled status=487')


run()
