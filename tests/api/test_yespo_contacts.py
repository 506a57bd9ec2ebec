"""The vendor's contact doors, as clients in the wild use them."""

import pytest

OLENA = {
    "firstName": "Olena",
    "lastName": "K",
    "channels": [{"type": "email", "value": "Olena@X.test"}, {"type": "sms", "value": "+38 (050) 123-45-67"}],
    "address": {"town": "Kyiv", "postcode": None},
    "externalCustomerId": "A7",
    "languageCode": "uk",
    "timeZone": "Europe/Kyiv",
    "id": 5,
    "groups": None,
}


async def post(http, body, path="/api/v1/contact"):
    answer = await http.post(path, json=body)
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    return answer.status, await answer.json() if answer.status == 200 else await answer.text()


async def made(http, body=None) -> int:
    status, answer = await post(http, body or OLENA)
    assert status == 200, answer
    return answer["id"]


async def shown(http, contact_id):
    return await (await http.get(f"/api/v1/contact/{contact_id}")).json()


async def field(http, **definition) -> int:
    answer = await http.post("/v1/fields", json=definition)
    assert answer.status == 201, await answer.text()
    return (await answer.json())["id"]


async def test_a_contact_is_made_once_and_shown_as_it_was_sent(http, project):
    contact_id = await made(http)
    assert await made(http, {"channels": {"type": "sms", "value": "380501234567"}}) == contact_id
    assert await shown(http, contact_id) == {
        "id": contact_id,
        "addressBookId": project,
        "firstName": "Olena",
        "lastName": "K",
        "channels": [{"type": "email", "value": "olena@x.test"}, {"type": "sms", "value": "380501234567"}],
        "address": {"region": None, "town": "Kyiv", "address": None, "postcode": None},
        "fields": [],
        "externalCustomerId": "A7",
        "contactKey": None,
        "languageCode": "uk",
        "timeZone": "Europe/Kyiv",
        "groups": [],
    }


async def test_the_documented_write_back_by_push_token_reaches_its_contact(http):
    code = await field(http, key="PROMOCODE")
    contact_id = await made(http, {"channels": [{"type": "mobilepush", "value": "fcm:x", "device": {"os": "iOS"}}]})
    body = {"channels": [{"type": "mobilepush", "value": "fcm:x"}], "fields": [{"id": str(code), "value": "SUMMER-7K"}]}
    assert await made(http, body) == contact_id
    contact = await shown(http, contact_id)
    assert contact["fields"] == [{"id": code, "value": "SUMMER-7K"}]
    assert contact["channels"] == [{"type": "mobilepush", "value": "fcm:x", "device": {"os": "iOS"}}]


async def test_put_and_delete_answer_with_the_sentences_that_clients_compare(http):
    contact_id = await made(http)
    wrapped = {"contact": {"firstName": "Olha", "lastName": None, "channels": []}, "groups": None, "formType": None}
    answer = await http.put(f"/api/v1/contact/{contact_id}", json=wrapped)
    assert (answer.status, await answer.text()) == (200, f"Contact with id='{contact_id}' has been updated")
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    contact = await shown(http, contact_id)
    assert (contact["firstName"], contact["lastName"], len(contact["channels"])) == ("Olha", "K", 2)
    answer = await http.delete(f"/api/v1/contact/{contact_id}", json=[])
    assert (answer.status, await answer.text()) == (200, f"Contact with id='{contact_id}' has been deleted")
    for again in (http.get, http.delete):
        answer = await again(f"/api/v1/contact/{contact_id}")
        assert (answer.status, "not found" in await answer.text()) == (404, True)
    assert (await http.put(f"/api/v1/contact/{contact_id}", json=wrapped)).status == 404


async def test_a_contact_is_deleted_by_its_external_id(http):
    await made(http)
    assert (await http.delete("/api/v1/contact?externalCustomerId=A7&erase=true")).status == 200
    answer = await http.delete("/api/v1/contact?externalCustomerId=A7")
    assert "not found" in await answer.text()
    assert (await http.delete("/api/v1/contact")).status == 400


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "needs a channel"),
        ({"channels": [{"type": "viber", "value": "380501234567"}]}, "needs a channel"),
        ({"channels": [{"type": "email", "value": "nobody"}]}, "'nobody' is not valid email"),
        ({"channels": [{"type": "sms", "value": "12"}]}, "'12' is not valid phone number"),
        ({"channels": [{"type": "pigeon", "value": "x"}]}, "type of a channel"),
        ({"channels": ["x"]}, "type of a channel"),
        (OLENA | {"timeZone": "Mars/Olympus"}, "'Mars/Olympus' is not valid time zone"),
        (OLENA | {"languageCode": "English!"}, "'English!' is not valid language code"),
        (OLENA | {"firstName": "x" * 256}, "firstName must be a string of at most 255"),
        (OLENA | {"firstName": {"a": 1}}, "firstName must be a string"),
        (OLENA | {"firstName": "a\0b"}, "U+0000"),
        (OLENA | {"address": "Kyiv"}, "address must be an object"),
        (OLENA | {"fields": [{"id": 999999, "value": "x"}]}, "There is no additional field '999999'"),
        (OLENA | {"fields": [{"value": "x"}]}, "needs an id"),
        ([OLENA], "object"),
    ],
)
async def test_a_wrong_contact_gets_a_sentence_and_changes_nothing(http, body, sentence):
    status, text = await post(http, body)
    assert status == 400
    assert sentence in text
    answer = await http.get("/api/v1/contacts")
    assert (await answer.json(), answer.headers["TotalCount"]) == ([], "0")


