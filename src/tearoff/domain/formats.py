"""Formats: the shape of generated codes, how many it allows, and how hard they are to guess."""

from __future__ import annotations

import string
from typing import Annotated

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.errors import Problem

LENGTH_MAX = 20
"""Characters of a code without its separators, as the vendor counts them."""
CHARACTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALIKE = "0O1Il"
GUESSES_MIN = 1_000_000
"""One guess in so many may hit a code, unless a format is told otherwise."""
CAPACITY_MAX = 2**62
"""The permutation's numbers; longer codes have this many different heads and a tail that follows from the head."""
WORDS_MAX = 1000


class FormatDefinition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A format as somebody wants it.

    `length` counts every character but separators, markers and the check digit included. `exclude` takes characters
    from the alphabet. `marker` stands at `marker_at` (0 is the start; None or the length's end). `group` puts
    `separator` after every so many characters. `codes_max` is a ceiling of the owner's own. `guesses_min`: how many
    guesses one hit may cost at least.
    """

    key: str
    name: str = ""
    alphabet: str = string.digits + string.ascii_uppercase
    exclude: str = ALIKE
    length: Annotated[int, msgspec.Meta(ge=1)] = 10
    prefix: str = ""
    suffix: str = ""
    marker: str = ""
    marker_at: Annotated[int, msgspec.Meta(ge=0)] | None = None
    group: Annotated[int, msgspec.Meta(ge=0, le=LENGTH_MAX)] = 0
    separator: str = "-"
    has_check_digit: bool = False
    forbidden: tuple[str, ...] = ()
    codes_max: Annotated[int, msgspec.Meta(ge=1)] | None = None
    guesses_min: Annotated[int, msgspec.Meta(ge=1)] = GUESSES_MIN

    @property
    def letters(self) -> str:
        """The characters that codes are made of, each once, in a stable order."""
        return "".join(sorted(set(self.alphabet) - set(self.exclude)))

    @property
    def free(self) -> int:
        """How many characters of a code are free to vary."""
        return self.length - len(self.prefix) - len(self.suffix) - len(self.marker) - int(self.has_check_digit)

    @property
    def shapes(self) -> int:
        """How many codes have this shape."""
        return int(len(self.letters) ** max(self.free, 0))

    @property
    def capacity(self) -> int:
        """How many different codes can be made: what the shape allows, or the owner's ceiling."""
        return min(self.shapes, self.codes_max or self.shapes, CAPACITY_MAX // len(self.letters))

    def guesses(self, made: int) -> int:
        """One guess in how many hits one of `made` codes."""
        return self.shapes // max(made, 1)

    def room(self, made: int) -> int:
        """How many more codes may be made before they are used up or too easy to guess."""
        return max(0, min(self.capacity, self.shapes // self.guesses_min) - made)


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format as it is stored: `made` codes came from it so far, and tasks that run will make the `planned` ones."""

    format_id: int
    key: str
    definition: FormatDefinition
    made: int
    planned: int = 0

    @property
    def room(self) -> int:
        """How many more codes may be asked for."""
        return self.definition.room(self.made + self.planned)


def check(wanted: FormatDefinition, at: str = "") -> list[Problem]:
    """Every rule that the definition breaks."""
    problems = check_key(wanted.key, f"{at}/key")

    def need(is_right: bool, field: str, detail: str) -> None:
        if not is_right:
            problems.append(Problem(f"{at}/{field}", detail))

    need(
        wanted.length <= LENGTH_MAX, "length", f"A code has at most {LENGTH_MAX} characters; {wanted.length} are asked."
    )
    need(set(wanted.alphabet) <= set(CHARACTERS), "alphabet", "An alphabet is made of digits and Latin letters.")
    need(len(wanted.letters) >= 2, "alphabet", "At least two different characters must be left in the alphabet.")
    fixed = wanted.prefix + wanted.suffix + wanted.marker + wanted.separator
    need(
        fixed.isascii() and fixed.isprintable() and " " not in fixed,
        "prefix",
        "Fixed parts and separators are printable ASCII characters, without spaces.",
    )
    need(len(wanted.separator) <= 1, "separator", "A separator is one character, or none.")
    need(wanted.free >= 1, "length", "Nothing is left to vary: the fixed parts are as long as the code.")
    place = wanted.marker_at
    need(place is None or place <= max(wanted.free, 0), "markerAt", "The marker would stand outside the code.")
    need(not wanted.marker or place is not None, "markerAt", "A marker needs its place.")
    need(len(wanted.forbidden) <= WORDS_MAX, "forbidden", f"At most {WORDS_MAX} words can be forbidden.")
    need(all(wanted.forbidden), "forbidden", "A forbidden word is not empty.")
    need(not _is_all_forbidden(wanted), "forbidden", "No code is left: every one would hold a forbidden word.")
    return problems


def warnings(wanted: FormatDefinition) -> list[Problem]:
    """What is allowed and may be regretted."""
    if wanted.guesses_min >= GUESSES_MIN:
        return []
    sentence = f"One guess in {wanted.guesses_min} may hit a code; {GUESSES_MIN} is what keeps people from trying."
    return [Problem("/guessesMin", sentence)]


def _is_all_forbidden(wanted: FormatDefinition) -> bool:
    """Whether a fixed part holds a forbidden word, or each character of the alphabet is one."""
    words = {word.casefold() for word in wanted.forbidden if word}
    fixed = [part.casefold() for part in (wanted.prefix, wanted.suffix, wanted.marker)]
    is_fixed = any(word in part for word in words for part in fixed)
    return is_fixed or (bool(wanted.letters) and all(letter.casefold() in words for letter in wanted.letters))
