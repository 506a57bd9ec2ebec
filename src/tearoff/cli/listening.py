"""The socket that the API listens on: opened by who starts it, so that it outlives a crashed API."""

from __future__ import annotations

import socket

from tearoff.errors import Misconfigured


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises Misconfigured when the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen()
    except OSError as error:
        raise Misconfigured(f"Nothing can listen on {host}:{port}: {error.strerror}. Choose another --port.") from error
    return opened


def url_of(listening: socket.socket) -> str:
    """The address under which a client on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{local}]' if ':' in local else local}:{port}"
