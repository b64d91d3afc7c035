"""A UDP relay that loses and doubles datagrams, both ways, by a seed.

    python3 relay.py LISTEN_PORT TO_PORT --lose 0.02 --double 0.02 --seed 1

On 127.0.0.1. Each client gets a socket of its own towards TO_PORT. Tells its counts at SIGTERM."""
import argparse
import random
import selectors
import signal
import socket


class Direction:
    """The fate of the datagrams that go one way: the n-th one's depends on the seed alone."""

    def __init__(self, options, seed):
        self.options, self.dice = options, random.Random(seed)
        self.passed = self.lost = self.doubled = 0

    def copies(self):
        dice = self.dice.random()
        self.passed += 1
        if dice < self.options.lose:
            self.lost += 1
            return 0
        if dice < self.options.lose + self.options.double:
            self.doubled += 1
            return 2
        return 1


def bound(port):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    made.bind(('127.0.0.1', port))
    return made


def receive(from_socket):
    try:
        return from_socket.recvfrom(65536)
    except ConnectionError:  # an ICMP error of what was sent before
        return None, None


def relay(options, there, back):
    outside, clients = bound(options.listen), {}
    ready = selectors.DefaultSelector()
    ready.register(outside, selectors.EVENT_READ, None)
    while True:
        for key, _ in ready.select():
            text, source = receive(key.fileobj)
            if text is None:
                continue
            if key.data is None:
                if source not in clients:
                    clients[source] = bound(0)
                    ready.register(clients[source], selectors.EVENT_READ, source)
                for _ in range(there.copies()):
                    clients[source].sendto(text, ('127.0.0.1', options.to))
            else:
                for _ in range(back.copies()):
                    outside.sendto(text, key.data)


def stop(*_):
    raise SystemExit


words = argparse.ArgumentParser()
words.add_argument('listen', type=int)
words.add_argument('to', type=int)
words.add_argument('--lose', type=float, default=0)
words.add_argument('--double', type=float, default=0)
words.add_argument('--seed', type=int, default=1)
given = words.parse_args()
ways = Direction(given, 2 * given.seed), Direction(given, 2 * given.seed + 1)
signal.signal(signal.SIGTERM, stop)
try:
    relay(given, *ways)
finally:
    for name, way in zip(('there', 'back'), ways):
        print(f'{name} passed={way.passed} lost={way.lost} doubled={way.doubled}', flush=True)
