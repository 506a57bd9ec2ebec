"""Ids read from text: what no id can be is none, however long it is."""

import pytest

from tearoff.domain.ids import ID_MAX, read_id


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("7", 7), ("007", 7), (str(ID_MAX), ID_MAX)])
def test_digits_are_an_id(text, expected) -> None:
    assert read_id(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1.0", "1_0", "\u0663", "²", "x", str(ID_MAX + 1), "9" * 5000])
def test_anything_else_is_none(text) -> None:
    assert read_id(text) is None
