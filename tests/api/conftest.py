"""A real uvicorn server on loopback, and a signed-in client of a fresh project for each test."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from litestar import Litestar
from tests.api.desks import Desk, engine_of

from tearoff.actions import projects
from tearoff.api.app import create_app
from tearoff.api.server import configure
from tearoff.api.site import Site, open_site
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.engine.parts import Engine
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher


@pytest.fixture(scope="session")
async def site(db: Database) -> Site:
    return open_site(db=db, clock=Clock(), settings=Settings(), cipher=Cipher("a key that is long enough"))


@asynccontextmanager
async def serving(app: Litestar, configured: Callable[[Litestar], uvicorn.Config] = configure) -> AsyncIterator[str]:
    """The address of a running server."""
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it each POST takes 40 ms longer
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(configured(app))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await running


@pytest.fixture(scope="session")
async def base_url(site: Site) -> AsyncIterator[str]:
    """The address of the running server."""
    async with serving(create_app(site)) as url:
        yield url


async def key_for(db: Database, project: int, scope: str = "full") -> str:
    async with db.transaction() as tx:
        return await projects.create_key(tx, project_id=project, name=scope, scope=scope, now=Clock().now())


def signed_in(base_url: str, key: str, user: str = "anybody") -> aiohttp.ClientSession:
    """A client that signs in as the vendor's clients do: any user name, the key as password."""
    return aiohttp.ClientSession(base_url, headers={"Authorization": aiohttp.encode_basic_auth(user, key)})


@pytest.fixture
async def key(db: Database, project: int) -> str:
    """The value of a full key of the test's project."""
    return await key_for(db, project)


@pytest.fixture
async def http(base_url: str, key: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client signed in with `key`."""
    async with signed_in(base_url, key) as session:
        yield session


@pytest.fixture(scope="module")
async def engine(site: Site) -> AsyncIterator[Engine]:
    """The engine that carries out what the site took."""
    async with engine_of(site) as opened:
        yield opened


@pytest.fixture
async def desk(http: aiohttp.ClientSession, engine: Engine, project: int) -> Desk:
    """Somebody who imports codes into the pools of the test's project, which has one."""
    made = Desk(http, engine, project)
    await made.pool()
    return made
