"""The Maestra dialect: issue, redeem, cancel, list, check and the three bulk imports, in JSON and in XML."""

import asyncio
from uuid import uuid4

import aiohttp
import pytest
from tests.api.conftest import key_for
from tests.stock import books

from tearoff.domain.operations import IMPORTS_MAX
from tearoff.store.db import execute, fetch_value

ANN = {"customer": {"ids": {"webSiteUserId": "ann"}}}
GIFT = {"pool": {"ids": {"externalId": "gift"}}}
FREE = """
SELECT coalesce(sum(waiting), 0)::bigint FROM lot WHERE project_id = %(project_id)s
"""
SET_POOL = "UPDATE pool SET processing = %(processing)s WHERE project_id = %(project_id)s"


@pytest.fixture
async def maestra(base_url, key):
    """A client that signs in as the dialect's callers do."""
    async with aiohttp.ClientSession(base_url, headers={"Authorization": f"SecretKey {key}"}) as session:
        yield session


@pytest.fixture
async def stock(http):
    """Five codes of the pool `gift`, whose customers are checked."""
    body = {"promocodes": ["A1", "B2", "C3", "D4", "E5"], "type": "gift", "discount": 10}
    assert (await http.post("/api/v1/promocodes", json=body)).status == 200


async def run(maestra, operation, body=None, how="sync", **query):
    params = {"endpointId": "site", "operation": operation} | query
    answer = await maestra.post(f"/v3/operations/{how}", params=params, json=body or {})
    return answer.status, await answer.json(content_type=None)


async def issue(maestra, customer="ann", **query):
    body = {"customer": {"ids": {"webSiteUserId": customer}}, "promoCode": GIFT}
    return (await run(maestra, "PromoCodes.Issue", body, **query))[1]


async def bulk(maestra, operation, text, **query):
    params = {"endpointId": "site", "operation": f"DirectCrm.{operation}", "csvCodePage": "65001"} | query
    headers = {"Content-Type": "text/csv;charset=utf-8"}
    answer = await maestra.post("/v3/operations/bulk", params=params, data=text.encode(), headers=headers)
    return answer.status, await answer.json(content_type=None)


def named(code, **more):
    return ANN | {"promoCode": {"ids": {"value": code}} | more}


async def test_the_next_code_is_issued_to_a_customer_who_is_made_and_described(maestra, stock):
    answer = await issue(maestra)
    code = answer["promoCode"]
    assert (answer["status"], code["issueStatus"], code["ids"]["value"]) == ("Success", "Issued", "A1")
    assert code["pool"] == {"ids": {"externalId": "gift"}, "name": "gift", "description": code["pool"]["description"]}
    assert (code["isUsed"], "issuedDateTimeUtc" in code) == (False, True)
    assert (await issue(maestra))["promoCode"]["ids"]["value"] == "B2", "each issue is a new code"


async def test_an_issue_in_xml_is_answered_in_xml(maestra, stock):
    body = """<?xml version="1.0"?><operation><customer><ids><webSiteUserId>ann</webSiteUserId></ids></customer>
      <promoCode><pool><ids><externalId>gift</externalId></ids></pool></promoCode></operation>"""
    params = {"endpointId": "site", "operation": "PromoCodes.Issue"}
    headers = {"Content-Type": "application/xml", "Accept": "application/xml"}
    answer = await maestra.post("/v3/operations/sync", params=params, data=body, headers=headers)
    text = await answer.text()
    assert answer.content_type == "application/xml"
    assert "<result><status>Success</status><promoCode><issueStatus>Issued</issueStatus>" in text
    assert "<value>A1</value>" in text
    for bomb in ("<!DOCTYPE x [<!ENTITY a 'b'>]><operation>&a;</operation>", "<operation>", ""):
        answer = await maestra.post("/v3/operations/sync", params=params, data=bomb, headers=headers)
        assert (answer.status, "<status>ProtocolError</status>" in await answer.text()) == (400, True)


