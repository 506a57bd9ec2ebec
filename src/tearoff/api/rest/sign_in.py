"""Routes that no key opens: what people do before they are signed in, and with their own session."""

from __future__ import annotations

from tearoff.api.rest import invitations, password_resets, projects, session
from tearoff.api.routing import Route
from tearoff.errors import Forbidden, NotFound, Throttled, Unauthorized

ROUTES = [
    Route("GET", "/v1/session", "session", session.get),
    Route(
        "POST",
        "/v1/session",
        "open",
        session.create,
        raises=(
            Unauthorized,
            Forbidden,
            Throttled,
        ),
    ),
    Route("PATCH", "/v1/session", "session", session.change),
    Route("DELETE", "/v1/session", "session", session.remove, status=204),
    Route("PUT", "/v1/session/project", "session", session.open_project, raises=(NotFound,)),
    Route("PUT", "/v1/session/password", "session", session.change_password, raises=(Throttled,)),
    Route("POST", "/v1/projects", "installation", projects.create, status=201),
    Route("POST", "/v1/invitations/look", "open", invitations.look, raises=(NotFound,)),
    Route(
        "POST",
        "/v1/invitations/accept",
        "open",
        invitations.accept,
        raises=(
            Unauthorized,
            Forbidden,
            NotFound,
            Throttled,
        ),
    ),
    Route(
        "POST",
        "/v1/password-resets",
        "open",
        password_resets.create,
        status=202,
        raises=(
            Forbidden,
            Throttled,
        ),
    ),
    Route(
        "POST",
        "/v1/password-resets/accept",
        "open",
        password_resets.accept,
        status=204,
        raises=(
            Forbidden,
            NotFound,
        ),
    ),
]
