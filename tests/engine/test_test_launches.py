"""Test launches in the engine: every kind can be tried, and data sources are called only when somebody asks for it."""

from typing import Any

import pytest
from aiohttp import web
from tests.channels.web_server import WebServer
from tests.engine.conftest import Stage

from tearoff.domain import test_launches as shapes
from tearoff.engine.blocks import KINDS
from tearoff.engine.test_launches import launch, walkable
from tearoff.engine.trials import Trial
from tearoff.engine.tried_blocks import TRIED

BLOCKS = {
    "start": {"kind": "start", "eventType": "go", "exits": {"next": "mail"}},
    "mail": {"kind": "message", "message": "hello", "email": "${email}", "exits": {"next": "end"}},
    "end": {"kind": "end"},
}
PROJECT = """
channels:
  - {{key: box, kind: mailbox, medium: email}}
sources:
{sources}
messages:
  - key: hello
    medium: email
    channel: box
    languages:
      en: {{subject: Hi, text: "Name: $!data.get('crm').get('name')", sender: s@example.test}}
"""


def test_every_kind_of_block_can_be_tried() -> None:
    assert TRIED.keys() == KINDS.keys()


async def crm(request: web.Request) -> web.Response:
    if request.path == "/broken":
        return web.Response(status=404)
    return web.json_response({"name": request.query_string or "Rex"})


@pytest.fixture
async def crm_server():
    made = WebServer(crm)
    await made.start()
    yield made
    await made.stop()


async def tried(stage: Stage, sources: str, *, is_calling: bool = True, **params: Any) -> shapes.TestLaunch:
    await stage.apply(PROJECT.format(sources=sources))
    return await launch(
        stage.engine,
        project_id=stage.project,
        trial=Trial(workflow=walkable({"blocks": BLOCKS}), is_calling=is_calling),
        workflow_id=None,
        event_id=None,
        params={"email": "a@example.test"} | params,
        reasons=[],
        to=None,
        now=stage.now,
    )


async def test_a_source_is_called_once_and_only_when_asked(stage: Stage, crm_server: WebServer) -> None:
    source = f"  - {{key: crm, url: '{crm_server.url}/x?$data.get(\"pet\")'}}"
    seen = await tried(stage, source, is_calling=False, pet="Tom")
    assert crm_server.seen == []
    assert [(step.kind, step.source and step.source.is_called) for step in seen.steps][1] == ("source", False)
    assert seen.steps[2].message is not None and seen.steps[2].message.text == "Name: "
    seen = await tried(stage, source, pet="Tom")
    assert len(crm_server.seen) == 1
    assert seen.steps[1].source is not None and seen.steps[1].source.value == {"name": "Tom"}
    assert seen.steps[2].message is not None and seen.steps[2].message.text == "Name: Tom"


async def test_a_source_that_fails_fails_the_message_or_reads_as_null(stage: Stage, crm_server: WebServer) -> None:
    source = f"  - {{key: crm, url: '{crm_server.url}/broken', onFailure: fail, retries: 0}}"
    seen = await tried(stage, source)
    assert seen.error is not None
    assert (seen.state, seen.block, seen.error["type"]) == ("failed", "mail", "source-failed")
    seen = await tried(stage, source.replace("fail,", "'null',"))
    assert seen.state == "done"
    assert seen.steps[1].source is not None and "404" in (seen.steps[1].source.error or "")


async def test_sources_that_read_each_other_end_with_a_reason(stage: Stage, crm_server: WebServer) -> None:
    one = f"  - {{key: crm, url: '{crm_server.url}/x?$data.get(\"erp\")'}}"
    other = f"  - {{key: erp, url: '{crm_server.url}/y?$data.get(\"crm\")'}}"
    seen = await tried(stage, f"{one}\n{other}")
    assert seen.error is not None
    assert (seen.state, seen.error["type"]) == ("failed", "source-reads-itself")
    assert crm_server.seen == []
    seen = await tried(stage, f"{one}\n{other.replace('crm', 'pet')}".replace("key: pet", "key: erp"), pet="Tom")
    assert seen.state == "done"
    assert [step.source.name for step in seen.steps if step.source] == ["erp", "crm"]
