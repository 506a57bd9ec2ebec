"""Formats: what they allow, what they refuse, and that their codes are different, valid and shapely."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearoff.domain.formats import GUESSES_MIN, FormatDefinition, check, warnings
from tearoff.domain.generation import generate, is_valid
from tearoff.domain.permutation import CHUNK, Permutation

KEY = b"k" * 32


def wanted(**more: object) -> FormatDefinition:
    return FormatDefinition(key="f", **{"guesses_min": 1, **more})  # type: ignore[arg-type]


@given(st.integers(1, 5000), st.binary(min_size=32, max_size=32))
@settings(max_examples=30)
def test_a_permutation_meets_every_number_once(capacity: int, key: bytes) -> None:
    assert sorted(Permutation(key, capacity).of(0, capacity).tolist()) == list(range(capacity))


def test_a_permutation_goes_on_where_it_stopped_and_another_key_goes_elsewhere() -> None:
    whole = Permutation(KEY, 10**12).of(0, CHUNK * 2 + 7)
    parts = [Permutation(KEY, 10**12).of(at, count) for at, count in ((0, 5), (5, CHUNK), (CHUNK + 5, CHUNK + 2))]
    assert whole.tolist() == [n for part in parts for n in part.tolist()]
    assert whole.tolist()[:5] != Permutation(b"x" * 32, 10**12).of(0, 5).tolist()


@given(st.integers(3, 20), st.sampled_from(["", "SALE-"]), st.sampled_from(["", "Z"]), st.integers(0, 6), st.booleans())
@settings(max_examples=40)
def test_codes_are_different_have_the_shape_and_pass_their_check(length, prefix, marker, group, has_check) -> None:
    shape = wanted(
        length=length,
        prefix=prefix,
        marker=marker,
        marker_at=1 if marker else None,
        group=group,
        has_check_digit=has_check,
        alphabet="0123456789ABCDEF",
        exclude="0",
    )
    if check(shape):
        return
    count = min(shape.capacity, 500)
    codes = generate(shape, KEY, 0, count)
    assert len(set(codes)) == count
    assert all(is_valid(shape, code) for code in codes)
    assert not any("0" in code for code in codes)


def test_a_wrong_letter_or_swapped_neighbours_show_in_the_check_digit() -> None:
    shape = wanted(length=9, has_check_digit=True)
    [code] = generate(shape, KEY, 3, 1)
    other = "2" if code[4] != "2" else "3"
    assert not is_valid(shape, code[:4] + other + code[5:])
    assert not is_valid(shape, code[:-1] + ("2" if code[-1] != "2" else "3"))


def test_codes_with_a_forbidden_word_are_left_out() -> None:
    shape = wanted(length=3, alphabet="AB", exclude="", forbidden=("aba",))
    assert sorted(generate(shape, KEY, 0, 8)) == ["AAA", "AAB", "ABB", "BAA", "BAB", "BBA", "BBB"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"length": 21}, "/length"),
        ({"length": 3, "prefix": "ABC"}, "/length"),
        ({"alphabet": "A"}, "/alphabet"),
        ({"alphabet": "ÄÖ"}, "/alphabet"),
        ({"marker": "X"}, "/markerAt"),
        ({"marker": "X", "marker_at": 30}, "/markerAt"),
        ({"prefix": "A B"}, "/prefix"),
        ({"suffix": "ЛІТО"}, "/prefix"),
        ({"separator": "–"}, "/prefix"),
        ({"separator": "--"}, "/separator"),
        ({"forbidden": ("",)}, "/forbidden"),
        ({"prefix": "SALE", "forbidden": ("sal",)}, "/forbidden"),
        ({"alphabet": "aAB", "exclude": "", "forbidden": ("a", "B")}, "/forbidden"),
    ],
)
def test_what_cannot_be_a_format_is_named(more: dict[str, object], pointer: str) -> None:
    assert pointer in {problem.pointer for problem in check(wanted(**more))}


def test_room_is_what_the_shape_the_ceiling_and_the_guess_floor_leave() -> None:
    shape = FormatDefinition(key="f", length=6, alphabet="0123456789", exclude="")
    assert (shape.capacity, shape.guesses(10), shape.room(0)) == (10**6, 10**5, 1)
    assert FormatDefinition(key="f", length=12, codes_max=50).room(20) == 30


def test_a_floor_below_the_usual_one_is_allowed_with_a_warning() -> None:
    assert not warnings(wanted(guesses_min=GUESSES_MIN))
    [warned] = warnings(wanted(guesses_min=1000))
    assert (warned.pointer, "One guess in 1000" in warned.detail) == ("/guessesMin", True)
