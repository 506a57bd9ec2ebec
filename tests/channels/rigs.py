"""For each kind of channel a real other side, and items that it takes, puts off, refuses or loses."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs

from aiohttp import web
from tests.channels.certificates import service_account
from tests.channels.smtp_server import SmtpServer
from tests.channels.web_server import WebServer, hang_up

from tearoff.channels import registry
from tearoff.channels.contract import Channel
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.domain.deliveries import Content, EmailContent, Kind, Outcome, Outgoing, PushContent, SmsContent

Mood = Literal["fine", "busy", "nobody", "lost"]
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ALLOWED = ("127.0.0.1",)


def outgoing(kind: Kind, n: int, recipient: str, content: Content) -> Outgoing:
    return Outgoing(
        delivery_id=n,
        kind=kind,
        recipient=recipient,
        message_id=f"<{n}@shop.example.test>",
        key=f"run-{n}",
        content=content,
        created_at=AT,
    )


class Rig(ABC):
    """One kind with its other side."""

    kind: Kind
    can_fail = True

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.secrets: dict[str, str] = {}
        self.tokens: list[str] = []
        self.http = Http(ALLOWED)
        self.clock = Clock()

    def open(self, **changes: Any) -> Channel:
        return registry.open(self.kind, {**self.settings, **changes}, self.secrets, http=self.http, clock=self.clock)

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    def item(self, n: int, mood: Mood = "fine") -> Outgoing: ...

    @abstractmethod
    def received(self) -> list[int]:
        """The numbers of the items that the other side took, whether it said so or not."""


class EmailRig(Rig):
    kind: Kind = "email"

    async def start(self) -> None:
        self.server = getattr(self, "server", None) or SmtpServer()
        await self.server.start()
        self.settings = {"host": "127.0.0.1", "port": self.server.port, "tls": "none", "timeoutSeconds": 2}

    async def stop(self) -> None:
        await self.server.stop()

    def item(self, n: int, mood: Mood = "fine") -> Outgoing:
        content = EmailContent(subject=f"Code {n}", text="Привет", html="<p>Привет</p>", sender="Shop <s@example.test>")
        return outgoing(self.kind, n, f"{mood}-{n}@example.test", content)

    def received(self) -> list[int]:
        return [int(mail["Message-ID"][1:].partition("@")[0]) for mail in self.server.mails]


class WebRig(Rig):
    """A kind whose other side speaks HTTP."""

    async def start(self) -> None:
        self.server = getattr(self, "server", None) or WebServer(self.answer)
        await self.server.start()
        self.set_up()

    async def stop(self) -> None:
        await self.server.stop()

    @abstractmethod
    def set_up(self) -> None: ...

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse: ...


class SmsRig(WebRig):
    kind: Kind = "sms_http"

    def set_up(self) -> None:
        self.settings = {"preset": "generic", "url": f"{self.server.url}/messages", "sender": "SHOP"}
        self.secrets = {"token": "s3cret"}

    def item(self, n: int, mood: Mood = "fine") -> Outgoing:
        return outgoing(self.kind, n, f"+38050{n:07}", SmsContent(text=f'{mood}\n"Привет" \\ & {n}'))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(status=405)
        assert request.headers["Authorization"] == "Bearer s3cret"
        mood = (await request.json())["text"].partition("\n")[0]
        if mood == "lost":
            return hang_up(request)
        if mood != "fine":
            return web.Response(status={"busy": 429, "nobody": 400}[mood], text=mood)
        return web.json_response({"id": request.headers["Idempotency-Key"]})

    def received(self) -> list[int]:
        texts = [json.loads(seen.body)["text"] for seen in self.server.seen if seen.method == "POST"]
        return [int(text.split()[-1]) for text in texts if text.startswith(("fine", "lost"))]


class FcmRig(WebRig):
    kind: Kind = "fcm"

    def set_up(self) -> None:
        self.settings = {"endpoint": self.server.url, "tokenUrl": f"{self.server.url}/token"}
        self.secrets = {"serviceAccount": service_account()}

    def item(self, n: int, mood: Mood = "fine") -> Outgoing:
        return outgoing(
            self.kind, n, f"{mood}:{n}", PushContent(title="Привет", text=str(n), link="https://s.example/")
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            assert parse_qs(await request.text())["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            self.tokens.append(f"access-{len(self.tokens) + 1}")
            return web.json_response({"access_token": self.tokens[-1], "expires_in": 3600})
        if request.headers["Authorization"] != f"Bearer {self.tokens[-1]}":
            return web.json_response({"error": {"status": "UNAUTHENTICATED", "message": "no"}}, status=401)
        message = (await request.json())["message"]
        mood = message.get("token", "fine").partition(":")[0]
        if mood == "lost":
            return hang_up(request)
        if mood != "fine":
            status, code = {"busy": (429, "QUOTA_EXCEEDED"), "nobody": (404, "UNREGISTERED")}[mood]
            error = {"code": status, "message": "no", "details": [{"@type": "FcmError", "errorCode": code}]}
            return web.json_response({"error": error}, status=status)
        return web.json_response({"name": f"projects/demo/messages/{message.get('token')}"})

    def received(self) -> list[int]:
        sent = [json.loads(seen.body) for seen in self.server.seen if seen.path.endswith("messages:send")]
        moods = [one["message"]["token"].split(":") for one in sent if not one.get("validate_only")]
        return [int(n) for mood, n in moods if mood in ("fine", "lost")]


class MailboxRig(Rig):
    kind: Kind = "mailbox"
    can_fail = False

    async def start(self) -> None:
        self.taken: Sequence[Outgoing] = []

    async def stop(self) -> None: ...

    def open(self, **changes: Any) -> Channel:
        channel = super().open(**changes)
        send = channel.send

        async def watched(batch: Sequence[Outgoing]) -> list[Outcome]:
            self.taken = [*self.taken, *batch]
            return await send(batch)

        channel.send = watched  # type: ignore[method-assign]
        return channel

    def item(self, n: int, mood: Mood = "fine") -> Outgoing:
        return outgoing(self.kind, n, f"+38050{n:07}", SmsContent(text=str(n)))

    def received(self) -> list[int]:
        return [item.delivery_id for item in self.taken]


RIGS: dict[Kind, type[Rig]] = {rig.kind: rig for rig in (EmailRig, SmsRig, FcmRig, MailboxRig)}
