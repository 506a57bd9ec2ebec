"""People of tests, and browsers that keep a cookie and send the token of their session."""

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from tearoff.actions import people
from tearoff.actions.people import Joining, NewPerson
from tearoff.api.auth import COOKIE
from tearoff.clock import Clock
from tearoff.domain.passwords import hash_of
from tearoff.store.db import Database

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_of(PASSWORD)
NUMBERS = itertools.count(1)


class Browser:
    """What a person signs in with."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http, self.csrf = http, ""

    @property
    def cookie(self) -> str:
        """What the session's cookie holds."""
        return next((one.value for one in self.http.cookie_jar if one.key == COOKIE), "")

    async def sign_in(self, email: str, password: str = PASSWORD, **headers: str) -> aiohttp.ClientResponse:
        """Sign in; the token is learned where it works."""
        body = {"email": email, "password": password}
        answer = await self.http.post("/v1/session", json=body, headers=headers)
        if answer.status == 200:
            self.learn(await answer.json())
        return answer

    def learn(self, session: dict[str, Any]) -> None:
        """Take the token of a session."""
        self.csrf = session["csrfToken"]

    async def request(self, method: str, path: str, **more: Any) -> aiohttp.ClientResponse:
        """A request as the console makes it."""
        headers = {"X-CSRF-Token": self.csrf, **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def get(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Read."""
        return await self.request("GET", path, **more)

    async def post(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Write."""
        return await self.request("POST", path, **more)

    async def put(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Replace."""
        return await self.request("PUT", path, **more)

    async def patch(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Change."""
        return await self.request("PATCH", path, **more)

    async def delete(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Take away."""
        return await self.request("DELETE", path, **more)


@asynccontextmanager
async def browser_of(base_url: str, cookie: str = "") -> AsyncIterator[Browser]:
    """A browser, with a cookie that somebody planted in it."""
    jar = aiohttp.CookieJar(unsafe=True)
    if cookie:
        jar.update_cookies({COOKIE: cookie}, URL(base_url))
    async with aiohttp.ClientSession(base_url, cookie_jar=jar) as http:
        yield Browser(http)


async def person_for(
    db: Database,
    project: int | None,
    role: Any,
    *,
    may_reveal: bool | None = None,
    may_export: bool | None = None,
    is_password_temporary: bool = False,
    is_administrator: bool = False,
) -> str:
    """The email of a new person with a role in the project; an owner has both rights unless told otherwise."""
    email = f"person-{os.getpid()}-{next(NUMBERS)}@x.test"
    wanted = NewPerson(
        email=email,
        password_hash=PASSWORD_HASH,
        is_password_temporary=is_password_temporary,
        is_administrator=is_administrator,
    )
    is_owner = role == "owner"
    joining = Joining(
        role=role,
        may_reveal=is_owner if may_reveal is None else may_reveal,
        may_export=is_owner if may_export is None else may_export,
    )
    now = Clock().now()
    async with db.transaction() as tx:
        person_id = await people.add(tx, wanted, now=now)
        if project is not None:
            await people.join(tx, project_id=project, person_id=person_id, joining=joining, now=now)
    return email
