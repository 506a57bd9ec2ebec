"""YAML of project files: no surprises of YAML 1.1, and problems with line and column."""

import pytest

from tearoff.domain.project_yaml import dump, load
from tearoff.errors import Invalid


def test_words_and_dates_stay_text() -> None:
    assert load("no: on\nyes: 2026-01-02\nt: true\nf: False\nn: null\ni: 7", "a") == {
        "no": "on",
        "yes": "2026-01-02",
        "t": True,
        "f": False,
        "n": None,
        "i": 7,
    }


def test_json_is_yaml_too() -> None:
    assert load('{"a": ["${x}", {"b": null}]}', "a") == {"a": ["${x}", {"b": None}]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2", "line 2, column 1: the name 'a' stands here twice"),
        ("a: [1\nb: 2", "line 2"),
        ("a: !!python/object:os.system x", "line 1, column 4"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as error:
        load(text, "a.yaml")
    assert error.value.problems[0].pointer == "a.yaml:"


def test_what_is_dumped_loads_the_same() -> None:
    data = {
        "no": "on",
        "text": "<p>\n  x\n</p>\n",
        "trail": "a \nb",
        "t": True,
        "s": "true",
        "d": "2026-01-02",
        "u": "Їжак",
    }
    assert load(dump(data), "a") == data
    assert "|" in dump({"text": "a\nb\n"})
