"""The example's codes and people, made at run time from a seed: the same seed makes the same demo."""

from __future__ import annotations

import random
from datetime import date, timedelta

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FIRST_NAMES = {
    "en": ("Alice", "Ben", "Chloe", "Daniel", "Emma", "Finn", "Grace", "Harry", "Isla", "Jack"),
    "uk": ("Олена", "Іван", "Марія", "Тарас", "Софія", "Андрій", "Ганна", "Богдан", "Юлія", "Остап"),
}
MESS = (
    "{code},31/12/2026,10,birthday,false",
    "{code},,105,birthday,false",
    ",2027-01-31,10,birthday,false",
    "{code},2027-01-31,ten,birthday,false",
    "{code},2027-01-31,10,birthday,maybe",
)
"""Rows as they really come: a slashed date, a discount over 99, no code, words for numbers, a flag that is no flag."""


def codes(count: int, chance: random.Random) -> list[str]:
    """Different codes in the shape BDAY-XXXX-XXXX."""
    made: set[str] = set()
    while len(made) < count:
        letters = "".join(chance.choices(ALPHABET, k=8))
        made.add(f"BDAY-{letters[:4]}-{letters[4:]}")
    return sorted(made)


def code_file(good: int, bad: int, today: date, seed: int = 7) -> tuple[bytes, int]:
    """A CSV of `good` usable codes among `bad` rows, and how many rows must be refused (repeats included)."""
    chance = random.Random(seed)
    soonest = today + timedelta(days=60)
    dates = [(soonest + timedelta(days=30 * n)).isoformat() for n in range(4)]
    forms = [dates[0], f"{dates[1]}T23:59", f"{dates[2]}T23:59:59", dates[3].replace("-", ".")]
    values = codes(good + bad, chance)
    rows = [f"{value},{chance.choice(forms)},10,birthday,false" for value in values[:good]]
    wrong = [chance.choice(MESS).format(code=value) for value in values[good:]]
    repeats = chance.sample(rows, 20)
    mixed = rows + wrong + repeats
    chance.shuffle(mixed)
    text = "code,expirationDate,discount,type,inUse\r\n" + "\r\n".join(mixed) + "\r\n"
    return b"\xef\xbb\xbf" + text.encode(), bad + len(repeats)


def people(count: int, seed: int = 7) -> list[dict[str, object]]:
    """Contacts at example.test in the vendor's form."""
    chance = random.Random(seed)
    made: list[dict[str, object]] = []
    for n in range(count):
        language = chance.choice(("en", "uk"))
        made.append(
            {
                "channels": [{"type": "email", "value": f"person{n:05}@example.test"}],
                "firstName": chance.choice(FIRST_NAMES[language]),
                "languageCode": language,
                "externalCustomerId": f"shop-{n:05}",
            }
        )
    return made
