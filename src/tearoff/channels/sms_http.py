"""SMS over any HTTP gateway: the settings describe its request and how to read its answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
import regex

from tearoff.channels.contract import parse_settings
from tearoff.channels.net import Answer, Http, HttpFailed, checked_headers, checked_url
from tearoff.channels.placeholders import fill, names
from tearoff.domain.deliveries import Accepted, Kind, Outcome, Outgoing, Refused, SmsContent, Unknown, from_http
from tearoff.errors import DeliveryFailed, Invalid, Problem

ANSWER_SIZE_MAX = 64 * 1024
ANSWER_SHOWN_MAX = 300
REGEX_SECONDS_MAX = 0.1
VALUES = frozenset({"recipient", "text", "sender", "key"})
BodyFormat = Literal["json", "form", "xml", "text"]
CONTENT_TYPES: dict[BodyFormat, str] = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something stands in an answer: a dotted `path` into its JSON, or a `pattern` over its text."""

    path: str | None = None
    pattern: str | None = None
    equals: tuple[str, ...] = ()

    def found(self, answer: Answer) -> str | None:
        """What stands there: the value as text, or the pattern's first group, else all it matched."""
        if self.path is not None:
            return at_path(answer.body, self.path)
        match = regex.search(self.pattern or "", answer.text(), timeout=REGEX_SECONDS_MAX)
        return None if match is None else str(match[1] if match.re.groups else match[0])

    def is_met(self, answer: Answer) -> bool:
        """Whether something stands there and, if `equals` names values, is one of them."""
        found = self.found(answer)
        return found is not None and (not self.equals or found in self.equals)


class SmsHttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A gateway. Texts hold `${recipient} ${text} ${sender} ${key}` and `${secret.NAME}`.

    `accepted`: where an answer with a 2xx status says that the gateway took the message (without it, the status is
    enough); `refused`: where any answer says that it never will; `reference`: where its own id stands.
    """

    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: dict[str, str] = {}
    body: str | None = None
    body_format: BodyFormat = "json"
    accepted: Place | None = None
    refused: Place | None = None
    reference: Place | None = None
    sender: str = ""
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=120)] = 15
    connections_max: Annotated[int, msgspec.Meta(ge=1, le=50)] = 8


PRESETS: dict[str, dict[str, Any]] = {
    "generic": {
        "method": "POST",
        "headers": {"Authorization": "Bearer ${secret.token}", "Idempotency-Key": "${key}"},
        "body": '{"to": "${recipient}", "from": "${sender}", "text": "${text}"}',
        "bodyFormat": "json",
        "reference": {"path": "id"},
    }
}


def parse(settings: Mapping[str, Any]) -> SmsHttpSettings:
    """The settings, with `preset` filled in and every template tried; raises Invalid."""
    given = dict(settings)
    preset = given.pop("preset", None)
    if preset is not None and preset not in PRESETS:
        raise Invalid(Problem("/preset", f"There is no preset {preset!r}; there is {', '.join(PRESETS)}."))
    parsed = parse_settings(SmsHttpSettings, {**PRESETS.get(preset or "", {}), **given})
    problems = [*template_problems(parsed), *place_problems(parsed)]
    if problems:
        raise Invalid(*problems)
    return parsed


def templates(settings: SmsHttpSettings) -> Iterator[tuple[str, str]]:
    """Every template with its pointer."""
    yield "/url", settings.url
    yield from ((f"/headers/{name}", value) for name, value in settings.headers.items())
    if settings.body is not None:
        yield "/body", settings.body


def template_problems(settings: SmsHttpSettings) -> Iterator[Problem]:
    """What is wrong with the texts of the request."""
    samples = {name: "1" for _, template in templates(settings) for name in names(template)}
    for pointer, template in templates(settings):
        for name in sorted(names(template) - VALUES):
            if not name.startswith("secret."):
                yield Problem(pointer, f"There is no ${{{name}}}; there are {', '.join(sorted(VALUES))}, secret.NAME.")
    try:
        checked_url(fill(settings.url, samples, "url"))
        checked_headers(settings.headers)
    except HttpFailed as error:
        yield Problem("/url" if "URL" in str(error) else "/headers", str(error))
    if settings.body and settings.body_format == "json":
        try:
            json.loads(fill(settings.body, samples, "json"))
        except ValueError as error:
            yield Problem("/body", f"This is not JSON: {error}.")


def place_problems(settings: SmsHttpSettings) -> Iterator[Problem]:
    """What is wrong with the reading of the answer."""
    for name in ("accepted", "refused", "reference"):
        place: Place | None = getattr(settings, name)
        if place is None:
            continue
        if (place.path is None) == (place.pattern is None):
            yield Problem(f"/{name}", "Give either a path or a pattern.")
        try:
            regex.compile(place.pattern or "")
        except regex.error as error:
            yield Problem(f"/{name}/pattern", f"This is not a regular expression: {error}.")


def at_path(body: bytes, path: str) -> str | None:
    """The value at a dotted path of a JSON body, as text; None when it is absent or null."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    for step in path.split(".") if path else []:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


