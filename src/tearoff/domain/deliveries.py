"""What a channel is given for one send, and what came of it. Pure values; nothing here sends.

A delivery goes out at least once. Its `message_id` and `key` are made when the delivery is written and stay the same
through every attempt, so a receiver can see that a second copy is the same message.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Medium = Literal["email", "sms", "push"]
Kind = Literal["email", "sms_http", "fcm", "mailbox"]


class EmailContent(msgspec.Struct, frozen=True, kw_only=True, tag="email"):
    """A rendered mail; `sender` and `reply_to` are `Name <address>` or an address; html, text or both."""

    subject: str
    html: str | None = None
    text: str | None = None
    sender: str | None = None
    reply_to: str | None = None
    unsubscribe_url: str | None = None


class SmsContent(msgspec.Struct, frozen=True, kw_only=True, tag="sms"):
    """A rendered SMS; `sender` is a number or an alphanumeric name."""

    text: str
    sender: str | None = None


class PushContent(msgspec.Struct, frozen=True, kw_only=True, tag="push"):
    """A rendered push; `data` goes to the app beside what the person sees."""

    title: str
    text: str
    link: str | None = None
    data: dict[str, str] = {}


Content = EmailContent | SmsContent | PushContent


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as a channel gets it.

    `recipient` is an address, a phone number or a token. `message_id` is the whole header value, with its angle
    brackets. `key` is the idempotency key. `created_at` is when the delivery was written, so that every attempt
    carries the same date.
    """

    delivery_id: int
    kind: Kind
    recipient: str
    message_id: str
    key: str
    content: Content
    created_at: datetime


class Accepted(msgspec.Struct, frozen=True):
    """The other side took the message; `reference` is its own id for it, `answer` what it said."""

    reference: str = ""
    answer: str = ""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """The message surely never left. `permanent`: trying again cannot help; `retry_after` is in seconds."""

    detail: str
    permanent: bool
    token_is_dead: bool = False
    retry_after: float | None = None


class Unknown(msgspec.Struct, frozen=True):
    """The message may have been delivered: the answer was lost after it had been sent."""

    detail: str


Outcome = Accepted | Refused | Unknown
Failure = Refused | Unknown

# The request was understood and put off, or the credentials are wrong: an operator or time can help, and nothing left.
HTTP_LATER = frozenset({401, 403, 407, 408, 423, 425, 429, 503})


# The server wants us to sign in, or to do it otherwise (RFC 4954): a 5xx, but no fault of the message.
SMTP_LATER = frozenset({530, 534, 535, 538})


def from_smtp(code: int, answer: str) -> Outcome:
    """What an SMTP answer means for the message (RFC 5321, 4.2.1): 2xx took it, 5xx never will, the rest later."""
    if 200 <= code < 300:
        return Accepted(answer=f"{code} {answer}")
    return Refused(detail=f"{code} {answer}", permanent=500 <= code < 600 and code not in SMTP_LATER)


def from_http(status: int, answer: str, retry_after: float | None = None) -> Outcome:
    """What an HTTP status means for the message.

    A 5xx other than 503 may come from a server that broke after it had done the work, so its outcome is unknown.
    """
    detail = f"HTTP {status} {answer}".strip()
    if 200 <= status < 300:
        return Accepted(answer=detail)
    if status in HTTP_LATER:
        return Refused(detail=detail, permanent=False, retry_after=retry_after)
    if status >= 500:
        return Unknown(detail)
    return Refused(detail=detail, permanent=True)
