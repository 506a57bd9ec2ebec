"""The code that somebody received last from a pool, as templates read it without taking one:
`${Recipient.LastReceivedPromoCode.WithType<parameter>.Value}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tearoff import velocity
from tearoff.actions.public_codes import WITH_TYPE
from tearoff.domain.samples import sample_like
from tearoff.errors import TemplateError
from tearoff.store import received_codes as store
from tearoff.store.db import Tx
from tearoff.store.received_codes import ReceivedCode
from tearoff.store.samples import Shape

NAME, MEMBER = "Recipient", "LastReceivedPromoCode"
END = "ExpirationDateTime"


class ReceivedCodeMissing(TemplateError):
    """The template reads the last code of somebody who has none: the message would go out with a hole."""

    type = "code-missing"


async def list_for(
    tx: Tx, *, project_id: int, contacts: Mapping[int, int], now: datetime
) -> dict[int, list[ReceivedCode]]:
    """Run id → what its contact received last from each pool; `contacts` maps run ids to contact ids."""
    found: dict[int, list[ReceivedCode]] = {}
    for code in await store.list_last(tx, project_id=project_id, contacts=contacts, now=now):
        found.setdefault(code.run_id, []).append(code)
    return found


def readable(codes: Iterable[ReceivedCode]) -> dict[str, velocity.LazyMap]:
    """What stands under `Recipient`: a pool's code by its parameter or key, in any case.

    Reading what is not there raises ReceivedCodeMissing.
    """
    found: dict[str, Any] = {}
    for code in codes:
        shown = {"Value": code.value, "StartDateTime": code.use_from, END: code.expires_at}
        found |= {WITH_TYPE + name.lower(): shown for name in (code.pool, code.parameter)}

    def last(key: str) -> object:
        shown = found.get(key.lower())
        if shown is None:
            raise ReceivedCodeMissing(f"The message reads {NAME}.{MEMBER}.{key}, and its recipient has no such code.")
        return shown

    return {MEMBER: velocity.LazyMap({}, last)}


def samples_of(shapes: Iterable[Shape]) -> list[ReceivedCode]:
    """A sample of each pool's codes, for who only looks at a message."""
    return [ReceivedCode(0, s.key, s.parameter, sample_like(s.value), None, None) for s in shapes]


def ends_read(recipient: Mapping[str, velocity.LazyMap]) -> list[datetime]:
    """Until when the codes last that a template has read."""
    shown = recipient[MEMBER].values.values() if recipient else ()
    return [each[END] for each in shown if isinstance(each, dict) and each[END] is not None]
