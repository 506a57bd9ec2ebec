"""Routes that no key opens: what people do before they are signed in, and with their own session."""

from __future__ import annotations

from tearoff.api.rest import session
from tearoff.api.routing import Route

ROUTES = [
    Route("GET", "/v1/session", "session", session.get),
    Route("POST", "/v1/session", "open", session.create),
    Route("DELETE", "/v1/session", "session", session.remove, status=204),
    Route("PUT", "/v1/session/project", "session", session.open_project),
    Route("PUT", "/v1/session/password", "session", session.change_password),
]