class SmsHttp:
    """An SMS gateway as a channel."""

    kind: Kind = "sms_http"

    def __init__(self, settings: SmsHttpSettings, secrets: Mapping[str, str], http: Http) -> None:
        self.settings, self.http = settings, http
        self.secrets = {f"secret.{name}": value for name, value in secrets.items()}
        wanted = {name for _, template in templates(settings) for name in names(template)} - VALUES
        if missing := sorted(wanted - self.secrets.keys()):
            raise Invalid(
                *(Problem(f"/secrets/{m.removeprefix('secret.')}", "This secret is needed.") for m in missing)
            )
        self.slots = asyncio.Semaphore(settings.connections_max)

    async def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """One call a message, a few at once."""
        return await asyncio.gather(*(self.call(item) for item in batch))

    async def call(self, item: Outgoing) -> Outcome:
        """Give one message to the gateway."""
        content, settings = item.content, self.settings
        if not isinstance(content, SmsContent):
            return Refused(detail="An SMS channel sends SMS only.", permanent=True)
        sender = content.sender or settings.sender
        values = {"recipient": item.recipient, "text": content.text, "sender": sender, "key": item.key, **self.secrets}
        headers = {name: fill(value, values, "header") for name, value in settings.headers.items()}
        body = None
        if settings.body is not None and settings.method != "GET":
            body = fill(settings.body, values, settings.body_format).encode("utf-8", "replace")
            if not any(name.lower() == "content-type" for name in headers):
                headers["Content-Type"] = CONTENT_TYPES[settings.body_format]
        async with self.slots:
            try:
                answer = await self.http.fetch(
                    settings.method,
                    fill(settings.url, values, "url"),
                    headers=headers,
                    body=body,
                    timeout=settings.timeout_seconds,
                    size_max=ANSWER_SIZE_MAX,
                    redirects_max=0,
                )
            except HttpFailed as error:
                if not error.is_definite:
                    return Unknown(str(error))
                return Refused(detail=str(error), permanent=error.permanent)
        return judge(settings, answer)

    async def check(self) -> str:
        """That something answers HTTP at the gateway's host; no message is sent."""
        url = checked_url(fill(self.settings.url, dict.fromkeys([*VALUES, *self.secrets], "0"), "url"))
        try:
            answer = await self.http.fetch("HEAD", str(url.origin()), timeout=self.settings.timeout_seconds)
        except HttpFailed as error:
            raise DeliveryFailed(str(error), permanent=error.permanent) from error
        return f"{url.raw_host} answers (HTTP {answer.status}); whether it lets us in shows with the first message."

    async def close(self) -> None:
        """The HTTP session belongs to the process."""


def judge(settings: SmsHttpSettings, answer: Answer) -> Outcome:
    """What the gateway's answer means: its own words first, then the status."""
    shown = answer.text()[:ANSWER_SHOWN_MAX]
    outcome = from_http(answer.status, shown, answer.retry_after)
    try:
        if settings.refused and settings.refused.is_met(answer):
            return Refused(detail=f"HTTP {answer.status} {shown}", permanent=True)
        if not isinstance(outcome, Accepted):
            return outcome
        if settings.accepted and not settings.accepted.is_met(answer):
            if settings.accepted.found(answer) is None:
                return Unknown(f"The gateway did not say whether it took the message: {outcome.answer}")
            return Refused(detail=outcome.answer, permanent=False)
        reference = settings.reference.found(answer) if settings.reference else None
        return Accepted(reference or "", outcome.answer)
    except TimeoutError:
        return Unknown(f"The pattern took too long over the answer: {outcome}")
