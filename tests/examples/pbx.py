"""build/examples/pbx: registrar, location service and back-to-back user agent. pbx.py BUILD"""
import subprocess

from cast import BUILD, TERM, digest, run


class Registering:
    """Somebody who sends REGISTER by hand."""

    def __init__(self, stage, user='carol', password=None, aor=None, domain='sip:sip.test'):
        self.stranger = stage.stranger(user, 'sip.test')
        self.user, self.password, self.domain = user, password or f'pw-{user}', domain
        self.aor = aor or f'sip:{user}@sip.test'
        self.cseq = 0

    def asks(self, *lines):
        """REGISTER with these header lines, again with credentials if they are asked for."""
        for auth in ((), None):
            if auth is None:
                challenge = next(c for c in answer.all('WWW-Authenticate') if 'MD5' in c)
                auth = ('Authorization: ' + digest(challenge, 'REGISTER', self.domain, self.user,
                                                   self.password),)
            self.cseq += 1
            answer = self.stranger.asks('REGISTER', self.domain, to=self.aor, cseq=self.cseq,
                                        aor=self.aor, headers=[*lines, *auth])
            if answer.status() != 401:
                break
        return answer

    def status(self, *lines):
        return self.asks(*lines).status()

    def bound(self, *lines):
        return self.asks(*lines).all('Contact')


def bindings_are_made_changed_and_removed(stage):            # RFC 3261 §10.3
    stage.pbx()
    carol = Registering(stage)
    a, b = '<sip:a@192.0.2.1>', '<sip:b@192.0.2.1>'
    assert carol.bound(f'Contact: {a};expires=100, {b}', 'Expires: 200') == \
        [f'{a};expires=100', f'{b};expires=200']
    assert len(carol.bound()) == 2
    assert carol.bound('Contact: <sip:%61@192.0.2.1>;expires=300')[0].endswith('expires=300')
    assert carol.bound(f'Contact: {a};expires=0') == [f'{b};expires=200']
    assert carol.bound(f'Contact: {a};expires=4294967295') == [f'{a};expires=3600', f'{b};expires=200']
    assert carol.bound('Contact: *', 'Expires: 0') == []


def a_registration_that_breaks_a_rule_changes_nothing(stage):  # §10.3
    stage.pbx()
    carol = Registering(stage)
    carol.asks('Contact: <sip:a@192.0.2.1>')
    for status, lines in (
            (423, ['Contact: <sip:c@192.0.2.1>;expires=59']),
            (423, ['Contact: <sip:c@192.0.2.1>, <sip:d@192.0.2.1>;expires=1']),
            (400, ['Contact: *']),
            (400, ['Contact: *', 'Expires: 1']),
            (400, ['Contact: *, <sip:c@192.0.2.1>', 'Expires: 0']),
            (400, ['Contact: <sip:c@192.0.2.1>, *', 'Expires: 0']),
            (400, ['Contact: <sip:c@192.0.2.1']),
            (403, ['Contact: ' + ', '.join(f'<sip:{i}@192.0.2.1>' for i in range(9))]),
            (403, ['Contact: ' + ', '.join(f'<sip:{i}@192.0.2.1>' for i in range(8))])):
        answer = carol.asks(*lines)
        assert answer.status() == status, (lines, answer.text)
        assert len(carol.bound()) == 1, lines
    assert carol.asks('Contact: <sip:c@192.0.2.1>;expires=59').all('Min-Expires') == ['60']
    assert carol.status('Contact: <sip:c@192.0.2.1>;expires=60') == 200
    assert len(carol.bound('Contact: ' + ', '.join(f'<sip:{i}@192.0.2.1>' for i in range(6)))) == 8


def only_users_register_and_only_themselves(stage):
    stage.pbx()
    line = 'Contact: <sip:x@192.0.2.1>'
    assert Registering(stage).status(line) == 200
    assert Registering(stage, password='wrong').status(line) == 401
    assert Registering(stage, 'nobody').status(line) == 401
    assert Registering(stage, aor='sip:bob@sip.test').status(line) == 403
    assert Registering(stage, domain='sip:other.test').status(line) == 404
    assert Registering(stage, aor='sip:carol@other.test').status(line) == 404


def all_phones_of_a_user_ring_and_the_first_answer_wins(stage):  # RFC 3326
    stage.pbx()
    alice, one = stage.phone('alice'), stage.phone('bob', name='one')
    two = stage.phone('bob', name='two', over='tcp')
    alice.types('call sip:bob@sip.test')
    one.says('incoming call=1 from=sip:alice@sip.test')
    two.says('incoming call=1 from=sip:alice@sip.test')
    two.types('answer')
    alice.says('answered call=1')
    one.says('ended call=1 why=elsewhere status=487')
    alice.types('hold')
    two.says('held call=1')
    two.types('hangup')
    alice.says('ended call=1 why=remote status=200')


