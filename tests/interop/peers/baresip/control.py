"""Tells a running baresip a command over its ctrl_tcp module (netstrings of JSON).

    python3 control.py PORT COMMAND [PARAMETER]     e.g.  control.py 15451 dial sip:dave@sip.test"""
import json
import socket
import sys


def netstrings(text):
    """The complete messages in a piece of a stream."""
    while b':' in text:
        length, _, rest = text.partition(b':')
        if len(rest) <= int(length):
            return
        yield json.loads(rest[:int(length)])
        text = rest[int(length) + 1:]


def tell(port, command, parameter=''):
    """Sends one command; returns the response, or None when none came within two seconds."""
    text = json.dumps({'command': command, 'params': parameter}).encode()
    with socket.create_connection(('127.0.0.1', port), 3) as control:
        control.settimeout(2)
        control.sendall(b'%d:%s,' % (len(text), text))
        got = b''
        try:
            while piece := control.recv(65536):
                got += piece
                for message in netstrings(got):
                    if message.get('response'):
                        return message
        except socket.timeout:
            pass
    return None


if __name__ == '__main__':
    print(json.dumps(tell(int(sys.argv[1]), sys.argv[2], *sys.argv[3:4])))
