"""Which addresses a request of ours may go to. Nothing here connects.

A user's URL must not reach what only this machine can reach: itself, its network, the cloud's metadata. The lists
follow the special-purpose registries of IANA (RFC 6890); IPv6 outside 2000::/3 is not the public internet.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from tearoff.errors import Misconfigured

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure answers here from inside the machine's own network
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
REFUSED_V6 = tuple(ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
# Forms that carry an IPv4 address, and by how many bits it stands from the right.
CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet, looking through every form that carries an IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    if address.scope_id:
        return False
    for network, shift in CARRIERS:
        if address in network:
            return is_public(ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF))
    if int(address) >> 32 & 0xFFFFFFFF in ISATAP and not is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)):
        return False
    return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)


def literal(host: str) -> Address | None:
    """The address that `host` spells, in any form that a resolver would take (dotted, decimal, octal, hexadecimal)."""
    bare = host.strip("[]").removesuffix(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None


class AllowList:
    """What the operator allows besides the public internet: host names, addresses, networks, each with an own port."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        """Entries are `intranet.example`, `10.1.0.0/16`, `127.0.0.1:8025`, `[::1]:8025`; raises Misconfigured."""
        self.networks: list[tuple[Network, int | None]] = []
        self.hosts: set[tuple[str, int | None]] = set()
        for entry in entries:
            self.add(entry.strip().lower())

    def add(self, entry: str) -> None:
        """Allow one more."""
        host, port = split_port(entry)
        if is_bracketed := host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        if not host or any(c in host for c in " @?#*[]"):
            raise Misconfigured(f"TEAROFF_SOURCE_ALLOW: {entry!r} is no host, address or network.")
        try:
            self.networks.append((ipaddress.ip_network(host), port))
        except ValueError as error:
            if "/" in host or is_bracketed:
                raise Misconfigured(f"TEAROFF_SOURCE_ALLOW: {entry!r}: {error}.") from error
            self.hosts.add((host.removesuffix("."), port))

    def permits(self, host: str, port: int, address: Address) -> bool:
        """Whether a connection to this address, found under this name, may be made."""
        if is_public(address):
            return True
        name = host.lower().removesuffix(".")
        if (name, None) in self.hosts or (name, port) in self.hosts:
            return True
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(
            plain.version == network.version and plain in network and wanted in (None, port)
            for network, wanted in self.networks
        )


def split_port(entry: str) -> tuple[str, int | None]:
    """The entry without its port, and the port if it names one."""
    host, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and (host.endswith("]") or ":" not in host):
        return host, int(port)
    return entry, None
