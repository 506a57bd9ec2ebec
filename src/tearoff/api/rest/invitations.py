"""Invitations over REST: made by owners, mailed where the project has an email channel, accepted by their link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody

from tearoff.actions import invitations as actions
from tearoff.actions.invitations import Acceptance
from tearoff.actions.people import Joining
from tearoff.api import letters
from tearoff.api.auth import limits_of, refuse_other_sites
from tearoff.api.pages import After, Id, Limit, next_page
from tearoff.api.rest.audit import note
from tearoff.api.rest.session import SessionView, address_of, answer
from tearoff.api.site import Caller, Site
from tearoff.domain.letters import INVITATION, LANGUAGES, written
from tearoff.domain.people import Role
from tearoff.domain.sessions import Visit
from tearoff.store import invitations as store
from tearoff.store import projects
from tearoff.store.invitations import Invitation

PAGE = "/invitation"
Asked = Request[Any, Any, Any]


class InvitationView(msgspec.Struct, rename="camel", kw_only=True):
    """Who was asked to be what; neither accepted nor revoked, but perhaps over."""

    id: int
    email: str
    role: Role
    may_reveal: bool
    may_export: bool
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


class InvitationPage(msgspec.Struct):
    """Invitations, the newest first."""

    items: list[InvitationView]
    next: str | None


class InvitationBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Whom to ask, and what they are to be."""

    email: str
    role: Role
    may_reveal: bool = False
    may_export: bool = False


class InvitationMade(msgspec.Struct, rename="camel"):
    """A new invitation. `link` is set where it could not be mailed: pass it on; it is shown only now."""

    id: int
    email: str
    expires_at: datetime
    is_mailed: bool
    link: str | None


class TokenBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of a link."""

    token: str


class InvitationLook(msgspec.Struct, rename="camel"):
    """What a link is about; `is_known`: the email has a password here already, which accepting asks for."""

    email: str
    project: str
    role: Role
    invited_by: str
    expires_at: datetime
    is_known: bool


class AcceptanceBody(msgspec.Struct, forbid_unknown_fields=True):
    """The token of a link, and a new password, or that of who is known here."""

    token: str
    password: str
    name: str = ""
    language: str = "en"


async def list_invitations(call: Caller, limit: Limit = 100, after: After = None) -> InvitationPage:
    """What was sent out and is not accepted."""
    async with call.site.db.transaction() as tx:
        found = await store.list_page(tx, project_id=call.project_id, before=after, limit=limit)
    return InvitationPage(
        [view(one, call.now) for one in found], next_page([one.invitation_id for one in found], limit)
    )


async def create(call: Caller, request: Asked, data: JSONBody[InvitationBody]) -> InvitationMade:
    """Ask somebody to join; a mail goes out, or the answer holds the link."""
    joining = Joining(role=data.role, may_reveal=data.may_reveal, may_export=data.may_export)
    async with call.site.db.transaction() as tx:
        made = await actions.invite(
            tx, project_id=call.project_id, email=data.email, joining=joining, by=call.actor.name, now=call.now
        )
        project = await projects.get(tx, project_id=call.project_id)
        await note(tx, call, "invite", data.email, role=data.role, invitationId=made.invitation_id)
    link = f"{address_for_links(request)}{PAGE}#{made.token}"
    visit: Visit | None = request.scope.get("user")
    letter = written(
        INVITATION,
        visit.language if visit else LANGUAGES[0],
        project=project.name,
        inviter=call.actor.name,
        link=link,
    )
    is_mailed = await letters.post(
        call.site, project_id=call.project_id, recipient=data.email.strip(), letter=letter, now=call.now
    )
    return InvitationMade(made.invitation_id, data.email, made.expires_at, is_mailed, None if is_mailed else link)


async def remove(call: Caller, invitation_id: Id) -> None:
    """Let the link open nothing any more."""
    async with call.site.db.transaction() as tx:
        await actions.revoke(tx, project_id=call.project_id, invitation_id=invitation_id, now=call.now)
        await note(tx, call, "invite", str(invitation_id), revoked=True)


async def look(request: Asked, data: JSONBody[TokenBody]) -> InvitationLook:
    """What an invitation is about, before it is accepted; 404 when it is not open any more."""
    site: Site = request.app.state.site
    async with site.db.transaction() as tx:
        found, person = await actions.find(tx, token=data.token, now=site.clock.now())
        project = await projects.get(tx, project_id=found.project_id)
    return InvitationLook(found.email, project.name, found.role, found.invited_by, found.expires_at, person is not None)


async def accept(request: Asked, data: JSONBody[AcceptanceBody]) -> Response[SessionView]:
    """Join the project and sign in; an invitation is accepted once."""
    refuse_other_sites(request)
    site: Site = request.app.state.site
    said = Acceptance(token=data.token, password=data.password, name=data.name, language=data.language)
    opened = await actions.accept(
        site.db, site.passwords, said, address=address_of(request), limits=limits_of(site), now=site.clock.now()
    )
    return await answer(request, opened)


def address_for_links(request: Asked) -> str:
    """Where the console is reached; without TEAROFF_PUBLIC_URL, as the caller reached it."""
    public = request.app.state.site.settings.public_url
    return (public or str(request.base_url)).rstrip("/")


def view(one: Invitation, now: datetime) -> InvitationView:
    """An invitation as the API shows it."""
    return InvitationView(
        id=one.invitation_id,
        email=one.email,
        role=one.role,
        may_reveal=one.may_reveal,
        may_export=one.may_export,
        invited_by=one.invited_by,
        created_at=one.created_at,
        expires_at=one.expires_at,
        is_expired=one.expires_at <= now,
    )
