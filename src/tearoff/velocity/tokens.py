"""The lexical rules: which tokens each state knows, in order of precedence among equals; the longest match wins."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

Matcher: TypeAlias = Callable[[str, int], "re.Match[str] | None"]
Candidate: TypeAlias = tuple[str, Matcher, int]

SENTINEL = "\x1c"

(
    DEFAULT,
    PRE_DIRECTIVE,
    DIRECTIVE,
    PRE_REFERENCE,
    REFERENCE,
    REFMODIFIER,
    REFMOD2,
    REFMOD3,
    REFINDEX,
    ALT_VAL,
    IN_LINE_COMMENT,
    IN_FORMAL_COMMENT,
    IN_MULTI_LINE_COMMENT,
    IN_TEXT_BLOCK,
) = range(14)

MORE = frozenset({"DOLLAR", "HASH", "TEXT_BLOCK_START", "FORMAL_COMMENT_START", "COMMENT_START"})
STANDS, JOINS, LOOSENS = range(3)
"""What a match becomes: a token; the beginning of the token after it; or text that no rule wanted."""

SPECIAL = frozenset({"REFERENCE_TERMINATOR", "DIRECTIVE_TERMINATOR"})

COMMENTS: dict[int, Matcher] = {
    IN_LINE_COMMENT: re.compile(r"(?:#\*\*[^#\x1c]|[^\r\n\x1c])*+").match,
    IN_FORMAL_COMMENT: re.compile(r"(?:#\*\*[^#\x1c]|#\*|[^*\x1c]|\*(?!#))*+").match,
    IN_MULTI_LINE_COMMENT: re.compile(r"(?:#\*\*[^#\x1c]|#\*|[^*]|\*(?!#))*+").match,
    IN_TEXT_BLOCK: re.compile(r"(?:#\*\*[^#\x1c]|#\*|#\[\[|[^\]\x1c]|\](?!\]#))*+").match,
}
"""What a comment skips; `#*` and `#**x` inside one hide a `*#` that begins with their last character."""

_TAIL = re.compile(r"(?:\\*\$(?:\\*!)?|#\[\[|#\*|#)+\Z").search
_TAIL_MAX = 100


def tail(text: str, begin: int, end: int) -> int:
    """Where that begins which a comment's last token takes along of its text: `$`, `#` and their like at its end."""
    if end == begin or text[end - 1] not in "$#!*[":
        return end
    found = _TAIL(text, max(begin, end - _TAIL_MAX), end)
    return end if found is None else found.start()


ARGUMENTS = (DIRECTIVE, REFMOD2, REFINDEX, ALT_VAL)
LISTS = (DIRECTIVE, REFMOD2, ALT_VAL)
PATHS = (REFERENCE, REFMODIFIER, REFMOD3)
EVERYWHERE = tuple(range(IN_LINE_COMMENT))
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
DIGITS = "0123456789"
WORD = r"(?:[A-Za-z_@][A-Za-z0-9_]*|\{[A-Za-z_@][A-Za-z0-9_]*\})"
LOOSE_CHARACTERS = "0123456789;:,)(<>\"'&=+/%|^~}?-"
LOOSE = "[" + LOOSE_CHARACTERS + "]"
PLAIN = rf"(?:[^$#\\\r\n\x1c]++|[#$](?={LOOSE}))"
"""Text up to what may be a directive or a reference; `#` and `$` before most marks and digits never are."""
LINE_END = r"(?:\r\n|\n|\r)"

EXPECTED = {
    REFINDEX: "a number, a string, a reference or ]",
    DIRECTIVE: "an argument or )",
    REFMOD2: "an argument, a comma or )",
    ALT_VAL: "a value or }",
}
"""What should stand where no rule of a state fits."""

