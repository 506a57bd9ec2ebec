"""The Yespo / eSputnik dialect: one line a route."""

from tearoff.api.routing import Route
from tearoff.api.yespo import account, contact_imports, contacts, events, messages, promocodes, workflows

ROUTES = [
    Route("GET", "/api/v1/version", "any", account.version),
    Route("GET", "/api/v2/version", "any", account.version),
    Route("GET", "/api/v1/account/info", "any", account.info),
    Route("POST", "/api/v1/event", "events", events.accept, body_max=events.BODY_MAX),
    Route("POST", "/api/v2/event", "events", events.accept, body_max=events.BODY_MAX),
    Route("POST", "/api/v3/event", "events", events.accept_map, body_max=events.BODY_MAX),
    Route("POST", "/api/v1/contact", "contacts", contacts.upsert),
    Route("DELETE", "/api/v1/contact", "contacts", contacts.remove_by_external_id),
    Route("POST", "/api/v1/contact/subscribe", "contacts", contacts.subscribe),
    Route("GET", "/api/v1/contact/{contact_id:str}", "contacts", contacts.get),
    Route("PUT", "/api/v1/contact/{contact_id:str}", "contacts", contacts.change),
    Route("DELETE", "/api/v1/contact/{contact_id:str}", "contacts", contacts.remove),
    Route("GET", "/api/v1/contacts", "contacts", contacts.search),
    Route("POST", "/api/v1/contacts", "contacts", contact_imports.add, body_max=contact_imports.BODY_MAX),
    Route("GET", "/api/v1/importstatus/{session_id:str}", "contacts", contact_imports.status),
    Route("GET", "/api/v1/addressbooks", "contacts", contacts.address_books),
    Route(
        "POST", "/api/v1/message/{message_id:str}/smartsend", "messages", messages.smartsend, body_max=messages.BODY_MAX
    ),
    Route("GET", "/api/v1/message/status", "messages", messages.status),
    Route("GET", "/api/v1/workflows", "full", workflows.list_workflows),
    Route("POST", "/api/v1/promocodes", "codes", promocodes.upload, body_max=promocodes.FILE_BYTES_MAX, accepts="any"),
    Route("GET", "/api/v1/promocodes", "reveal", promocodes.list_codes),
    Route("GET", "/api/v1/promocodes/count", "codes", promocodes.count),
]
