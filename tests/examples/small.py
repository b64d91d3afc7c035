"""The small programs: ring, register, ping, forward, bare_loop, parse, ladder, answer. small.py BUILD"""
import socket
import subprocess
import time

from cast import BUILD, INT, TERM, Program, run

NOBODY = 'sip:eve@127.0.0.1:1'  # nothing listens there


def says(stage, *arguments, given=None, stdout=subprocess.PIPE):
    """Runs a program to its end; returns (status, lines on standard output, lines on standard error)."""
    done = subprocess.run([BUILD / 'examples' / arguments[0], *arguments[1:]], cwd=stage.directory,
                          stdout=stdout, stderr=subprocess.PIPE, input=given, timeout=30)
    return done.returncode, (done.stdout or b'').decode().splitlines(), done.stderr.decode().splitlines()


def what_is_wrong_is_said_in_one_line(stage):
    busy = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    busy.bind(('127.0.0.1', 0))
    taken = 'udp:127.0.0.1:%d' % busy.getsockname()[1]
    free, hop = 'udp:127.0.0.1:0', 'sip:127.0.0.1:5060'
    rows = (
        ('ring', [], 'usage'),
        ('ring', ['bob'], 'ring: bob: not a URI'),
        ('ring', [hop, hop], 'usage'),
        ('register', [], 'usage'),
        ('register', ['alice', hop, 'alice', 'secret'], 'AOR or SERVER: not a URI'),
        ('register', ['sip:a@b', 'server', 'alice', 'secret'], 'AOR or SERVER: not a URI'),
        ('ping', [], 'usage'),
        ('ping', ['bob'], 'ping: bob: not a URI'),
        ('ping', ['sip:' + 'x' * 1500 + '@127.0.0.1'], 'longer than'),
        ('forward', [free], 'usage'),
        ('forward', [free, 'bob'], 'forward: bob: not a valid URI'),
        ('forward', ['127.0.0.1', hop], 'forward: 127.0.0.1: wants udp:'),
        ('forward', [taken, hop], 'Address already in use'),
        ('parse', [], 'usage'),
        ('answer', [], '--listen'),
        ('answer', ['--listen', 'tls:127.0.0.1:0'], 'wants udp:'),
        ('answer', ['--listen', taken], 'Address already in use'),
        ('answer', ['--listen', free, '--calls', '0'], 'a number from 1'),
        ('ladder', [], 'usage'),
        ('ladder', ['--without', 'INVITE'], 'usage'),
        ('ladder', ['missing'], 'ladder: missing: No such file'),
        ('ladder', ['.'], 'ladder: .: Is a directory'),
        ('ladder', ['notes'], 'ladder: notes: no line of a trace'),
    )
    (stage.directory / 'notes').write_text('buy milk\n')
    for program, arguments, wanted in rows:
        status, told, complaint = says(stage, program, *arguments)
        assert (status, told) == (2, []), (program, arguments, status, told)
        assert len(complaint) == 1 and wanted in complaint[0], (program, arguments, complaint)


def register_ends_where_there_is_no_hope(stage):
    stage.pbx()
    server = 'sip:' + stage.server['udp']
    assert says(stage, 'register', 'sip:bob@sip.test', server, 'bob', 'wrong') == \
        (1, ['failed with 401, next try in 0 s'], [])
    bob = Program(stage, 'bob', ['register', 'sip:bob@sip.test', server, 'bob', 'pw-bob'])
    assert stage.programs[0].says('registered aor=sip:bob@sip.test contact=.*')
    assert bob.ends(INT) == 0
    assert stage.programs[0].says('unregistered aor=sip:bob@sip.test contact=.*')


def ring_says_by_its_status_whether_somebody_answered(stage):
    stage.pbx()
    assert says(stage, 'ring', NOBODY)[0] == 1
    assert says(stage, 'ring', 'sip:nobody@' + stage.server['udp']) == (1, ['refused 404'], [])
    stage.phone('bob', '--auto-answer')
    status, told, _ = says(stage, 'ring', 'sip:bob@' + stage.server['udp'])
    assert (status, told[-1]) == (0, 'local 200')


