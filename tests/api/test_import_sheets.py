"""Spreadsheets as imports, and the templates that people fill in."""

import io
import zipfile
from datetime import date

from openpyxl import Workbook, load_workbook

HEADER = "Code,Issue-start,Issue-end,Available-from,Available-till\n"


async def test_spreadsheets_are_read_and_their_rounded_numbers_refused(desk):
    book = Workbook()
    rows = [
        ("Code", "Available-till", "discount"),
        ("A-1", "31.12.2030", 5),
        (12345, None, None),
        (1.23e17, None, None),
    ]
    for row in rows:
        book.active.append(row)
    book.active.append(("A-2", date(2031, 5, 4), None))
    made = io.BytesIO()
    book.save(made)
    task = await desk.run(made.getvalue(), kind="application/octet-stream")
    assert (task["report"]["added"], task["report"]["file"]["format"]) == (3, "xlsx")
    assert [row[0] for row in await desk.rejects(task["id"])] == ["4"]
    assert (await desk.story("12345"))["state"] == "free"
    assert (await desk.story("A-2"))["expiresAt"] == "2031-05-04T23:59:59Z"
    assert "cannot be read" in (await desk.run(b"PK\x03\x04 broken"))["report"]["error"]["detail"]
    assert ".xlsx or CSV" in (await desk.run(b"\xd0\xcf\x11\xe0 old"))["report"]["error"]["detail"]


async def test_a_spreadsheet_that_claims_endless_rows_is_refused(desk):
    """Rows that are left out cost its sender nothing."""
    book, made, endless = Workbook(), io.BytesIO(), io.BytesIO()
    for code in ("code", "A-1"):
        book.active.append((code,))
    book.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(endless, "w") as after:
        for part in before.namelist():
            text = before.read(part).replace(b'<dimension ref="A1:A2" />', b"")
            after.writestr(part, text.replace(b'<row r="2"', b'<row r="9999999999"'))
    task = await desk.run(endless.getvalue(), kind="application/octet-stream")
    assert (task["state"], "more than 1,048,576 rows" in str(task["report"])) == ("failed", True), task


async def test_the_templates_are_imported_as_they_are_filled_in(desk):
    answer = await desk.http.get("/v1/imports/template")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="codes.csv"'
    text = await answer.read()
    assert (await desk.report(text + b"A,20.06.2022 20:13,,,31.12.2030\n"))["added"] == 1
    sheet = await (await desk.http.get("/v1/imports/template", params={"format": "xlsx"})).read()
    book = load_workbook(io.BytesIO(sheet))
    book["Codes"].append(("B", "20.06.2022 20:13", None, None, "31.12.2030"))
    made = io.BytesIO()
    book.save(made)
    assert (await desk.report(made.getvalue()))["added"] == 1
    assert (await desk.story("B"))["expiresAt"] == (await desk.story("A"))["expiresAt"] == "2030-12-31T23:59:59Z"
