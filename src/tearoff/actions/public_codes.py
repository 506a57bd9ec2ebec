"""Multi-use codes as templates read them: `${MultiplePromoCodes.WithType<parameter>.FirstAvailable.Value}`."""

from __future__ import annotations

from datetime import datetime

from tearoff import velocity
from tearoff.errors import TemplateError
from tearoff.store import public_codes as store
from tearoff.store.db import Tx

NAME = "MultiplePromoCodes"
WITH_TYPE = "withtype"


class PublicCodeMissing(TemplateError):
    """The template reads a multi-use code, and no pool has one now: the message would go out with a hole."""

    type = "code-missing"


async def readable(tx: Tx, *, project_id: int, now: datetime) -> velocity.LazyMap:
    """What stands under `MultiplePromoCodes`: a pool's first code by its parameter or key, in any case.

    Reading what is not there raises PublicCodeMissing.
    """
    found: dict[str, object] = {}
    for code in await store.list_first(tx, project_id=project_id, now=now):
        shown = {"Value": code.value, "StartDateTime": code.use_from, "ExpirationDateTime": code.expires_at}
        for name in (code.pool, code.parameter):
            found[WITH_TYPE + name.lower()] = {"FirstAvailable": shown}

    def missing(key: str) -> object:
        if key.lower() not in found:
            raise PublicCodeMissing(f"The message reads {NAME}.{key}, and no launched pool shows such a code now.")
        return found[key.lower()]

    return velocity.LazyMap({}, missing)
