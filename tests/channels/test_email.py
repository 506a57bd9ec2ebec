"""Mail over a real SMTP server: kept connections, refusals at every step, TLS, signing in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from tests.channels.certificates import pem, server_context
from tests.channels.rigs import outgoing
from tests.channels.smtp_server import SmtpServer, knows

from tearoff.channels import smtp
from tearoff.channels.email import Email, parse
from tearoff.domain.deliveries import Accepted, EmailContent, Outgoing, Refused, Unknown
from tearoff.errors import DeliveryFailed, Invalid

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

Starter = Callable[..., Awaitable[SmtpServer]]


@pytest.fixture(params=[False, True], ids=["one by one", "in groups"])
async def start(request: pytest.FixtureRequest) -> AsyncIterator[Starter]:
    """Starts servers that take commands one by one, and others that take groups of them."""
    servers: list[SmtpServer] = []

    async def started(**options: Any) -> SmtpServer:
        servers.append(SmtpServer(groups=request.param, **options))
        await servers[-1].start()
        return servers[-1]

    yield started
    for server in servers:
        await server.stop()


def channel(server: SmtpServer, password: str | None = None, **settings: Any) -> Email:
    given = {"host": "127.0.0.1", "port": server.port, "tls": "none", "timeoutSeconds": 1, **settings}
    return Email(parse(given), {"password": password} if password else {})


def mail(n: int, mood: str = "fine", **fields: Any) -> Outgoing:
    content = EmailContent(**{"subject": f"Code {n}", "text": "x", "sender": "Shop <shop@example.test>", **fields})
    recipient = mood if "@" in mood else f"{mood}-{n}@example.test"
    return outgoing("email", n, recipient, content)


async def test_connections_are_kept_between_mails_and_sets(start: Starter) -> None:
    server = await start()
    email = channel(server, connectionsMax=3)
    for round_ in range(4):
        outcomes = await email.send([mail(100 * round_ + n) for n in range(30)])
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(server.envelopes) == 120
    assert server.connections <= 3
    await email.close()
    await asyncio.sleep(0.05)
    assert not server.open


async def test_a_connection_is_replaced_after_its_share_of_mails(start: Starter) -> None:
    server = await start()
    email = channel(server, connectionsMax=1, messagesPerConnectionMax=10)
    await email.send([mail(n) for n in range(30)])
    assert (len(server.envelopes), server.connections) == (30, 3)
    await email.close()


async def test_a_kept_connection_that_the_server_dropped_costs_no_attempt(start: Starter) -> None:
    server = await start()
    email = channel(server, connectionsMax=1)
    await email.send([mail(1)])
    server.cut()
    assert isinstance((await email.send([mail(2)]))[0], Accepted)
    await asyncio.sleep(0.05)
    server.cut()
    await asyncio.sleep(0.05)
    assert isinstance((await email.send([mail(3)]))[0], Accepted)
    assert (len(server.envelopes), server.connections) == (3, 3)
    await email.close()


async def test_a_connection_that_was_idle_for_long_is_not_trusted(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start()
    email = channel(server, connectionsMax=1)
    await email.send([mail(1)])
    monkeypatch.setattr(smtp, "IDLE_SECONDS_MAX", -1)
    await email.send([mail(2)])
    assert (len(server.envelopes), server.connections) == (2, 2)
    await email.close()


@pytest.mark.parametrize(
    ("mood", "permanent"), [("busy", False), ("nobody", True), ("spam", True), ("deferred", False)]
)
async def test_a_refusal_says_whether_to_try_again_and_leaves_the_connection_usable(
    start: Starter, mood: str, permanent: bool
) -> None:
    server = await start()
    email = channel(server, connectionsMax=1)
    first, refused, last = await email.send([mail(1), mail(2, mood), mail(3)])
    assert isinstance(first, Accepted)
    assert isinstance(last, Accepted)
    assert isinstance(refused, Refused)
    assert refused.permanent is permanent
    assert refused.detail[0] == ("5" if permanent else "4")
    assert server.connections == 1
    await email.close()


async def test_a_refused_envelope_is_reset(start: Starter) -> None:
    server = await start()
    email = channel(server, connectionsMax=1)
    await email.send([mail(1, "nobody"), mail(2)])
    assert server.resets == 1
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["fine-2@example.test"]]
    await email.close()


@pytest.mark.parametrize("mood", ["hangup", "closing"])
async def test_a_connection_lost_before_the_mail_is_a_definite_refusal_for_now(start: Starter, mood: str) -> None:
    server = await start()
    email = channel(server, connectionsMax=1)
    outcomes = await email.send([mail(1), mail(2, mood), mail(3)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted]
    assert isinstance(outcomes[1], Refused)
    assert not outcomes[1].permanent
    assert len(server.envelopes) == 2
    await email.close()


@pytest.mark.parametrize("mood", ["lost", "silent", "odd"])
async def test_an_answer_lost_after_the_mail_leaves_the_outcome_unknown(start: Starter, mood: str) -> None:
    server = await start()
    email = channel(server, connectionsMax=1, timeoutSeconds=0.3)
    outcomes = await email.send([mail(1, mood), mail(2)])
    assert [type(outcome) for outcome in outcomes] == [Unknown, Accepted]
    await email.close()


async def test_a_second_attempt_carries_the_same_bytes(start: Starter) -> None:
    server = await start()
    email = channel(server)
    await email.send([mail(1, "lost")])
    await email.send([mail(1, "lost")])
    first, second = (envelope.original_content for envelope in server.envelopes)
    assert first == second
    assert b"Message-ID: <1@shop.example.test>" in (first or b"")
    await email.close()


async def test_a_server_that_allows_fewer_connections_gets_the_whole_set_over_those(start: Starter) -> None:
    server = await start()
    make = server.session
    server.session = lambda: make() if server.connections < 2 else Closed()  # type: ignore[method-assign, return-value]
    server.server.close()  # type: ignore[union-attr]
    server.port = 0
    await server.start()
    email = channel(server, connectionsMax=8)
    for count in (8, 60):
        outcomes = await email.send([mail(n) for n in range(count)])
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(server.envelopes) == 68
    await email.close()


class Closed(asyncio.Protocol):
    """Turns a client away at the door, after a while."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        asyncio.get_running_loop().call_later(0.1, self.refuse, transport)

    def refuse(self, transport: asyncio.Transport) -> None:
        transport.write(b"421 4.7.0 too many connections\r\n")
        transport.close()


