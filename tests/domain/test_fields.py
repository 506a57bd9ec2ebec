"""What each type of field takes."""

from typing import Any

import pytest

from tearoff.domain.fields import Field, FieldDefinition, as_text, check, parse
from tearoff.errors import Invalid


def field(type: str, *allowed: str) -> Field:
    return Field(field_id=7, key="K", name="K", type=type, allowed=allowed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "sent", "kept"),
    [
        ("TEXTFIELD", "x" * 1000, "x" * 1000),
        ("TEXTFIELD", 12, "12"),
        ("TEXTFIELD", True, "true"),
        ("TEXTAREA", "x" * 5000, "x" * 5000),
        ("NUMBER", " -2147483648 ", -(2**31)),
        ("NUMBER", 5, 5),
        ("DECIMAL", "10,5", 10.5),
        ("DECIMAL", 0.1, 0.1),
        ("DECIMAL", "-1.5e3", -1500.0),
        ("DATE", "2024-02-29", "2024-02-29"),
        ("DATE", "2024-02-29T10:00", "2024-02-29"),
        ("DATETIME", "2024-02-29 10:00", "2024-02-29T10:00"),
        ("DATETIME", "2024-02-29T10:00:05", "2024-02-29T10:00:05"),
        ("CHECKBOXLIST", "a, b,,a", ["a", "b"]),
        ("TAGS", ["a", "b"], ["a", "b"]),
        ("TAGS", ["a", None, 5, True], ["a", "5", "true"]),
        ("COMBOBOX", "a", "a"),
        ("NUMBER", "", None),
        ("TAGS", [], None),
        ("DATE", None, None),
    ],
)
def test_a_value_is_kept_in_its_own_type(type: str, sent: Any, kept: Any) -> None:
    assert parse(field(type), sent) == kept


@pytest.mark.parametrize(
    ("type", "sent"),
    [
        ("TEXTFIELD", "x" * 1001),
        ("TEXTFIELD", {"a": 1}),
        ("TEXTFIELD", [["a"]]),
        ("TEXTAREA", "x" * 5001),
        ("NUMBER", "2147483648"),
        ("NUMBER", "1.5"),
        ("NUMBER", True),
        ("NUMBER", "1_000"),
        ("NUMBER", "9" * 5000),
        ("DECIMAL", "NaN"),
        ("DECIMAL", "1_0"),
        ("DECIMAL", "1e99999999999999999999"),
        ("DECIMAL", "1e400"),
        ("DECIMAL", "1234567890123456"),
        ("DATE", "29.02.2024"),
        ("DATE", "2023-02-29"),
        ("DATE", "2024-02-29 or so"),
        ("DATETIME", "2024-02-29"),
        ("DATETIME", "2024-02-29T25:00"),
        ("TAGS", ",".join(str(n) for n in range(201))),
    ],
)
def test_what_does_not_fit_names_the_field_and_its_type(type: str, sent: Any) -> None:
    with pytest.raises(Invalid, match=rf"The field PERSONAL.K \({type}, id 7\) takes"):
        parse(field(type), sent)


def test_lists_of_choices_are_closed() -> None:
    assert parse(field("CHECKBOXLIST", "a", "b"), "b,a") == ["b", "a"]
    for type, sent in (("COMBOBOX", "c"), ("CHECKBOXLIST", "a,c")):
        with pytest.raises(Invalid, match="takes only a, b, not 'c'"):
            parse(field(type, "a", "b"), sent)


def test_the_vendors_door_shows_every_value_as_text() -> None:
    assert [as_text(v) for v in ("x", 5, 10.5, ["a", "b"])] == ["x", "5", "10.5", "a,b"]


def test_a_definition_names_everything_that_is_wrong() -> None:
    wrong = FieldDefinition(key="1 key", name=" ", section="A.B", allowed=("",))
    assert [p.pointer for p in check(wrong)] == ["/key", "/section", "/name", "/allowed"]
    assert check(FieldDefinition(key="PROMOCODE", name="Code")) == []
