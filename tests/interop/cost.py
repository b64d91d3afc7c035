"""What a call costs `answer` under SIPp, in CPU time and system calls, beside raw UDP of as many datagrams.

Printed, not judged. Timers are included: it is measured when all have run."""
import os
import pathlib
import re
import signal
import subprocess
import time

import suite
from suite import EXAMPLES, HERE, LONG, Skip, Sipp, answer, await_port, check, need, run, start

CALLS, RATE = (20000, 1000) if LONG else (3000, 500)
LINGER_S = 33  # 64*T1: what is left of a call over UDP


def cpu_us(pid):
    """CPU time a process has used so far, its system calls included."""
    return int(pathlib.Path(f'/proc/{pid}/schedstat').read_text().split()[0]) / 1000


def calls(count, rate):
    Sipp('uac', '-m', count, '-r', rate, '-d', 0, keep_messages=False).succeed(count / rate + 60)


def measured(program):
    """CPU microseconds per call."""
    calls(100, 100)  # memory is touched, caches are warm
    before = cpu_us(program.process.pid)
    calls(CALLS, RATE)
    time.sleep(LINGER_S)
    return (cpu_us(program.process.pid) - before) / CALLS


def system_calls(name, command, count):
    """System calls of a program while SIPp makes so many calls."""
    need('strace')
    summary = suite.work / f'strace-{name}-{count}'
    program = start('strace', 'strace', '-f', '-c', '-U', 'name,calls', '-o', summary, *command)
    try:
        await_port(5080, tcp=False, seconds=5)
    except suite.Timeout:
        raise Skip('strace may not trace here') from None
    if count:
        calls(count, 100)
    traced = pathlib.Path(f'/proc/{program.process.pid}/task/{program.process.pid}/children').read_text().split()
    for pid in traced:
        os.kill(int(pid), signal.SIGTERM)
    program.end()
    return {row.split()[0]: int(row.split()[1]) for row in summary.read_text().splitlines()
            if re.fullmatch(r'\s*\w+\s+\d+\s*', row)}


def raw(provisionals):
    program = suite.work / 'rawudp'
    need('gcc')
    subprocess.run(['gcc', '-O2', HERE / 'rawudp.c', '-o', program], check=True)
    return [program, '5080', str(provisionals)]


def provisionals():
    """How many responses `answer` sends before its 200 to an INVITE."""
    program = answer()
    calls(10, 20)
    program.stop()
    sent = int(re.search(r'\bsent=(\d+)', program.text()).group(1))
    return round(sent / 10) - 2


@check(f'CPU per call, {CALLS} calls at {RATE} a second')
def _():
    more = provisionals()
    ours = answer()
    spent = measured(ours)
    ours.stop()
    theirs = start('rawudp', *raw(more))
    await_port(5080, tcp=False)
    bare = measured(theirs)
    return f'answer {spent:.1f} us, raw UDP {bare:.1f} us ({5 + more} datagrams), ratio {spent / bare:.2f}'


@check('system calls per call')
def _():
    count = 200
    more = provisionals()
    said = []
    for name, command in (('answer', [EXAMPLES / 'answer', '--listen', 'udp:127.0.0.1:5080']), ('raw UDP', raw(more))):
        idle, busy = (system_calls(name.split()[0], command, n) for n in (0, count))
        spent = {call: (busy[call] - idle.get(call, 0)) / count for call in busy if call != 'total'}
        most = sorted(spent, key=spent.get, reverse=True)[:4]
        said.append(f'{name} {sum(spent.values()):.1f} (' +
                    ', '.join(f'{call} {spent[call]:.1f}' for call in most if spent[call] >= 0.05) + ')')
    return '; '.join(said)


run()
