"""Keys and references: any text becomes a key, and an id is never taken for one."""

import pytest

from tearoff.domain.definitions import KEY, as_id, check_key, slug, slugs


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("birthday", "birthday"),
        ("Black Friday!", "black-friday"),
        ("Été 2026", "ete-2026"),
        ("生日", "pool"),
        ("2026", "pool-2026"),
        ("--", "pool"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_text_becomes_a_key(text: str, key: str) -> None:
    assert slug(text, "pool") == key
    assert all(KEY.fullmatch(each) for each in slugs(text, "pool"))


def test_texts_with_one_slug_have_different_second_keys() -> None:
    assert slugs("a b", "pool")[0] == slugs("A-B", "pool")[0]
    assert slugs("a b", "pool")[1] != slugs("A-B", "pool")[1]


@pytest.mark.parametrize("key", ["", "7", "a b", "-a", "a" * 101, "a/b", "a\n"])
def test_what_is_no_key_is_refused(key: str) -> None:
    assert [problem.pointer for problem in check_key(key, "/key")] == ["/key"]


@pytest.mark.parametrize(
    ("reference", "id"), [(7, 7), ("7", 7), ("a7", None), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("٣", None)]
)
def test_a_reference_of_digits_is_an_id(reference: int | str, id: int | None) -> None:
    assert as_id(reference) == id
