"""build/examples/phone: its options, commands and events. phone.py BUILD"""
import socket
import subprocess

from cast import BUILD, INT, Program, replays, run


def talk(caller, callee, number=1):
    caller.types('call sip:bob@sip.test')
    callee.says(f'incoming call={number} from=sip:alice@sip.test')
    caller.says(f'ringing call={number}')
    callee.types('answer')
    caller.says(f'answered call={number}')
    callee.says(f'answered call={number}')


def counts(phone, number=1):
    match = phone.says(f'media call={number} sent=(\\d+) received=(\\d+)')
    return int(match.group(1)), int(match.group(2))


def a_call_is_made_held_by_both_and_ended(stage):
    stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob')
    talk(alice, bob)
    for holder, other in ((alice, bob), (bob, alice)):
        for command, event in (('hold', 'held call=1'), ('resume', 'resumed call=1')):
            holder.types(command)
            holder.says(event)
            other.says(event)
    alice.types('hangup')
    alice.says('ended call=1 why=local status=200')
    bob.says('ended call=1 why=remote status=200')
    assert abs(counts(alice)[0] - counts(bob)[1]) <= 1
    for phone in (alice, bob):
        phone.types('quit')
        phone.says('unregistered aor=.*')
        assert phone.ends() == 0
    replays(stage, 'alice', 'bob')


def the_same_over_tcp_with_either_side_calling(stage):
    stage.pbx()
    alice, bob = stage.phone('alice', over='tcp'), stage.phone('bob')
    talk(alice, bob)
    bob.types('hangup')
    alice.says('ended call=1 why=remote status=200')
    bob.says('ended call=1 why=local status=200')
    bob.types('call sip:alice@sip.test')
    alice.says('incoming call=2 from=sip:bob@sip.test')
    alice.types('answer')
    bob.says('answered call=2')
    assert alice.ends(INT) == 0
    bob.says('ended call=2 why=remote status=200')
    assert bob.ends(INT) == 0
    replays(stage, 'alice', 'bob')


def calls_follow_each_other_at_once(stage):
    stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob', '--auto-answer')
    for number in range(1, 21):
        alice.types('call sip:bob@sip.test')
        alice.says(f'answered call={number}')
        alice.types('hangup')
        alice.says(f'ended call={number} why=local status=200')
        bob.says(f'ended call={number} why=remote status=200')


def an_incoming_call_is_rejected(stage):
    stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob')
    for number, (command, status) in enumerate((('reject', 486), ('reject 603', 603)), 1):
        alice.types('call sip:bob@sip.test')
        bob.says(f'incoming call={number} from=.*')
        bob.types(command)
        alice.says(f'ended call={number} why=refused status={status}')
        bob.says(f'ended call={number} why=refused status={status}')


def a_caller_gives_up(stage):
    stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob')
    alice.types('call sip:bob@sip.test')
    alice.says('ringing call=1')
    alice.types('hangup')
    alice.says('ended call=1 why=local status=.*')
    bob.says('ended call=1 why=cancelled status=487')


def sigint_hangs_up_and_unregisters(stage):
    stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob')
    talk(alice, bob)
    assert alice.ends(INT) == 0
    alice.says('ended call=1 why=local status=200')
    alice.says('unregistered aor=sip:alice@sip.test')
    bob.says('ended call=1 why=remote status=200')


def the_end_of_input_waits_for_the_call(stage):
    stage.pbx()
    bob = stage.phone('bob', '--auto-answer')
    alice = stage.phone('alice', '--call', 'sip:bob@sip.test', stdin=subprocess.DEVNULL)
    alice.says('answered call=1')
    bob.types('hangup')
    alice.says('ended call=1 why=remote status=200')
    assert alice.ends() == 0


def the_end_of_input_ends_a_phone_with_nothing_to_do(stage):
    stage.pbx()
    alice = Program(stage, 'idle', ['phone', '--aor', 'sip:alice@sip.test', '--no-register',
                                    '--server', 'sip:' + stage.server['udp']], subprocess.DEVNULL)
    assert alice.ends() == 0
    assert alice.told() == ''


def without_a_registrar_calls_go_where_they_say(stage):
    stage.pbx()
    stage.phone('bob', '--auto-answer')
    aor = ['phone', '--aor', 'sip:eve@127.0.0.1:1', '--no-register', '--call']
    eve = Program(stage, 'eve', [*aor, 'sip:bob@' + stage.server['udp'], '--hang-up-after', '1'])
    eve.says('ended call=1 why=local status=200')
    assert eve.ends() == 0
    eve = Program(stage, 'eve2', [*aor, 'sip:bob@' + stage.server['tcp'] + ';transport=tcp'],
                  subprocess.DEVNULL)
    eve.says('answered call=1')
    assert eve.ends(INT) == 0


def a_first_call_that_nobody_answers_is_told_by_the_status(stage):
    stage.pbx()
    alice = stage.phone('alice', '--call', 'sip:nobody@sip.test', stdin=subprocess.DEVNULL)
    alice.says('ended call=1 why=refused status=404')
    assert alice.ends() == 1
    alice = stage.phone('alice', '--call', 'sip:nobody@sip.test', '--hang-up-after', '1')
    alice.says('ended call=1 why=refused status=404')
    assert alice.ends() == 1


def a_record_is_for_its_owner_alone(stage):
    stage.pbx()
    stage.phone('alice')
    assert (stage.directory / 'alice.core').stat().st_mode & 0o777 == 0o600


