"""Which addresses count as public, and what the allow-list adds."""

import ipaddress

import pytest

from tearoff.channels.guard import AllowList, is_public, literal
from tearoff.errors import Misconfigured

PRIVATE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "2a00:1450::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "100::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001::1", "2001:db8::1"),
    *("2001:0:7f00:1::", "2a00:1450::5efe:10.0.0.1", "2a00:1450::200:5efe:127.0.0.1", "3fff::1", "5f00::1"),
    "2a00:1450::1%eth0",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2a00:1450:4001::1", "2606:4700::1111"]
PUBLIC_IN_DISGUISE = ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2a00:1450::5efe:8.8.8.8"]


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_of_a_special_purpose_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC + PUBLIC_IN_DISGUISE)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "spelling",
    ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "0x7f.1", "127.1", "127.0.0.1.", "0177.0.0.01"],
)
def test_every_spelling_of_an_address_is_seen_through(spelling: str) -> None:
    assert literal(spelling) == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("name", ["example.test", "localhost", "1.2.3.4.example", "0x7f.example", "999.1.1.1"])
def test_a_name_is_not_an_address(name: str) -> None:
    assert literal(name) is None


@pytest.mark.parametrize(
    ("entry", "host", "port", "address", "is_allowed"),
    [
        ("10.1.0.0/16", "crm", 443, "10.1.2.3", True),
        ("10.1.0.0/16", "crm", 443, "10.2.2.3", False),
        ("127.0.0.1:8025", "127.0.0.1", 8025, "127.0.0.1", True),
        ("127.0.0.1:8025", "127.0.0.1", 22, "127.0.0.1", False),
        ("127.0.0.1:8025", "localhost", 8025, "127.0.0.1", True),
        ("[::1]:8025", "::1", 8025, "::1", True),
        ("::1", "localhost", 80, "::1", True),
        ("::1", "localhost", 80, "127.0.0.1", False),
        ("127.0.0.1", "x", 80, "::ffff:127.0.0.1", True),
        ("Intranet.example", "intranet.EXAMPLE.", 443, "192.168.1.1", True),
        ("intranet.example:8443", "intranet.example", 443, "192.168.1.1", False),
        ("intranet.example", "evil.intranet.example", 443, "192.168.1.1", False),
        ("fd00::/8", "x", 1, "fd00::7", True),
    ],
)
def test_the_allow_list_opens_what_it_names_and_no_more(
    entry: str, host: str, port: int, address: str, is_allowed: bool
) -> None:
    assert AllowList([entry]).permits(host, port, ipaddress.ip_address(address)) is is_allowed
    assert not AllowList().permits(host, port, ipaddress.ip_address(address))


@pytest.mark.parametrize("entry", ["10.0.0.1/8", "10.0.0.0/99", "http://x/", "*.example", "a b", "[::1", ""])
def test_an_entry_that_means_nothing_is_refused_by_name(entry: str) -> None:
    with pytest.raises(Misconfigured, match="TEAROFF_SOURCE_ALLOW"):
        AllowList([entry])
