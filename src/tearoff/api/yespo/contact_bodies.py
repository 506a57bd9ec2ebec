"""The vendor's contact: read with tolerance, and shown as its clients expect it.

A client may send one object where a list is meant, numbers as strings, null or an empty address for what it does not
know, and the whole contact wrapped in {"contact": …}. null keeps what is there; an empty string clears a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tearoff.api.yespo.bodies import listed
from tearoff.domain.contacts import (
    KINDS,
    LOCATORS_MAX,
    TEXT_MAX,
    Contact,
    ContactChange,
    Locator,
    language_of,
    locator_of,
    time_zone_of,
)
from tearoff.domain.fields import as_text
from tearoff.errors import Invalid, Problem

UNSENDABLE = ("viber", "telegram", "telegrambot", "appinbox", "widget", "inapp")
"""Channels of the vendor that have no way out here; clients send them beside the others, so they are skipped."""

TEXTS = {
    "externalCustomerId": "external_id",
    "contactKey": "contact_key",
    "firstName": "first_name",
    "lastName": "last_name",
    "languageCode": "language",
    "timeZone": "time_zone",
}
ADDRESS = ("region", "town", "address", "postcode")
FIELDS_MAX = 500
READERS: dict[str, Callable[[str], str]] = {"languageCode": language_of, "timeZone": time_zone_of}


class Sent(msgspec.Struct, frozen=True):
    """A contact as it came: everything but its fields, and their raw values by the text of their id or key."""

    change: ContactChange
    fields: dict[str, Any]


def parse(raw: Any, *, needs_key: bool = True) -> Sent:
    """What a client sent; raises Invalid with a sentence for each thing that is wrong."""
    if isinstance(raw, dict) and isinstance(raw.get("contact"), dict):
        raw = raw["contact"]
    if not isinstance(raw, dict):
        raise Invalid(Problem("", "The contact must be a JSON object."))
    problems: list[Problem] = []
    said = ContactChange(
        address=_address(raw.get("address"), problems), locators=_locators(raw.get("channels"), problems)
    )
    change = msgspec.structs.replace(said, **_texts(raw, problems))
    fields = _fields(raw.get("fields"), problems)
    if needs_key and not problems and not change.locators and not change.external_id:
        wanted = f"a channel ({', '.join(KINDS)}) or an externalCustomerId"
        problems.append(Problem("/channels", f"The contact needs {wanted}."))
    if problems:
        raise Invalid(*problems)
    return Sent(change, fields)


def shown(contact: Contact, project_id: int) -> dict[str, Any]:
    """A contact in the vendor's shape."""
    return {
        "id": contact.contact_id,
        "addressBookId": project_id,
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "channels": [_channel(locator) for locator in contact.locators],
        "address": {name: contact.address.get(name) for name in ADDRESS} if contact.address else None,
        "fields": [{"id": int(ref), "value": as_text(value)} for ref, value in contact.fields.items()],
        "externalCustomerId": contact.external_id,
        "contactKey": contact.contact_key,
        "languageCode": contact.language,
        "timeZone": contact.time_zone,
        "groups": [],
    }


def _texts(raw: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, attribute in TEXTS.items():
        value = raw.get(name)
        if value is None:
            continue
        if not isinstance(value, str | int) or isinstance(value, bool) or len(str(value)) > TEXT_MAX:
            problems.append(Problem(f"/{name}", f"{name} must be a string of at most {TEXT_MAX} characters."))
            continue
        try:
            texts[attribute] = READERS.get(name, str.strip)(str(value))
        except ValueError as error:
            problems.append(Problem(f"/{name}", f"{error}."))
    # an empty id is what clients send for a guest: it names nobody, and it must not clear the id that is there
    if not texts.get("external_id"):
        texts.pop("external_id", None)
    return texts


def _address(raw: Any, problems: list[Problem]) -> dict[str, str]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        problems.append(Problem("/address", f"address must be an object with {', '.join(ADDRESS)}."))
        return {}
    address: dict[str, str] = {}
    for name in ADDRESS:
        value = raw.get(name)
        if isinstance(value, dict | list) or len(str(value)) > TEXT_MAX:
            sentence = f"address.{name} must be a string of at most {TEXT_MAX} characters."
            problems.append(Problem(f"/address/{name}", sentence))
        elif value is not None:
            address[name] = str(value).strip()
    return address


def _locators(raw: Any, problems: list[Problem]) -> tuple[Locator, ...]:
    found: dict[tuple[str, str], Locator] = {}
    channels = listed(raw)
    if len(channels) > LOCATORS_MAX:
        problems.append(Problem("/channels", f"A contact takes at most {LOCATORS_MAX} channels at once."))
        return ()
    for n, channel in enumerate(channels):
        kind = channel.get("type") if isinstance(channel, dict) else None
        if kind in UNSENDABLE:
            continue
        if kind not in KINDS:
            sentence = f"The type of a channel must be one of {', '.join(KINDS)}, not {str(kind)[:50]!r}."
            problems.append(Problem(f"/channels/{n}/type", sentence))
            continue
        value = channel.get("value")
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if not isinstance(value, str | int) or isinstance(value, bool):
            problems.append(Problem(f"/channels/{n}/value", f"The value of the channel {kind} must be a string."))
            continue
        device = channel.get("device")
        try:
            locator = locator_of(kind, str(value), device if isinstance(device, dict) else None)
            found[kind, locator.value] = locator
        except ValueError as error:
            problems.append(Problem(f"/channels/{n}/value", f"{error}."))
    return tuple(found.values())


def _fields(raw: Any, problems: list[Problem]) -> dict[str, Any]:
    entries = listed(raw)
    if len(entries) > FIELDS_MAX:
        problems.append(Problem("/fields", f"A contact takes at most {FIELDS_MAX} fields at once."))
        return {}
    fields: dict[str, Any] = {}
    for n, entry in enumerate(entries):
        ref = (entry.get("id") or entry.get("key")) if isinstance(entry, dict) else None
        if not isinstance(ref, str | int) or isinstance(ref, bool) or len(str(ref)) > TEXT_MAX:
            problems.append(Problem(f"/fields/{n}/id", "Each of the fields needs an id and a value."))
            continue
        fields[str(ref).strip()] = entry.get("value")
    return fields


def _channel(locator: Locator) -> dict[str, Any]:
    channel: dict[str, Any] = {"type": locator.kind, "value": locator.value}
    return channel | {"device": locator.device} if locator.device else channel
