"""What answers of SMTP and HTTP mean for a message."""

import msgspec
import pytest

from tearoff.domain.deliveries import Accepted, Content, EmailContent, Refused, Unknown, from_http, from_smtp


@pytest.mark.parametrize("code", [250, 251, 252])
def test_a_success_code_is_accepted_with_what_the_server_said(code: int) -> None:
    assert from_smtp(code, "queued as 7") == Accepted(answer=f"{code} queued as 7")


@pytest.mark.parametrize("code", [421, 450, 451, 452, -1, 354, 530, 535])
def test_a_4xx_a_senseless_code_or_a_wish_for_credentials_is_a_definite_refusal_for_now(code: int) -> None:
    outcome = from_smtp(code, "busy")
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


@pytest.mark.parametrize("code", [500, 550, 552, 554])
def test_a_5xx_code_is_a_refusal_for_good(code: int) -> None:
    assert from_smtp(code, "no such user") == Refused(detail=f"{code} no such user", permanent=True)


@pytest.mark.parametrize("status", [401, 403, 408, 429, 503])
def test_an_http_status_that_an_operator_or_time_can_cure_is_a_refusal_for_now(status: int) -> None:
    assert from_http(status, "x", 7) == Refused(detail=f"HTTP {status} x", permanent=False, retry_after=7)


@pytest.mark.parametrize("status", [400, 404, 410, 422, 302])
def test_another_http_refusal_is_for_good(status: int) -> None:
    assert from_http(status, "x") == Refused(detail=f"HTTP {status} x", permanent=True)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_that_broke_leaves_the_outcome_unknown(status: int) -> None:
    assert from_http(status, "x") == Unknown(f"HTTP {status} x")


def test_a_content_survives_storage_with_its_medium() -> None:
    content = EmailContent(subject="s", html="h", unsubscribe_url="https://x.example/u")
    stored = msgspec.json.encode(content)
    assert msgspec.json.decode(stored, type=Content) == content
    assert b'"type":"email"' in stored
