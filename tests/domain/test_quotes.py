"""Curly quotes in code are named with their place and the correction; those in prose are left alone."""

import pytest

from tearoff.domain.quotes import find, find_in_parameter


@pytest.mark.parametrize(
    ("template", "correction"),
    [
        ("Your code: $!data.get(‘promocode’)", "$!data.get('promocode')"),
        ("${data.get(“promocode”)}", '${data.get("promocode")}'),
        ("$data.get('a').get(‘b’).", "$data.get('a').get('b')"),
        ("#set($url=$!data.get(‘my source’))", "#set($url=$!data.get('my source'))"),
        ("#if($data.get('a') == “b”)yes#end", "#if($data.get('a') == \"b\")"),
    ],
)
def test_code_with_curly_quotes_is_corrected(template: str, correction: str) -> None:
    assert [each.correction for each in find(template)] == [correction]


def test_the_place_is_told() -> None:
    [found] = find("Hello\n  it’s $data.get(‘x’)")
    assert (found.line, found.column) == (2, 8)
    assert "$data.get(‘x’)" in found.detail


@pytest.mark.parametrize("prose", ["It’s “yours” (‘really’)", "$data.get('x') – ‘nice’", "$5 (‘five’)", "<a b=‘c’>"])
def test_prose_is_left_alone(prose: str) -> None:
    assert find(prose) == []


def test_a_parameter_wrapped_in_curly_quotes_is_unwrapped() -> None:
    found = find_in_parameter("‘birthday’")
    assert found is not None
    assert found.correction == "birthday"
    assert find_in_parameter("it’s") is None


@pytest.mark.parametrize("parameter", ["${‘email’}", "${ “email” }", "${'email'}", '${"email"}', "to ${’email}"])
def test_a_name_stands_without_quotes(parameter: str) -> None:
    found = find_in_parameter(parameter)
    assert found is not None
    assert found.correction == "${email}"
    assert "a name stands without them" in found.detail
    assert find_in_parameter("${email} ${o'clock} ${data.a}") is None
