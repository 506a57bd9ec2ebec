"""Workflows over a real database: published versions never change, and only what is sound goes live."""

from datetime import datetime
from typing import Any

import pytest

from tearoff.actions import pools, workflows
from tearoff.errors import Conflict, Invalid, NotFound
from tearoff.store import workflows as store
from tearoff.store.db import Database, Tx


def blocks(type: str = "birthday", event_type: str = "birthday") -> dict[str, Any]:
    return {
        "start": {"kind": "start", "eventType": event_type, "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": type, "exits": {"found": "end"}},
        "end": {"kind": "end"},
    }


async def put(tx: Tx, project: int, now: datetime, **changes: Any) -> int:
    await pools.ensure(tx, project_id=project, types=["birthday"], now=now)
    made = await workflows.put(tx, project_id=project, key="greet", name="Greet", blocks=blocks(**changes), now=now)
    return made.id


async def test_a_draft_starts_nothing_until_it_is_published(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now)
        assert await store.list_active(tx, project_id=project, event_type_keys=["birthday"]) == []
        assert await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now) == "changed"
        [active] = await store.list_active(tx, project_id=project, event_type_keys=["birthday", "other"])
        assert (active.workflow_id, active.version, active.event_type_key) == (workflow_id, 1, "birthday")
        assert active.definition == {"blocks": blocks()}


async def test_publishing_the_same_again_makes_no_new_version(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now)
        changes = [await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now) for _ in "ab"]
        assert changes == ["changed", "unchanged"]
        await workflows.stop(tx, project_id=project, workflow_id=workflow_id, now=now)
        assert await store.list_active(tx, project_id=project, event_type_keys=["birthday"]) == []
        assert await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now) == "changed"
        assert (await store.get(tx, project_id=project, workflow_id=workflow_id)).version == 1


async def test_an_old_version_stays_as_it_was(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now)
        await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now)
        await put(tx, project, now, event_type="nameday")
        live = await store.list_active(tx, project_id=project, event_type_keys=["birthday", "nameday"])
        assert [each.event_type_key for each in live] == ["birthday"]
        await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now)
        live = await store.list_active(tx, project_id=project, event_type_keys=["birthday", "nameday"])
        assert [(each.event_type_key, each.version) for each in live] == [("nameday", 2)]
        pairs = [(workflow_id, 1), (workflow_id, 2), (workflow_id, 3)]
        found = await store.get_versions(tx, project_id=project, pairs=pairs)
        assert {pair: version.event_type_key for pair, version in found.items()} == {
            pairs[0]: "birthday",
            pairs[1]: "nameday",
        }
        listed = await store.list_versions(tx, project_id=project, workflow_id=workflow_id)
        assert [version.version for version in listed] == [2, 1]


async def test_what_names_a_missing_pool_is_refused_and_nothing_goes_live(
    db: Database, project: int, now: datetime
) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now, type="xmas")
        with pytest.raises(Invalid, match="no pool of the type 'xmas'"):
            await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now)
        assert (await store.get(tx, project_id=project, workflow_id=workflow_id)).version == 0


async def test_a_pool_of_another_project_does_not_count(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        known = await store.load_known(tx, project_id=project)
        assert known.pools == frozenset()


async def test_a_draft_that_changed_meanwhile_is_not_published(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now)
        read = await store.get(tx, project_id=project, workflow_id=workflow_id)
        await put(tx, project, now, event_type="nameday")
        assert (
            await store.publish(tx, project_id=project, workflow=read, event_type_key="x", definition={}, now=now)
            is None
        )
        assert await store.list_versions(tx, project_id=project, workflow_id=workflow_id) == []


async def test_an_incomplete_draft_is_kept_and_its_problems_are_told(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        draft = {"start": {"kind": "start"}}
        made = await workflows.put(tx, project_id=project, key="half", name="", blocks=draft, now=now)
        stored = await store.get(tx, project_id=project, workflow_id=made.id)
        problems = await workflows.check(tx, project_id=project, draft=stored.draft)
        assert [each.pointer for each in problems] == ["/blocks/start/eventType", "/blocks/start/exits"]


async def test_a_published_workflow_is_not_removed(db: Database, project: int, now: datetime) -> None:
    async with db.transaction() as tx:
        workflow_id = await put(tx, project, now)
        await workflows.publish(tx, project_id=project, workflow_id=workflow_id, now=now)
        with pytest.raises(Conflict):
            await workflows.remove(tx, project_id=project, workflow_id=workflow_id)
        with pytest.raises(NotFound):
            await workflows.stop(tx, project_id=project + 1, workflow_id=workflow_id, now=now)