async def test_a_wrong_value_names_its_field(http):
    number = await field(http, key="AGE", type="NUMBER")
    colour = await field(http, key="COLOUR", section="SHOP", type="COMBOBOX", allowed=["red", "blue"])
    status, text = await post(
        http, OLENA | {"fields": [{"id": number, "value": "x"}, {"id": colour, "value": "green"}]}
    )
    assert status == 400
    assert "PERSONAL.AGE (NUMBER" in text and "SHOP.COLOUR (COMBOBOX" in text


async def test_contacts_are_listed_with_their_number(http):
    ids = [
        await made(http, {"externalCustomerId": f"n{n}", "channels": [{"type": "email", "value": f"p{n}@x.test"}]})
        for n in range(5)
    ]
    answer = await http.get("/api/v1/contacts/?startindex=2&maxrows=2")
    assert ([c["id"] for c in await answer.json()], answer.headers["TotalCount"]) == (ids[1:3], "5")
    answer = await http.get("/api/v1/contacts?email=P3@X.test")
    assert [c["id"] for c in await answer.json()] == ids[3:4]
    answer = await http.get("/api/v1/contacts?externalCustomerId=n4")
    assert [c["id"] for c in await answer.json()] == ids[4:]
    assert (await http.get("/api/v1/contacts?maxrows=501")).status == 400


@pytest.mark.parametrize("query", ["maxrows=501", "maxrows=x", "startindex=0", "email=" + "x" * 301])
async def test_a_wrong_query_gets_a_sentence_that_names_what_is_wrong(http, query):
    answer = await http.get(f"/api/v1/contacts?{query}")
    text = await answer.text()
    assert (answer.status, text.startswith(f"{query.partition('=')[0]}: "), text[-1:]) == (400, True, "."), text
    answer = await http.delete("/api/v1/contact")
    assert (answer.status, "externalCustomerId" in await answer.text()) == (400, True)


async def test_address_books_always_hold_two_groups(http, project):
    age = await field(http, key="AGE", name="Age", type="NUMBER")
    book = (await (await http.get("/api/v1/addressbooks")).json())["addressBook"]
    assert book["addressBookId"] == project
    assert len(book["fieldGroups"]) >= 2
    [personal] = [g for g in book["fieldGroups"] if g["name"] == "PERSONAL"]
    [shown_field] = personal["fields"]
    assert (shown_field["id"], shown_field["fieldKey"], shown_field["description"]["type"]) == (age, "AGE", "NUMBER")


async def test_a_subscription_raises_its_events(http):
    body = {"contact": OLENA, "groups": ["news"], "formType": "footer"}
    first = (await post(http, body, "/api/v1/contact/subscribe"))[1]
    second = (await post(http, body, "/api/v1/contact/subscribe"))[1]
    assert (first["new"], second["new"], first["id"]) == (True, False, second["id"])
    events = (await (await http.get("/v1/events")).json())["items"]
    assert [e["eventType"] for e in events] == ["subscribeUpdateFromApi-footer", "subscribeFromApi-footer"]
    assert events[0]["params"] == {"ContactId": str(first["id"]), "EmailAddress": "olena@x.test"}


@pytest.mark.parametrize(("form", "sentence"), [("a/b", "the character '/'"), ("x" * 90, "at most 100 characters")])
async def test_a_form_whose_event_nobody_could_post_is_refused(http, form, sentence):
    status, text = await post(http, {"contact": OLENA, "formType": form}, "/api/v1/contact/subscribe")
    assert (status, text.startswith("formType must"), sentence in text) == (400, True, True)
    assert await (await http.get("/api/v1/contacts")).json() == []


async def test_who_must_not_be_written_to_is_not_called_subscribed(http):
    answer = await http.post("/v1/suppressions", json={"kind": "email", "value": "olena@x.test"})
    assert answer.status == 201
    subscribed = (await post(http, {"contact": OLENA}, "/api/v1/contact/subscribe"))[1]
    assert (subscribed["emailStatus"], subscribed["new"]) == ("BLACKLISTED", True)
    other = {"contact": {"channels": [{"type": "sms", "value": "380501112233"}]}}
    assert (await post(http, other, "/api/v1/contact/subscribe"))[1]["emailStatus"] == "SUBSCRIBED"
