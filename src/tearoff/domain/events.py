"""Events: what is accepted, and whom an event is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec

from tearoff.domain.contacts import Contact, Identity, email_of, phone_of, token_of
from tearoff.domain.ids import read_id
from tearoff.errors import Problem

TYPE_KEY_MAX, KEY_VALUE_MAX, NAME_MAX = 100, 300, 100
IDEMPOTENCY_KEY_MAX = 255
REMEMBERED_FOR = timedelta(days=7)
FORBIDDEN = frozenset("<;’\\/|\"`'^?!,>")
"""Characters that a type key and a key value must not hold [OPENAPI]."""

ALIASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contact_id", ("contactid", "contact_id")),
    ("external_id", ("externalcustomerid",)),
    ("email", ("email", "emailaddress", "useremail", "contactemail")),
    ("phone", ("phone", "sms", "phonenumber")),
    ("token", ("pushtoken", "mobpushtoken")),
    ("contact_key", ("contactkey", "contact_key")),
)
"""The parameter names, in any case, that say whom an event is about, in the order in which they are tried."""

KEYS_FROM = ("contact_id", "external_id", "email", "phone", "token")
READERS = {"email": email_of, "phone": phone_of, "token": token_of}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it is stored. `request` is the hash of what came, by which a repeat under `key` is recognised."""

    type_key: str
    key_value: str
    params: dict[str, Any]
    key: str | None = None
    request: bytes = b""


class Accepted(msgspec.Struct, frozen=True):
    """What became of an event: its id, or None when it repeats one that was accepted before."""

    event_id: int | None


class Wanted(msgspec.Struct, frozen=True):
    """A parameter that an event type asks for."""

    name: str
    required: bool = False


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of events; `params`, where it is set, is what each event must bring."""

    event_type_id: int
    key: str
    params: tuple[Wanted, ...] | None = None


def given(params: Mapping[str, Any]) -> dict[str, str]:
    """What the parameters say about the contact, as text: one value for each part of an identity that is given."""
    lowered = {name.lower(): value for name, value in params.items()}
    found: dict[str, str] = {}
    for part, names in ALIASES:
        for name in names:
            value = lowered.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                text = str(value).strip()
                if text and text.lower() != "null":
                    found.setdefault(part, text)
    return found


def identity_of(params: Mapping[str, Any]) -> Identity:
    """Whom the event is about; a value that cannot be of its kind (an email without @) counts as not given."""
    parts: dict[str, Any] = {}
    for part, text in given(params).items():
        if part == "contact_id":
            parts[part] = read_id(text)
            continue
        try:
            parts[part] = READERS[part](text) if part in READERS else text
        except ValueError:
            continue
    return Identity(**parts)


def names_of(contact: Contact) -> list[str]:
    """What events call a contact by: its addresses, its external id, its number."""
    names = [locator.value for locator in contact.locators]
    return [*names, *filter(None, (contact.external_id,)), str(contact.contact_id)]


def is_about(contact: Contact, key_value: str, params: Mapping[str, Any]) -> bool:
    """Whether an event names this contact; its key value counts where its parameters name nobody.

    A key value may be anything, an order's number too, which happens to be somebody's external id.
    """
    if not given(params):
        return key_value.lower() in {name.lower() for name in names_of(contact)}
    named = identity_of(params)
    values = {(locator.kind, locator.value) for locator in contact.locators}
    return (
        named.contact_id == contact.contact_id
        or (named.external_id is not None and named.external_id == contact.external_id)
        or (named.contact_key is not None and named.contact_key == contact.contact_key)
        or bool({("email", named.email), ("sms", named.phone)} & values)
        or bool({("mobilepush", named.token), ("webpush", named.token)} & values)
    )


def key_value_of(params: Mapping[str, Any]) -> str | None:
    """The key of an event that brings none: its contact, by the documented priority."""
    found = given(params)
    return next((found[part][:KEY_VALUE_MAX] for part in KEYS_FROM if part in found), None)


def check(type_key: str, key_value: str, names: Sequence[str]) -> list[Problem]:
    """What is wrong with an event, one sentence each; `names` are those of its parameters as they came."""
    problems = [
        *_check_key("eventTypeKey", type_key, TYPE_KEY_MAX),
        *(_check_key("keyValue", key_value, KEY_VALUE_MAX) if key_value else ()),
    ]
    if not type_key.strip():
        problems.append(Problem("/eventTypeKey", "eventTypeKey is required."))
    seen: set[str] = set()
    for name in names:
        if not name.strip() or len(name) > NAME_MAX:
            sentence = f"The name of the parameter '{name[:NAME_MAX]}' must have 1 to {NAME_MAX} characters."
            problems.append(Problem("/params", sentence))
        if name in seen:
            problems.append(Problem("/params", f"The parameter '{name}' is given twice; names must be unique."))
        seen.add(name)
    return problems


def check_type(type_key: str, name: str) -> list[Problem]:
    """What is wrong with the key of an event type that is made of what a caller sent under `name`."""
    return _check_key(name, type_key, TYPE_KEY_MAX)


def digest(body: bytes, key: str | None) -> bytes:
    """What a repeat is recognised by; nothing where there is no key."""
    return sha256(body).digest() if key else b""


def lacks(kind: EventType, params: Mapping[str, Any]) -> str | None:
    """The vendor's sentence when an event does not bring what its type asks for."""
    if kind.params is None or all(not w.required or params.get(w.name) is not None for w in kind.params):
        return None
    return f"The event should have the following params: {msgspec.json.encode(kind.params).decode()}"


def _check_key(name: str, value: str, limit: int) -> list[Problem]:
    if len(value) > limit:
        return [Problem(f"/{name}", f"{name} must have at most {limit} characters; it has {len(value)}.")]
    if wrong := [c for c in value if c in FORBIDDEN or c < " "]:
        return [Problem(f"/{name}", f"{name} must not contain the character {wrong[0]!r}.")]
    return []
