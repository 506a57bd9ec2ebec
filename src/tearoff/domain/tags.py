"""The vendor's merge tags: which value each name stands for, and what `%PC_…%` wishes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tearoff.domain.codes import Wish, parse_wish
from tearoff.domain.contacts import Contact
from tearoff.domain.fields import Field
from tearoff.domain.pools import GENERAL
from tearoff.errors import Invalid, Problem

PROMO = "PC_"
READ = re.compile(r"""\.get\(\s*['"]([A-Z][A-Za-z0-9_.]*)['"]\s*\)""")
ABOUT = ("FIRSTNAME", "LASTNAME", "EMAIL", "SMS", "EXTERNAL_CUSTOMER_ID", "TOWN", "ADDRESS", "COUNTY", "POSTCODE")
"""The vendor's tags about a contact."""


def promo_wish(name: str) -> tuple[str, Wish] | None:
    """The pool's type and the wish behind `PC_GENERAL` or `PC_<type>_<days>_<discount>`; None for other tags.

    Raises Invalid when the days or the discount are no numbers.
    """
    if not name.startswith(PROMO):
        return None
    rest = name.removeprefix(PROMO)
    if rest == "GENERAL":
        return GENERAL, Wish()
    parts = rest.rsplit("_", 2)
    if len(parts) != 3 or not parts[0]:
        raise Invalid(Problem(f"%{name}%", "A code's tag is %PC_GENERAL% or %PC_<type>_<days>_<discount>%."))
    return parts[0], parse_wish(parts[2], parts[1])


def contact_tags(contact: Contact | None, fields: Sequence[Field]) -> Mapping[str, str]:
    """The values of the tags about a contact; an empty one prints the tag's fallback, or nothing."""
    own = contact.fields if contact else {}
    values = _about(contact) if contact else dict.fromkeys(ABOUT)
    values |= {f"{f.section}.{f.key}": _text(own.get(str(f.field_id))) for f in fields}
    return {name: value or "" for name, value in values.items()}


def are_read_as_data(template: str) -> bool:
    """Whether a template reads tags about the contact as `$data.get('FIRSTNAME')` or `$data.get('PERSONAL.CITY')`."""
    return any(name in ABOUT or "." in name for name in READ.findall(template))


def as_data(tags: Mapping[str, str]) -> dict[str, str | None]:
    """The values of tags as `$data` has them: null where there is none, so that a template may ask."""
    return {name: value or None for name, value in tags.items()}


def _about(contact: Contact) -> dict[str, str | None]:
    address = contact.address
    said = (
        contact.first_name,
        contact.last_name,
        contact.address_of("email"),
        contact.address_of("sms"),
        contact.external_id,
        *(address.get(name) for name in ("town", "address", "region", "postcode")),
    )
    return dict(zip(ABOUT, said, strict=True))


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return None if value is None else str(value)
