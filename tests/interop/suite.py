"""Starts and stops programs for the interop checks, waits for what they say, and counts.

    @check('phone registers')
    def _():
        phone = start('phone', 'build/examples/phone', ...)
        phone.expect(r'^registered')

A check fails by an assertion or a Timeout, and is skipped by Skip; what its programs said last is shown.
All programs that a check started are stopped at its end. `--long` on the command line sets LONG."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = HERE / 'peers'
EXAMPLES = (ROOT / os.environ.get('BUILD', 'build') / 'examples').resolve()
LONG = '--long' in sys.argv
CONTROL = {'caller': 15451, 'answerer': 15452}

checks = []
running = []
work = None  # the directory of the check that is running


class Skip(Exception):
    pass


class Timeout(Exception):
    pass


def check(name):
    def put(function):
        checks.append((name, function))
        return function
    return put


class Program:
    """A started program; `name` names its output in `work`."""

    def __init__(self, name, command, env=None):
        self.name = f'{name}-{len(running)}'
        self.out = work / f'{self.name}.out'
        self.seen = 0
        with self.out.open('wb') as out:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=out,
                                            stderr=subprocess.STDOUT, cwd=work, env=env, start_new_session=True)
        running.append(self)

    def text(self):
        return self.out.read_text(errors='replace')

    def expect(self, pattern, seconds=10):
        """Waits for a line that matches, behind those found before; returns the match."""
        end = time.monotonic() + seconds
        while True:
            over = self.process.poll() is not None
            found = re.compile(pattern, re.M).search(self.text(), self.seen)
            if found:
                self.seen = found.end()
                return found
            if over:
                raise Timeout(f'{self.name} ended with status {self.process.returncode} without: {pattern}')
            if time.monotonic() > end:
                raise Timeout(f'{self.name} did not say within {seconds} s: {pattern}')
            time.sleep(0.02)

    def say(self, line):
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()

    def end(self, seconds=10):
        """Waits for its end; returns the exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Timeout(f'{self.name} did not end within {seconds} s') from None

    def stop(self, with_signal=signal.SIGTERM):
        """Ends it, by force after five seconds; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def tail(self):
        lines = self.text().splitlines()[-25:]
        return f'    {self.name}, exit status {self.process.returncode}:\n' + \
            ''.join(f'      {line[:200]}\n' for line in lines)


def need(*commands):
    for command in commands:
        if not shutil.which(command):
            raise Skip(f'no {command}')


def start(name, *command, env=None):
    return Program(name, command, env)


def example(name, *options):
    """One of ours, from the build directory."""
    return start(name, EXAMPLES / name, *options)


def answer(*options):
    """`answer` on UDP and TCP port 5080, ready."""
    program = example('answer', '--listen', 'udp:127.0.0.1:5080', '--listen', 'tcp:127.0.0.1:5080', *options)
    await_port(5080)
    return program


def await_port(port, tcp=True, seconds=10):
    """Until somebody listens at the port."""
    end = time.monotonic() + seconds
    state = ' 0A ' if tcp else ' 07 '
    while not any(f':{port:04X} ' in line and state in line
                  for line in pathlib.Path(f'/proc/net/{"tcp" if tcp else "udp"}').read_text().splitlines()):
        if time.monotonic() > end:
            raise Timeout(f'nobody listens at port {port}')
        time.sleep(0.02)


class Sipp(Program):
    """SIPp with a scenario of peers/sipp, as a caller unless `to` is None."""

    def __init__(self, scenario, *options, port=15060, to='127.0.0.1:5080', keep_messages=True):
        need('sipp')
        self.errors, self.log = work / f'errors-{len(running)}', work / f'messages-{len(running)}'
        command = ['sipp', '-sf', PEERS / 'sipp' / f'{scenario}.xml', '-i', '127.0.0.1', '-p', port, '-nostdin',
                   '-timeout', '120', '-timeout_error', '-trace_err', '-error_file', self.errors, *options]
        if keep_messages:
            command += ['-trace_msg', '-message_file', self.log]
        super().__init__(f'sipp-{scenario}', command + ([to] if to else []))

    def succeed(self, seconds=60):
        """Waits for its end, at which all its calls must have gone by the scenario."""
        status = self.end(seconds)
        why = self.errors.read_text(errors='replace')[:1500] if self.errors.exists() else ''
        assert status == 0, f'{self.name} ended with status {status} {why}'


def phone(name, server, *options, listen='127.0.0.1:0', password=None):
    """A phone of ours, of a user of sip.test."""
    return example('phone', '--aor', f'sip:{name}@sip.test', '--server', server, '--user', name,
                   '--password', password or f'pw-{name}', '--listen', listen, *options)


def baresip(role):
    """`caller` is carol over UDP, `answerer` is dave over TCP who answers by himself; registered when this
    returns. CONTROL has their ports for peers/baresip/control.py."""
    need('baresip')
    home = work / role
    shutil.copytree(PEERS / 'baresip' / role, home)
    program = start(f'baresip-{role}', 'baresip', '-4', '-s', '-v', '-f', home)
    program.expect(r'200 OK.*\n?.*\[1 binding', 20)
    await_port(CONTROL[role])
    return program


def run_one(name, function):
    global work
    work = pathlib.Path(tempfile.mkdtemp(prefix='interop-'))
    verdict, why = 'pass', ''
    try:
        why = function() or ''
    except Skip as reason:
        verdict, why = 'skip', str(reason)
    except (AssertionError, Timeout, OSError) as reason:
        verdict = 'FAIL'
        why = str(reason) or traceback.format_exc().strip().splitlines()[-3].strip()
    for program in reversed(running):
        program.kill()
    print(f'{verdict} {name}' + (f': {why}' if why else ''), flush=True)
    if verdict == 'FAIL':
        print(''.join(program.tail() for program in running), end='', flush=True)
    running.clear()
    if verdict != 'FAIL' or not os.environ.get('KEEP'):
        shutil.rmtree(work, ignore_errors=True)
    return verdict


def run():
    """Runs all checks of the file, or those whose names contain a word of the command line. Ends with
    status 0, or 3 when some failed: every other one means that the checks broke off."""
    words = [word for word in sys.argv[1:] if not word.startswith('--')]
    verdicts = [run_one(name, function) for name, function in checks
                if not words or any(word in name for word in words)]
    raise SystemExit(3 if 'FAIL' in verdicts else 0)
