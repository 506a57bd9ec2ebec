"""The Yespo / eSputnik dialect: one line a route."""

from tearoff.api.routing import Route
from tearoff.api.yespo import account

ROUTES = [
    Route("GET", "/api/v1/version", "any", account.version),
    Route("GET", "/api/v2/version", "any", account.version),
    Route("GET", "/api/v1/account/info", "any", account.info),
]
