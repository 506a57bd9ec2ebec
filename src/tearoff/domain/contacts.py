"""Contacts: what finds one, what it holds, and how its addresses are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from tearoff.domain.projects import ZONES

LocatorKind = Literal["email", "sms", "mobilepush", "webpush"]
KINDS: tuple[str, ...] = get_args(LocatorKind)
TOKENS = ("mobilepush", "webpush")
SINGLE = ("email", "sms")
"""A contact has one address of these kinds: a new one takes the place of the old."""

TEXT_MAX = 255
TOKEN_MAX = 2000
LOCATORS_MAX = 20
EMAIL = re.compile(r"^[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]$")
EMAIL_MAX = 254
PHONE_SEPARATORS = re.compile(r"[\s().\-–/]+")
PHONE = re.compile(r"^\+?(\d{7,15})$")
TOKEN = re.compile(r"^[!-~]+$")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$")


class Locator(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a contact, written as it is looked up; `device` is what the vendor's door sent beside a token."""

    kind: LocatorKind
    value: str
    device: dict[str, Any] | None = None
    is_dead: bool = False


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What may find a contact, in the order in which it is tried."""

    contact_id: int | None = None
    external_id: str | None = None
    email: str | None = None
    phone: str | None = None
    token: str | None = None
    contact_key: str | None = None


class ContactChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written to a contact. None keeps what is there, an empty string clears it.

    `fields` maps field ids to values in the field's own type; None clears a field. `contact_id` names the contact where
    its id is known; it is found by its other keys where that id is nobody's.
    """

    contact_id: int | None = None
    external_id: str | None = None
    contact_key: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: dict[str, str] = {}
    language: str | None = None
    time_zone: str | None = None
    locators: tuple[Locator, ...] = ()
    fields: dict[int, Any] = {}

    @property
    def identity(self) -> Identity:
        """What finds the contact that this change is about."""
        values = {locator.kind: locator.value for locator in reversed(self.locators)}
        return Identity(
            contact_id=self.contact_id,
            external_id=self.external_id or None,
            email=values.get("email"),
            phone=values.get("sms"),
            token=values.get("mobilepush") or values.get("webpush"),
        )

    def then(self, later: ContactChange) -> ContactChange:
        """Both changes as one: what the later one says wins."""
        said = {
            name: value
            for name in ("external_id", "contact_key", "first_name", "last_name", "language", "time_zone")
            if (value := getattr(later, name)) is not None
        }
        return msgspec.structs.replace(
            self,
            **said,
            address=self.address | later.address,
            locators=self.locators + later.locators,
            fields=self.fields | later.fields,
        )


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact with its addresses and fields (field id as a string → value in the field's own type)."""

    contact_id: int
    external_id: str | None
    contact_key: str | None
    first_name: str | None
    last_name: str | None
    address: dict[str, Any]
    language: str | None
    time_zone: str | None
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    locators: tuple[Locator, ...] = ()

    def address_of(self, kind: LocatorKind) -> str | None:
        """The living address of this kind that was given last."""
        return next((x.value for x in reversed(self.locators) if x.kind == kind and not x.is_dead), None)


def email_of(text: str) -> str:
    """The address as it is looked up; raises ValueError with a sentence."""
    email = text.strip().lower()
    if len(email) > EMAIL_MAX or not EMAIL.match(email) or ".." in email or email.startswith(".") or ".@" in email:
        raise ValueError(f"'{text[:EMAIL_MAX]}' is not valid email")
    return email


def phone_of(text: str) -> str:
    """The number in digits; raises ValueError with a sentence."""
    found = PHONE.match(PHONE_SEPARATORS.sub("", text))
    if not found:
        raise ValueError(f"'{text[:TEXT_MAX]}' is not valid phone number")
    return found[1]


def token_of(text: str) -> str:
    """The token of a device; raises ValueError with a sentence."""
    token = text.strip()
    if len(token) > TOKEN_MAX or not TOKEN.match(token):
        raise ValueError(f"'{text[:50]}' is not valid token")
    return token


def locator_of(kind: LocatorKind, text: str, device: dict[str, Any] | None = None) -> Locator:
    """The address as a locator of its kind; raises ValueError with a sentence."""
    read = {"email": email_of, "sms": phone_of}.get(kind, token_of)
    return Locator(kind=kind, value=read(text), device=device)


def language_of(text: str) -> str:
    """The language code, lower case; raises ValueError with a sentence."""
    if text and not LANGUAGE.match(text):
        raise ValueError(f"'{text[:TEXT_MAX]}' is not valid language code")
    return text.lower().replace("_", "-")


def time_zone_of(text: str) -> str:
    """The name of the zone; raises ValueError with a sentence."""
    if text and text not in ZONES:
        raise ValueError(f"'{text[:TEXT_MAX]}' is not valid time zone")
    return text


def keys_of(identity: Identity) -> tuple[str, ...]:
    """What the contact is alone in having, as one string each: equal strings mean the same contact."""
    pairs = (
        ("external", identity.external_id),
        ("email", identity.email),
        ("sms", identity.phone),
        ("token", identity.token),
    )
    return tuple(f"{kind} {value}" for kind, value in pairs if value)


def change_of(identity: Identity) -> ContactChange:
    """A new contact that this identity would find."""
    pairs: Mapping[LocatorKind, str | None] = {
        "email": identity.email,
        "sms": identity.phone,
        "mobilepush": identity.token,
    }
    return ContactChange(
        external_id=identity.external_id,
        contact_key=identity.contact_key,
        locators=tuple(Locator(kind=kind, value=value) for kind, value in pairs.items() if value),
    )
