"""The Maestra dialect: one line a route. What a key must cover depends on the operation, so the handlers ask."""

from tearoff.api.maestra import bulk, operations
from tearoff.api.routing import Route

ROUTES = [
    Route("POST", "/v3/operations/sync", "any", operations.sync, accepts="any"),
    Route("POST", "/v3/operations/async", "any", operations.asynchronous, accepts="any"),
    Route("POST", "/v3/operations/bulk", "any", bulk.take, body_max=bulk.BYTES_MAX, accepts="any"),
]
