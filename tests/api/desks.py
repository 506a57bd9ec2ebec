"""Somebody who imports codes over REST, with an engine that carries the imports out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from tests.stock import books

from tearoff.api.site import Site
from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.config import Settings
from tearoff.engine import importer
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.parts import Engine
from tearoff.engine.versions import Versions


@asynccontextmanager
async def engine_of(site: Site) -> AsyncIterator[Engine]:
    """The engine beside the site that answers the tests."""
    http = Http(("127.0.0.1",))
    channels = OpenChannels(cipher=site.cipher, http=http, clock=site.clock)
    yield Engine(
        db=site.db,
        clock=site.clock,
        settings=Settings(),
        cipher=site.cipher,
        http=http,
        sources=Sources(http),
        channels=channels,
        versions=Versions(),
    )
    await http.close()


class Desk:
    """Somebody who imports codes into the pools of one project."""

    def __init__(self, http: aiohttp.ClientSession, engine: Engine, project: int) -> None:
        self.http, self.engine, self.project = http, engine, project

    async def ask(self, method, path, status=200, **more):
        answer = await self.http.request(method, path, **more)
        assert answer.status == status, (answer.status, await answer.text())
        return await answer.json(content_type=None) if await answer.read() else dict(answer.headers)

    async def pool(self, key="summer", **more):
        return await self.ask("POST", "/v1/pools", 201, json={"key": key, "type": key, "description": "x", **more})

    async def send(self, body, pool="summer", status=202, kind="text/csv", **query):
        return await self.ask(
            "POST",
            f"/v1/pools/{pool}/imports",
            status,
            data=body.encode() if isinstance(body, str) else body,
            headers={"Content-Type": kind} if kind else {},
            params=query,
        )

    async def work(self):
        while await importer.turn(self.engine, self.project, self.engine.clock.now()):
            pass

    async def run(self, body, pool="summer", **query):
        """Send a file and let it be imported; gives the task."""
        task = await self.send(body, pool, **query)
        assert task["state"] == "waiting"
        await self.work()
        return await self.ask("GET", f"/v1/tasks/{task['id']}")

    async def report(self, body, pool="summer", **query):
        task = await self.run(body, pool, **query)
        assert task["state"] == "done", task
        return task["report"]

    async def rejects(self, task_id):
        text = await (await self.http.get(f"/v1/tasks/{task_id}/rejects.csv")).text()
        return [line.split(",", 2) for line in text.splitlines()[1:]]

    async def books(self, pool="summer"):
        return await books(self.engine.db, self.project, pool)

    async def story(self, code):
        return await self.ask("GET", f"/v1/codes/{code}")

    async def claim(self, key, pool="summer"):
        return (await self.ask("POST", "/v1/claims", 201, json={"key": key, "pool": pool}))["codes"][0]["code"]
