"""Signing in to the console over REST: the session is a cookie that scripts cannot read, and a token that they send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from tearoff.actions import people as person_actions
from tearoff.actions import sessions as actions
from tearoff.actions.sessions import PROJECTS_MAX, Opened
from tearoff.api.auth import COOKIE, limits_of, refuse_other_sites
from tearoff.api.site import Site
from tearoff.domain.passwords import LENGTH_MAX
from tearoff.domain.people import EMAIL_MAX, Role
from tearoff.domain.sessions import Open, Visit
from tearoff.errors import Invalid, Problem, Unauthorized, Unreadable
from tearoff.store import people, sessions
from tearoff.store.db import Tx

Asked = Request[Any, Any, Any]


class SignedInView(msgspec.Struct, rename="camel"):
    """Who is signed in."""

    id: int
    email: str
    name: str
    language: str
    is_administrator: bool


class OpenView(msgspec.Struct, rename="camel"):
    """A project that the person may open."""

    id: int
    name: str
    time_zone: str
    role: Role


class SessionView(msgspec.Struct, rename="camel"):
    """The session; `csrf_token` goes into the header X-CSRF-Token of everything but GET."""

    person: SignedInView
    project: OpenView | None
    projects: list[OpenView]
    role: Role | None
    may_reveal: bool
    may_export: bool
    csrf_token: str
    must_change_password: bool


class SignInBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Who wants to sign in."""

    email: str
    password: str


class SelfChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What a person changes about themselves."""

    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET


class ProjectChoice(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The project to open."""

    project_id: int


class PasswordChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A new password, and the proof that its owner asks."""

    old: str
    new: str


async def get(request: Asked) -> SessionView:
    """Who is signed in, what they may do, and the token for writes; 401 when nobody is."""
    site: Site = request.app.state.site
    visit: Visit = request.scope["user"]
    now = site.clock.now()
    async with site.db.transaction() as tx:
        if visit.role is None and await actions.open_any(tx, visit, now=now):
            visit = await _fresh(tx, site, visit, now)
        return await view(tx, visit)


async def create(request: Asked, data: JSONBody[SignInBody]) -> Response[SessionView]:
    """Sign in. The session that this browser had before ends: nobody can plant one."""
    refuse_other_sites(request)
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Unreadable(request.headers.get("content-type", ""))
    if len(data.email) > EMAIL_MAX or len(data.password) > LENGTH_MAX or "\0" in data.email:
        raise Unauthorized(actions.WRONG)
    site: Site = request.app.state.site
    opened = await actions.sign_in(
        site.db,
        site.passwords,
        email=data.email,
        password=data.password,
        address=address_of(request),
        left=request.cookies.get(COOKIE),
        limits=limits_of(site),
        now=site.clock.now(),
    )
    return await answer(request, opened)


async def change(request: Asked, data: JSONBody[SelfChange]) -> SessionView:
    """Change one's own name and language."""
    site: Site = request.app.state.site
    visit: Visit = request.scope["user"]
    now = site.clock.now()
    async with site.db.transaction() as tx:
        person = await people.get(tx, person_id=visit.person_id)
        await person_actions.change_person(
            tx,
            person,
            name=person.name if isinstance(data.name, UnsetType) else data.name,
            language=person.language if isinstance(data.language, UnsetType) else data.language,
            is_administrator=person.is_administrator,
            is_disabled=False,
            now=now,
        )
        return await view(tx, await _fresh(tx, site, visit, now))


async def remove(request: Asked) -> Response[None]:
    """Sign out."""
    site: Site = request.app.state.site
    async with site.db.transaction() as tx:
        await actions.sign_out(tx, request.scope["user"])
    return Response(None, status_code=204, cookies=[_cookie(request, "", 0)])


async def open_project(request: Asked, data: JSONBody[ProjectChoice]) -> SessionView:
    """Open another project in this browser."""
    site: Site = request.app.state.site
    visit: Visit = request.scope["user"]
    now = site.clock.now()
    async with site.db.transaction() as tx:
        await actions.open_project(tx, visit, project_id=data.project_id, now=now)
        return await view(tx, await _fresh(tx, site, visit, now))


async def change_password(request: Asked, data: JSONBody[PasswordChange]) -> Response[SessionView]:
    """Change one's own password: this session gets a new cookie, and all others of the person end."""
    if len(data.old) > LENGTH_MAX:
        raise Invalid(Problem("/old", "This is not the password."))
    site: Site = request.app.state.site
    opened = await actions.change_password(
        site.db,
        site.passwords,
        request.scope["user"],
        old=data.old,
        new=data.new,
        address=address_of(request),
        limits=limits_of(site),
        now=site.clock.now(),
    )
    return await answer(request, opened)


async def answer(request: Asked, opened: Opened) -> Response[SessionView]:
    """A new session, with its cookie."""
    site: Site = request.app.state.site
    async with site.db.transaction() as tx:
        body = await view(tx, opened.visit)
    seconds = int(site.settings.session_whole.total_seconds())
    return Response(body, cookies=[_cookie(request, opened.token, seconds)])


async def view(tx: Tx, visit: Visit) -> SessionView:
    """A session as the API shows it."""
    projects = [
        _project(one) for one in await people.list_open_projects(tx, person_id=visit.person_id, limit=PROJECTS_MAX)
    ]
    return SessionView(
        person=SignedInView(visit.person_id, visit.email, visit.name, visit.language, visit.is_administrator),
        project=next((one for one in projects if one.id == visit.project_id), None),
        projects=projects,
        role=visit.role,
        may_reveal=visit.may_reveal,
        may_export=visit.may_export,
        csrf_token=visit.csrf_token,
        must_change_password=visit.is_password_temporary,
    )


async def _fresh(tx: Tx, site: Site, visit: Visit, now: datetime) -> Visit:
    """The session as it is after a change in the same transaction."""
    found = await sessions.find(tx, hash=visit.session_hash, now=now, idle_since=now - site.settings.session_idle)
    return found or visit


def address_of(request: Asked) -> str:
    """The address that the request came from; behind a proxy on this machine, the one that it names."""
    return request.client.host if request.client else ""


def is_secure(request: Asked) -> bool:
    """Whether the browser came over HTTPS, so that its cookie must not leave it otherwise."""
    if request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").startswith("https"):
        return True
    public = request.app.state.site.settings.public_url or ""
    return public.startswith("https://") and public.split("/")[2] == request.headers.get("host")


def _cookie(request: Asked, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def _project(one: Open) -> OpenView:
    return OpenView(one.project_id, one.name, one.time_zone, one.role)
