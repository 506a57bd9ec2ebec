"""Compiling takes time in proportion to the directives, whatever their kind, and little for plain text."""

import time

import pytest

from tearoff.velocity import compile

TEXT = "<p>A spring of small gifts has begun in our shop, and this one is yours.</p>\n" * 5
KINDS = {
    "if": "#if($data.amount > 10)many#{else}few#end $!data.get('name')\n",
    "set": "#set($total = $data.amount * 2)$total\n",
    "foreach": "#foreach($item in $data.items)$item.name#end\n",
    "macro call": "#row($data.name 1)\n",
    "unknown": "#nosuch($data.name) \\#if \\$x\n",
}


def seconds(text: str) -> float:
    """The quickest of several compilations; a mean would measure the neighbours."""
    best = 9.0
    for _ in range(7):
        started = time.thread_time()
        compile(text)
        best = min(best, time.thread_time() - started)
    return best


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_eight_times_the_directives_take_eight_times_as_long(kind: str) -> None:
    head = "#macro(row $a $b)<td>$a</td>#end"
    few, many = (seconds(head + (TEXT + KINDS[kind]) * count) for count in (100, 800))
    assert many < few * 8 * 1.7


def test_text_without_directives_costs_little() -> None:
    plain = (TEXT * 400)[:100_000]
    assert seconds(plain) * 5 < seconds((TEXT * 4 + KINDS["if"]) * 60)
