"""Texts between the quotes of a JSON body."""

import json

from tearoff.engine.json_bodies import DEPTH_MAX, in_quotes, quotes_itself


def test_every_text_reads_back_as_it_was_and_nothing_else_changes() -> None:
    texts = ['a "b"', "c\\d", "line\nline\t", "ïжак ’", ""]
    assert [json.loads(f'"{in_quotes(text)}"') for text in texts] == texts
    assert in_quotes({"a": ['"', 1, None, True], "n": 1.5}) == {"a": ['\\"', 1, None, True], "n": 1.5}


def test_data_may_be_nested_however_deep() -> None:
    deep: list[object] = []
    for _ in range(DEPTH_MAX * 50):
        deep = [deep]
    in_quotes({"deep": deep})


def test_a_template_that_escapes_by_itself_is_told() -> None:
    assert all(map(quotes_itself, ("$esc.javascript($x)", "$!{esc.html($x)}", "$!esc.url($x)")))
    assert not quotes_itself("$data.get('esc') $escape.x")
