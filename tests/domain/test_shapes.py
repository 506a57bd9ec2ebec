"""Plain data into values: every problem at once, each with its place."""

from typing import Any

import msgspec
import pytest

from tearoff.domain.shapes import collect, read
from tearoff.errors import Invalid, Problem


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    label: str = ""


class Apple(msgspec.Struct, frozen=True, tag_field="kind", tag="apple"):
    leaf: Leaf | None = None


class Plum(msgspec.Struct, frozen=True, tag_field="kind", tag="plum"):
    stones: int


class Basket(msgspec.Struct, frozen=True, rename="camel"):
    all_fruit: list[Apple | Plum]
    by_name: dict[str, Leaf] = {}


def test_good_data_become_values() -> None:
    data = {"allFruit": [{"kind": "plum", "stones": 1}, {"kind": "apple", "leaf": {"size": 2}}, {"kind": "apple"}]}
    assert read(data, Basket) == Basket([Plum(1), Apple(Leaf(2)), Apple()])


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        ([], [""]),
        ({}, ["/allFruit"]),
        ({"allFruit": 5}, ["/allFruit"]),
        ({"allFruit": [{"kind": "pear"}, {}, 5]}, ["/allFruit/0/kind", "/allFruit/1/kind", "/allFruit/2/kind"]),
        (
            {"allFruit": [{"kind": "plum", "stones": "x"}], "byName": {"a": {"size": None}, "b": {}}},
            ["/allFruit/0/stones", "/byName/a/size", "/byName/b/size"],
        ),
        ({"allFruit": [], "allfruit": []}, ["/allfruit"]),
    ],
)
def test_every_problem_is_told_with_its_place(data: Any, pointers: list[str]) -> None:
    with pytest.raises(Invalid) as error:
        read(data, Basket)
    assert [problem.pointer for problem in error.value.problems] == pointers


def test_a_near_miss_is_offered() -> None:
    problems: list[Problem] = []
    collect({"allFruit": [], "byNam": {}}, Basket, "", problems)
    assert [problem.detail for problem in problems] == ["There is no 'byNam' here; did you mean 'byName'?"]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_text_that_no_column_holds_is_refused_wherever_it_stands(text: str) -> None:
    problems: list[Problem] = []
    collect({"label": text, "size": 1}, Leaf, "", problems)
    collect({"a": [{"b": text}]}, dict[str, Any], "/any", problems)
    assert [problem.pointer for problem in problems] == ["/label", "/any/a/0/b"]


class Crate(msgspec.Struct, frozen=True):
    where: int | Leaf | None = None


@pytest.mark.parametrize("where", [7, {"size": 1}, None])
def test_a_number_or_an_object_is_either(where: Any) -> None:
    assert read({"where": where}, Crate) == msgspec.convert({"where": where}, Crate)


@pytest.mark.parametrize(
    ("where", "pointers"),
    [
        (True, ["/where"]),
        ([1], ["/where"]),
        ("x", ["/where"]),
        ({"size": "x", "odd": 1}, ["/where/odd", "/where/size"]),
    ],
)
def test_what_is_neither_is_a_problem_with_its_place(where: Any, pointers: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read({"where": where}, Crate)
    assert [problem.pointer for problem in refused.value.problems] == pointers
