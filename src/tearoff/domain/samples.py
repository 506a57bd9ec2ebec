"""Samples: what stands where a code will be, in the shape of the pool's codes and plain to see as none of them."""

from __future__ import annotations

WORD = "SAMPLE"
PLAIN = "SAMPLE-CODE"


def sample_like(code: str | None) -> str:
    """A sample of the same length and with the same separators: letters and digits spell SAMPLE, then X and 0.

    Without a code to look at, PLAIN.
    """
    if not code or not any(map(str.isalnum, code)):
        return PLAIN
    word = iter(WORD)
    return "".join(_mark(char, next(word, "")) if char.isalnum() else char for char in code)


def _mark(char: str, letter: str) -> str:
    mark = letter or ("0" if char.isdigit() else "X")
    return mark.lower() if char.islower() else mark
