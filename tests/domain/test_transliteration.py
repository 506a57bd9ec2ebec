"""Names of other alphabets become keys that people can read."""

import pytest

from tearoff.domain.definitions import slug
from tearoff.domain.transliteration import in_latin


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Новый пул промокодов", "Novyj pul promokodov"),
        ("Щедрий їжак, Єва", "Shchedrij yizhak, Yeva"),
        ("Γενέθλια", "Genethlia"),
        ("Größe łódź Ørsted", "Grosse lodz Orsted"),
        ("Café 10%", "Cafe 10%"),
        ("生日", ""),
    ],
)
def test_letters_are_spelled_out_and_accents_dropped(name: str, latin: str) -> None:
    assert in_latin(name) == latin


def test_a_key_is_filled_in_from_a_name_of_any_alphabet() -> None:
    assert slug("Новый год — 2027", "pool") == "novyj-god-2027"
    assert slug("生日", "pool") == "pool"
