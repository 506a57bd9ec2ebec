"""What a workflow can do: one kind of block a file, each a function over a set of runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from tearoff.domain import workflows
from tearoff.engine.blocks import end, get_contact, get_promo_code, message, start
from tearoff.engine.parts import Engine
from tearoff.engine.travellers import Group

Act = Callable[[Engine, Group], Awaitable[None]]
"""Moves every traveller of the group on: through an exit, or to its end."""

KINDS: Mapping[type[msgspec.Struct], Act] = {
    workflows.Start: start.act,
    workflows.GetContact: get_contact.act,
    workflows.GetPromoCode: get_promo_code.act,
    workflows.SendMessage: message.act,
    workflows.End: end.act,
}
