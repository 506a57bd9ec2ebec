"""What a template may read when somebody only looks: given data over an event, a contact, and samples of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tearoff import velocity
from tearoff.actions import contacts, received_codes, saved_codes
from tearoff.domain.contacts import Contact
from tearoff.domain.events import identity_of
from tearoff.domain.samples import PLAIN, sample_like
from tearoff.domain.tags import contact_tags, promo_wish
from tearoff.engine.recipients import data_of
from tearoff.errors import Invalid, NotFound, Problem
from tearoff.store import events, fields, samples
from tearoff.store.db import Tx


class Given(NamedTuple):
    """What somebody chose to look at a template with; without a contact, the one whom the event is about."""

    event_id: int | None = None
    contact_id: int | None = None
    data: Mapping[str, Any] = {}


class Readable(NamedTuple):
    """The data, the values of tags about the contact, and samples by the pools' parameters and types, also of what the
    recipient would have received last."""

    data: dict[str, Any]
    tags: Mapping[str, str]
    samples: dict[str, str]
    by_type: dict[str, str]
    received: Mapping[str, velocity.LazyMap]
    contact: Contact | None

    def tags_with(self, names: set[str]) -> dict[str, str]:
        """The tags' values, with a sample for each of the names that stands for a code."""
        return {**self.tags, **{name: self._sample(name) for name in names if name.startswith("PC_")}}

    def _sample(self, name: str) -> str:
        try:
            wished = promo_wish(name)
        except Invalid:
            return PLAIN
        return self.by_type.get(wished[0], PLAIN) if wished else PLAIN


async def choose(tx: Tx, *, project_id: int, given: Given) -> tuple[dict[str, Any], Contact | None]:
    """The data that was chosen, and the contact; raises NotFound for an event, Invalid for a contact not there."""
    params: Mapping[str, Any] = {}
    if given.event_id is not None:
        found = await events.list_page(tx, project_id=project_id, event_id=given.event_id, limit=1)
        if not found:
            raise NotFound("event", given.event_id)
        params = found[0].params
    contact = await _contact(tx, project_id, given.contact_id, params)
    known = {} if contact is None else {name: value for name, value in data_of(contact).items() if value is not None}
    return {**known, **params, **given.data}, contact


async def read(tx: Tx, *, project_id: int, given: Given) -> Readable:
    """What templates may read; raises as `choose`."""
    chosen, contact = await choose(tx, project_id=project_id, given=given)
    shapes = await samples.list_shapes(tx, project_id=project_id)
    shown = {shape.parameter: sample_like(shape.value) for shape in reversed(shapes)}
    of_project = await fields.list_all(tx, project_id=project_id)
    return Readable(
        data={"promocode": PLAIN, **shown, **chosen},
        tags=contact_tags(contact, of_project),
        samples={"promocode": PLAIN, **shown},
        by_type={shape.type: sample_like(shape.value) for shape in shapes},
        received=received_codes.readable(received_codes.samples_of(shapes)),
        contact=contact,
    )


async def _contact(tx: Tx, project_id: int, contact_id: int | None, params: Mapping[str, Any]) -> Contact | None:
    if contact_id is None:
        [contact_id] = await contacts.find(tx, project_id=project_id, identities=[identity_of(params)])
        if contact_id is None:
            return None
    loaded = await contacts.load(tx, project_id=project_id, contact_ids=[contact_id])
    if not loaded:
        raise Invalid(Problem("/contactId", f"There is no contact {contact_id}."))
    [seen] = await saved_codes.veiled(tx, project_id=project_id, contacts=loaded)
    return seen
