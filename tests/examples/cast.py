"""The example programs as a test sees them, and a stranger who speaks SIP in plain text.

A test is a function whose name is a sentence; `run` calls each with a fresh Stage, whose directory and
programs are gone afterwards. Everything is on 127.0.0.1, on ports that the system chooses."""
import hashlib
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

BUILD = pathlib.Path(sys.argv[1])
PATIENCE_S = 15


class Program:
    """A program whose standard output is waited for line by line."""

    def __init__(self, stage, name, arguments, stdin=subprocess.PIPE):
        self.name, self.path = name, stage.directory / (name + '.out')
        self.seen = 0  # characters of the output that were waited for
        with self.path.open('w') as out:
            self.process = subprocess.Popen([BUILD / 'examples' / arguments[0], *map(str, arguments[1:])],
                                            cwd=stage.directory, stdin=stdin, stdout=out,
                                            stderr=subprocess.STDOUT, text=True)
        stage.programs.append(self)

    def says(self, pattern):
        """Waits for a whole line, behind those waited for before; returns its match."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            over = self.process.poll() is not None
            match = re.compile(f'^{pattern}$', re.M).search(self.path.read_text(), self.seen)
            if match:
                self.seen = match.end()
                return match
            if over:
                break
            time.sleep(0.02)
        raise AssertionError(f'{self.name} never said "{pattern}" but\n{self.path.read_text()}')

    def told(self):
        return self.path.read_text()

    def types(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def ends(self, how=None):
        """Waits for its end, after this signal if there is one; returns the exit status."""
        if how:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)


class Stage:
    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self.temporary.name)
        self.programs = []
        self.server = {}

    def pbx(self, *more):
        (self.directory / 'users').write_text(
            ''.join(f'{name}:pw-{name}\n' for name in ('alice', 'bob', 'carol')))
        pbx = Program(self, 'pbx', ['pbx', '--domain', 'sip.test', '--users', 'users', '--listen',
                                    'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0', *more])
        self.server = {kind: pbx.says(f'listening {kind}:(.*)').group(1) for kind in ('udp', 'tcp')}
        return pbx

    def phone(self, user, *more, name=None, over='udp', stdin=subprocess.PIPE):
        """A phone, registered unless told otherwise."""
        phone = Program(self, name or user, [
            'phone', '--aor', f'sip:{user}@sip.test', '--user', user, '--password', f'pw-{user}',
            '--server', f'sip:{self.server[over]};transport={over}', '--listen', '127.0.0.1:0',
            '--record-core', f'{name or user}.core', *more], stdin)
        if '--no-register' not in more and '--password' not in more:
            phone.says(f'registered aor=sip:{user}@sip.test expires=.*')
        return phone

    def stranger(self, user='eve', host='elsewhere.test'):
        return Stranger(self.server['udp'], user, host)

    def check(self):
        """No program has been caught by a sanitizer."""
        for program in self.programs:
            assert not re.search('Sanitizer|runtime error:', program.told()), program.told()

    def close(self):
        for program in self.programs:
            if program.process.poll() is None:
                program.process.kill()
            program.process.wait()
            if program.process.stdin:
                program.process.stdin.close()
        self.temporary.cleanup()


class Message:
    def __init__(self, text):
        self.text = text
        self.line = text.split('\r\n', 1)[0]
        self.body = text.split('\r\n\r\n', 1)[1]

    def status(self):
        return int(self.line.split()[1]) if self.line.startswith('SIP/2.0 ') else 0

    def all(self, header):
        return re.findall(f'(?im)^{header}: *(.*?)\r$', self.text)

    def tag(self):
        return re.search('tag=([^;\r]+)', self.all('To')[0]).group(1)

    def target(self):
        return re.search('<(.*?)>', self.all('Contact')[0]).group(1)


class Stranger:
    """Somebody of another domain (or of ours), with one socket for SIP and one for RTP."""

    def __init__(self, server, user, host):
        self.user, self.host = user, host
        self.sip, self.rtp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for sock in (self.sip, self.rtp):
            sock.bind(('127.0.0.1', 0))
            sock.settimeout(PATIENCE_S)
        self.sip.connect((server.split(':')[0], int(server.split(':')[1])))
        self.here = '127.0.0.1:%d' % self.sip.getsockname()[1]
        self.dialogs = random.randrange(10 ** 9)

    def offer(self, codec=0, direction='sendrecv'):
        return ('v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n'
                f'm=audio {self.rtp.getsockname()[1]} RTP/AVP {codec}\r\na={direction}\r\n')

    def send(self, method, uri, to=None, cseq=1, call='1', tag='', headers=(), body='', aor=None):
        """Writes a request; `headers` are whole lines."""
        aor = aor or f'sip:{self.user}@{self.host}'
        lines = [f'{method} {uri} SIP/2.0',
                 f'Via: SIP/2.0/UDP {self.here};branch=z9hG4bK{random.randrange(10 ** 12)};rport',
                 'Max-Forwards: 70', f'From: <{aor}>;tag=from',
                 f'To: <{to or uri}>' + (f';tag={tag}' if tag else ''),
                 f'Call-ID: {self.dialogs}-{call}', f'CSeq: {cseq} {method}', *headers]
        if method != 'REGISTER':
            lines.append(f'Contact: <sip:{self.user}@{self.here}>')
        if body:
            lines.append('Content-Type: application/sdp')
        lines.append(f'Content-Length: {len(body)}')
        self.sip.send(('\r\n'.join(lines) + '\r\n\r\n' + body).encode())

    def hears(self):
        return Message(self.sip.recv(65535).decode())

    def final(self):
        """The next final response; an INVITE's is acknowledged by the caller."""
        while True:
            message = self.hears()
            if message.status() >= 200:
                return message

    def asks(self, *arguments, **more):
        self.send(*arguments, **more)
        return self.final()

    def invites(self, uri, call, body='', **more):
        """An INVITE and, where it is refused, its ACK."""
        answer = self.asks('INVITE', uri, call=call, body=body, **more)
        if answer.status() >= 300:
            self.send('ACK', uri, call=call, tag=answer.tag(), **more)
        return answer


def digest(challenge, method, uri, user, password):
    """The value of an Authorization field for an MD5 challenge (RFC 7616 §3.4)."""
    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()

    realm, nonce = (re.search(f'{name}="(.*?)"', challenge).group(1) for name in ('realm', 'nonce'))
    response = md5(':'.join((md5(f'{user}:{realm}:{password}'), nonce, '00000001', 'cn', 'auth',
                             md5(f'{method}:{uri}'))))
    return (f'Digest username="{user}",realm="{realm}",nonce="{nonce}",uri="{uri}",algorithm=MD5,'
            f'response="{response}",cnonce="cn",nc=00000001,qop=auth')


def run(tests):
    failed = 0
    for test in tests:
        stage = Stage()
        try:
            test(stage)
            stage.check()
        except Exception:
            failed += 1
            print(f'FAILED {test.__name__}')
            traceback.print_exc(file=sys.stdout)
        finally:
            stage.close()
    print(f'{len(tests) - failed} passed, {failed} failed')
    sys.exit(failed > 0)


def replays(stage, *names):
    """The core says the same again from the phones' records."""
    files = [f'{name}.core' for name in names]
    subprocess.run([BUILD / 'tests' / 'replay', *files], cwd=stage.directory, check=True,
                   stdout=subprocess.DEVNULL)


INT, TERM = signal.SIGINT, signal.SIGTERM
