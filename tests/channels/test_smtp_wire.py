"""Groups of commands: answers in their turn in whatever pieces they come, and servers that are out of step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from tests.channels.test_email import mail

from tearoff.channels.email import Email, parse
from tearoff.domain.deliveries import Accepted, Outcome, Refused, Unknown

HELLO = b"250-localhost\r\n250 PIPELINING\r\n"


class Scripted:
    """Answers each piece that comes with the next of its lines, and notes the pieces; hangs up when it has no more."""

    def __init__(self, *answers: Sequence[bytes]) -> None:
        self.answers = list(answers)
        self.heard: list[list[bytes]] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard: list[bytes] = []
        self.heard.append(heard)
        pieces = list(self.answers.pop(0))
        writer.write(b"220 hi\r\n")
        await reader.read(1000)
        writer.write(HELLO)
        while pieces and (data := await reader.read(100_000)):
            heard.append(data)
            for part in pieces.pop(0).split(b"|"):
                writer.write(part)
                await asyncio.sleep(0.01)
        writer.close()


@asynccontextmanager
async def talking(*answers: Sequence[bytes]) -> AsyncIterator[tuple[Scripted, Email]]:
    scripted = Scripted(*answers)
    server = await asyncio.start_server(scripted.talk, "127.0.0.1", 0)
    settings = {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1], "tls": "none"}
    email = Email(parse({**settings, "timeoutSeconds": 1, "connectionsMax": 1}), {})
    yield scripted, email
    await email.close()
    server.close()


GROUP = b"250 ok\r\n250 ok\r\n354 go\r\n"


async def outcomes(email: Email, count: int = 1) -> list[Outcome]:
    return await email.send([mail(n) for n in range(count)])


async def test_the_envelope_goes_in_one_piece_and_the_body_only_after_the_server_asked_for_it() -> None:
    async with talking([GROUP, b"250 queued\r\n", GROUP, b"250 queued\r\n", b"221 bye\r\n"]) as (server, email):
        assert [type(one) for one in await outcomes(email, 2)] == [Accepted, Accepted]
    envelope, body, *_ = server.heard[0]
    assert envelope == b"MAIL FROM:<shop@example.test>\r\nRCPT TO:<fine-0@example.test>\r\nDATA\r\n"
    assert body.endswith(b"\r\n.\r\n")
    assert len(server.heard) == 1


@pytest.mark.parametrize("pieces", [b"250-a\r\n25|0 ok\r\n250 o|k\r\n354 go\r|\n", b"250 ok\r\n|250 ok\r\n|354 go\r\n"])
async def test_answers_are_read_in_whatever_pieces_they_come(pieces: bytes) -> None:
    async with talking([pieces, b"25|0-two\r\n250 lines\r\n", b"221 bye\r\n"]) as (_, email):
        assert isinstance((await outcomes(email))[0], Accepted)


@pytest.mark.parametrize(
    ("answers", "permanent", "detail"),
    [
        (b"550 no sender\r\n503 no\r\n503 no\r\n", True, "550 no sender"),
        (b"250 ok\r\n450 busy\r\n503 no\r\n", False, "450 busy"),
        (b"250 ok\r\n250 ok\r\n451 later\r\n", False, "451 later"),
        (b"250 ok\r\n250 ok\r\n250 what\r\n", False, "250 what"),
    ],
)
async def test_the_first_refusal_counts_and_the_rest_of_the_group_is_read_before_the_next_mail(
    answers: bytes, permanent: bool, detail: str
) -> None:
    async with talking([answers, b"250 reset\r\n", GROUP, b"250 queued\r\n", b"221 bye\r\n"]) as (server, email):
        refused, taken = await outcomes(email, 2)
    assert isinstance(refused, Refused)
    assert (refused.permanent, refused.detail) == (permanent, detail)
    assert isinstance(taken, Accepted)
    assert server.heard[0][1] == b"RSET\r\n"


async def test_a_server_that_waits_for_a_mail_which_it_refused_is_cut_off_without_a_byte_of_it() -> None:
    async with talking([b"250 ok\r\n550 nobody\r\n354 go\r\n", b""], [GROUP, b"250 queued\r\n"]) as (server, email):
        refused, taken = await outcomes(email, 2)
    assert isinstance(refused, Refused)
    assert (refused.permanent, refused.detail) == (True, "550 nobody")
    assert isinstance(taken, Accepted)
    assert [len(heard) for heard in server.heard] == [1, 2]


@pytest.mark.parametrize(
    "answers", [b"", b"250 ok\r\n", b"250 ok\r\n250 ok\r\n", b"250 ok\r\nwhat?\r\n", b"421 busy\r\n"]
)
async def test_a_connection_lost_within_the_group_is_a_refusal_for_now_because_no_body_left(answers: bytes) -> None:
    async with talking([answers]) as (server, email):
        [outcome] = await outcomes(email)
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert len(server.heard[0]) == 1


async def test_a_refusal_stands_though_the_connection_is_lost_before_the_rest_of_the_group_is_answered() -> None:
    async with talking([b"250 ok\r\n550 nobody\r\n"]) as (_, email):
        [outcome] = await outcomes(email)
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.detail) == (True, "550 nobody")


@pytest.mark.parametrize("answer", [b"", b"25", b"nonsense\r\n", b"399 what\r\n"])
async def test_an_answer_to_the_body_that_says_nothing_leaves_the_outcome_unknown(answer: bytes) -> None:
    async with talking([GROUP, answer]) as (_, email):
        assert isinstance((await outcomes(email))[0], Unknown)


async def test_a_goodbye_that_nobody_asked_for_is_no_answer_to_the_next_mail() -> None:
    async with talking([GROUP, b"250 queued\r\n|421 idle\r\n"], [GROUP, b"250 queued\r\n"]) as (server, email):
        assert isinstance((await outcomes(email))[0], Accepted)
        await asyncio.sleep(0.1)
        assert isinstance((await outcomes(email))[0], Accepted)
    assert len(server.heard) == 2


async def test_an_answer_without_an_end_is_not_kept() -> None:
    async with talking([b"250-" + b"x" * 70_000]) as (_, email):
        [outcome] = await outcomes(email)
    assert isinstance(outcome, Refused)
    assert "too long" in outcome.detail
