"""Rights and the log: codes in full and exports are for those who may, and each of them is written down."""

import io

import pytest
from pyarrow import parquet
from tests.api.conftest import key_for, signed_in

from tearoff.api.rest import exports


@pytest.fixture
async def stock(http):
    """Three codes; a contact has the first, and used it."""
    body = {"promocodes": ["=SUM1", "CODE-2", "CODE-3"], "type": "gift", "discount": 10, "expirationDate": "2099-01-01"}
    assert (await http.post("/api/v1/promocodes", json=body)).status == 200
    contact = {"externalId": "c1", "locators": [{"kind": "email", "value": "ann@x.test"}]}
    assert (await http.post("/v1/contacts", json=contact)).status == 200
    claimed = {"key": "order 1", "type": "gift", "contact": {"email": "ann@x.test"}}
    assert (await http.post("/v1/claims", json=claimed)).status == 201
    used = {"code": "=SUM1", "orderId": "o1", "amount": "12.50"}
    assert (await http.post("/v1/redemptions", json=used)).status == 201


async def entries(http, **params):
    page = await (await http.get("/v1/audit", params=params)).json()
    return [(entry["action"], entry["subject"]) for entry in page["items"]]


async def test_every_reveal_and_export_is_written_down(http, stock):
    await http.get("/v1/codes")
    assert await entries(http) == []
    await http.get("/v1/codes", params={"reveal": "true"})
    await http.get("/v1/exports/holders", params={"pool": "gift"})
    await http.get("/v1/redemptions")
    expected = [("reveal", "redemptions"), ("export", "pool gift"), ("reveal", "codes")]
    assert await entries(http) == expected
    assert await entries(http, action="export") == [("export", "pool gift")]


async def test_who_has_what_comes_as_csv_that_a_spreadsheet_does_not_run(http, stock):
    answer = await http.get("/v1/exports/holders")
    assert answer.headers["content-type"].startswith("text/csv")
    head, row, end = (await answer.text()).split("\r\n")
    assert end == ""
    seen = dict(zip(head.split(","), row.split(","), strict=True))
    assert seen["code"] == "'=SUM1"
    assert (seen["state"], seen["external_id"], seen["email"]) == ("issued", "c1", "ann@x.test")
    assert (seen["claim_key"], seen["order_id"], seen["amount"]) == ("order 1", "o1", "12.50")
    everything = await (await http.get("/v1/exports/holders", params={"which": "all", "pool": "gift"})).text()
    assert [line.split(",")[5] for line in everything.split("\r\n")[1:-1]] == ["issued", "free", "free"]


async def test_who_has_what_comes_as_parquet_with_types(http, stock):
    answer = await http.get("/v1/exports/holders", params={"format": "parquet", "which": "all"})
    table = parquet.read_table(io.BytesIO(await answer.read()))
    assert table.column("code").to_pylist() == ["=SUM1", "CODE-2", "CODE-3"]
    assert table.column("email").to_pylist() == ["ann@x.test", None, None]
    assert table.schema.field("issued_at").type.tz == "UTC"


async def test_an_export_of_many_pages_has_each_code_once_in_either_form(http, stock, monkeypatch):
    monkeypatch.setattr(exports, "PAGE_MAX", 2)
    monkeypatch.setattr(exports, "GROUP_PAGES", 2)
    codes = [f"MORE-{n}" for n in range(6)]
    assert (await http.post("/api/v1/promocodes", json={"promocodes": codes, "type": "more"})).status == 200
    text = await (await http.get("/v1/exports/holders", params={"which": "all", "pool": "more"})).text()
    assert [line.split(",")[1] for line in text.split("\r\n")[1:-1]] == codes
    answer = await http.get("/v1/exports/holders", params={"format": "parquet", "which": "all"})
    file = parquet.ParquetFile(io.BytesIO(await answer.read()))
    assert file.read().column("code").to_pylist() == ["=SUM1", "CODE-2", "CODE-3", *codes]
    assert file.num_row_groups == 3
    none = await http.get("/v1/exports/holders", params={"format": "parquet", "pool": "more"})
    assert parquet.read_table(io.BytesIO(await none.read())).num_rows == 0


async def test_exports_and_the_log_are_for_full_keys_only(base_url, db, project):
    for scope in ("codes", "read-only", "redeem"):
        async with signed_in(base_url, await key_for(db, project, scope)) as session:
            assert (await session.get("/v1/exports/holders")).status == 403
            expected = 200 if scope == "read-only" else 403
            assert (await session.get("/v1/audit")).status == expected
            assert (await session.get("/v1/codes", params={"reveal": "true"})).status == (
                200 if scope == "codes" else 403
            )
