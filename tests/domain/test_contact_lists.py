"""Lists of contacts: any of their names, any delimiter, and a reason for each line that names nobody."""

import pytest

from tearoff.domain.contact_lists import NO_NAME, read
from tearoff.domain.contacts import Identity
from tearoff.errors import Invalid


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_named_by_the_header_in_any_order(delimiter: str) -> None:
    text = "\ufeffName,EMAIL,contact_id\r\nAnn,A@Example.test,\r\n\r\nBob,,7\r\n".replace(",", delimiter)
    assert [(one.line, one.identity) for one in read(text)] == [
        (2, Identity(email="a@example.test")),
        (4, Identity(contact_id=7)),
    ]


def test_a_line_that_names_nobody_has_its_reason() -> None:
    listed = read('email,contactId,note\n,,"two\nlines"\nno mail,,\n,9x,\n')
    assert [(one.line, one.identity) for one in listed] == [(2, None), (4, None), (5, None)]
    assert listed[0].reason == NO_NAME
    assert "9x" in listed[2].reason


def test_a_list_without_a_header_is_refused() -> None:
    with pytest.raises(Invalid, match="columns"):
        read("ann\nbob\n")
    with pytest.raises(Invalid):
        read("")


def test_lines_may_end_in_any_way_and_what_cannot_be_told_apart_is_refused() -> None:
    assert [one.line for one in read("email\ra@example.test\rb@example.test\r")] == [2, 3]
    with pytest.raises(Invalid, match="cannot be read"):
        read("email\n" + "x" * 200_000)