def ping_says_by_its_status_whether_somebody_is_there(stage):
    stage.pbx()
    status, told, _ = says(stage, 'ping', 'sip:' + stage.server['udp'])
    assert status == 0 and told[-1].startswith('200 OK after '), told
    status, told, _ = says(stage, 'ping', NOBODY)
    assert status == 1 and told[-1].startswith('503, '), told


def forward_sends_requests_on_and_answers_back(stage):       # RFC 3261 §16.11
    stage.pbx()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(('127.0.0.1', 0))
        here = '127.0.0.1:%d' % free.getsockname()[1]
    Program(stage, 'forward', ['forward', 'udp:' + here, 'sip:' + stage.server['udp']])
    for _ in range(50):
        status, told, _ = says(stage, 'ping', 'sip:' + here)
        if status == 0:
            break
    assert told[-1].startswith('200 OK after '), told


def bare_loop_says_why_it_cannot_run(stage):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        try:
            taken.bind(('0.0.0.0', 5070))
        except OSError:
            pass  # so somebody else has it
        status, _, complaint = says(stage, 'bare_loop')
    assert status == 1 and complaint == ['bare_loop: udp port 5070: Address already in use'], complaint


def answer_tells_its_counters_at_the_end(stage):
    for how in (INT, TERM):
        answer = Program(stage, f'answer-{how}', ['answer', '--listen', 'udp:127.0.0.1:0', '--calls', '7'])
        time.sleep(0.3)
        assert answer.ends(how) == 0
        answer.says('received=0 sent=0 .*')
        answer.says('calls limit=7 used=0 peak=0 refused=0')


ASKED = (b'OPTIONS sip:bob@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\r\n'
         b'Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:bob@192.0.2.1>\r\nCall-ID: 1\r\n'
         b'CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n')


def parse_says_a_line_for_each_file(stage):
    good = 'good: ok OPTIONS sip:bob@192.0.2.1'
    (stage.directory / 'good').write_bytes(ASKED)
    (stage.directory / 'bad').write_bytes(ASKED.replace(b'CSeq: 1', b'CSeq: x'))
    (stage.directory / 'long').write_bytes(b' ' * (1 << 20))
    assert says(stage, 'parse', 'good') == (0, [good], [])
    status, told, _ = says(stage, 'parse', 'bad', 'good')
    assert status == 1 and told[1] == good and told[0].startswith('bad: refused SIP_BAD_NUMBER header=CSeq')
    assert says(stage, 'parse', 'missing', '.', 'long', 'good') == (
        2, [good], ['parse: missing: No such file or directory', 'parse: .: Is a directory',
                    'parse: long: 1 MiB or more is no message'])
    assert says(stage, 'parse', '-', given=ASKED) == (0, [good.replace('good', '-')], [])
    with open('/dev/full', 'wb') as full:
        assert says(stage, 'parse', 'good', stdout=full) == \
            (2, [], ['parse: standard output: No space left on device'])


def parse_tolerates_only_what_was_right_once(stage):
    for wrong, right in ((b'\r\n', b'\n'), (b'<sip:a@b>', b'a@b <sip:a@b>'), (b'sip:bob', b'sip:bo#b')):
        assert says(stage, 'parse', '-', given=ASKED.replace(wrong, right))[0] == 1, right
    for new, old in ((b'branch=z9hG4bK1', b'branch=1'), (b'Max-Forwards: 70\r\n', b'')):
        assert says(stage, 'parse', '-', given=ASKED.replace(new, old))[0] == 0, old


if __name__ == '__main__':
    run([what_is_wrong_is_said_in_one_line, register_ends_where_there_is_no_hope,
         ring_says_by_its_status_whether_somebody_answered,
         ping_says_by_its_status_whether_somebody_is_there,
         forward_sends_requests_on_and_answers_back, bare_loop_says_why_it_cannot_run,
         answer_tells_its_counters_at_the_end, parse_says_a_line_for_each_file, parse_tolerates_only_what_was_right_once])
