"""Who receives what a shop sends: a mail server, an SMS gateway, Firebase, and the shop's own server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from tests.channels.certificates import service_account
from tests.channels.smtp_server import SmtpServer
from tests.channels.web_server import Seen, WebServer

GATEWAY_TOKEN = "gateway secret"
CRM_TOKEN = "crm secret"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Receivers:
    """Real servers on loopback that keep what they were given."""

    def __init__(self) -> None:
        self.smtp = SmtpServer()
        self.gateway = WebServer(take_sms)
        self.firebase = WebServer(take_push)
        self.own = WebServer(self.serve)
        self.failing = 0

    async def start(self) -> None:
        """Listen on free ports."""
        for server in (self.smtp, self.gateway, self.firebase, self.own):
            await server.start()

    async def stop(self) -> None:
        """Stop listening."""
        for server in (self.smtp, self.gateway, self.firebase, self.own):
            await server.stop()

    def mails(self, address: str) -> list[str]:
        """The plain texts that an address got."""
        return [mail.get_content().strip() for mail in self.smtp.mails if mail["To"] == address]

    def texts(self, number: str) -> list[str]:
        """The SMS that a number got."""
        return [sms["text"] for sms in bodies(self.gateway.seen) if sms["to"] == number]

    def pushes(self, token: str) -> list[dict[str, Any]]:
        """The messages that a device got."""
        sent = [seen for seen in self.firebase.seen if seen.path.endswith("/messages:send")]
        return [body["message"] for body in bodies(sent) if body["message"]["token"] == token]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The shop's own server: knows its customers, asks for its token, and fails while `failing` says so."""
        if request.headers.get("Authorization") != f"Bearer {CRM_TOKEN}":
            return web.json_response({"error": "who are you?"}, status=401)
        if self.failing:
            return web.json_response({"error": "broken"}, status=self.failing)
        return web.json_response({"shop": {"name": "Corner Shop", "opens": ["9:00", "10:00"]}})

    def channels(self) -> list[dict[str, Any]]:
        """The definitions of the channels that lead here."""
        settings = {"host": "127.0.0.1", "port": self.smtp.port, "tls": "none", "sender": "Shop <shop@example.test>"}
        gateway = {"preset": "generic", "url": f"{self.gateway.url}/messages", "sender": "SHOP"}
        firebase = {"endpoint": self.firebase.url, "tokenUrl": f"{self.firebase.url}/token"}
        return [
            {"key": "mail", "kind": "email", "medium": "email", "settings": settings},
            {
                "key": "sms",
                "kind": "sms_http",
                "medium": "sms",
                "settings": gateway,
                "secrets": {"token": GATEWAY_TOKEN},
            },
            {
                "key": "push",
                "kind": "fcm",
                "medium": "mobilepush",
                "settings": firebase,
                "secrets": {"serviceAccount": service_account()},
            },
        ]


def bodies(seen: list[Seen]) -> list[Any]:
    """The JSON of requests."""
    return [json.loads(one.body) for one in seen if one.method == "POST"]


async def take_sms(request: web.Request) -> web.StreamResponse:
    """A gateway that takes every SMS from who knows its token."""
    if request.headers.get("Authorization") != f"Bearer {GATEWAY_TOKEN}":
        return web.Response(status=401)
    return web.json_response({"id": request.headers["Idempotency-Key"]})


async def take_push(request: web.Request) -> web.StreamResponse:
    """Google's token endpoint, and Firebase behind it."""
    if request.path == "/token":
        asked = parse_qs(await request.text())
        assert asked["grant_type"] == [JWT_GRANT] and asked["assertion"]
        return web.json_response({"access_token": "google's own", "expires_in": 3600})
    if request.headers.get("Authorization") != "Bearer google's own":
        return web.json_response({"error": {"status": "UNAUTHENTICATED"}}, status=401)
    return web.json_response({"name": "projects/demo/messages/1"})