def when_nobody_answers_the_best_refusal_is_passed_on(stage):  # RFC 3261 §16.7 step 6
    stage.pbx()
    alice = stage.phone('alice')
    phones = [stage.phone('bob', name=name) for name in ('one', 'two')]
    rows = (('480', '486', 486), ('486', '480', 486), ('404', '480', 404), ('503', '486', 486),
            ('603', None, 603))
    for call, (first, second, heard) in enumerate(rows, 1):
        alice.types('call sip:bob@sip.test')
        for phone in phones:
            phone.says(f'incoming call={call} from=.*')
        phones[0].types(f'reject {first}')
        phones[0].says(f'ended call={call} why=refused status={first}')
        if second:
            phones[1].types(f'reject {second}')
        else:
            phones[1].says(f'ended call={call} why=cancelled status=487')
        alice.says(f'ended call={call} why=refused status={heard}')


def callers_hear_why_nobody_is_reached(stage):
    stage.pbx()
    alice, eve = stage.phone('alice'), stage.stranger()
    alice.types('call sip:nobody@sip.test')
    alice.says('ended call=1 why=refused status=404')
    alice.types('call sip:carol@sip.test')
    alice.says('ended call=2 why=refused status=480')
    assert eve.invites('sip:bob@elsewhere.test', '1', eve.offer()).status() == 404
    assert eve.invites('sip:carol@' + stage.server['udp'], '2', eve.offer()).status() == 480


def who_calls_as_one_of_us_proves_it(stage):
    stage.pbx()
    stage.phone('bob', '--auto-answer')
    mallory = stage.stranger('alice', 'sip.test')
    assert mallory.invites('sip:bob@sip.test', '1', mallory.offer()).status() == 407
    eve = stage.stranger()
    assert eve.invites('sip:bob@sip.test', '1', eve.offer()).status() == 200


def other_methods_are_answered_for_what_they_are(stage):
    stage.pbx()
    eve = stage.stranger()
    for method, status in (('OPTIONS', 200), ('MESSAGE', 405), ('SUBSCRIBE', 405), ('FOO', 501)):
        answer = eve.asks(method, 'sip:bob@sip.test', call=method)
        assert answer.status() == status, answer.text
        assert 'REGISTER' in answer.all('Allow')[0]


def offers_may_come_late(stage):                             # RFC 3261 §13.2.1, §14.2
    stage.pbx()
    bob, eve = stage.phone('bob', '--auto-answer'), stage.stranger()
    answer = eve.invites('sip:bob@sip.test', '1')
    assert answer.status() == 200 and 'm=audio' in answer.body
    within = {'call': '1', 'to': 'sip:bob@sip.test', 'tag': answer.tag()}
    eve.send('ACK', answer.target(), body=eve.offer(), **within)
    assert len(eve.rtp.recv(2048)) == 172
    again = eve.asks('INVITE', answer.target(), cseq=2, **within)
    assert again.status() == 200 and 'm=audio' in again.body
    eve.send('ACK', answer.target(), cseq=2, body=eve.offer(direction='sendonly'), **within)
    bob.says('held call=1')
    refused = eve.asks('INVITE', answer.target(), cseq=3, body=eve.offer(codec=99), **within)
    assert refused.status() == 488
    eve.send('ACK', answer.target(), cseq=3, **within)
    assert eve.asks('BYE', answer.target(), cseq=4, **within).status() == 200
    bob.says('ended call=1 why=remote status=200')


def it_redirects_when_asked_to(stage):
    pbx = stage.pbx('--redirect')
    stage.phone('bob')
    eve = stage.stranger()
    answer = eve.invites('sip:bob@sip.test', '1', eve.offer())
    assert answer.status() == 302
    assert len(answer.all('Contact')) == 1 and '127.0.0.1' in answer.all('Contact')[0]
    pbx.says('redirected from=sip:eve@elsewhere.test to=sip:bob@sip.test status=302')
    assert eve.invites('sip:carol@sip.test', '2', eve.offer()).status() == 480
    pbx.says('refused from=sip:eve@elsewhere.test to=sip:carol@sip.test status=480')


def it_redirects_with_the_order_that_was_registered(stage):  # RFC 3261 §10.2.1.2
    stage.pbx('--redirect')
    a, b = '<sip:a@192.0.2.1>', '<sip:b@192.0.2.1>'
    carol, eve = Registering(stage), stage.stranger()
    assert carol.status(f'Contact: {a};q=1.1') == 400
    assert carol.bound(f'Contact: {a};q=0.125;expires=100, {b};expires=100') == \
        [f'{a};q=0.125;expires=100', f'{b};expires=100']
    answer = eve.invites('sip:carol@sip.test', '1', eve.offer())
    assert answer.all('Contact') == [f'{a};q=0.125', b], answer.text


