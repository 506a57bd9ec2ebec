"""P13: a bad upload gets a reason for each bad row or one for the whole body, and changes nothing else."""

import pytest
from tests.stock import books

HEADER = b"code,expirationDate,discount,type,inUse\n"
STOCK = b"S1,2099-01-01,10,birthday\nS2,2099-01-01,10,birthday\n"

ROWS = {
    "an empty code": (b",2099-01-01,10,birthday", "the code is empty"),
    "a code of blanks": (b"   ,2099-01-01", "the code is empty"),
    "a code that is too long": (b"x" * 501, "at most 500"),
    "a NUL in a code": (b"A\x00B", "cannot be printed"),
    "an escape sequence": (b"\x1b[31mRED", "cannot be printed"),
    "a line separator in a code": ("A\u2028B".encode(), "cannot be printed"),
    "an invisible mark": ("A\u200bB".encode(), "cannot be printed"),
    "a date of another country": (b"A,31.12.2026", "31.12.2026"),
    "a day that is not there": (b"A,2026-02-30", "2026-02-30"),
    "a month that is not there": (b"A,2026-13-01", "2026-13-01"),
    "a year past all years": (b"A,99999-01-01", "99999-01-01"),
    "a time that is not there": (b"A,2026-12-31T25:00", "25:00"),
    "an infinite date": (b"A,infinity", "infinity"),
    "a negative discount": (b"A,,-5", "0 to 99"),
    "a discount past its end": (b"A,,100", "0 to 99"),
    "a discount with a fraction": (b'A,,"5,5"', "0 to 99"),
    "a discount of other digits": ("A,,\u0665".encode(), "0 to 99"),
    "a type that is too long": (b"A,,," + b"t" * 201, "type"),
    "a type that cannot be printed": (b"A,,,t\x07", "type"),
    "a flag that is none": (b"A,,,,maybe", "neither true nor false"),
    "too many values": (b"A,,,,true,more", "6 values for 5 columns"),
    "text behind a quote": (b'"A"B,,', "quotes"),
    "a code twice": (b"GOOD", "already"),
}
BODIES = {
    "no UTF-8": (HEADER + b"A\n\xff\xfe\n", "Line 3", "not UTF-8"),
    "UTF-16": (HEADER.decode().encode("utf-16"), "Line 1", "not UTF-8"),
    "a character cut in two": (HEADER + b"A\xd0", "", "not UTF-8"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xb5\xd0", "", "not UTF-8"),
    "a header without codes": (b"type,discount\nbirthday,5\n", "Line 1", "no column `code`"),
    "a quote that never ends": (HEADER + b'"' + b"x" * 1_200_000, "Line 2", "never ends"),
    "nothing": (b"", "", "no codes"),
    "only a header": (HEADER, "", "no codes"),
}


async def post(http, body):
    answer = await http.post("/api/v1/promocodes", data=body, headers={"Content-Type": "text/csv"})
    return answer.status, await answer.text(), answer.headers


async def listed(http):
    return await (await http.get("/api/v1/promocodes")).json(content_type=None)


@pytest.fixture
async def stock(http):
    """What was there before; gives the list of it."""
    assert (await post(http, STOCK))[0] == 200
    return await listed(http)


@pytest.mark.parametrize(("row", "reason"), ROWS.values(), ids=ROWS)
async def test_a_bad_row_is_named_and_its_neighbours_are_taken(http, stock, db, project, row, reason) -> None:
    body = HEADER + b"GOOD,2099-01-01,5,birthday\n" + row + b"\nLAST,2099-01-01,5,birthday\n"
    status, text, headers = await post(http, body)
    assert (status, headers["Tearoff-Rows"]) == (200, "read=3, rejected=1"), text
    report = await (await http.get(headers["Link"].partition(">")[0][1:])).text()
    head, refused = report.splitlines()
    assert (head, refused.partition(",")[0]) == ("line,value,reason", "3")
    assert reason in refused
    after = await listed(http)
    assert [code for code in after if code in stock] == stock
    assert {code["code"] for code in after} == {"S1", "S2", "GOOD", "LAST"}
    assert (await books(db, project)).free == 4


@pytest.mark.parametrize(("body", "line", "reason"), BODIES.values(), ids=BODIES)
async def test_a_bad_body_is_refused_whole_with_a_reason(http, stock, db, project, body, line, reason) -> None:
    status, text, _ = await post(http, body)
    assert (status, line in text, reason in text) == (400, True, True), text
    assert await listed(http) == stock
    assert (await books(db, project)).uploaded == 2
    tasks = (await (await http.get("/v1/tasks")).json())["items"]
    assert len(tasks) == 1, "a refused body leaves no task"


async def test_a_code_that_looks_like_a_formula_is_a_code_and_its_report_runs_nowhere(http) -> None:
    _, _, headers = await post(http, b"code,discount\n=1+1,5\n=1+1,5\n@SUM(A1),5\n@SUM(A1),5\n")
    assert [code["code"] for code in await listed(http)] == ["=1+1", "@SUM(A1)"]
    report = await (await http.get(headers["Link"].partition(">")[0][1:])).text()
    assert [row.split(",")[1] for row in report.splitlines()[1:]] == ["'=1+1", "'@SUM(A1)"]
