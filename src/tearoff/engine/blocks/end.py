"""End: the run is done."""

from __future__ import annotations

from tearoff.engine.parts import Engine
from tearoff.engine.travellers import Group


async def act(engine: Engine, group: Group) -> None:
    """Finish every run."""
    for traveller in group.travellers:
        traveller.finish(group.now)
