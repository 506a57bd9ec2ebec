"""The console's catalogue: each English string is there in Ukrainian, and is Ukrainian."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).parent.parent / "console/src/i18n"
PARTS = sorted(path.name for path in (CATALOGUE / "en").glob("*.ts") if path.name != "index.ts")
PLURALS = {"en": {"one", "other"}, "uk": {"one", "few", "many", "other"}}
TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|`[^`]*`|[A-Za-z_][\w-]*|[{}:,=;]')
LETTERS = re.compile(r"[A-Za-z]{2}")
CYRILLIC = re.compile(r"[а-яіїєґ]", re.I)
PLACE = re.compile(r"\{\{(\w+)[^}]*\}\}")
SAME = {
    *("Email", "SMS", "HTML", "JSON", "XML", "API", "URL", "CSV", "Id", "ID", "id"),
    *("Web", "push", "Push", "Firebase", "Basic", "Tearoff"),
}
"""Names that are the same in both languages."""


def strings(language: str, part: str) -> dict[str, str]:
    """The strings of a file by their path, such as `settings.keys.name`."""
    text = (CATALOGUE / language / part).read_text()
    tokens = [found for found in TOKEN.findall(text[text.index("= {") + 1 :]) if not found.startswith("//")]
    found: dict[str, str] = {}
    path: list[str] = []
    name = part.removesuffix(".ts")
    for n, token in enumerate(tokens):
        if token == "{":
            path.append(name)
        elif token == "}":
            path.pop()
        elif n + 1 < len(tokens) and tokens[n + 1] == ":":
            name = token.strip('"')
        elif token[0] in '"`' and tokens[n - 1] == ":":
            found[".".join([*path, name])] = token[1:-1]
    return found


def bare(keys: dict[str, str]) -> set[str]:
    """Keys without the ending that says for how many a string stands."""
    return {re.sub(r"_(one|few|many|other)$", "", key) for key in keys}


def test_both_languages_have_the_same_parts() -> None:
    assert sorted(path.name for path in (CATALOGUE / "uk").glob("*.ts") if path.name != "index.ts") == PARTS
    assert len(PARTS) > 10


@pytest.mark.parametrize("part", PARTS)
def test_each_english_string_is_there_in_ukrainian(part: str) -> None:
    english, ukrainian = strings("en", part), strings("uk", part)
    assert english
    assert bare(english) == bare(ukrainian)
    for language, found in (("en", english), ("uk", ukrainian)):
        counted = {key.rpartition("_")[0] for key in found if key.endswith("_other")}
        lacking = {f"{key}_{n}" for key in counted for n in PLURALS[language]} - set(found)
        assert not lacking, f"{language} lacks the plurals {sorted(lacking)}"


@pytest.mark.parametrize("part", PARTS)
def test_ukrainian_strings_are_ukrainian_and_name_the_same_values(part: str) -> None:
    text = (CATALOGUE / "uk" / part).read_text()
    assert not re.search(r"import (?!type\b)", text), "a translation takes nothing from the English"
    english, ukrainian = strings("en", part), strings("uk", part)
    for key, words in ukrainian.items():
        original = english.get(key) or english.get(re.sub(r"_(few|many)$", "_other", key), "")
        said = PLACE.sub("", words)
        if LETTERS.search(said) and not CYRILLIC.search(said):
            rest = [word for word in re.findall(r"[A-Za-z][\w-]*", said) if word not in SAME]
            assert not rest, f"{key} is not translated: {words!r}"
        counted = {"count"} if re.search(r"_(one|few|many|other)$", key) else set()
        assert set(PLACE.findall(words)) | counted == set(PLACE.findall(original)) | counted, f"{key}: {words!r}"
