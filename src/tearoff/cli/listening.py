"""The socket that the API listens on: opened by who starts it, so that it outlives a crashed API."""

from __future__ import annotations

import errno
import socket
import time

from tearoff.clock import monotonic
from tearoff.errors import Misconfigured

TAKEN_SECONDS_MAX = 5.0
"""How long an address may be taken still by a process that was killed and is just ending."""
PAUSE_SECONDS = 0.1


def listen(host: str, port: int, *, patience: float = TAKEN_SECONDS_MAX) -> socket.socket:
    """A listening socket; port 0 is any free one. An address that is taken is tried again for `patience` seconds.

    Raises Misconfigured when the address cannot be had.
    """
    patient_until = monotonic() + patience
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or monotonic() > patient_until:
                sentence = f"Nothing can listen on {host}:{port}: {error.strerror}. Choose another --port."
                raise Misconfigured(sentence) from error
        time.sleep(PAUSE_SECONDS)


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen()
    except OSError:
        opened.close()
        raise
    return opened


def url_of(listening: socket.socket) -> str:
    """The address under which a client on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{local}]' if ':' in local else local}:{port}"
