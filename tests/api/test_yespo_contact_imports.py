"""Many contacts at once, as shops synchronise their customers."""

import pytest


def customer(n, **more):
    return {
        "channels": [{"type": "email", "value": f"p{n}@x.test"}],
        "externalCustomerId": n,
        "firstName": f"P{n}",
    } | more


async def post(http, *contacts, **more):
    answer = await http.post("/api/v1/contacts", json={"contacts": list(contacts), "dedupeOn": "email"} | more)
    return answer.status, await answer.json() if answer.status == 200 else await answer.text()


async def names(http):
    return [c["firstName"] for c in await (await http.get("/api/v1/contacts")).json()]


async def test_customers_are_written_and_the_session_says_who_is_who(http):
    status, answer = await post(http, *(customer(n) for n in range(3)))
    assert (status, answer["id"], answer["failedContacts"]) == (200, 0, [])
    session = await (await http.get(f"/api/v1/importstatus/{answer['asyncSessionId']}")).json()
    assert session["status"] == "FINISHED"
    ids = [c["id"] for c in await (await http.get("/api/v1/contacts")).json()]
    assert session["mapping"] == [{"dedupeValue": f"p{n}@x.test", "contactId": i} for n, i in enumerate(ids)]
    assert (await http.get("/api/v1/importstatus/999999999")).status == 404
    strange = await http.get("/api/v1/importstatus/abc")
    assert (strange.status, await strange.text()) == (404, "No import 'abc' in this project.")


async def test_a_wrong_customer_is_named_and_the_others_are_written(http):
    status, answer = await post(http, customer(1), {"channels": [{"type": "email", "value": "x"}]}, customer(2))
    assert status == 200
    assert answer["failedContacts"]["index"] == 1
    assert answer["failedContacts"]["error"] == "'x' is not valid email."
    assert await names(http) == ["P1", "P2"]


async def test_only_the_named_attributes_change(http):
    await post(http, customer(1, lastName="Old"))
    await post(http, customer(1, firstName="New", lastName="New"), contactFields=["firstName"])
    [contact] = await (await http.get("/api/v1/contacts")).json()
    assert (contact["firstName"], contact["lastName"]) == ("New", "Old")


async def test_addresses_that_are_not_named_stay_and_what_finds_the_contact_is_used(http):
    await post(http, customer(1))
    more = [{"type": "email", "value": "new@x.test"}, {"type": "sms", "value": "380501112233"}]
    await post(http, customer(1, channels=more), dedupeOn="externalCustomerId", contactFields=["firstName", "sms"])
    await post(http, {"channels": more[:1], "firstName": "Ann"}, dedupeOn="id", contactFields=["firstName"])
    first, second = await (await http.get("/api/v1/contacts")).json()
    assert [channel["value"] for channel in first["channels"]] == ["p1@x.test", "380501112233"]
    assert (second["firstName"], second["channels"]) == ("Ann", more[:1])


async def test_a_customer_is_found_by_id_where_the_client_says_so(http):
    await post(http, customer(1))
    [contact] = await (await http.get("/api/v1/contacts")).json()
    await post(http, {"id": contact["id"], "firstName": "Renamed"}, dedupeOn="id")
    assert await names(http) == ["Renamed"]


async def test_an_id_that_is_nobodys_makes_no_contact_without_a_name(http):
    ghost, known_otherwise = {"id": 10**9, "firstName": "Ghost"}, customer(2, id=10**9)
    status, answer = await post(http, customer(1), ghost, known_otherwise, dedupeOn="id")
    assert (status, answer["failedContacts"]) == (200, {"index": 1, "error": "There is no contact 1000000000."})
    assert await names(http) == ["P1", "P2"]


async def test_new_customers_raise_their_event_and_known_ones_do_not(http):
    await post(http, customer(1))
    await post(http, customer(1), customer(2), eventKeyForNewContacts="welcome")
    events = (await (await http.get("/v1/events?eventType=welcome")).json())["items"]
    assert len(events) == 1


@pytest.mark.parametrize("count", [0, 3001])
async def test_from_one_to_three_thousand_contacts_are_taken(http, count):
    status, text = await post(http, *({"externalCustomerId": str(n)} for n in range(count)))
    assert (status, "contacts must be a list of 1 to 3000" in text) == (400, True)


async def test_three_thousand_fit_twice(http):
    everyone = [customer(n) for n in range(3000)]
    first, second = await post(http, *everyone), await post(http, *everyone)
    assert first[0] == second[0] == 200
    assert (await http.get("/api/v1/contacts?maxrows=1")).headers["TotalCount"] == "3000"


async def test_an_unknown_way_to_tell_contacts_apart_is_refused(http):
    status, text = await post(http, customer(1), dedupeOn="fieldId")
    assert (status, "dedupeOn must be one of" in text) == (400, True)


async def test_what_the_whole_request_says_wrongly_is_named(http):
    for key, sentence in (("a?", "the character '?'"), ("x" * 101, "at most 100 characters")):
        status, text = await post(http, customer(1), eventKeyForNewContacts=key)
        assert (status, text.startswith("eventKeyForNewContacts must"), sentence in text) == (400, True, True)
    answer = await http.post("/api/v1/contacts", json=customer(1))
    assert (answer.status, "A single contact goes to POST /api/v1/contact." in await answer.text()) == (400, True)
    assert await names(http) == []
