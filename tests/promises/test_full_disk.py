"""A full disk: a clear refusal that says when to come again, nothing half done, and work again once there is room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.promises.test_p10_isolation import rows
from tests.stock import books, upload

from tearoff.engine import importer
from tearoff.store.db import Database

FULL = """
CREATE FUNCTION full_{project}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.project_id = {project} THEN
        RAISE EXCEPTION 'could not extend file "base/5/1": No space left on device' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER full_{project} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_{project}();
"""
ROOM = "DROP TRIGGER full_{project} ON {table}; DROP FUNCTION full_{project}()"


@asynccontextmanager
async def no_room(db: Database, project: int, table: str) -> AsyncIterator[None]:
    """As long as this lasts, the table cannot grow by a row of the project."""
    async with db.dedicated() as conn:
        await conn.execute(FULL.format(project=project, table=table))
        try:
            yield
        finally:
            await conn.execute(ROOM.format(project=project, table=table))


EVENT = {"eventTypeKey": "birthday", "keyValue": "ann"}
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "event": ("/api/v2/event", EVENT),
    "claim": ("/v1/claims", {"key": "mine", "type": "birthday"}),
    "code": ("/api/v1/promocodes", {"promocodes": ["NEW-1"], "type": "birthday"}),
    "redemption": ("/v1/redemptions", {"code": "A-1", "orderId": "7"}),
    "contact": ("/v1/contacts", {"externalId": "ann"}),
    "code_import_piece": ("/v1/pools/fresh/imports", {"text": "NEW-2"}),
}


@pytest.mark.parametrize("table", WRITES)
async def test_a_write_is_refused_clearly_changes_nothing_and_is_done_once_there_is_room(http, db, project, table):
    for key in ("birthday", "fresh"):
        assert (await http.post("/v1/pools", json={"key": key, "type": key, "description": "x"})).status == 201
    made = {"promocodes": [f"A-{n}" for n in range(3)], "type": "birthday"}
    assert (await http.post("/api/v1/promocodes", json=made)).status == 200
    assert (await http.post("/v1/claims", json={"key": "first", "type": "birthday", "count": 2})).status == 201
    path, body = WRITES[table]
    before = await rows(db, project)
    async with no_room(db, project, table), http.post(path, json=body) as answer:
        text = await answer.text()
        assert (answer.status, "no room left" in text) == (503, True), text
        assert answer.headers["Retry-After"] == "60"
    left = await rows(db, project)
    assert {name for name in before if before[name] != left[name]} <= {"task", "code_import", "event_type", "api_key"}
    assert (await http.post(path, json=body)).status < 300


async def test_an_import_on_a_full_disk_fails_whole_and_says_why(http, engine, db, project, now):
    await upload(db, project, ["A"], now)
    assert (await http.post("/v1/pools", json={"key": "fresh", "type": "fresh", "description": "x"})).status == 201
    begun = await (await http.post("/v1/pools/fresh/imports", json={"text": "B\nC\nD"})).json()
    async with no_room(db, project, "code"):
        await importer.turn(engine, project, engine.clock.now())
    task = await (await http.get(f"/v1/tasks/{begun['id']}")).json()
    assert (task["state"], "No space left" in str(task["report"])) == ("failed", True), task
    assert (await books(db, project, "fresh")).uploaded == 0


async def test_events_that_wait_together_are_all_refused(http, db, project):
    async with no_room(db, project, "event"):
        answers = await asyncio.gather(*(http.post("/api/v2/event", json=EVENT) for _ in range(20)))
        assert {answer.status for answer in answers} == {503}
    assert (await http.post("/api/v2/event", json=EVENT)).status == 200