async def test_a_server_that_does_not_answer_costs_one_wait_for_the_whole_set(start: Starter) -> None:
    quiet = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    server = SmtpServer()
    server.port = quiet.sockets[0].getsockname()[1]
    email = channel(server, timeoutSeconds=0.3)
    started = perf_counter()
    outcomes = await email.send([mail(n) for n in range(40)])
    assert perf_counter() - started < 2
    assert all(isinstance(one, Refused) and not one.permanent for one in outcomes)
    quiet.close()


async def test_lines_that_begin_with_a_dot_arrive_whole(start: Starter) -> None:
    server = await start()
    email = channel(server)
    await email.send([mail(1, text=".\n..two\nend\n.\n")])
    assert server.mails[0].get_content() == ".\r\n..two\r\nend\r\n.\r\n"
    await email.close()


async def test_an_international_recipient_goes_by_smtputf8_or_is_refused(start: Starter) -> None:
    server = await start()
    email = channel(server)
    assert isinstance((await email.send([mail(1, "анна@пример.рф")]))[0], Accepted)
    assert server.envelopes[0].rcpt_tos == ["анна@xn--e1afmkfd.xn--p1ai"]
    assert server.envelopes[0].smtp_utf8
    await email.close()
    plain = await start()
    make = plain.session
    plain.session = lambda: without_utf8(make())  # type: ignore[method-assign]
    plain.server.close()  # type: ignore[union-attr]
    plain.port = 0
    await plain.start()
    email = channel(plain)
    outcome = (await email.send([mail(1, "анна@пример.рф")]))[0]
    assert isinstance(outcome, Refused)
    assert outcome.permanent
    assert outcome.detail == "The server takes no international mail addresses (SMTPUTF8)."
    assert plain.mails == []
    await email.close()


