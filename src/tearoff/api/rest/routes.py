"""Our own REST API: one line a route."""

from tearoff.api.rest import contacts, event_types, events, fields, keys
from tearoff.api.routing import Route

ROUTES = [
    Route("GET", "/v1/keys", "full", keys.list_keys),
    Route("POST", "/v1/keys", "full", keys.create, status=201),
    Route("POST", "/v1/keys/{key_id:int}/disable", "full", keys.disable, status=204),
    Route("POST", "/v1/events", "events", events.create, status=201, body_max=events.BODY_MAX),
    Route("GET", "/v1/events", "events", events.list_events),
    Route("GET", "/v1/events/{event_id:int}", "events", events.get),
    Route("GET", "/v1/event-types", "events", event_types.list_event_types),
    Route("GET", "/v1/event-types/{key:str}", "events", event_types.get),
    Route("PUT", "/v1/event-types/{key:str}", "full", event_types.put),
    Route("GET", "/v1/contacts", "contacts", contacts.list_contacts),
    Route("POST", "/v1/contacts", "contacts", contacts.upsert),
    Route("GET", "/v1/contacts/{contact_id:int}", "contacts", contacts.get),
    Route("PATCH", "/v1/contacts/{contact_id:int}", "contacts", contacts.change),
    Route("DELETE", "/v1/contacts/{contact_id:int}", "contacts", contacts.remove, status=204),
    Route("GET", "/v1/fields", "contacts", fields.list_fields),
    Route("POST", "/v1/fields", "full", fields.create, status=201),
    Route("GET", "/v1/fields/{ref:str}", "contacts", fields.get),
    Route("PATCH", "/v1/fields/{ref:str}", "full", fields.change),
    Route("DELETE", "/v1/fields/{ref:str}", "full", fields.remove, status=204),
]
