"""Pools over REST: from a draft to the archive, what locks when, warnings, and the change log."""

import pytest
from tests.api.conftest import key_for, signed_in


async def call(http, method, path, body=None):
    answer = await http.request(method, path, json=body)
    return answer.status, await answer.json(content_type=None)


async def errors_of(http, method, path, body=None):
    status, problem = await call(http, method, path, body)
    assert status == 422, problem
    return [one["pointer"] for one in problem["errors"]]


@pytest.fixture
async def draft(http):
    """A draft named in Cyrillic."""
    return (await call(http, "POST", "/v1/pools", {"name": "Подарки", "state": "draft"}))[1]


async def test_the_key_is_filled_in_from_the_name_and_unique(http, draft) -> None:
    assert draft["key"] == "podarki"
    assert (await call(http, "POST", "/v1/pools", {"name": "Подарки!", "state": "draft"}))[1]["key"] == "podarki-2"
    assert await errors_of(http, "POST", "/v1/pools", {"state": "draft"}) == ["/key"]


async def test_a_key_that_is_taken_is_said_to_be_and_the_pool_stays_as_it_is(http, draft) -> None:
    await call(http, "PATCH", "/v1/pools/podarki", {"description": "For everybody"})
    before = (await call(http, "POST", "/v1/pools/podarki/launch"))[1]
    status, problem = await call(http, "POST", "/v1/pools", {"key": "podarki", "name": "Other", "state": "draft"})
    assert (status, problem["detail"]) == (409, "A pool with the key 'podarki' is there already.")
    assert (await call(http, "GET", "/v1/pools/podarki"))[1] == before


async def test_a_draft_says_what_it_still_needs_and_is_not_launched_without_it(http, draft) -> None:
    assert [one["pointer"] for one in draft["missing"]] == ["/description"]
    assert await errors_of(http, "POST", "/v1/pools/podarki/launch") == ["/description"]
    await call(http, "PATCH", "/v1/pools/podarki", {"description": "For everybody"})
    status, launched = await call(http, "POST", "/v1/pools/podarki/launch")
    assert (status, launched["state"], launched["missing"]) == (200, "launched", [])
    assert launched["launchedAt"]


async def test_multi_use_and_the_issue_check_are_refused_in_either_order(http, draft) -> None:
    assert draft["isIssueChecked"] is True
    assert (await call(http, "PATCH", "/v1/pools/podarki", {"codeType": "multi"}))[1]["isIssueChecked"] is False
    assert await errors_of(http, "PATCH", "/v1/pools/podarki", {"isIssueChecked": True}) == ["/isIssueChecked"]
    back = {"codeType": "single", "isIssueChecked": True}
    assert (await call(http, "PATCH", "/v1/pools/podarki", back))[0] == 200
    wanted = {"codeType": "multi", "isIssueChecked": True}
    assert await errors_of(http, "PATCH", "/v1/pools/podarki", wanted) == ["/isIssueChecked"]


async def test_the_type_of_the_codes_is_fixed_from_the_launch_on(http, draft) -> None:
    await call(http, "PATCH", "/v1/pools/podarki", {"description": "x", "codeType": "referral"})
    await call(http, "POST", "/v1/pools/podarki/launch")
    assert await errors_of(http, "PATCH", "/v1/pools/podarki", {"codeType": "single"}) == ["/codeType"]
    assert await errors_of(http, "PATCH", "/v1/pools/podarki", {"state": "draft"}) == ["/state"]


async def test_a_new_key_or_parameter_is_warned_about_after_the_launch_only(http, draft) -> None:
    changed = (await call(http, "PATCH", "/v1/pools/podarki", {"key": "gifts", "description": "x"}))[1]
    assert (changed["key"], changed["warnings"]) == ("gifts", [])
    await call(http, "POST", "/v1/pools/gifts/launch")
    changed = (await call(http, "PATCH", "/v1/pools/gifts", {"key": "presents", "parameter": "gift"}))[1]
    assert [one["pointer"] for one in changed["warnings"]] == ["/key", "/parameter"]
    assert (await call(http, "GET", "/v1/pools/gifts"))[0] == 404
    assert (await call(http, "GET", "/v1/pools/presents"))[1]["parameter"] == "gift"


