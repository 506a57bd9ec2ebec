"""The Yespo / eSputnik dialect: one line a route."""

from tearoff.api.routing import Route
from tearoff.api.yespo import account, events

ROUTES = [
    Route("GET", "/api/v1/version", "any", account.version),
    Route("GET", "/api/v2/version", "any", account.version),
    Route("GET", "/api/v1/account/info", "any", account.info),
    Route("POST", "/api/v1/event", "events", events.accept, body_max=events.BODY_MAX),
    Route("POST", "/api/v2/event", "events", events.accept, body_max=events.BODY_MAX),
    Route("POST", "/api/v3/event", "events", events.accept_map, body_max=events.BODY_MAX),
]
