"""Mails as bytes, judged by the standard library's parser and against its own writer."""

import email
import email.policy
import string
from base64 import b64decode
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearoff.channels.addresses import UNSAFE
from tearoff.channels.mime import LINE_LENGTH_MAX, compose, subject
from tearoff.domain.deliveries import EmailContent, Outgoing, SmsContent
from tearoff.errors import Invalid

AT = datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)
HTML = "<p>Здравствуйте, Анна! Ваш промокод: <b>SUMMER-7K</b></p>\n"


NO_ADDRESSES = [
    *(
        "a\x01@b.example",
        "a\x7f@b.example",
        "\ud800@b.example",
        "a@\ud800.example",
        "é\x85@b.example",
        "é\u00a0x@b.example",
    ),
    *("", "a", "a@", "@b.example", "a b@c.example", "a@b@c.example", "<a@b.example>", "a@b.example>", "a,b@c.example"),
    *("a@b.example, c@d.example", "a@b example", "a\n@b.example", "a@b.example\r\nBcc: c@d.example"),
    *("a@b..example", "a..b@c.example", "a@-", "a@[::1", f"{'a' * 65}@b.example", f"a@{'b.' * 140}example"),
]


def outgoing(recipient: str = "anna@example.test", message_id: str = "<7@shop.example>", **content: object) -> Outgoing:
    fields = {"subject": "Привет", "sender": "Shop <shop@example.test>", "text": "hi", **content}
    return Outgoing(
        delivery_id=7,
        kind="email",
        recipient=recipient,
        message_id=message_id,
        key="run-7",
        content=EmailContent(**fields),  # type: ignore[arg-type]
        created_at=AT,
    )


def parsed(item: Outgoing) -> EmailMessage:
    data = compose(item).data
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= LINE_LENGTH_MAX
    message = email.message_from_bytes(data, policy=email.policy.SMTPUTF8)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def by_the_library(item: Outgoing) -> EmailMessage:
    content = item.content
    assert isinstance(content, EmailContent)
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = Address("Магазин, ООО", "shop", "example.test")
    message["To"] = item.recipient
    message["Subject"] = content.subject
    message.set_content(content.text or "")
    message.add_alternative(content.html or "", subtype="html")
    return message


def test_a_mail_says_what_the_librarys_own_mail_says() -> None:
    item = outgoing(
        sender="Магазин, ООО <shop@example.test>", html=HTML * 30, text="Ваш код\n" * 9, subject="Код! " * 40
    )
    ours = parsed(item)
    theirs = email.message_from_bytes(by_the_library(item).as_bytes(), policy=email.policy.SMTP)
    assert isinstance(theirs, EmailMessage)
    for name in ("From", "To"):
        assert str(ours[name]) == str(theirs[name])
    assert str(ours["Subject"]) == str(theirs["Subject"]).strip()
    assert [p.get_content_type() for p in ours.walk()] == [p.get_content_type() for p in theirs.walk()]
    assert [p.get_content() for p in ours.iter_parts()] == [p.get_content() for p in theirs.iter_parts()]


def test_the_headers_hold_what_was_given() -> None:
    message = parsed(outgoing(reply_to="Help <help@example.test>", unsubscribe_url="https://shop.example/u/1?a=b"))
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<7@shop.example>"
    assert message["Reply-To"] == "Help <help@example.test>"
    assert message["List-Unsubscribe"] == "<https://shop.example/u/1?a=b>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["MIME-Version"] == "1.0"


@pytest.mark.parametrize("subject", ["=?utf-8?b?QQ==?=", "a =?x", "x" * 500, "я" * 500, "🎁" * 100, "a b " * 60, "'"])
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    assert parsed(outgoing(subject=subject))["Subject"] == subject.strip()


def test_no_encoded_word_splits_a_character_or_grows_too_long() -> None:
    words = subject("a" + "я🎁" * 60).split("\r\n ")
    assert len(words) > 3
    for word in words:
        assert len(word) <= 75
        assert b64decode(word.removeprefix("=?utf-8?b?").removesuffix("?=")).decode()


def test_the_same_delivery_gives_the_same_bytes() -> None:
    assert compose(outgoing(html=HTML)).data == compose(outgoing(html=HTML)).data


