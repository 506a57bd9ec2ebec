"""smartsend and the status of messages, as the vendor's clients use them."""

import json
from uuid import UUID, uuid4

import pytest

from tearoff.actions import messages
from tearoff.domain.messages import MessageDefinition
from tearoff.domain.sends import Progress, status_of
from tearoff.store import runs

TEXT = {"subject": "Hello", "text": "$!data.get('code')"}


@pytest.fixture
async def message(db, project, now) -> int:
    """The id of a prepared mail."""
    definition = MessageDefinition(key="hello", medium="email", languages={"en": TEXT}, default_language="en")
    async with db.transaction() as tx:
        put = await messages.put(tx, project_id=project, message=definition, now=now)
    return put.id


async def send(http, message, *recipients, **more):
    headers = more.pop("headers", {})
    body = {"recipients": list(recipients), "email": True, "fromName": None} | more
    answer = await http.post(f"/api/v1/message/{message}/smartsend", json=body, headers=headers)
    return answer.status, await answer.json() if answer.status == 200 else await answer.text()


async def started(db, project, now):
    """The runs that the runner would find; asking takes them."""
    async with db.transaction() as tx:
        return await runs.lease(
            tx, project_id=project, lease=uuid4(), until=now.replace(year=9000), now=now.replace(year=8000), limit=5000
        )


async def test_one_recipient_gets_one_object_and_a_run_that_holds_the_request(http, db, project, now, message):
    recipient = {
        "locator": "Olena@X.test",
        "jsonParam": json.dumps({"code": "ABC"}),
        "languageCode": "uk",
        "externalRequestId": "r1",
    }
    status, answer = await send(http, message, recipient, fromName="Shop")
    assert status == 200
    assert answer["id"] == 0
    result = answer["results"]
    assert (result["status"], result["locator"]) == ("OK", "Olena@X.test")
    [run] = await started(db, project, now)
    assert (run.request_id, run.workflow_id, run.block) == (UUID(result["requestId"]), None, "message")
    assert run.data == {
        "messageId": message,
        "isEmail": True,
        "fromName": "Shop",
        "locator": "olena@x.test",
        "languageCode": "uk",
        "jsonParam": {"code": "ABC"},
        "externalRequestId": "r1",
    }


async def test_each_recipient_has_its_own_result_in_order(http, db, project, now, message):
    contact_id = (await (await http.post("/api/v1/contact", json={"externalCustomerId": "A"})).json())["id"]
    recipients = [
        {"locator": "a@x.test", "jsonParam": None},
        {"locator": "nobody"},
        {"contactId": str(contact_id)},
        {"contactId": 10**15},
        {"externalCustomerId": "A"},
        {"externalCustomerId": "unknown"},
        {"email": "old-client@x.test", "jsonParam": {"a": 1}},
        {"locator": "b@x.test", "jsonParam": "{broken"},
        {"locator": "b@x.test", "jsonParam": "[1]"},
        {},
        "text",
    ]
    status, answer = await send(http, message, *recipients)
    assert status == 200
    words = [result["status"] for result in answer["results"]]
    assert words == ["OK", "ERROR", "OK", "ERROR", "OK", "ERROR", "OK", "ERROR", "ERROR", "ERROR", "ERROR"]
    assert answer["results"][1]["message"] == "'nobody' is not valid email"
    assert "not valid JSON" in answer["results"][7]["message"]
    assert len(await started(db, project, now)) == 4


async def test_the_message_is_found_by_its_key_and_a_missing_one_is_404(http, message):
    assert (await send(http, "hello", {"locator": "a@x.test"}))[0] == 200
    assert (await send(http, 10**15, {"locator": "a@x.test"}))[0] == 404


@pytest.mark.parametrize("recipients", [None, [], [{"locator": "a@x.test"}] * 1001])
async def test_from_one_to_a_thousand_recipients_are_taken(http, message, recipients):
    answer = await http.post(f"/api/v1/message/{message}/smartsend", json={"recipients": recipients})
    assert (answer.status, "recipients must be a list of 1 to 1000" in await answer.text()) == (400, True)


async def test_a_thousand_recipients_fit(http, db, project, now, message):
    status, answer = await send(http, message, *({"locator": f"p{n}@x.test"} for n in range(1000)))
    assert status == 200
    assert len({result["requestId"] for result in answer["results"]}) == len(await started(db, project, now)) == 1000


async def test_a_repeat_under_its_key_gives_the_same_answer_and_sends_nothing(http, db, project, now, message):
    headers = {"Idempotency-Key": "K"}
    first = await send(http, message, {"locator": "a@x.test"}, headers=headers)
    assert await send(http, message, {"locator": "a@x.test"}, headers=headers) == first
    assert (await send(http, message, {"locator": "b@x.test"}, headers=headers))[0] == 409
    assert len(await started(db, project, now)) == 1


async def test_a_request_that_waits_is_in_queue_and_a_strange_one_is_an_error(http, message):
    _, answer = await send(http, message, {"locator": "a@x.test"})
    request_id = answer["results"]["requestId"]
    one = await (await http.get(f"/api/v1/message/status?ids={request_id}")).json()
    assert one == {"results": {"requestId": request_id, "status": "IN_QUEUE", "failed": "false", "delivered": "false"}}
    many = await (await http.get(f"/api/v1/message/status?ids={request_id},{uuid4()},x")).json()
    assert [row["status"] for row in many["results"]] == ["IN_QUEUE", "ERROR", "ERROR"]
    assert (await http.get("/api/v1/message/status")).status == 400


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"run_state": "held"}, "IN_QUEUE"),
        ({"run_state": "done", "delivery_state": "waiting"}, "IN_QUEUE"),
        ({"run_state": "done", "delivery_state": "sent"}, "DELIVERED"),
        ({"run_state": "failed", "delivery_state": "failed", "medium": "email"}, "UNDELIVERED"),
        ({"run_state": "failed", "delivery_state": "failed", "medium": "sms"}, "SMS_UNDELIVERED_STATE"),
        ({"run_state": "failed", "error": {"type": "suppressed"}}, "BLACKLISTED"),
        ({"run_state": "failed", "error": {"type": "template"}}, "ERROR"),
        ({"run_state": "stopped"}, "ERROR"),
        ({}, "ERROR"),
    ],
)
def test_the_status_is_the_vendors_word_for_the_run_and_its_delivery(facts, word):
    assert status_of(Progress(request_id="r", **facts)) == word
