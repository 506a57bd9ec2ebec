"""Mobile push over Firebase Cloud Messaging, HTTP v1."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from google.auth import crypt, jwt

from tearoff.channels.contract import needed, parse_settings
from tearoff.channels.net import Answer, Http, HttpFailed, checked_url
from tearoff.clock import Clock
from tearoff.domain.deliveries import Accepted, Kind, Outcome, Outgoing, PushContent, Refused, Unknown, from_http
from tearoff.errors import DeliveryFailed, Invalid, Problem

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LIFE = timedelta(hours=1)
TOKEN_MARGIN = timedelta(minutes=2)
ANSWER_SIZE_MAX = 64 * 1024
ANSWER_SHOWN_MAX = 300
UNAUTHENTICATED = 401


class FcmSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A Firebase project. The service account's JSON is the secret `serviceAccount`; the addresses are for tests."""

    project_id: str | None = None
    endpoint: str = "https://fcm.googleapis.com"
    token_url: str | None = None
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=120)] = 15
    connections_max: Annotated[int, msgspec.Meta(ge=1, le=100)] = 16


class ServiceAccount(msgspec.Struct, frozen=True):
    """The part of Google's key file that is needed."""

    client_email: str
    private_key: str
    token_uri: str
    project_id: str = ""
    private_key_id: str = ""


class Token(msgspec.Struct, frozen=True):
    """An access token and the instant from which it is not used."""

    value: str
    usable_until: datetime


def parse(settings: Mapping[str, Any]) -> FcmSettings:
    """The settings; raises Invalid."""
    parsed = parse_settings(FcmSettings, settings)
    for pointer, url in (("/endpoint", parsed.endpoint), ("/tokenUrl", parsed.token_url)):
        try:
            checked_url(url or parsed.endpoint)
        except HttpFailed as error:
            raise Invalid(Problem(pointer, str(error))) from error
    return parsed


def account(text: str) -> tuple[ServiceAccount, crypt.Signer]:
    """The service account and what signs for it; raises Invalid."""
    try:
        found = msgspec.json.decode(text, type=ServiceAccount)
        return found, crypt.RSASigner.from_string(found.private_key, found.private_key_id or None)
    except (msgspec.DecodeError, ValueError) as error:
        raise Invalid(Problem("/secrets/serviceAccount", "This is not the JSON key of a service account.")) from error