RULES: tuple[tuple[str, str, str | None, tuple[int, ...]], ...] = (
    ("LONE_SYMBOL", r"\x1c", SENTINEL, (PRE_DIRECTIVE, PRE_REFERENCE)),
    (
        "ZERO_WIDTH",
        r"\x1c",
        SENTINEL,
        (*PATHS, REFINDEX, DIRECTIVE, REFMOD2, DEFAULT, IN_FORMAL_COMMENT, IN_LINE_COMMENT),
    ),
    ("[INDEX", r"\[", "[", PATHS),
    ("||REF", r"\|\|", "|", PATHS),
    ("PIPE", r"\|", "|", PATHS),
    ("INDEX]", r"\]", "]", (REFINDEX,)),
    ("[", r"\[", "[", LISTS),
    ("]", r"\]", "]", LISTS),
    (",", r",", ",", LISTS),
    ("..", r"\.\.", ".", LISTS),
    (":", r":", ":", LISTS),
    ("{", r"\{", "{", LISTS),
    ("}", r"\}", "}", LISTS),
    ("(", r"\(", "(", (DIRECTIVE, REFMODIFIER)),
    (")", r"\)", ")", (DIRECTIVE,)),
    ("METHOD)", r"\)", ")", (REFMOD2,)),
    ("ESCAPED_DIRECTIVE", rf"(?:\\\\)*\\#{WORD}", "\\", (DEFAULT,)),
    (
        "SET",
        r"#(?:set|\{set\})[ \t]*\(",
        "#",
        (DEFAULT, PRE_REFERENCE, REFERENCE, REFMODIFIER, REFMOD2, REFMOD3),
    ),
    ("DOLLAR", r"\\*\$(?:\\*!)?", "\\$", EVERYWHERE),
    ("TEXT_BLOCK_START", r"#\[\[", "#", EVERYWHERE),
    ("FORMAL_COMMENT_START", r"#\*\*[^#\x1c]", "#", EVERYWHERE),
    ("COMMENT_START", r"#\*", "#", EVERYWHERE),
    ("HASH", r"#", "#", EVERYWHERE),
    (
        "LINE_COMMENT_START",
        r"##",
        "#",
        (DEFAULT, PRE_DIRECTIVE, DIRECTIVE, PRE_REFERENCE, *PATHS, REFMOD2),
    ),
    ("LINE_COMMENT", LINE_END, "\r\n", (IN_LINE_COMMENT,)),
    ("SPACE", r"[ \t]+", " \t", (DEFAULT, *ARGUMENTS)),
    ("NEWLINE", LINE_END, "\r\n", (DEFAULT, *ARGUMENTS)),
    ("SUFFIX", rf"[ \t]*{LINE_END}", " \t\r\n", (PRE_DIRECTIVE, PRE_REFERENCE)),
    (
        "STRING",
        r"\"[^\"\x1c]*(?:\"\"[^\"\x1c]*)*\"|'[^'\x1c]*(?:''[^'\x1c]*)*'",
        "\"'",
        ARGUMENTS,
    ),
    ("TRUE", r"true", "t", (REFERENCE, REFMODIFIER, *ARGUMENTS)),
    ("FALSE", r"false", "f", (REFERENCE, REFMODIFIER, *ARGUMENTS)),
    ("-", r"-", "-", ARGUMENTS),
    ("+", r"\+", "+", ARGUMENTS),
    ("*", r"\*", "*", ARGUMENTS),
    ("/", r"/", "/", ARGUMENTS),
    ("%", r"%", "%", ARGUMENTS),
    ("&&", r"&&|and", "&a", ARGUMENTS),
    ("||", r"\|\||or", "|o", ARGUMENTS),
    ("<", r"<|lt", "<l", ARGUMENTS),
    ("<=", r"<=|le", "<l", ARGUMENTS),
    (">", r">|gt", ">g", ARGUMENTS),
    (">=", r">=|ge", ">g", ARGUMENTS),
    ("==", r"==|eq", "=e", ARGUMENTS),
    ("!=", r"!=|ne", "!n", ARGUMENTS),
    ("!", r"!|not", "!n", ARGUMENTS),
    ("=", r"=", "=", ARGUMENTS),
    ("END", r"end|\{end\}", "e{", (PRE_DIRECTIVE,)),
    ("IF", r"if|\{if\}", "i{", (PRE_DIRECTIVE,)),
    ("ELSEIF", r"elseif|\{elseif\}", "e{", (PRE_DIRECTIVE,)),
    ("ELSE", r"else|\{else\}", "e{", (PRE_DIRECTIVE,)),
    ("INTEGER", r"-?[0-9]+(?:\.\.)?", "-" + DIGITS, (PRE_DIRECTIVE, *ARGUMENTS)),
    (
        "DECIMAL",
        r"-?(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)",
        "-." + DIGITS,
        (PRE_DIRECTIVE, *ARGUMENTS),
    ),
    ("WORD", r"[A-Za-z_@][A-Za-z0-9_]*", LETTERS + "@", (PRE_DIRECTIVE, DIRECTIVE)),
    ("BRACKETED_WORD", r"\{[A-Za-z_@][A-Za-z0-9_]*\}", "{", (PRE_DIRECTIVE, DIRECTIVE)),
    ("IDENTIFIER", r"[A-Za-z_][A-Za-z0-9_]*", LETTERS, (PRE_REFERENCE, REFMODIFIER, REFMOD2)),
    ("DOT", r"\.[A-Za-z_]", ".", (*PATHS, REFMOD2)),
    ("{REF", r"\{", "{", (PRE_REFERENCE, *PATHS)),
    ("}REF", r"\}", "}", (PRE_REFERENCE, *PATHS)),
    ("REFERENCE_TERMINATOR", r"[\s\S]", None, (PRE_REFERENCE, *PATHS)),
    ("DIRECTIVE_TERMINATOR", r"[\s\S]", None, (PRE_DIRECTIVE,)),
    ("DOUBLE_ESCAPE", r"\\\\", "\\", (DEFAULT,)),
    ("ESCAPE", r"\\", "\\", (DEFAULT,)),
    (
        "TEXT",
        rf"[ \t]*+(?:[^$#\\\r\n\x1c \t]|[#$](?={LOOSE})){PLAIN}*+{LINE_END}(?:{PLAIN}*+{LINE_END})*",
        None,
        (DEFAULT,),
    ),
    ("INLINE_TEXT", rf"{PLAIN}++", None, (DEFAULT,)),
    ("EMPTY_INDEX", r"\$\[|\$!\[|\$\\!\[|\$\.", "$", (DEFAULT, PRE_REFERENCE)),
)
"""(token, pattern, characters it may begin with or None for any, states)"""