def without_utf8(protocol: Any) -> Any:
    protocol.enable_SMTPUTF8 = False
    return protocol


async def test_an_address_that_cannot_be_is_refused_without_a_connection(start: Starter) -> None:
    server = await start()
    email = channel(server)
    outcome = (await email.send([mail(1, "a@b.example\r\nRCPT TO:<c@d.example>")]))[0]
    assert isinstance(outcome, Refused)
    assert outcome.permanent
    assert server.connections == 0
    await email.close()


async def test_bounces_go_to_the_return_path(start: Starter) -> None:
    server = await start()
    email = channel(server, returnPath="bounces@example.test", sender="Default <default@example.test>")
    await email.send([mail(1, sender=None)])
    assert server.envelopes[0].mail_from == "bounces@example.test"
    assert server.mails[0]["From"] == "Default <default@example.test>"
    await email.close()


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_mail_goes_over_tls_that_is_verified_after_signing_in(start: Starter, tmp_path: Path, tls: str) -> None:
    context = server_context(tmp_path)
    options = {"tls_context": context, "require_starttls": True} if tls == "starttls" else {"tls": context}
    server = await start(authenticator=knows, auth_required=True, auth_require_tls=tls == "starttls", **options)
    settings = {"tls": tls, "username": "shop", "caCertificate": pem()[0]}
    email = channel(server, "open sesame", **settings)
    assert "signed in as shop" in await email.check()
    assert isinstance((await email.send([mail(1)]))[0], Accepted)
    await email.close()
    stranger = channel(server, "open sesame", **{**settings, "caCertificate": None})
    outcome = (await stranger.send([mail(2)]))[0]
    assert isinstance(outcome, Refused)
    assert "certificate" in outcome.detail.lower()
    assert len(server.envelopes) == 1


async def test_a_wrong_password_refuses_the_set_for_now_and_is_not_repeated(start: Starter) -> None:
    server = await start(authenticator=knows, auth_required=True, auth_require_tls=False)
    email = channel(server, "wrong pass", username="shop")
    outcome = (await email.send([mail(1)]))[0]
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert "wrong pass" not in outcome.detail
    with pytest.raises(DeliveryFailed, match="535"):
        await email.check()


async def test_a_server_that_wants_a_password_refuses_the_set_for_now(start: Starter) -> None:
    server = await start(authenticator=knows, auth_required=True, auth_require_tls=False)
    email = channel(server)
    outcome = (await email.send([mail(1)]))[0]
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.detail[:3]) == (False, "530")
    await email.close()


async def test_starttls_is_never_skipped_when_the_server_has_none(start: Starter) -> None:
    server = await start()
    email = channel(server, tls="starttls")
    outcome = (await email.send([mail(1)]))[0]
    assert isinstance(outcome, Refused)
    assert "STARTTLS" in outcome.detail
    assert server.envelopes == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"port": 0}, "/port"),
        ({"host": "a b"}, "/host"),
        ({"tls": "maybe"}, "/tls"),
        ({"sender": "x"}, "/sender"),
        ({"returnPath": "a@b\r\n"}, "/returnPath"),
        ({"caCertificate": "nothing", "tls": "tls"}, "/caCertificate"),
        ({"helloName": "a\r\nMAIL"}, "/helloName"),
        ({"connectionsMax": 0}, "/connectionsMax"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse({"host": "mail.example.test", **change})
    assert refused.value.problems[0].pointer == pointer


def test_a_user_needs_a_password_and_a_server_a_host() -> None:
    with pytest.raises(Invalid, match="/secrets/password"):
        Email(parse({"host": "mail.example.test", "username": "shop"}), {})
    with pytest.raises(Invalid, match="/host"):
        parse({})


async def test_a_set_that_is_called_off_leaves_no_connection_half_used(start: Starter) -> None:
    server = await start()
    email = channel(server, connectionsMax=1, timeoutSeconds=5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(email.send([mail(1), mail(2, "silent"), mail(3)]), 0.2)
    assert email.idle == []
    assert isinstance((await email.send([mail(4)]))[0], Accepted)
    assert server.connections == 2
    await email.close()
