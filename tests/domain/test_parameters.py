"""Parameters of blocks: `${name}` alone keeps the value as it is, inside text it becomes text."""

from typing import Any

import pytest

from tearoff.domain.parameters import fill, is_missing, names_in

CONTEXT = {"name": "Ann", "age": 30, "order": {"id": 7, "lines": [1, 2]}, "a.b": "whole", "none": None}


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("${name}", "Ann"),
        (" ${ age } ", 30),
        ("${order}", {"id": 7, "lines": [1, 2]}),
        ("${order.id}", 7),
        ("${a.b}", "whole"),
        ("${missing}", None),
        ("${missing.deep}", None),
        ("Hi ${name}, ${age}${missing}!", "Hi Ann, 30!"),
        ("n=${none} l=${order.lines}", "n= l=[1,2]"),
        ("constant", "constant"),
        (5, 5),
        ({"a": ["${age}", 1]}, {"a": [30, 1]}),
    ],
)
def test_a_value_is_filled(value: Any, filled: Any) -> None:
    assert fill(value, CONTEXT) == filled


def test_the_names_of_a_parameter_are_told() -> None:
    assert names_in({"a": ["${x} and ${y.z}", 5], "b": None}) == {"x", "y.z"}


def test_a_parameter_is_missing_where_what_it_refers_to_gives_nothing() -> None:
    missing = ("${missing}", " ${none} ", "${none}${missing.x}")
    assert all(is_missing(value, CONTEXT) for value in missing)
    assert not any(is_missing(value, CONTEXT) for value in ("${name}", "${age}", "constant", "", None, 5, "a${none}"))


def test_a_name_that_never_ends_costs_no_time() -> None:
    """A pattern with spaces on both sides of the name tried every way to share them out."""
    endless = "${" + " " * 100_000
    assert fill(endless, CONTEXT) == endless
    assert names_in(endless) == set()
