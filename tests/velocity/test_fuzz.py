"""Made-up templates: whatever the text, a render gives text or one of our own errors, in time."""

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.velocity.survival import FOUND, survives, texts

NAMES = st.sampled_from(["name", "five", "half", "list", "map", "data", "gone", "text", "yes", "a", "b", "foreach"])
TEXTS = st.sampled_from(
    ["x", " ", "\n", "  ", "#", "$", "\\", "{", "}", "(", ")", "#end", "#else", "##", "#*", "*#", "#[[", "]]#", "%A|b%"]
)
STEPS = st.sampled_from(
    ["", ".size()", ".length()", ".name", "[0]", "[-1]", ".get(0)", ".get('a')", ".add(1)", ".substring(1)", ".index"]
)


@st.composite
def references(draw: st.DrawFn) -> str:
    bang, path = draw(st.sampled_from(["", "!"])), draw(STEPS) + draw(STEPS)
    name = draw(NAMES)
    return draw(st.sampled_from([f"${bang}{name}{path}", f"${bang}{{{name}{path}}}", f"${{{name}{path}|'z'}}"]))


VALUES = st.recursive(
    st.one_of(
        references(),
        st.integers().map(str),
        st.floats(allow_nan=False, allow_infinity=False).map(repr),
        st.sampled_from(["true", "false", "'x'", '"$name"', '"#if($yes)y#end"', "[]", "{}", "[1..3]", "''"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/%<>"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from(["==", "!=", "&&", "||", "<=", ">="]), inner).map(" ".join),
        inner.map(lambda value: f"!{value}"),
        inner.map(lambda value: f"- {value}"),
    ),
    max_leaves=6,
)


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(VALUES, inner, inner).map(lambda t: f"#if({t[0]}){t[1]}#{{else}}{t[2]}#end"),
        st.tuples(NAMES, VALUES, inner).map(lambda t: f"#foreach(${t[0]} in {t[1]}){t[2]}#end"),
        st.tuples(NAMES, inner).map(lambda t: f"#macro({t[0]} $a){t[1]}#end#{t[0]}(1)#@{t[0]}(2)y#end"),
        st.tuples(NAMES, inner).map(lambda t: f"#define(${t[0]}){t[1]}#end${t[0]}"),
        st.lists(inner, max_size=4).map("".join),
    )


STATEMENTS = st.recursive(
    st.one_of(
        TEXTS,
        references(),
        st.tuples(references(), VALUES).map(lambda t: f"#set({t[0]} = {t[1]})"),
        VALUES.map(lambda value: f"#evaluate({value})"),
        st.sampled_from(["#stop", "#break", "#name(1 2)", "\\#if", "\\$name"]),
    ),
    blocks,
    max_leaves=25,
)
ODD = b"$#!{}[]()\\|.,'\"=<>&*%@ \n\x00\x1c\xff"
FAST = settings(
    max_examples=int(os.environ.get("TEAROFF_FUZZ_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("text", texts(FOUND))
def test_what_fuzzing_once_found_survives(text: str) -> None:
    survives(text)


@FAST
@given(STATEMENTS)
def test_templates_of_the_grammar(text: str) -> None:
    survives(text)


@FAST
@given(st.text(alphabet="$#!{}[]()\\|.,'\"=<>&*%@ \n\tabif0159setnd", max_size=60))
def test_texts_of_the_languages_own_characters(text: str) -> None:
    survives(text)


@FAST
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    survives(text)


@pytest.mark.sim
def test_bytes_without_end() -> None:
    seed = int(os.environ.get("TEAROFF_SEED", "1"))
    chance = random.Random(seed)
    corpus = ["#foreach($i in $list)$i#if($foreach.hasNext),#end#end", "#macro(m $a)$a#end#m(1)", "${name|'x'}$!map.a"]
    until = time.perf_counter() + float(os.environ.get("TEAROFF_FUZZ_SECONDS", "60"))
    while time.perf_counter() < until:
        raw = bytearray(chance.choice(corpus).encode("utf-8", "surrogateescape"))
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(raw) + 1)
            raw[at:at] = bytes(
                chance.choices(b"$#!{}[]()\\|.,'\"=<>&*%@ \n\x00\x1c\xff" + raw, k=chance.randrange(1, 4))
            )
            del raw[chance.randrange(len(raw)) :][: chance.randrange(3)]
        text = bytes(raw[:2_000]).decode("utf-8", "surrogateescape")
        survives(text)
        if chance.random() < 0.05 and len(corpus) < 500:
            corpus.append(text)
