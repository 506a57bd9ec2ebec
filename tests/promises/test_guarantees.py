"""The page of guarantees lists only promises that have tests, and each link leads to one."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "guarantees.md"
ROW = re.compile(r"^\| (P\d+) \| (.+?) \| (.+) \|$", re.M)
LINK = re.compile(r"\]\(([^)]+)\)")


def test_every_promise_links_to_tests_that_are_there() -> None:
    rows = ROW.findall(PAGE.read_text())
    assert [name for name, _, _ in rows] == sorted((name for name, _, _ in rows), key=lambda name: int(name[1:]))
    for name, _, proofs in rows:
        links = LINK.findall(proofs)
        assert links, name
        for link in links:
            target = (PAGE.parent / link).resolve()
            assert target.is_file(), f"{name}: {link}"
            assert re.search(r"^(async )?def test_", target.read_text(), re.M), f"{name}: {link} holds no test"


def test_every_test_of_a_promise_is_named() -> None:
    tests = {path.name for path in Path(__file__).parent.glob("test_p*.py")}
    named = {Path(link).name for link in LINK.findall(PAGE.read_text())}
    assert not tests - named, f"give it a row in {PAGE.name}"
