"""Servers that receive what the console makes the installation send, on a loop of their own beside the browser."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.acceptance.receivers import Receivers
from tests.console.conftest import Console

PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 0.1


@contextmanager
def receiving() -> Iterator[Receivers]:
    """Receivers that listen until the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    receivers = Receivers()
    asyncio.run_coroutine_threadsafe(receivers.start(), loop).result()
    yield receivers
    asyncio.run_coroutine_threadsafe(receivers.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def eventually(look: Callable[[], Any]) -> Any:
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()) and time.monotonic() < end:
        time.sleep(PAUSE_SECONDS)
    assert found, "it did not come"
    return found


def open_shop(console: Console, receivers: Receivers) -> None:
    """A pool with three codes, a mail and a workflow that sends one for each birthday."""
    for channel in receivers.channels():
        console.api("POST", "/v1/channels", channel)
    console.api("POST", "/v1/pools", {"key": "gift", "type": "gift", "name": "Gifts", "description": "Gifts"})
    console.api("POST", "/v1/pools/gift/launch", {})
    rows = "\n".join(f"GIFT-{n:04}-AAAA,2036-12-31T23:59,10,gift,false" for n in range(3))
    console.api("POST", "/v1/pools/gift/imports", {"text": f"code,expirationDate,discount,type,inUse\n{rows}"})
    texts = {"subject": "Hello $!data.get('firstName')", "text": "Your code: $!data.get('promocode')"}
    mail = {"key": "birthday-mail", "name": "Birthday mail", "medium": "email", "channel": "mail"}
    console.api("POST", "/v1/messages", mail | {"languages": {"en": texts}})
    blocks = {
        "start": {"kind": "start", "eventType": "birthday", "exits": {"next": "contact"}},
        "contact": {"kind": "getContact", "email": "${email}", "create": True, "exits": {"next": "code"}},
        "code": {"kind": "getPromoCode", "type": "gift", "exits": {"found": "mail"}},
        "mail": {"kind": "message", "message": "birthday-mail", "exits": {"next": "end"}},
        "end": {"kind": "end"},
    }
    console.api("POST", "/v1/workflows", {"key": "birthday", "name": "Birthday", "blocks": blocks})
    console.api("POST", "/v1/workflows/birthday/publish", {})
    eventually(lambda: console.api("GET", "/v1/pools/gift/stock")["available"] == 3)


def celebrate(console: Console, address: str) -> int:
    """A birthday of the person at this address; the id of its event."""
    person = {"firstName": "Alice", "lastName": "Liddell", "locators": [{"kind": "email", "value": address}]}
    console.api("POST", "/v1/contacts", person)
    event = {"eventType": "birthday", "params": {"email": address, "order": {"items": ["tea", "cake"]}}}
    return int(console.api("POST", "/v1/events", event)["id"])
