"""Routes that no key opens: what people do before they are signed in, and with their own session."""

from __future__ import annotations

from tearoff.api.rest import invitations, password_resets, projects, session
from tearoff.api.routing import Route

ROUTES = [
    Route("GET", "/v1/session", "session", session.get),
    Route("POST", "/v1/session", "open", session.create),
    Route("PATCH", "/v1/session", "session", session.change),
    Route("DELETE", "/v1/session", "session", session.remove, status=204),
    Route("PUT", "/v1/session/project", "session", session.open_project),
    Route("PUT", "/v1/session/password", "session", session.change_password),
    Route("POST", "/v1/projects", "installation", projects.create, status=201),
    Route("POST", "/v1/invitations/look", "open", invitations.look),
    Route("POST", "/v1/invitations/accept", "open", invitations.accept),
    Route("POST", "/v1/password-resets", "open", password_resets.create, status=202),
    Route("POST", "/v1/password-resets/accept", "open", password_resets.accept, status=204),
]
