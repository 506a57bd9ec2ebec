"""Which errors a handler may raise, read from the source of all that it calls.

A function that only hands a callable on is not seen through; the queues of the site are named here.
"""

import ast
import inspect
import textwrap
import types
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from tearoff.actions import asked_claims, events, redemptions
from tearoff.errors import TearoffError

QUEUES = {"claims": asked_claims.claim, "events": events.accept, "redemptions": redemptions.redeem}
NO_RAISE = ("isinstance", "suppress")


def raised_by(handler: Callable[..., Any], *, but_for: Iterable[object] = ()) -> dict[type[TearoffError], str]:
    """Each error with the function that names it; those of the functions in `but_for` are left out."""
    seen = {handler, *but_for}
    waiting: list[Any] = [handler]
    found: dict[type[TearoffError], str] = {}
    while waiting:
        function = waiting.pop()
        errors, called = _facts(function)
        for error in errors:
            found.setdefault(error, f"{function.__module__}.{function.__name__}")
        waiting += called - seen
        seen |= called
    return found


@cache
def _facts(function: Any) -> tuple[frozenset[Any], frozenset[Any]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError):
        return frozenset(), frozenset()
    names = vars(inspect.getmodule(function))
    left_out = {inner for node in ast.walk(tree) for part in _never_raised(node) for inner in ast.walk(part)}
    errors, called = set(), set()
    for node in ast.walk(tree):
        if node in left_out or not isinstance(node, ast.Name | ast.Attribute):
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "site":
            called |= {QUEUES[node.attr]} if node.attr in QUEUES else set()
        meant = _meant(node, names)
        if isinstance(meant, type) and issubclass(meant, TearoffError):
            errors.add(meant)
        elif isinstance(meant, types.FunctionType | type) and meant.__module__.startswith("tearoff."):
            called.add(meant)
    return frozenset(errors), frozenset(called)


def _never_raised(node: ast.AST) -> list[ast.AST]:
    """Where a node names types without raising them: in annotations, and where errors are caught."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NO_RAISE:
        return [node]
    named = (getattr(node, "annotation", None), getattr(node, "returns", None))
    caught = node.type if isinstance(node, ast.ExceptHandler) else None
    return [part for part in (*named, caught) if part is not None]


def _meant(node: ast.AST, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _meant(node.value, names)
        return getattr(owner, node.attr, None) if isinstance(owner, types.ModuleType | type) else None
    return None
