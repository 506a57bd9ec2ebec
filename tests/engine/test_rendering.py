"""What a template may read, and that a code which nobody gave stops the message (P6)."""

from datetime import UTC, datetime

import pytest

from tearoff.engine.rendering import CodeMissing, Reading, context_of, render_text

READING = Reading(frozenset(), frozenset({"summer_code"}), UTC, None, datetime(2026, 3, 1, tzinfo=UTC))


def rendered(text: str, **data: object) -> str:
    return render_text(text, context_of(data, READING), READING, {})


@pytest.mark.parametrize("name", ["code", "promocode", "summer_code", "promocod", "PromoCode"])
@pytest.mark.parametrize("form", ["$!{}", "${{{}}}", "$!data.get('{}')", "$data.{}", "#if(${})yes#end"])
def test_a_code_that_nobody_gave_stops_the_message_however_it_is_read(name: str, form: str) -> None:
    with pytest.raises(CodeMissing, match=name):
        rendered(form.format(name))


def test_what_is_given_or_set_by_the_template_itself_may_be_read_by_its_name() -> None:
    assert rendered("$!code", code="A1") == "A1"
    assert rendered("$!promocode|", promocode=None) == "|"
    assert rendered("#set($code = 'A1')$!code") == "A1"
    assert rendered("#foreach($code in $codes)$code,#end", codes=["A1", "B2"]) == "A1,B2,"
    assert rendered("$!nickname|") == "|"