def hang_up_after_ends_the_program_after_its_call(stage):
    stage.pbx()
    stage.phone('bob', '--auto-answer')
    alice = stage.phone('alice', '--call', 'sip:bob@sip.test', '--hang-up-after', '1')
    alice.says('ended call=1 why=local status=200')
    assert 45 <= counts(alice)[0] <= 60
    assert alice.ends() == 0


def a_wrong_password_is_told_once(stage):
    stage.pbx()
    alice = stage.phone('alice', '--password', 'wrong', '--call', 'sip:bob@sip.test')
    alice.says('register-failed aor=sip:alice@sip.test status=401 retry_in=0')
    assert alice.ends() == 1
    assert 'registered aor' not in alice.told()


def too_short_a_time_becomes_the_registrars(stage):
    stage.pbx()
    alice = Program(stage, 'alice', ['phone', '--aor', 'sip:alice@sip.test', '--user', 'alice',
                                     '--password', 'pw-alice', '--server',
                                     'sip:' + stage.server['udp'], '--expires', '10'])
    alice.says('registered aor=sip:alice@sip.test expires=60')


def a_second_caller_hears_busy(stage):
    stage.pbx()
    alice, bob, carol = stage.phone('alice'), stage.phone('bob'), stage.phone('carol')
    talk(alice, bob)
    carol.types('call sip:bob@sip.test')
    carol.says('ended call=1 why=refused status=486')
    alice.types('status')
    alice.says('status aor=sip:alice@sip.test registered=yes call=1 state=up')


def what_is_wrong_is_said_in_one_line(stage):
    busy = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    busy.bind(('127.0.0.1', 0))
    listen = ['--aor', 'sip:a@127.0.0.1', '--listen']
    rows = (
        ([*listen, '192.0.2.9:0'], '--listen 192.0.2.9:0: Cannot assign'),
        ([*listen, '127.0.0.1:%d' % busy.getsockname()[1]], 'Address already in use'),
        (['--aor', 'sip:a@b', '--server', 'sip:127.0.0.1;transport=tls'], '--server sip:127.0.0.1;transport=tls: '),
        (['--aor', 'sip:a@b', '--server', 'sip:127.0.0.1;transport=foo'], 'udp or tcp'),
        (['--aor', 'sip:a@b', '--record-core', 'missing/x'], '--record-core missing/x: '),
        (['--aor', 'sip:a@b', '--expires', '0'], 'number from 1'),
        (['--aor', 'sip:a@b', '--no-register', '--call', 'sip:name.test'], '--call: wants a numeric'),
        (['--foo'], 'no such option'),
        ([], '--aor'),
        (['--aor'], '--aor'),
        (['--aor', 'bob'], 'not a valid URI'),
        (['--aor', 'tel:123'], 'begins with sip:'),
        (['--aor', 'sip:a@b', '--server', 'sip:name.test'], 'numeric'),
        (['--aor', 'sip:a@b', '--server', 'sip:127.0.0.1', '--listen', 'x'], 'ADDRESS:PORT'),
        (['--aor', 'sip:a@b', '--expires', '1x'], 'number'),
        (['--aor', 'sip:a@b', '--expires', '1000001'], 'number'),
        (['--aor', 'sip:a@b', '--play', 'missing.wav'], 'missing.wav'),
        (['--aor', 'sip:a@b', '--record', 'missing/x.wav'], 'missing/x.wav'),
        (['--aor', 'sip:a@b', '--trace', 'missing/x'], 'missing/x'),
    )
    for arguments, wanted in rows:
        done = subprocess.run([BUILD / 'examples' / 'phone', *arguments], cwd=stage.directory,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 2, (arguments, done)
        assert done.stderr.count('\n') == 1 and wanted in done.stderr, (arguments, done.stderr)


def wrong_commands_are_said_and_change_nothing(stage):
    stage.pbx()
    alice = stage.phone('alice')
    for command, complaint in (('foo', 'phone: foo: no such command.*'),
                               ('hold', 'phone: hold: there is no call.*'),
                               ('answer', 'phone: answer: nobody is calling'),
                               ('hangup', 'phone: hangup: there is no call'),
                               ('call bob', 'phone: call: not a URI.*'),
                               ('call', 'phone: call: wants a URI.*'),
                               ('reject 200', 'phone: reject: wants a status.*')):
        alice.types(command)
        alice.says(complaint)
    alice.types('status')
    alice.says('status aor=sip:alice@sip.test registered=yes call=0 state=none')


if __name__ == '__main__':
    run([a_call_is_made_held_by_both_and_ended, the_same_over_tcp_with_either_side_calling,
         calls_follow_each_other_at_once, an_incoming_call_is_rejected, a_caller_gives_up,
         sigint_hangs_up_and_unregisters, the_end_of_input_waits_for_the_call,
         the_end_of_input_ends_a_phone_with_nothing_to_do,
         without_a_registrar_calls_go_where_they_say,
         a_first_call_that_nobody_answers_is_told_by_the_status, a_record_is_for_its_owner_alone,
         hang_up_after_ends_the_program_after_its_call, a_wrong_password_is_told_once,
         too_short_a_time_becomes_the_registrars, a_second_caller_hears_busy,
         what_is_wrong_is_said_in_one_line, wrong_commands_are_said_and_change_nothing])
