"""Mail addresses as they go on the wire: the domain in ASCII, and whether the server must speak SMTPUTF8."""

from __future__ import annotations

import re
from email.headerregistry import Address
from functools import lru_cache

import idna
import msgspec

from tearoff.errors import Invalid, Problem

ADDRESS_LENGTH_MAX = 254
LOCAL_LENGTH_MAX = 64
NAMED_LENGTH_MAX = 1000
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
ATOM = r"""[^\x00-\x20\x7f-\x9f\ud800-\udfff\s"(),:;<>@\[\]\\.]+"""
# A local part is a dot-atom (RFC 5322, 3.2.3, and RFC 6532) or a quoted string of printable ASCII.
LOCAL = re.compile(rf"""{ATOM}(?:\.{ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*\"""")
DOMAIN = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?(?:\.[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?)*\.?")
LITERAL = re.compile(r"\[[0-9a-zA-Z:.]+\]")


class NamedAddress(msgspec.Struct, frozen=True):
    """A name and an address; `address` is ASCII unless `needs_utf8`."""

    name: str
    address: str
    needs_utf8: bool


def address(text: str, pointer: str = "/recipient") -> tuple[str, bool]:
    """The address for the wire, and whether it needs SMTPUTF8; raises Invalid when no server could take it.

    An international domain becomes its ASCII form (IDNA 2008 with the UTS 46 mapping); an international local part
    has none, so the server must speak SMTPUTF8.
    """
    text = text.strip(" ")
    if text.isascii() and len(text) <= ADDRESS_LENGTH_MAX:
        local, at, domain = text.rpartition("@")
        if at and DOMAIN.fullmatch(domain) and LOCAL.fullmatch(local) and len(local) <= LOCAL_LENGTH_MAX:
            return text, False
    return uncommon_address(text, pointer)


def uncommon_address(text: str, pointer: str) -> tuple[str, bool]:
    """The same for addresses with a literal or international part."""
    local, at, domain = text.rpartition("@")
    if not at or not LOCAL.fullmatch(local):
        raise Invalid(Problem(pointer, f"{shown(text)} is not a mail address."))
    if not LITERAL.fullmatch(domain):
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise Invalid(Problem(pointer, f"{shown(text)} has no valid domain.")) from error
    wire = f"{local}@{domain}"
    if len(local.encode()) > LOCAL_LENGTH_MAX or len(wire.encode()) > ADDRESS_LENGTH_MAX:
        raise Invalid(Problem(pointer, f"{shown(text)} is too long for a mail address."))
    return wire, not wire.isascii()


def shown(text: str) -> str:
    """The text as it may stand in a sentence: short, without control characters."""
    return repr(text if len(text) <= 80 else text[:77] + "…")


@lru_cache(maxsize=1024)
def named(text: str, pointer: str) -> NamedAddress:
    """`Name <address>` or an address, parsed; a line break in the name becomes a space. Raises Invalid."""
    if len(text) > NAMED_LENGTH_MAX:
        raise Invalid(Problem(pointer, f"{shown(text)} is too long for a name and a mail address."))
    name, angle, rest = UNSAFE.sub(" ", text).strip().rpartition("<")
    if not angle or not rest.endswith(">"):
        wire, needs_utf8 = address(text, pointer)
        return NamedAddress("", wire, needs_utf8)
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    wire, needs_utf8 = address(rest[:-1].strip(), pointer)
    return NamedAddress(" ".join(name.split()), wire, needs_utf8)


def header(box: NamedAddress) -> Address:
    """The name and address as the standard library writes it in a header."""
    local, _, domain = box.address.rpartition("@")
    if local.startswith('"'):
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    return Address(display_name=box.name, username=local, domain=domain)