@pytest.mark.parametrize("how", ["sync", "async"])
async def test_one_transaction_id_is_one_code_however_often_it_comes(maestra, stock, http, how):
    number = str(uuid4())
    answers = [await issue(maestra, how=how, transactionId=number) for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["Success"] + 2 * ["TransactionAlreadyProcessed"]
    other = await asyncio.gather(*(issue(maestra, how=how, transactionId="t2") for _ in range(6)))
    assert {answer["status"] for answer in other} <= {"Success", "TransactionAlreadyProcessed"}
    assert (await (await http.get("/v1/pools/gift/stock")).json())["issued"] == 2
    assert answers[0].get("promoCode") is None or how == "sync"
    assert (await run(maestra, "PromoCodes.List", ANN, transactionId=number))[1]["status"] != "Success"


async def test_the_repeat_of_an_issue_tells_the_same_customer_the_same_code_and_nobody_else(maestra, stock):
    """The answer to the first call may have been lost; a transaction that is used for two customers gives one away."""
    first = await issue(maestra, transactionId="t-1")
    again = await issue(maestra, transactionId="t-1")
    assert (again["status"], again["promoCode"]) == ("TransactionAlreadyProcessed", first["promoCode"])
    for other in (
        await issue(maestra, "bob", transactionId="t-1"),
        await issue(maestra, how="async", transactionId="t-1"),
    ):
        assert other == {"status": "TransactionAlreadyProcessed"}
    listed = await run(maestra, "PromoCodes.List", ANN, transactionId="t-1")
    assert listed[1] == {"status": "TransactionAlreadyProcessed"}
    assert (await issue(maestra))["promoCode"]["ids"]["value"] == "B2"


async def test_the_six_statuses_of_an_issue(maestra, stock, http):
    async def status_of(operation, body):
        return (await run(maestra, operation, body))[1]["promoCode"]["issueStatus"]

    assert await status_of("PromoCodes.IssueByValue", named("C3")) == "Issued"
    assert await status_of("PromoCodes.IssueByValue", named("NONE")) == "PromoCodeNotFound"
    assert await status_of("PromoCodes.IssueByValue", named("C3")) == "NotAvailableForIssue"
    assert await status_of("PromoCodes.IssueOrCreate", named("NEW", **GIFT)) == "Issued"
    none = {"pool": {"ids": {"externalId": "none"}}}
    assert await status_of("PromoCodes.Issue", ANN | {"promoCode": none}) == "PromoCodePoolNotFound"
    for _ in range(4):
        assert (await issue(maestra))["promoCode"]["issueStatus"] == "Issued"
    assert (await issue(maestra))["promoCode"]["issueStatus"] == "NoAvailablePromoCodesInPool"
    csv = "Code;CodeType;IssueEndDateTimeUtc\nOLD;gift;2020-01-01 00:00:00.000\n"
    assert (await bulk(maestra, "PromoCodes.Import", csv))[1]["rowsRejected"] == 0
    assert await status_of("PromoCodes.IssueByValue", named("OLD")) == "NotInIssueDateTimeRange"


async def test_what_an_operation_wants_of_its_caller_is_said_where_it_is_missing(maestra, stock, http):
    await http.put("/v1/operations/Site.Birthday", json={"kind": "issue", "pool": "gift"})
    answer = (await run(maestra, "site.birthday", ANN))[1]
    assert answer["promoCode"]["ids"]["value"] == "A1"
    wrong = [
        ("Site.Birthday", ANN | {"promoCode": GIFT}, "/promoCode/pool"),
        ("PromoCodes.Issue", named("A1", **GIFT), "/promoCode/ids"),
        ("PromoCodes.Issue", ANN, "/promoCode/pool/ids/externalId"),
        ("PromoCodes.IssueByValue", named("A1", **GIFT), "/promoCode/pool"),
        ("PromoCodes.IssueByValue", ANN, "/promoCode/ids/value"),
        ("PromoCodes.Issue", {"promoCode": GIFT}, "customer"),
        ("Unknown", ANN, "Unknown"),
        ("", ANN, "operation"),
        ("PromoCodes.List", {"customer": {"ids": {"x": "nobody"}}}, "customer"),
    ]
    for operation, body, part in wrong:
        status, refused = await run(maestra, operation, body)
        assert (status, refused["status"], refused["httpStatusCode"]) == (400, "ProtocolError", 400), refused
        assert part in refused["errorMessage"]
    status, refused = await run(maestra, "PromoCodes.List", {"customer": {"email": "no address"}})
    assert (status, refused["status"]) == (200, "ValidationError")
    assert refused["validationMessages"][0]["location"] == "/customer/email"
    assert (await (await http.get("/v1/pools/gift/stock")).json())["issued"] == 1


async def test_redeeming_refuses_with_the_coupon_statuses_and_a_cancelled_redemption_is_usable_again(maestra, stock):
    async def redeem(code, **more):
        return (await run(maestra, "PromoCodes.Redeem", named(code) | more))[1]

    refused = await redeem("A1")
    assert (refused["status"], refused["promoCode"]["status"]) == ("ValidationError", "NotIssued")
    code = (await issue(maestra))["promoCode"]["ids"]["value"]
    done = await redeem(code, pointOfContact="till 3")
    assert (done["status"], done["promoCode"]["isUsed"]) == ("Success", True)
    assert done["promoCode"]["usedPointOfContact"] == {"ids": {"externalId": "till 3"}}
    assert (await redeem(code))["promoCode"]["status"] == "Used"
    ended = (await run(maestra, "PromoCodes.CancelRedemption", named(code)))[1]
    assert (ended["status"], ended["promoCode"]["isUsed"]) == ("Success", False)
    assert (await run(maestra, "PromoCodes.CancelRedemption", named(code)))[1]["status"] == "ValidationError"
    assert (await redeem(code))["status"] == "Success"
    assert (await redeem("NONE"))["promoCode"]["status"] == "NotFound"


async def test_the_time_of_use_decides_early_and_late(maestra, stock):
    csv = (
        "Code;CodeType;AvailableFromDateTimeUtc;AvailableTillDateTimeUtc\n"
        "EARLY;gift;2999-01-01 00:00:00;\nLATE;gift;2020-01-01 00:00:00.000;2020-02-01 00:00:00.000\n"
    )
    await bulk(maestra, "PromoCodes.Import", csv)
    for code in ("EARLY", "LATE"):
        body = named(code) | {"executionDateTimeUtc": "2020-01-15 00:00:00.000"}
        await run(maestra, "PromoCodes.IssueByValue", body)
    coupons = [{"ids": {"code": code}} for code in ("EARLY", "LATE", "NONE", "A1")]
    checked = (await run(maestra, "PromoCodes.Check", ANN | {"order": {"coupons": coupons}}))[1]
    found = {c["coupon"]["ids"]["code"]: c["coupon"]["status"] for c in checked["order"]["couponsInfo"]}
    assert found == {"EARLY": "YetNotActive", "LATE": "AlreadyNotActive", "NONE": "NotFound", "A1": "NotIssued"}


async def test_a_customers_codes_are_listed_with_their_states_page_by_page(maestra, stock):
    codes = [(await issue(maestra))["promoCode"]["ids"]["value"] for _ in range(3)]
    await run(maestra, "PromoCodes.Redeem", named(codes[1]))
    found = (await run(maestra, "PromoCodes.List", ANN | {"page": {"pageNumber": 1, "itemsPerPage": 2}}))[1]
    assert [(c["ids"]["value"], c["status"]) for c in found["promoCodes"]] == [(codes[0], "Active"), (codes[1], "Used")]
    found = (await run(maestra, "PromoCodes.List", ANN | {"page": {"pageNumber": 2, "itemsPerPage": 2}}))[1]
    assert [c["ids"]["value"] for c in found["promoCodes"]] == codes[2:]
    later = {"page": {"sinceDateTimeUtc": "2999-01-01 00:00:00"}}
    assert (await run(maestra, "PromoCodes.List", ANN | later))[1]["promoCodes"] == []


async def test_codes_pools_and_uses_are_imported_from_csv_files(maestra, http, stock):
    pools = "ExternalId;Name;IssueStartDateTimeUtc;IssueEndDateTimeUtc\npool-7;Seven;2026-01-01 00:00:00;\n8;Eight;;\n"
    assert await bulk(maestra, "PromoCodeTypes.Import", pools, folderSystemName="x") == (
        200,
        {"status": "Success", "rowsProcessed": 2},
    )
    codes = (
        "Code;CodeType;UsedDateTimeUtc;UsedPointOfContact\n"
        "S1;pool-7;;\nS2;pool-7;2026-01-02 03:04:05.678;shop\nS3;8;;\n;8;;\n"
    )
    status, done = await bulk(maestra, "PromoCodes.Import", codes, transactionId="import 1")
    assert (status, done["rowsProcessed"], done["rowsRejected"], done["rowsUsed"]) == (200, 4, 1, 1)
    assert (await bulk(maestra, "PromoCodes.Import", codes, transactionId="import 1"))[1] == {
        "status": "TransactionAlreadyProcessed"
    }
    [use] = (await (await http.get("/v1/redemptions")).json())["items"]
    assert (use["code"], use["pool"], use["point"], use["origin"]) == ("S2", "pool-7", "shop", "outside")
    assert use["redeemedAt"] == "2026-01-02T03:04:05.678000Z"
    statuses = "Code,CodeType,used,UsedPointOfContact\nS1,pool-7,true,kiosk\nS2,pool-7,false,\nNONE,pool-7,1,\n"
    status, done = await bulk(maestra, "PromoCodes.StatusImport", statuses)
    assert (done["rowsUsed"], done["rowsFreed"], done["rowsRejected"]) == (1, 1, 1)
    assert done["validationMessages"] == [{"line": 4, "message": "There is no such code."}]
    status, refused = await bulk(maestra, "PromoCodes.Import", "a;b\n1;2\n")
    assert (status, refused["status"]) == (400, "ProtocolError")


async def test_a_file_of_codes_that_names_no_code_column_leaves_nothing(maestra, http, stock):
    for text in ("X1\nX2\n", "Promo;CodeType\nX3;gift\n"):
        status, refused = await bulk(maestra, "PromoCodes.Import", text)
        assert (status, refused["errorMessage"]) == (400, "Line 1: the header names no column `Code`.")
    assert [pool["total"] for pool in (await (await http.get("/v1/stock")).json())["items"]] == [5]
    assert (await (await http.get("/v1/tasks?kind=import")).json())["items"][0]["report"]["added"] == 5


async def test_codes_that_a_file_calls_used_are_free_at_no_moment(maestra, http, stock, site, project):
    """Else somebody would be given a code that somebody else has used."""
    seen: list[int] = []
    done_looking = asyncio.Event()

    async def look() -> None:
        while not done_looking.is_set():
            async with site.db.transaction() as tx:
                seen.append(await fetch_value(tx, FREE, {"project_id": project}, int))

    looking = asyncio.create_task(look())
    rows = [f"U{n};gift;2026-01-02 03:04:05" for n in range(6_000)]
    text = "\n".join(["Code;CodeType;UsedDateTimeUtc", *rows, "A1;gift;2026-01-02 03:04:05", "OPEN;gift;", ""])
    status, done = await bulk(maestra, "PromoCodes.Import", text)
    done_looking.set()
    await looking
    assert (status, done["rowsUsed"], done["rowsRejected"]) == (200, 6_001, 0)
    assert max(seen) == 5
    counts = await (await http.get("/v1/pools/gift/stock")).json()
    assert {name: counts[name] for name in ("total", "free", "issued", "withdrawn", "redeemed")} == {
        "total": 6_006,
        "free": 5,
        "issued": 6_001,
        "withdrawn": 0,
        "redeemed": 6_001,
    }
    assert (await bulk(maestra, "PromoCodes.Import", text))[1]["rowsUsed"] == 0
    assert (await books(site.db, project, "gift")).issued == 6_001


async def test_a_pool_that_comes_again_keeps_what_the_file_does_not_say(maestra, http):
    wanted = {"key": "gift", "type": "Gift codes", "name": "Gifts", "description": "For birthdays", "state": "draft"}
    wanted |= {"cap": {"max": 1}, "reissue": "pool", "alertBelow": 7, "issueUntil": "2030-01-01T00:00:00Z"}
    assert (await http.post("/v1/pools", json=wanted)).status == 201
    for external in ("gift", "Gift codes"):
        text = f"ExternalId;Name;IssueStartDateTimeUtc\n{external};Presents;2026-01-01 00:00:00\n"
        assert (await bulk(maestra, "PromoCodeTypes.Import", text))[1] == {"status": "Success", "rowsProcessed": 1}
    kept = await (await http.get("/v1/pools/gift")).json()
    assert (kept["name"], kept["issueFrom"]) == ("Presents", "2026-01-01T00:00:00Z")
    assert (kept["description"], kept["state"], kept["type"]) == ("For birthdays", "draft", "Gift codes")
    assert (kept["cap"]["max"], kept["reissue"], kept["alertBelow"]) == (1, "pool", 7)
    assert kept["issueUntil"] == "2030-01-01T00:00:00Z", "the file has no column for it"
    [changed, made] = (await (await http.get("/v1/pools/gift/changes")).json())["items"]
    assert set(changed["fields"]) == {"name", "issueFrom"}
    assert changed["by"] == made["by"]


async def test_the_sixty_first_import_of_an_hour_is_refused(maestra, http):
    for n in range(IMPORTS_MAX):
        assert (await bulk(maestra, "PromoCodes.StatusImport", "Code;used\n", transactionId=str(n)))[0] == 200
    status, refused = await bulk(maestra, "PromoCodes.StatusImport", "Code;used\n")
    assert (status, refused["status"]) == (429, "ProtocolError")


async def test_a_system_that_redeems_by_itself_reports_by_the_same_operation(maestra, stock, db, project):
    code = (await issue(maestra))["promoCode"]["ids"]["value"]
    async with db.transaction() as tx:
        await execute(tx, SET_POOL, {"processing": "outside", "project_id": project})
    checked = await run(maestra, "PromoCodes.Check", {"order": {"coupons": {"coupon": {"ids": {"code": code}}}}})
    assert checked[1]["order"]["couponsInfo"][0]["coupon"]["status"] == "Unavailable"
    assert (await run(maestra, "PromoCodes.Redeem", named(code)))[1]["status"] == "Success"
    assert (await run(maestra, "PromoCodes.Redeem", named(code)))[1]["promoCode"]["status"] == "Used"


async def test_keys_are_asked_what_the_operation_needs(base_url, db, project, stock):
    for header, value, status in (
        ("redeem", "PromoCodes.Issue", 403),
        ("redeem", "PromoCodes.Redeem", 200),
        ("codes", "PromoCodes.Redeem", 403),
        ("codes", "PromoCodes.Issue", 200),
    ):
        key = await key_for(db, project, header)
        async with aiohttp.ClientSession(base_url, headers={"Authorization": f'Mindbox secretKey="{key}"'}) as session:
            body = ANN | {"promoCode": GIFT if value.endswith("Issue") else {"ids": {"value": "A1"}}}
            assert (await run(session, value, body))[0] == status, (header, value)
    async with aiohttp.ClientSession(base_url, headers={"Authorization": "SecretKey wrong"}) as session:
        status, refused = await run(session, "PromoCodes.Issue", ANN)
        assert (status, refused["status"]) == (401, "ProtocolError")
