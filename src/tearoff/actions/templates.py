"""Checking the templates of messages and sources before they are kept."""

from __future__ import annotations

from collections.abc import Iterable

from tearoff import velocity
from tearoff.domain import quotes
from tearoff.errors import Problem
from tearoff.velocity.problems import TemplateProblems


def check(templates: Iterable[tuple[str, str]], at: str = "") -> list[Problem]:
    """Everything wrong with some templates, each given with its JSON pointer; line and column count from 1."""
    return [Problem(at + pointer, detail) for pointer, text in templates for detail in check_one(text)]


def check_one(text: str) -> list[str]:
    """Every problem of a template as a sentence; curly quotes hide what else is wrong, so they come alone."""
    if curly := quotes.find(text):
        return [f"line {each.line}, column {each.column}: {each.detail}" for each in curly]
    try:
        velocity.compile(text)
    except TemplateProblems as error:
        return [problem.sentence for problem in error.problems]
    return []


def merge_tags(text: str) -> list[str]:
    """The names of the merge tags in a template that compiles; none in another."""
    try:
        return [tag.name for tag in velocity.compile(text).merge_tags] if "%" in text else []
    except TemplateProblems:
        return []
