"""Whose code it is stands in the books also where only the message names its recipient, after the code was taken."""

import pytest
from tests import stock

from tearoff.actions import redemptions
from tearoff.domain.contacts import Identity
from tearoff.domain.redemptions import Use
from tearoff.store import codes, stories

PROJECT = """
channels:
  - {key: box, kind: mailbox, medium: email}
pools:
  - {key: gift, type: gift, description: Gifts}
messages:
  - key: hello
    medium: email
    languages: {en: {subject: Hi, text: "$!data.get('promocode')"}}
workflows:
  - key: greet
    active: true
    blocks:
      start: {kind: start, eventType: signup, exits: {next: code}}
      code: {kind: getPromoCode, type: gift, exits: {found: mail}}
      mail: {kind: message, message: hello, email: "${email}", exits: {next: end}}
      end: {kind: end}
"""


@pytest.fixture
async def owners(stage):
    """The owner of each code that was mailed."""
    await stage.apply(PROJECT)
    await stock.upload(stage.db, stage.project, [f"W{n}" for n in range(3)], stage.now, type="gift")
    await stage.send("signup", *({"email": f"{n}@x.test"} for n in range(3)))
    await stage.work()
    found = {}
    async with stage.db.transaction() as tx:
        for mail in await stage.mailbox():
            code = await codes.get(tx, project_id=stage.project, value=mail.content["text"])
            details = await stories.get_details(tx, project_id=stage.project, code_id=code.code_id)
            assert [d.contact_id for d in details.deliveries] == [o.contact_id for o in details.owners]
            found[code.value] = details.owners[0].contact_id
    return found


async def test_a_code_that_was_taken_before_its_contact_was_known_is_the_contacts(stage, owners):
    assert sorted(owners) == ["W0", "W1", "W2"]
    assert None not in owners.values()
    assert len(set(owners.values())) == 3


async def test_nobody_else_can_use_it(stage, owners):
    async def use(value: str, contact_id: int):
        attempt = Use(value=value, order_id="o", contact=Identity(contact_id=contact_id))
        return (await redemptions.redeem(stage.db, project_id=stage.project, uses=[attempt], now=stage.now))[0]

    assert (await use("W0", owners["W1"])).rule == "other-contact"
    assert (await use("W0", owners["W0"])).contact_id == owners["W0"]
