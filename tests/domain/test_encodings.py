"""Encodings, recognised from the bytes wherever the pieces end."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearoff.domain.code_files import Attributes, CodeFile, RejectedRow
from tearoff.domain.encodings import NAMES, Guess, named
from tearoff.errors import Invalid

CASES = [
    ("Код;Скидка\nВЕСНА-1;5\n", "windows-1251", "windows-1251"),
    ("code;note\nÉTÉ-1;déjà vu, façade\n", "windows-1252", "windows-1252"),
    ("Код\nВЕСНА\n", "utf-8", "utf-8"),
    ("code\nÉTÉ\n", "utf-8-sig", "utf-8"),
    ("code\nA-1\n", "ascii", "utf-8"),
    ("code\nA-1\n", "utf-16", "utf-16"),
    ("code\nA-1\n", "utf-16-le", "utf-16-le"),
    ("code\nA-1\n", "utf-16-be", "utf-16-be"),
    ("code\n“A”\n", "windows-1252", "windows-1252"),
]


def guessed(data: bytes, size: int) -> str:
    guess = Guess()
    for at in range(0, len(data), size):
        guess.feed(data[at : at + size])
    return guess.encoding


@pytest.mark.parametrize(("text", "written", "expected"), CASES)
@pytest.mark.parametrize("size", [3, 1000])
def test_an_encoding_is_recognised(text, written, expected, size) -> None:
    assert guessed(text.encode(written), size) == expected


def test_a_damaged_utf8_file_is_not_taken_for_another_encoding() -> None:
    assert guessed("ВЕСНА\n".encode() + b"\xff\n", 4) == "utf-8"


def test_people_name_encodings_by_word_and_by_code_page() -> None:
    assert (named(" UTF_8 "), named("1251"), named("cp1252")) == ("utf-8", "windows-1251", "windows-1252")
    with pytest.raises(Invalid, match="windows-1251"):
        named("klingon")


@given(st.binary(max_size=80), st.sampled_from(sorted(set(NAMES.values()))), st.integers(1, 80))
def test_any_bytes_in_any_encoding_give_rows_or_one_refusal_with_a_line(data, encoding, size) -> None:
    assert guessed(data, size) in NAMES.values()
    file = CodeFile(UTC, Attributes(), dialect="any", encoding=encoding)
    try:
        rows = [row for at in range(0, len(data), size) for row in file.feed(data[at : at + size])]
        rows += file.close()
    except Invalid as error:
        assert error.problems[0].detail.startswith("Line ")
    else:
        assert all(row.reason.endswith(".") for row in rows if isinstance(row, RejectedRow))
