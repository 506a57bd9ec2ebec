"""The kinds of channels: one line a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from tearoff.channels import email, fcm, mailbox, sms_http
from tearoff.channels.contract import Channel, parse_settings
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.domain.deliveries import Kind, Medium
from tearoff.errors import Invalid, Problem

Settings = Mapping[str, Any]
Secrets = Mapping[str, str]


class Entry(NamedTuple):
    """What a kind can carry, how its settings are parsed, and how it is opened with them."""

    media: frozenset[Medium]
    parse: Callable[[Settings], Any]
    open: Callable[[Any, Secrets, Http, Clock], Channel]


KINDS: dict[Kind, Entry] = {
    "email": Entry(frozenset({"email"}), email.parse, lambda s, secrets, http, clock: email.Email(s, secrets)),
    "sms_http": Entry(
        frozenset({"sms"}), sms_http.parse, lambda s, secrets, http, clock: sms_http.SmsHttp(s, secrets, http)
    ),
    "fcm": Entry(frozenset({"push"}), fcm.parse, fcm.Fcm),
    "mailbox": Entry(
        frozenset({"email", "sms", "push"}),
        lambda given: parse_settings(mailbox.MailboxSettings, given),
        lambda s, secrets, http, clock: mailbox.Mailbox(),
    ),
}


def entry(kind: str) -> Entry:
    """The entry of a kind; raises Invalid for one that is not there."""
    if found := KINDS.get(cast(Kind, kind)):
        return found
    raise Invalid(Problem("/kind", f"There is no channel {kind!r}; there is {', '.join(KINDS)}."))


def check_settings(kind: str, settings: Settings) -> None:
    """Refuse settings that this kind cannot be opened with; raises Invalid with a pointer to each problem."""
    entry(kind).parse(settings)


def open(kind: str, settings: Settings, secrets: Secrets, *, http: Http, clock: Clock) -> Channel:
    """A channel that is ready to send; connects at first use. Raises Invalid."""
    found = entry(kind)
    return found.open(found.parse(settings), secrets, http, clock)