@settings(max_examples=150, deadline=None)
@given(
    subject=st.text(max_size=200),
    text=st.text(max_size=400) | st.text(alphabet=string.printable, max_size=400),
    name=st.text(alphabet=st.characters(exclude_characters="<>"), max_size=60),
)
def test_no_text_adds_a_header_or_loses_a_character(subject: str, text: str, name: str) -> None:
    message = parsed(outgoing(subject=subject, text=text, html=text, sender=f"{name}<shop@example.test>"))
    known = {"to", "subject", "date", "message-id", "from", "mime-version", "content-type"}
    assert {header.lower() for header in message.keys()} == known  # noqa: SIM118 (a message is no dict)
    assert message["From"].addresses[0].addr_spec == "shop@example.test"
    assert str(message["Subject"]).split() == UNSAFE.sub(" ", subject).split()
    flat = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = flat if flat.endswith("\n") else flat + "\n"
    assert [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()] == [expected] * 2


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "\ud800"])
def test_a_line_break_in_a_subject_or_name_becomes_a_space(breaking: str) -> None:
    evil = f"Hi{breaking}Bcc: victim@example.test"
    message = parsed(outgoing(subject=evil, sender=f"{evil} <shop@example.test>"))
    assert message["Subject"] == "Hi Bcc: victim@example.test"
    assert message["From"].addresses[0].display_name == "Hi Bcc: victim@example.test"
    assert message["Bcc"] is None


@pytest.mark.parametrize("recipient", NO_ADDRESSES)
def test_what_is_no_address_is_refused(recipient: str) -> None:
    with pytest.raises(Invalid, match="/recipient"):
        compose(outgoing(recipient=recipient))


@pytest.mark.parametrize(
    ("recipient", "wire", "needs_utf8"),
    [
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai", False),
        ("anna@FAß.example", "anna@xn--fa-hia.example", False),
        ("анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai", True),
        ('"a b"@c.example', '"a b"@c.example', False),
        ("o'neil+x@c.example", "o'neil+x@c.example", False),
        ("a@[192.0.2.1]", "a@[192.0.2.1]", False),
    ],
)
def test_an_unusual_address_keeps_its_meaning(recipient: str, wire: str, needs_utf8: bool) -> None:
    mail = compose(outgoing(recipient=recipient))
    assert (mail.recipient, mail.needs_utf8) == (wire, needs_utf8)
    assert f"To: {wire}\r\n".encode() in mail.data


def test_only_an_international_mail_leaves_ascii() -> None:
    assert compose(outgoing(subject="Тема", html=HTML, sender="Имя <shop@example.test>")).data.isascii()
    assert not compose(outgoing(sender="Имя <имя@example.test>")).data.isascii()


@pytest.mark.parametrize("text", ["From here\nFrom there", "--=_x", "a" * 999, "a\x01b", "\x7f", "é"])
def test_a_body_that_transport_could_bend_is_encoded(text: str) -> None:
    message = parsed(outgoing(text=text, html=None))
    assert message["Content-Transfer-Encoding"] == "base64"
    assert message.get_content() == text.replace("\n", "\r\n") + "\r\n"


def test_a_plain_body_goes_as_it_is() -> None:
    assert compose(outgoing(text="x\n.\ny", html=None)).data.endswith(b"\r\n\r\nx\r\n.\r\ny\r\n")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"sender": None}, "/content/sender"),
        ({"sender": "nobody"}, "/content/sender"),
        ({"sender": " " * 100_000 + "x"}, "/content/sender"),
        ({"reply_to": "a@b.example\r\nX: 1"}, "/content/replyTo"),
        ({"text": None}, "/content"),
        ({"unsubscribe_url": "https://x.example/\r\nBcc: a@b.example"}, "/content/unsubscribeUrl"),
        ({"unsubscribe_url": "javascript:alert(1)"}, "/content/unsubscribeUrl"),
        ({"subject": "ы" * 2001}, "/content/subject"),
        ({"message_id": "<a@b>\r\nBcc: c@d.example"}, "/messageId"),
    ],
)
def test_what_cannot_be_a_mail_is_refused_by_name(change: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        compose(outgoing(**change))  # type: ignore[arg-type]
    assert refused.value.problems[0].pointer == pointer


def test_a_mail_channel_takes_no_sms() -> None:
    item = Outgoing(
        delivery_id=1,
        kind="email",
        recipient="a@b.example",
        message_id="<1@b.example>",
        key="k",
        content=SmsContent(text="x"),
        created_at=AT,
    )
    with pytest.raises(Invalid):
        compose(item)


def test_filling_a_skeleton_is_many_times_cheaper_than_the_librarys_mail() -> None:
    item = outgoing(html=HTML * 30, text="Ваш код\n" * 9)
    compose(item)
    ours = min(seconds(lambda: compose(item)) for _ in range(20))
    theirs = min(seconds(lambda: by_the_library(item).as_bytes()) for _ in range(5))
    assert theirs / ours > 10


def seconds(work: object) -> float:
    started = perf_counter()
    work()  # type: ignore[operator]
    return perf_counter() - started
