"""Our own REST API: one line a route."""

from tearoff.api.rest import keys
from tearoff.api.routing import Route

ROUTES = [
    Route("GET", "/v1/keys", "full", keys.list_keys),
    Route("POST", "/v1/keys", "full", keys.create, status=201),
    Route("POST", "/v1/keys/{key_id:int}/disable", "full", keys.disable, status=204),
]