async def test_an_archived_pool_comes_back_with_a_launch(http, draft) -> None:
    await call(http, "PATCH", "/v1/pools/podarki", {"description": "x"})
    for act, state in (("launch", "launched"), ("archive", "archived"), ("launch", "launched")):
        assert (await call(http, "POST", f"/v1/pools/podarki/{act}"))[1]["state"] == state


async def test_the_change_log_names_who_changed_what(http, draft) -> None:
    await call(http, "PATCH", "/v1/pools/podarki", {"alertBelow": None, "description": "x"})
    await call(http, "POST", "/v1/pools/podarki/launch")
    page = (await call(http, "GET", "/v1/pools/podarki/changes?limit=2"))[1]
    assert [(one["by"], one["fields"]) for one in page["items"]] == [
        ("full", {"state": ["draft", "launched"]}),
        ("full", {"alertBelow": [1000, None], "description": ["", "x"]}),
    ]
    rest = (await call(http, "GET", f"/v1/pools/podarki/changes?after={page['next']}"))[1]
    assert [one["fields"]["state"] for one in rest["items"]] == [[None, "draft"]]


async def test_settings_come_back_as_they_were_sent(http) -> None:
    settings = {
        "validFor": {
            "startsAfter": {"amount": 1, "unit": "hours"},
            "endsAfter": {"amount": 7, "unit": "days"},
            "endsAt": None,
            "isEndOfDay": True,
        },
        "processing": "outside",
        "issueFrom": "2026-03-01T00:00:00Z",
        "issueUntil": "2026-04-01T00:00:00Z",
        "daysLeftMin": 2,
        "reissue": "pool",
        "reissueDays": 3,
        "cap": {"max": 2, "period": {"amount": 1, "unit": "months"}, "isCalendar": True},
    }
    made = (await call(http, "POST", "/v1/pools", {"key": "gifts", "description": "x"} | settings))[1]
    assert {name: made[name] for name in settings} == settings
    wrong = {"reissue": "never", "cap": {"max": 0}}
    assert (await call(http, "PATCH", "/v1/pools/gifts", wrong))[0] in (400, 422)
    assert await errors_of(http, "PATCH", "/v1/pools/gifts", {"cap": {"max": 0}}) == ["/cap/max"]


async def test_pools_of_another_project_are_not_there(http, draft, db, base_url, project) -> None:
    other = await db_project(db)
    async with signed_in(base_url, await key_for(db, other)) as stranger:
        for path in ("", "/changes"):
            assert (await call(stranger, "GET", f"/v1/pools/{draft['id']}{path}"))[0] == 404
        for act in ("launch", "archive", "issues"):
            body = {"filter": {}} if act == "issues" else None
            assert (await call(stranger, "POST", f"/v1/pools/{draft['id']}/{act}", body))[0] == 404


async def db_project(db):
    from tests.conftest import ADD_PROJECT, NOW

    from tearoff.store.db import fetch_value

    async with db.transaction() as tx:
        return await fetch_value(tx, ADD_PROJECT, {"name": "another's pools", "now": NOW}, int)


async def test_a_name_gets_a_key_whose_type_is_free_too(http):
    """A pool that was renamed keeps its type, which the next pool of the same name must not take."""
    made = (await call(http, "POST", "/v1/pools", {"name": "Spring", "state": "draft"}))[1]
    await call(http, "PATCH", f"/v1/pools/{made['id']}", {"key": "renamed"})
    status, again = await call(http, "POST", "/v1/pools", {"name": "Spring", "state": "draft"})
    assert (status, again["key"], again["type"]) == (201, "spring-2", "spring-2")