class Fcm:
    """Firebase as a channel."""

    kind: Kind = "fcm"

    def __init__(self, settings: FcmSettings, secrets: Mapping[str, str], http: Http, clock: Clock) -> None:
        self.settings, self.http, self.clock = settings, http, clock
        self.account, self.signer = account(needed(secrets, "serviceAccount"))
        project = settings.project_id or self.account.project_id
        if not project:
            raise Invalid(Problem("/projectId", "Neither the settings nor the service account name a project."))
        self.url = f"{settings.endpoint.rstrip('/')}/v1/projects/{project}/messages:send"
        self.token_url = settings.token_url or self.account.token_uri
        self.slots = asyncio.Semaphore(settings.connections_max)
        self.signing_in = asyncio.Lock()
        self.token: Token | None = None

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """One call a message, some at once; without an access token the whole set is refused for now."""
        try:
            await self.access_token()
        except DeliveryFailed as error:
            return [Refused(detail=str(error), permanent=False, retry_after=error.retry_after)] * len(batch)
        return await asyncio.gather(*(self.call(item) for item in batch))

    async def call(self, item: Outgoing) -> Outcome:
        """Give one message to Firebase; with a token that has just been revoked, twice."""
        if not isinstance(item.content, PushContent):
            return Refused(detail="A push channel sends push messages only.", permanent=True)
        body = json.dumps({"message": message(item, item.content)}).encode()
        async with self.slots:
            try:
                answer = await self.post(body)
            except HttpFailed as error:
                return Refused(detail=str(error), permanent=False) if error.is_definite else Unknown(str(error))
            except DeliveryFailed as error:
                return Refused(detail=str(error), permanent=False)
        return judge(answer)

    async def post(self, body: bytes) -> Answer:
        """Firebase's answer, asked again once when it does not know our token any more."""
        token = await self.access_token()
        answer = await self.post_as(token, body)
        if answer.status != UNAUTHENTICATED:
            return answer
        if self.token is token:
            self.token = None
        return await self.post_as(await self.access_token(), body)

    async def post_as(self, token: Token, body: bytes) -> Answer:
        """One request under this token."""
        headers = {"Authorization": f"Bearer {token.value}", "Content-Type": "application/json"}
        return await self.http.fetch(
            "POST",
            self.url,
            headers=headers,
            body=body,
            timeout=self.settings.timeout_seconds,
            size_max=ANSWER_SIZE_MAX,
            redirects_max=0,
        )

    async def access_token(self) -> Token:
        """A token that is good for a while yet; raises DeliveryFailed when Google gives none."""
        async with self.signing_in:
            now = self.clock.now()
            if self.token is None or self.token.usable_until <= now:
                self.token = await self.sign_in(now)
            return self.token

    async def sign_in(self, now: datetime) -> Token:
        """A new token for a signed assertion (RFC 7523)."""
        claims = {
            "iss": self.account.client_email,
            "scope": SCOPE,
            "aud": self.account.token_uri,
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
        }
        signed: bytes = jwt.encode(self.signer, claims)
        try:
            answer = await self.http.fetch(
                "POST",
                self.token_url,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body=f"grant_type={GRANT.replace(':', '%3A')}&assertion={signed.decode()}".encode(),
                timeout=self.settings.timeout_seconds,
                size_max=ANSWER_SIZE_MAX,
                redirects_max=0,
            )
            found = msgspec.json.decode(answer.body) if answer.status == 200 else {}
            return Token(found["access_token"], now + timedelta(seconds=int(found["expires_in"])) - TOKEN_MARGIN)
        except HttpFailed as error:
            raise DeliveryFailed(f"Google gave no access token: {error}", permanent=False) from error
        except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
            raise DeliveryFailed(
                f"Google gave no access token: HTTP {answer.status} {answer.text()[:ANSWER_SHOWN_MAX]}",
                permanent=False,
                retry_after=answer.retry_after,
            ) from error

    async def check(self) -> str:
        """That Google gives a token and Firebase would take a message of this project; nothing is sent."""
        dry = json.dumps({"validate_only": True, "message": {"topic": "check", "data": {"check": "1"}}}).encode()
        try:
            outcome = judge(await self.post(dry))
        except HttpFailed as error:
            raise DeliveryFailed(str(error), permanent=error.permanent) from error
        if isinstance(outcome, Accepted):
            return f"Firebase takes messages of {self.account.client_email}."
        raise DeliveryFailed(outcome.detail, permanent=isinstance(outcome, Refused) and outcome.permanent)

    async def close(self) -> None:
        """The HTTP session belongs to the process."""


def message(item: Outgoing, content: PushContent) -> dict[str, Any]:
    """The message in Firebase's words. One tag a delivery: a second copy replaces the first on the screen."""
    tag = sha256(item.key.encode()).hexdigest()[:32]
    link = {"link": content.link} if content.link else {}
    web: dict[str, Any] = {"notification": {"tag": tag}}
    if content.link and content.link.startswith("https://"):
        web["fcm_options"] = link
    return {
        "token": item.recipient,
        "notification": {"title": content.title, "body": content.text},
        "data": {**content.data, **link},
        "android": {"notification": {"tag": tag}},
        "apns": {"headers": {"apns-collapse-id": tag}},
        "webpush": web,
    }


class FcmDetail(msgspec.Struct, frozen=True, rename="camel"):
    """One detail of an error: Firebase's own code, or the fields that are wrong."""

    error_code: str = ""
    field_violations: list[dict[str, Any]] = []


class FcmError(msgspec.Struct, frozen=True):
    """The error of Google's APIs."""

    status: str = ""
    message: str = ""
    details: list[FcmDetail] = []


class FcmAnswer(msgspec.Struct, frozen=True):
    """Either a name or an error."""

    name: str = ""
    error: FcmError = FcmError()


def judge(answer: Answer) -> Outcome:
    """What Firebase's answer means; a token is dead when it says so, or when it is no token at all."""
    try:
        found = msgspec.json.decode(answer.body, type=FcmAnswer)
    except msgspec.DecodeError:
        found = FcmAnswer()
    codes = {detail.error_code for detail in found.error.details} - {""}
    words = f"{' '.join(sorted(codes)) or found.error.status} {found.error.message}".strip()
    outcome = from_http(answer.status, words[:ANSWER_SHOWN_MAX], answer.retry_after)
    if isinstance(outcome, Accepted):
        return Accepted(found.name, outcome.answer)
    fields = {violation.get("field") for detail in found.error.details for violation in detail.field_violations}
    is_dead = "UNREGISTERED" in codes or "message.token" in fields
    if isinstance(outcome, Refused) and (is_dead or "SENDER_ID_MISMATCH" in codes):
        return Refused(detail=outcome.detail, permanent=True, token_is_dead=is_dead)
    return outcome