def each_algorithm_is_challenged_as_asked(stage):            # RFC 8760 §2.3
    for wanted in (['MD5'], ['SHA-256', 'MD5'], ['SHA-512-256']):
        pbx = stage.pbx('--algorithms', ','.join(wanted))
        # Strangers are sent at most twice the bytes that they sent: this one sent enough.
        challenge = stage.stranger('carol', 'sip.test').asks('REGISTER', 'sip:sip.test',
                                                             headers=['Subject: ' + 'x' * 200])
        assert len(challenge.all('WWW-Authenticate')) == len(wanted)
        for line, algorithm in zip(challenge.all('WWW-Authenticate'), wanted):
            assert f'algorithm={algorithm},' in line + ',', line
        stage.phone('alice', name='-'.join(wanted)).types('quit')
        assert pbx.ends(TERM) == 0


def sigterm_ends_calls_and_the_program(stage):
    pbx = stage.pbx()
    alice = stage.phone('alice')
    stage.phone('bob', '--auto-answer')
    alice.types('call sip:bob@sip.test')
    alice.says('answered call=1')
    assert pbx.ends(TERM) == 0
    alice.says('ended call=1 why=remote status=200')


def sigterm_tells_a_caller_who_waits_that_nobody_is_there(stage):
    pbx = stage.pbx()
    alice, bob = stage.phone('alice'), stage.phone('bob')
    alice.types('call sip:bob@sip.test')
    alice.says('ringing call=1')
    assert pbx.ends(TERM) == 0
    alice.says('ended call=1 why=refused status=480')
    bob.says('ended call=1 why=cancelled status=487')


def what_is_wrong_is_said_in_one_line(stage):
    (stage.directory / 'empty').write_text('# nobody\n')
    (stage.directory / 'twice').write_text('alice:a\nbob:b\nalice:c\n')
    (stage.directory / 'good').write_text('# people\n\nalice:a\nbob:with:colon\n')
    (stage.directory / 'bad').write_text('alice:a\nbob\n')
    listen = ['--listen', 'udp:127.0.0.1:0']
    rows = (
        ([], '--domain'),
        (['--domain', 'x', '--users', 'good'], '--listen'),
        (['--domain', 'x', '--users', 'missing', *listen], 'missing'),
        (['--domain', 'x', '--users', 'bad', *listen], 'bad:2'),
        (['--domain', 'x', '--users', '.', *listen], 'Is a directory'),
        (['--domain', 'x', '--users', 'empty', *listen], 'empty: no user'),
        (['--domain', 'x', '--users', 'twice', *listen], 'twice:3'),
        (['--domain', 'si p', '--users', 'good', *listen], '--domain si p'),
        (['--domain', '', '--users', 'good', *listen], '--domain'),
        (['--domain', 'x', '--users', 'good', *listen, '--algorithms', ''], '--algorithms'),
        (['--domain', 'x', '--users', 'good', '--listen', '127.0.0.1:0'], 'udp:'),
        (['--domain', 'x', '--users', 'good', *listen, '--algorithms', 'ROT13'], 'ROT13'),
        (['--domain', 'x', '--users', 'good', *listen, '--trace', 'missing/x'], 'missing/x'),
    )
    for arguments, wanted in rows:
        done = subprocess.run([BUILD / 'examples' / 'pbx', *arguments], cwd=stage.directory,
                              capture_output=True, text=True, timeout=10)
        assert done.returncode == 2, (arguments, done)
        assert done.stderr.count('\n') == 1 and wanted in done.stderr, (arguments, done.stderr)


if __name__ == '__main__':
    run([bindings_are_made_changed_and_removed, a_registration_that_breaks_a_rule_changes_nothing,
         only_users_register_and_only_themselves,
         all_phones_of_a_user_ring_and_the_first_answer_wins,
         when_nobody_answers_the_best_refusal_is_passed_on, callers_hear_why_nobody_is_reached,
         who_calls_as_one_of_us_proves_it, other_methods_are_answered_for_what_they_are,
         offers_may_come_late, it_redirects_when_asked_to,
         it_redirects_with_the_order_that_was_registered, each_algorithm_is_challenged_as_asked,
         sigterm_ends_calls_and_the_program,
         sigterm_tells_a_caller_who_waits_that_nobody_is_there, what_is_wrong_is_said_in_one_line])
