"""Files of codes read in pieces: every split of the bytes gives the same rows."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tearoff.domain.code_files import RECORD_CHARS_MAX, Attributes, CodeFile, CodeRow, RejectedRow, listed
from tearoff.errors import Invalid

LATER = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def read(file: bytes, *cuts: int, **defaults):
    """The rows of a file that arrives in pieces, cut at these places."""
    places = [0, *sorted(cuts), len(file)]
    reader = CodeFile(UTC, Attributes(**defaults))
    rows = [row for a, b in pairwise(places) for row in reader.feed(file[a:b])]
    return rows + list(reader.close())


def outcome(file: bytes, *cuts: int):
    """The rows, or that the file was refused."""
    try:
        return read(file, *cuts)
    except Invalid:
        return "refused"


CELL = st.one_of(
    st.text(alphabet="AB1;,\t\"\n\r '=é\x00\x0c\x85\u2028", max_size=6),
    st.sampled_from(["code", "A", "2026-12-31", "10", '"a,b"', '"a\nb"', '"a""b"', "true", "\ufeff"]),
)
VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
FILES = st.lists(st.lists(CELL, max_size=4).map(",".join), max_size=8).map("\n".join).map(str.encode)


@given(FILES, st.lists(st.integers(0, 200), max_size=6))
@example(b"\xef\xbb\xbfcode\r\nA\r\n", [1, 2, 4, 9])
@example('код\n"a\nb",2026-12-31\n'.encode(), [1, 3, 7, 9, 10])
@example(b'A\n"B\nC\n', [2, 3])
@example(b"A\rB\r\nC\r", [1, 2, 3, 4])
@example(b"\n\nA;1\n", [0, 1, 2])
def test_any_split_of_the_bytes_gives_the_same_rows(file, cuts) -> None:
    assert outcome(file, *(min(cut, len(file)) for cut in cuts)) == outcome(file)


@given(st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=4))
def test_any_bytes_give_rows_or_one_refusal_with_a_line(file, cuts) -> None:
    try:
        rows = read(file, *(min(cut, len(file)) for cut in cuts))
    except Invalid as error:
        assert error.problems[0].detail.startswith("Line ")
    else:
        assert all(row.reason.endswith(".") for row in rows if isinstance(row, RejectedRow))
        assert len({row.line for row in rows}) == len(rows)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8), max_size=20)
)
def test_a_written_csv_is_read_back(values) -> None:
    file = "code\n" + "".join('"' + value.replace('"', '""') + '"\n' for value in values)
    assert [row.value for row in read(file.encode())] == values


def test_every_column_is_read_and_defaults_fill_what_a_row_does_not_state() -> None:
    file = b"Code;Expiration Date;DISCOUNT;type;in_use\nA;2026-12-31;5;vip;true\nB;;;;\n"
    assert read(file, expires_at=LATER, discount=1, type="t", is_in_use=False) == [
        CodeRow(2, "A", LATER, 5, "vip", True),
        CodeRow(3, "B", LATER, 1, "t", False),
    ]


def test_rows_without_a_header_may_end_early_and_be_of_different_length() -> None:
    assert [(row.value, row.discount) for row in read(b"A\nB,2026-12-31,7\nC,\n")] == [
        ("A", None),
        ("B", 7),
        ("C", None),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"A,2026-12-31,5,t,true,extra", "6 values for 5 columns"),
        (b"A,31.12.2026", "31.12.2026"),
        (b"A,,101", "0 to 99"),
        (b"A,,,,perhaps", "neither true nor false"),
        (b",,5", "the code is empty"),
        (b'"A"x,,', "quotes"),
        (b"A\x00", "printed"),
        ("A\u2028B".encode(), "printed"),
        (b"x" * 501, "501 characters"),
    ],
)
def test_a_bad_row_has_its_line_and_reason_and_its_neighbours_are_read(row, reason) -> None:
    first, bad, last = read(b"FIRST\n" + row + b"\nLAST\n")
    assert (first.value, last.value) == ("FIRST", "LAST")
    assert isinstance(bad, RejectedRow)
    assert (bad.line, reason in bad.reason) == (2, True), bad


def test_lines_are_counted_through_quoted_line_breaks_and_empty_lines() -> None:
    rows = read(b'code,type\n"A","x"\n\n"B\nB",t\nC,t\n')
    assert [(row.line, row.value) for row in rows] == [(2, "A"), (4, "B\ufffdB"), (6, "C")]


def test_a_header_without_a_code_column_is_refused() -> None:
    with pytest.raises(Invalid, match="no column `code`"):
        read(b"type,discount\nvip,5\n")


@pytest.mark.parametrize("file", [b"A\n\xff\xfe\n", b"\xff\xfeA\x00", b"A\n\xc3"])
def test_a_file_that_is_not_utf8_is_refused(file) -> None:
    with pytest.raises(Invalid, match="not UTF-8"):
        read(file)


@pytest.mark.parametrize("cut", range(8))
def test_the_line_of_a_bad_byte_is_named_wherever_the_pieces_end(cut) -> None:
    with pytest.raises(Invalid, match="Line 3: the file is not UTF-8"):
        read(b"A\nB\nC\xff\nD\n", cut)


def test_a_quote_that_never_closes_is_named_before_it_eats_the_memory() -> None:
    reader = CodeFile(UTC, Attributes())
    with pytest.raises(Invalid, match="never ends"):
        for _ in range(RECORD_CHARS_MAX // 1000 + 2):
            list(reader.feed(b'"' + b"x" * 999))


def test_a_stray_quote_is_one_refusal_that_names_the_lines_it_swallowed() -> None:
    refused, *rest = read(b'"A\n' + b"B\n" * 100_000, 1000, 70_000)
    assert (refused.line, "from here to line 65537 do not match" in refused.reason) == (1, True), refused
    assert (rest[0].line, len(rest)) == (65_538, 100_001 - 65_537)


def test_a_list_of_codes_shares_its_attributes() -> None:
    good, bad = listed([" A ", ""], Attributes(discount=5))
    assert (good, bad.line) == (CodeRow(1, "A", None, 5, None, None), 2)
