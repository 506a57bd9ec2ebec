"""Text of other alphabets in Latin letters, for keys that people can read and type."""

from __future__ import annotations

import unicodedata

CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэіґўјңқғұүһә",
        "abvgdezijklmnoprstufyeigujnkguuha",
        strict=True,
    )
) | {
    "ё": "yo",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "ї": "yi",
    "ө": "o",
    "љ": "lj",
    "њ": "nj",
    "ђ": "dj",
    "ћ": "c",
    "џ": "dz",
}
GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}
LATIN = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
LETTERS = {**CYRILLIC, **GREEK, **LATIN}


def in_latin(text: str) -> str:
    """The text in ASCII: letters of known alphabets spelled out, accents dropped, anything else left away."""
    spelled = "".join(_spelled(character) for character in unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()


def _spelled(character: str) -> str:
    small = character.lower()
    plain = LETTERS.get(small)
    if plain is None:
        plain = LETTERS.get(unicodedata.normalize("NFKD", small)[0])
    if plain is None:
        return character
    return plain if small == character else plain.capitalize()
