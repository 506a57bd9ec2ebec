"""What people type, taken for the code that they mean: as it is written, or as it reads where its pool is loose."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tearoff.domain.redemptions import Facts
from tearoff.store import folds, redemptions
from tearoff.store.db import Tx
from tearoff.store.redemptions import AskedUse


async def find_uses(tx: Tx, *, project_id: int, asked: Sequence[AskedUse]) -> dict[int, Facts]:
    """What decides about each use, by its `n`; only what no code is written like costs a second look."""
    found = await redemptions.find_uses(tx, project_id=project_id, asked=asked)
    missing = [one for one in asked if one.n not in found]
    if missing:
        alike = await folds.find_alike(tx, project_id=project_id, values=[one.value for one in missing])
        again = [msgspec.structs.replace(one, value=alike[one.value]) for one in missing if one.value in alike]
        if again:
            found |= await redemptions.find_uses(tx, project_id=project_id, asked=again)
    return found


async def meant(tx: Tx, *, project_id: int, values: Sequence[str]) -> list[str]:
    """The codes that are meant, in order, each once; what nobody has stays as it was typed."""
    alike = await folds.find_alike(tx, project_id=project_id, values=values)
    return sorted({alike.get(value, value) for value in values})
