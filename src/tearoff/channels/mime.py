"""Mails as bytes: the same delivery always gives the same bytes.

Everything that a message version's mails share (sender, reply address, structure, boundary) is a skeleton, made once
with the standard library. Filling it for one recipient is string work, because `EmailMessage` costs sixty times more.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_base64
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from tearoff.channels.addresses import UNSAFE, address, header, named
from tearoff.domain.deliveries import EmailContent, Outgoing
from tearoff.errors import Invalid, Problem

LINE_LENGTH_MAX = 998
BASE64_LINE_LENGTH = 76
SUBJECT_LENGTH_MAX = 2000
URL_LENGTH_MAX = 900
# An encoded word may be 75 characters; `=?utf-8?b?…?=` leaves 63, which is 45 bytes in base64.
ENCODED_WORD_BYTES_MAX = 45
PLAIN_SUBJECT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,66}[\x21-\x7e])?")
MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>", re.ASCII)
URL = re.compile(r"(?:https?://|mailto:)[\x21-\x3b\x3d\x3f-\x7e]+")
PRINTABLE = bytes([9, 10, *range(0x20, 0x7F)])
# An mbox takes the first for a new mail, and the second would end the part.
MARKS = (b"\nFrom ", b"\n--=_")
PARTS = {"text": "plain", "html": "html"}


class Mail(msgspec.Struct, frozen=True):
    """A mail ready for SMTP: the envelope and the bytes, with CRLF line ends and not yet dot-stuffed."""

    sender: str
    recipient: str
    data: bytes
    needs_utf8: bool


class Skeleton(msgspec.Struct, frozen=True):
    """What the mails of one message version share."""

    sender: str
    head: bytes
    boundary: bytes
    needs_utf8: bool


def compose(item: Outgoing, default_sender: str | None = None, return_path: str | None = None) -> Mail:
    """The mail of one delivery; bounces go to `return_path`, else to the sender. Raises Invalid when it cannot be."""
    content = item.content
    if not isinstance(content, EmailContent):
        raise Invalid(Problem("/content", "An email channel sends mails only."))
    frame = skeleton(
        content.sender or default_sender or "",
        content.reply_to,
        content.text is not None and content.html is not None,
    )
    recipient, needs_utf8 = address(item.recipient)
    if not MESSAGE_ID.fullmatch(item.message_id):
        raise Invalid(Problem("/messageId", "A Message-ID is `<unique@domain>` in ASCII."))
    parts = [
        f"To: {recipient}\r\n"
        f"Subject: {subject(content.subject)}\r\n"
        f"Date: {date(item.created_at)}\r\n"
        f"Message-ID: {item.message_id}\r\n"
        f"{unsubscribe(content.unsubscribe_url)}".encode(),
        frame.head,
        *bodies(content, frame.boundary),
    ]
    return Mail(return_path or frame.sender, recipient, b"".join(parts), needs_utf8 or frame.needs_utf8)


@lru_cache(maxsize=1024)
def skeleton(sender: str, reply_to: str | None, is_multipart: bool) -> Skeleton:
    """The shared headers, written by the standard library, and the boundary of the parts."""
    if not sender:
        raise Invalid(Problem("/content/sender", "A mail needs a sender."))
    origin = named(sender, "/content/sender")
    answers = named(reply_to, "/content/replyTo") if reply_to else None
    needs_utf8 = origin.needs_utf8 or bool(answers and answers.needs_utf8)
    message = EmailMessage(policy=SMTPUTF8 if needs_utf8 else SMTP)
    message["From"] = header(origin)
    if answers:
        message["Reply-To"] = header(answers)
    message["MIME-Version"] = "1.0"
    # `=_` is not base64, and a body with a line that begins so is encoded.
    boundary = "=_" + sha256(f"{sender}\n{reply_to}".encode("utf-8", "replace")).hexdigest()[:32]
    if is_multipart:
        message["Content-Type"] = "multipart/alternative"
        message.set_param("boundary", boundary)
    head = message.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n"
    return Skeleton(origin.address, head, boundary.encode(), needs_utf8)


@lru_cache(maxsize=64)
def date(at: datetime) -> str:
    """An instant as a header says it; the mails of a set share theirs."""
    return format_datetime(at.astimezone(UTC))


def subject(text: str) -> str:
    """The subject as a header value: one line, RFC 2047 where it is needed."""
    text = UNSAFE.sub(" ", text).strip()
    if PLAIN_SUBJECT.fullmatch(text) and "=?" not in text:
        return text
    if len(text) > SUBJECT_LENGTH_MAX:
        raise Invalid(Problem("/content/subject", f"A subject has at most {SUBJECT_LENGTH_MAX} characters."))
    return "\r\n ".join(encoded_words(text))


def encoded_words(text: str) -> list[str]:
    """The text as RFC 2047 words; none splits a character."""
    raw = text.encode("utf-8", "replace")
    words, start = [], 0
    while start < len(raw):
        end = min(start + ENCODED_WORD_BYTES_MAX, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        words.append(f"=?utf-8?b?{b64encode(raw[start:end]).decode()}?=")
        start = end
    return words


def unsubscribe(url: str | None) -> str:
    """The headers for unsubscribing, one-click (RFC 8058) when it is a web address."""
    if not url:
        return ""
    if len(url) > URL_LENGTH_MAX or not URL.fullmatch(url):
        raise Invalid(Problem("/content/unsubscribeUrl", "The address for unsubscribing is not an http or mailto URL."))
    one_click = "" if url.startswith("mailto:") else "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    return f"List-Unsubscribe: <{url}>\r\n{one_click}"


def bodies(content: EmailContent, boundary: bytes) -> list[bytes]:
    """The rest of the head and the body: one part alone, or text before HTML, as RFC 2046 orders alternatives."""
    found = [(part, text) for part in PARTS if (text := getattr(content, part)) is not None]
    if not found:
        raise Invalid(Problem("/content", "A mail needs a text or HTML."))
    if len(found) == 1:
        return [entity(*found[0])]
    fence = b"--" + boundary
    return [
        b"\r\n",
        *(piece for part, text in found for piece in (fence, b"\r\n", entity(part, text), b"\r\n")),
        fence,
        b"--\r\n",
    ]


def entity(part: str, text: str) -> bytes:
    """One part with its headers. ASCII in short lines goes as it is, all else as base64."""
    raw = text.encode("utf-8", "replace").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not raw.endswith(b"\n"):
        raw += b"\n"
    is_seven_bit = not raw.translate(None, PRINTABLE) and max(map(len, raw.split(b"\n"))) <= LINE_LENGTH_MAX
    is_marked = any(mark in b"\n" + raw for mark in MARKS)
    lines = raw.replace(b"\n", b"\r\n")
    if is_seven_bit and not is_marked:
        charset, encoding, body = "us-ascii", "7bit", lines
    else:
        charset, encoding, body = "utf-8", "base64", base64_lines(lines)
    head = f'Content-Type: text/{PARTS[part]}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + body


def base64_lines(raw: bytes) -> bytes:
    """The bytes in base64, in lines of 76 characters."""
    whole = b2a_base64(raw, newline=False)
    steps = range(0, len(whole), BASE64_LINE_LENGTH)
    return b"\r\n".join([whole[i : i + BASE64_LINE_LENGTH] for i in steps]) + b"\r\n"