INLINE_TEXT: Matcher = re.compile(rf"{PLAIN}++").match
QUICK: Matcher = re.compile(
    r"\$(!?)(\{)?([A-Za-z_][A-Za-z0-9_]*)"
    r"((?:\.(?!(?:true|false)(?![A-Za-z0-9_]))[A-Za-z_][A-Za-z0-9_]*(?:\((?:'[A-Za-z0-9_.:-]*')?\))?)*)"
    r"(?(2)\}|(?=[ \t\r\n<>,;:?!'\"/=&*+)\]~^@%-]|(?<!\))#(?!set)[a-z]|[^\x00-\x7f]))"
).match
"""A whole reference of the common kind, with names and methods of at most one plain text; what follows cannot be part
of it. The rules would find the same in many steps."""
QUICK_STATES = frozenset({DEFAULT, DIRECTIVE, REFMOD2})
QUICK_WORD: Matcher = re.compile(r"#(?!set[ \t]*\()([A-Za-z_@][A-Za-z0-9_]*)").match
"""A directive or a macro's name in plain text, but for `#set(`, which is a token with its parenthesis."""
QUICK_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)(\((?:'([^']*)')?\))?")

_COMPILED = tuple((kind, re.compile(pattern).match, first, states) for kind, pattern, first, states in RULES)


_KNOWN = frozenset("".join(first for _, _, first, _ in RULES if first))
_SECOND = {
    "SET": "s{",
    "TEXT_BLOCK_START": "[",
    "FORMAL_COMMENT_START": "*",
    "COMMENT_START": "*",
    "LINE_COMMENT_START": "#",
    "EMPTY_INDEX": "[!\\.",
    "TEXT": LOOSE_CHARACTERS,
    "INLINE_TEXT": LOOSE_CHARACTERS,
}
"""What must follow a first `#` or `$`, where that is fixed: it spares trying most rules at most places."""


def _candidates(state: int, lead: str) -> tuple[Candidate, ...]:
    return tuple(
        (kind, match, JOINS if kind in MORE else LOOSENS if kind in SPECIAL else STANDS)
        for kind, match, first, states in _COMPILED
        if state in states
        and (first is None or (lead and lead[0] in first))
        and (len(lead) < 2 or kind not in _SECOND or lead[1] in _SECOND[kind])
    )


TABLES: tuple[dict[str, tuple[Candidate, ...]], ...] = tuple({} for _ in range(IN_TEXT_BLOCK + 1))


def _singles(state: int) -> dict[str, str]:
    """Characters that are a token by themselves whatever follows: no other rule of the state begins with them."""
    found: dict[str, str] = {}
    for kind, pattern, first, states in RULES:
        if state in states and first is not None and len(first) == 1 and pattern == re.escape(first):
            rivals = [rule for rule in RULES if state in rule[3] and rule[0] != kind and first in (rule[2] or first)]
            if not rivals:
                found[first] = kind
    return found


SINGLES: tuple[dict[str, str], ...] = tuple(_singles(state) for state in range(IN_TEXT_BLOCK + 1))


def candidates(state: int, text: str, at: int) -> tuple[Candidate, ...]:
    """The rules that may fit at a place, best precedence first; remembered by what stands there."""
    lead = text[at]
    if lead in "#$":
        lead = text[at : at + 2]
        if not lead.isascii():
            return _candidates(state, lead)
    elif lead not in _KNOWN:
        lead = ""
    found = TABLES[state].get(lead)
    if found is None:
        found = TABLES[state][lead] = _candidates(state, lead)
    return found
