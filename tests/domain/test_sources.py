"""Sources: references that stand in the request because nobody gave their value."""

import pytest

from tearoff.domain.sources import left_open


@pytest.mark.parametrize(
    "template",
    [
        """{"value": "$data.get('token')"}""",
        """{"value": "${data.get("token")}"}""",
        """https://x.test/?t=$esc.url($data.get( 'token' ))""",
        """<v>$data.token</v>""",
        """{"value": "${data.token}"}""",
        """{"value": "$token"}""",
        """{"value" : "${token}"}""",
    ],
)
def test_a_reference_that_was_not_replaced_is_told_by_its_name(template: str) -> None:
    assert left_open(template, template) == "token"
    assert left_open(template, "https://x.test/") is None


@pytest.mark.parametrize(
    "text", ['{"$schema": "x"}', '{"price": "5 $usd"}', "$!data.get('x') $!{data.x}", "$data.size()"]
)
def test_what_is_no_loud_reference_is_left_alone(text: str) -> None:
    assert left_open(text, text) is None
