"""A new password for who forgot theirs. Whoever asks hears the same, so that nobody learns who has an account."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.params import JSONBody

from tearoff.actions import password_resets as actions
from tearoff.actions.password_resets import Wanted
from tearoff.api import letters
from tearoff.api.auth import refuse_other_sites
from tearoff.api.pages import Id
from tearoff.api.rest.audit import note
from tearoff.api.rest.invitations import address_for_links
from tearoff.api.rest.session import address_of
from tearoff.api.site import Caller, Site
from tearoff.domain.letters import RESET, written
from tearoff.domain.people import EMAIL_MAX, Member
from tearoff.errors import Forbidden
from tearoff.logs import get_logger
from tearoff.store import memberships, people

LOG = get_logger("letters")
PAGE = "/new-password"
Asked = Request[Any, Any, Any]


class ResetBody(msgspec.Struct, forbid_unknown_fields=True):
    """Who forgot their password."""

    email: str


class NewPasswordBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of a link, and the new password."""

    token: str
    password: str


class ResetMade(msgspec.Struct, rename="camel"):
    """A link for another person. It is set where it could not be mailed: pass it on; it is shown only now."""

    is_mailed: bool
    link: str | None


async def create(request: Asked, data: JSONBody[ResetBody]) -> Response[bytes]:
    """Have a link mailed. The answer is the same and comes at once, whoever is asked for."""
    refuse_other_sites(request)
    site: Site = request.app.state.site
    async with site.db.transaction() as tx:
        await actions.admit(tx, address=address_of(request), now=site.clock.now())
    asked = BackgroundTask(send, site, data.email) if len(data.email) <= EMAIL_MAX and "\0" not in data.email else None
    return Response(b"", status_code=202, media_type=MediaType.TEXT, background=asked)


async def accept(request: Asked, data: JSONBody[NewPasswordBody]) -> None:
    """Set the password; then sign in with it. A link works once, for an hour."""
    refuse_other_sites(request)
    site: Site = request.app.state.site
    await actions.accept(
        site.db,
        site.passwords,
        token=data.token,
        password=data.password,
        address=address_of(request),
        now=site.clock.now(),
    )


async def create_for(call: Caller, request: Asked, person_id: Id) -> ResetMade:
    """A link for another person, mailed or shown to the administrator who asks."""
    async with call.site.db.transaction() as tx:
        found = await memberships.get(tx, project_id=call.project_id, person_id=person_id)
        if not isinstance(call.actor, Member) or not call.actor.is_administrator:
            raise Forbidden("Only an administrator does this: a link opens the account in every project.")
        person = await people.get(tx, person_id=found.person_id)
        wanted = await actions.make(tx, person, now=call.now)
        await note(tx, call, "password", person.email, changed=person_id)
    base = address_for_links(request)
    is_mailed = await _post(call.site, wanted, base)
    return ResetMade(is_mailed, None if is_mailed else _link(base, wanted))


async def send(site: Site, email: str) -> None:
    """Mail a link to who has this email. Its address is the operator's word and never the caller's."""
    async with site.db.transaction() as tx:
        wanted = await actions.ask(tx, email=email, now=site.clock.now())
    if wanted is None:
        return
    base = site.settings.public_url
    if base is None or not await _post(site, wanted, base.rstrip("/")):
        reason = "no TEAROFF_PUBLIC_URL" if base is None else "no email channel that may carry it"
        LOG.warning("password_reset_not_mailed", person_id=wanted.person.person_id, reason=reason)


async def _post(site: Site, wanted: Wanted, base: str) -> bool:
    if wanted.project_id is None:
        return False
    person = wanted.person
    letter = written(RESET, person.language, email=person.email, link=_link(base, wanted))
    now = site.clock.now()
    return await letters.post(site, project_id=wanted.project_id, recipient=person.email, letter=letter, now=now)


def _link(base: str, wanted: Wanted) -> str:
    return f"{base}{PAGE}#{wanted.token}"
