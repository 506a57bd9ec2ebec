"""Imports over REST: what an undo takes back and leaves, and codes that read alike."""


async def test_an_undo_leaves_multi_use_codes_that_somebody_uses_and_says_how_many(desk):
    body = {"key": "public", "type": "public", "description": "For all", "codeType": "multi"}
    await desk.ask("POST", "/v1/pools", 201, json=body)
    report = await desk.report("USED\nGIVEN-BACK\nUNUSED\n", pool="public")
    redemptions = {}
    for code in ("USED", "GIVEN-BACK"):
        use = {"code": code, "orderId": f"order of {code}"}
        redemptions[code] = await desk.ask("POST", "/v1/redemptions", 201, json=use)
    await desk.ask("POST", f"/v1/redemptions/{redemptions['GIVEN-BACK']['id']}/rollback", json={})
    undone = await desk.ask("POST", f"/v1/tasks/{report['taskId']}/undo")
    assert undone == {"removed": 1, "withdrawn": 1, "kept": 1, "used": 1, "broughtBack": 0}
    stock = await desk.ask("GET", "/v1/pools/public/stock")
    assert (stock["total"], stock["available"], stock["withdrawn"], stock["redeemed"]) == (2, 1, 1, 1)
    await desk.ask("POST", "/v1/redemptions", 201, json={"code": "USED", "orderId": "another"})
    await desk.ask("GET", "/v1/codes/UNUSED", 404)


async def test_a_dry_run_foresees_what_reads_alike_and_shows_no_code(desk):
    await desk.ask("PATCH", "/v1/pools/summer", json={"lookup": "loose"})
    await desk.report("SECRET-1\n")
    report = await desk.report("secret1\nNEW-1\nnew 1\nnew 1\n", dryRun="true")
    assert (report["added"], report["alike"], report["repeated"], report["rejected"]) == (1, 2, 1, 3)
    preview = await desk.ask("GET", f"/v1/imports/{report['taskId']}/preview")
    assert [row["outcome"] for row in preview["items"]] == ["alike", "added", "alike", "alike"]
    assert "SECRET" not in str(preview)
    real = await desk.report("secret1\nNEW-1\nnew 1\nnew 1\n")
    assert {name: real[name] for name in ("added", "alike", "repeated", "rejected")} == {
        name: report[name] for name in ("added", "alike", "repeated", "rejected")
    }


async def test_an_undo_takes_back_what_nobody_has(desk):
    await desk.report("OLD\n")
    report = await desk.report("code,inUse\nOLD,\nA,\nB,\nC,\nD,true\n")
    await desk.claim("k0")
    assert [await desk.claim(f"k{n}") for n in (1,)] == ["A"]
    held = await desk.ask("POST", "/v1/claims", 201, json={"key": "k2", "pool": "summer", "hold": 60})
    assert held["codes"][0]["code"] == "B"
    await desk.ask("POST", "/v1/claims/k2/return")
    undone = await desk.ask("POST", f"/v1/tasks/{report['taskId']}/undo")
    assert undone == {"removed": 2, "withdrawn": 1, "kept": 1, "used": 0, "broughtBack": 0}
    ledger = await desk.books()
    assert (ledger.uploaded, ledger.free, ledger.issued, ledger.withdrawn) == (3, 0, 2, 1)
    assert (await desk.ask("GET", f"/v1/tasks/{report['taskId']}"))["state"] == "undone"
    await desk.ask("POST", f"/v1/tasks/{report['taskId']}/undo", 409)
    assert (await desk.report("C\n"))["added"] == 1
    assert await desk.claim("k9") == "C"


async def test_an_undo_leaves_codes_that_were_there_before_with_their_new_dates(desk):
    await desk.report("OLD\n")
    report = await desk.report("code,Available-till\nOLD,31.12.2098\nNEW,31.12.2098\n")
    undone = await desk.ask("POST", f"/v1/tasks/{report['taskId']}/undo")
    assert undone == {"removed": 1, "withdrawn": 0, "kept": 0, "used": 0, "broughtBack": 0}
    assert ((await desk.books()).free, (await desk.story("OLD"))["expiresAt"]) == (1, "2098-12-31T23:59:59Z")
    assert await desk.claim("k") == "OLD"
