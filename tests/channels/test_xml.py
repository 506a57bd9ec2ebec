"""XML answers as values, and the documents that are not read."""

from time import perf_counter
from typing import Any

import pytest

from tearoff.channels.xml import DEPTH_MAX, XmlRefused, parse

LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
FILE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
REMOTE = b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>'


@pytest.mark.parametrize(
    ("document", "value"),
    [
        ("<a/>", {"a": ""}),
        ("<a> x </a>", {"a": "x"}),
        ("<a><b>1</b><c>2</c></a>", {"a": {"b": "1", "c": "2"}}),
        ("<a><b>1</b><b>2</b><b><c/></b></a>", {"a": {"b": ["1", "2", {"c": ""}]}}),
        ('<a id="7">x</a>', {"a": {"@id": "7", "#text": "x"}}),
        ("<a>x<b>1</b>y</a>", {"a": {"b": "1", "#text": "xy"}}),
        ("<s:a xmlns:s='u'><s:b>1</s:b></s:a>", {"s:a": {"@xmlns:s": "u", "s:b": "1"}}),
        ("<a>&lt;&amp;&#x41;<![CDATA[<b>]]></a>", {"a": "<&A<b>"}),
        ("<?xml version='1.0'?><!-- c --><a>Привет</a>", {"a": "Привет"}),
    ],
)
def test_a_document_becomes_plain_values(document: str, value: Any) -> None:
    assert parse(document.encode()) == value


def test_the_documents_own_encoding_is_used() -> None:
    assert parse('<?xml version="1.0" encoding="windows-1251"?><a>Привет</a>'.encode("cp1251")) == {"a": "Привет"}


@pytest.mark.parametrize("encoding", ["utf-7", "big5", "nobody-knows"])
def test_a_document_in_an_encoding_that_is_not_read_is_refused(encoding: str) -> None:
    with pytest.raises(XmlRefused):
        parse(f'<?xml version="1.0" encoding="{encoding}"?><a>+ADw-</a>'.encode())


@pytest.mark.parametrize("document", [LAUGHS, FILE, REMOTE, b"<!DOCTYPE html><html/>"])
def test_a_document_with_a_dtd_is_not_read(document: bytes) -> None:
    with pytest.raises(XmlRefused, match="DOCTYPE"):
        parse(document)


@pytest.mark.parametrize("document", [b"", b"x", b"<a>", b"<a></b>", b"<a/><b/>", b"<a>&nbsp;</a>", b"<a \x00/>"])
def test_what_is_not_well_formed_is_refused(document: bytes) -> None:
    with pytest.raises(XmlRefused):
        parse(document)


def test_depth_and_size_are_bounded() -> None:
    assert parse(b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX)
    with pytest.raises(XmlRefused, match="levels"):
        parse(b"<a>" * (DEPTH_MAX + 1) + b"</a>" * (DEPTH_MAX + 1))
    started = perf_counter()
    with pytest.raises(XmlRefused, match="elements"):
        parse(b"<a>" + b"<b/>" * 1_000_000)
    assert perf_counter() - started < 2
