"""Reading what callers of the dialect send: JSON or XML, as one tree of values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from tearoff.channels.xml import XmlRefused, parse
from tearoff.domain.code_dates import START, parse_instant
from tearoff.domain.codes import CODE_LENGTH_MAX
from tearoff.domain.contacts import TEXT_MAX, Identity, locator_of
from tearoff.errors import Invalid, Problem, Unreadable

OWN_IDS = ("mindboxId", "maestraId")
"""Names under which the caller sends an id of ours."""


def read(body: bytes, content_type: str) -> dict[str, Any]:
    """The operation's fields; raises Invalid for a body that cannot be read, Unreadable for another kind of body."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        return {}
    try:
        if kind.endswith("xml"):
            tree: Any = parse(body)
            tree = tree.get("operation", tree) if isinstance(tree, dict) else tree
        elif not kind or kind.endswith("json"):
            tree = msgspec.json.decode(body)
        else:
            raise Unreadable(kind, "application/json or application/xml")
    except (XmlRefused, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(Problem("", f"The body cannot be read: {error}.")) from error
    if not isinstance(tree, dict):
        raise Invalid(Problem("", "The body must be an object, or an XML element `operation`."))
    return tree


def node(tree: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object at a path; nothing where there is none."""
    found: Any = tree
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def text(tree: dict[str, Any], *path: str, most: int = CODE_LENGTH_MAX) -> str | None:
    """The text or number at a path; None where there is none. Raises Invalid when it is something else, or too long."""
    found = node(tree, *path[:-1]).get(path[-1])
    if found is None or found == {}:
        return None
    place = "/" + "/".join(path)
    if isinstance(found, bool | dict | list):
        raise Invalid(Problem("", f"{place} must be a text."))
    stripped = str(found).strip()
    if len(stripped) > most or not stripped.isprintable():
        raise Invalid(Problem(place, f"At most {most} printable characters are possible here."))
    return stripped or None


def instant(tree: dict[str, Any], *path: str) -> datetime | None:
    """The time at a path, which is in UTC unless it says otherwise."""
    found = text(tree, *path)
    if found is None:
        return None
    try:
        return parse_instant(found.replace("T", " "), UTC, START)
    except ValueError as error:
        raise Invalid(Problem("/" + "/".join(path), f"{error}.")) from error


def number(tree: dict[str, Any], *path: str, default: int, most: int) -> int:
    """The whole number at a path, from 1 to `most`."""
    found = text(tree, *path)
    if found is None:
        return default
    if not (found.isascii() and found.isdigit() and 1 <= int(found) <= most):
        raise Invalid(Problem("", f"/{'/'.join(path)} must be a whole number from 1 to {most}."))
    return int(found)


def customer(tree: dict[str, Any]) -> Identity | None:
    """Who the customer is: an id of ours, any id of another system, an email address or a phone; None: nobody."""
    ids = node(tree, "customer", "ids")
    own = next((text(tree, "customer", "ids", name) for name in OWN_IDS if ids.get(name)), None)
    if own is not None:
        if not (own.isascii() and own.isdigit() and len(own) <= 18):
            raise Invalid(Problem("/customer/ids/mindboxId", "This is a whole number."))
        return Identity(contact_id=int(own))
    given = (text(tree, "customer", "ids", str(name), most=TEXT_MAX) for name in sorted(ids))
    external = next((value for value in given if value), None)
    email, phone = text(tree, "customer", "email"), text(tree, "customer", "mobilePhone")
    if not (external or email or phone):
        return None
    return Identity(external_id=external, email=_locator("email", email), phone=_locator("mobilePhone", phone))


def _locator(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return locator_of("email" if name == "email" else "sms", value).value
    except ValueError as error:
        raise Invalid(Problem(f"/customer/{name}", f"{error}.")) from error
