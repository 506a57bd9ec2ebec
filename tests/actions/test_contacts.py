"""Contacts as sets: found by their keys, made once, whoever asks at the same time."""

import asyncio
import random

import pytest

from tearoff.actions import contacts
from tearoff.domain.contacts import ContactChange, Identity, Locator
from tearoff.errors import Conflict, NotFound


def person(external_id=None, email=None, phone=None, token=None, **rest) -> ContactChange:
    given = (("email", email), ("sms", phone), ("mobilepush", token))
    locators = tuple(Locator(kind=kind, value=value) for kind, value in given if value)
    return ContactChange(external_id=external_id, locators=locators, **rest)


async def upsert(db, project, now, *changes):
    async with db.transaction() as tx:
        return await contacts.upsert(tx, project_id=project, contacts=changes, now=now)


async def load(db, project, contact_id):
    async with db.transaction() as tx:
        [contact] = await contacts.load(tx, project_id=project, contact_ids=[contact_id])
    return contact


async def test_a_contact_is_found_by_external_id_then_email_then_phone_then_token(db, project, now):
    ids = await upsert(
        db, project, now, person("A"), person(email="b@x.test"), person(phone="380501234567"), person(token="T")
    )
    assert len(set(ids)) == 4
    tried = [
        (person("A", email="b@x.test"), ids[0]),
        (person("unknown", email="b@x.test"), ids[0]),
        (person(phone="380501234567", token="T"), ids[2]),
        (person(token="T"), ids[2]),
    ]
    for change, expected in tried:
        assert await upsert(db, project, now, change) == [expected]


async def test_the_write_back_by_push_token_finds_its_contact(db, project, now):
    [made] = await upsert(db, project, now, person("A", token="fcm:token", first_name="Olena"))
    assert await upsert(db, project, now, person(token="fcm:token", fields={7: "CODE"})) == [made]
    contact = await load(db, project, made)
    assert (contact.first_name, contact.fields) == ("Olena", {"7": "CODE"})


async def test_what_is_not_given_stays_and_an_empty_string_clears(db, project, now):
    [made] = await upsert(db, project, now, person("A", first_name="Olena", last_name="K", fields={1: "x", 2: 5}))
    await upsert(db, project, now, person("A", last_name="", fields={1: None}))
    contact = await load(db, project, made)
    assert (contact.first_name, contact.last_name, contact.fields) == ("Olena", None, {"2": 5})


async def test_a_new_email_takes_the_place_of_the_old_one_and_tokens_add_up(db, project, now):
    [made] = await upsert(db, project, now, person("A", email="old@x.test", token="one"))
    await upsert(db, project, now, person("A", email="new@x.test", token="two"))
    contact = await load(db, project, made)
    assert sorted(x.value for x in contact.locators) == ["new@x.test", "one", "two"]


async def test_an_address_moves_to_the_contact_that_gives_it_last(db, project, now):
    first, second = await upsert(db, project, now, person("A", email="a@x.test"), person("B"))
    await upsert(db, project, now, person("B", email="a@x.test"))
    assert (await load(db, project, first)).locators == ()
    assert (await load(db, project, second)).address_of("email") == "a@x.test"


async def test_one_set_may_name_a_contact_many_times_and_ways(db, project, now):
    known = await upsert(db, project, now, person(email="a@x.test"), person(email="b@x.test"))
    ids = await upsert(
        db,
        project,
        now,
        person("X"),
        person("X", email="a@x.test", first_name="first"),
        person("X", email="b@x.test", first_name="last"),
        person("N", phone="1234567"),
        person(phone="1234567", token="T"),
        person(token="T", last_name="N"),
    )
    assert ids[0] == ids[1] == ids[2] == known[0]
    assert len(set(ids[3:])) == 1
    assert (await load(db, project, ids[0])).first_name == "last"
    assert (await load(db, project, ids[3])).last_name == "N"


async def test_many_writers_of_the_same_people_make_each_of_them_once(db, project, now):
    shuffler = random.Random(7)

    async def write():
        people = [person(f"ext{n}", email=f"p{n}@x.test", phone=f"3805000{n:05}") for n in range(40)]
        shuffler.shuffle(people)
        return dict(zip([p.external_id for p in people], await upsert(db, project, now, *people), strict=True))

    answers = await asyncio.gather(*(write() for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == 40


async def test_find_or_create_makes_who_is_missing_and_changes_nobody(db, project, now):
    [known] = await upsert(db, project, now, person("A", email="a@x.test", first_name="Olena"))
    identities = [
        Identity(email="a@x.test"),
        Identity(email="new@x.test"),
        Identity(email="new@x.test", external_id="B"),
        Identity(contact_id=known, email="other@x.test"),
        Identity(contact_id=10**12),
        Identity(),
    ]
    async with db.transaction() as tx:
        ids = await contacts.find_or_create(tx, project_id=project, identities=identities, now=now)
        assert await contacts.find(tx, project_id=project, identities=identities) == ids
    assert ids[0] == ids[3] == known
    assert ids[1] == ids[2] not in (None, known)
    assert ids[4:] == [None, None]
    assert (await load(db, project, known)).address_of("email") == "a@x.test"


async def test_a_change_by_id_needs_the_contact_and_a_free_external_id(db, project, now):
    first, _ = await upsert(db, project, now, person("A"), person("B"))
    async with db.transaction() as tx:
        await contacts.change(tx, project_id=project, contact_id=first, change=person("C", email="c@x.test"), now=now)
    assert (await load(db, project, first)).external_id == "C"
    with pytest.raises(Conflict):
        async with db.transaction() as tx:
            await contacts.change(tx, project_id=project, contact_id=first, change=person("B"), now=now)
    with pytest.raises(NotFound):
        async with db.transaction() as tx:
            await contacts.change(tx, project_id=project, contact_id=10**12, change=person("Z"), now=now)


async def test_fields_of_many_contacts_are_written_at_once(db, project, now):
    first, second = await upsert(db, project, now, person("A", fields={1: "old"}), person("B"))
    async with db.transaction() as tx:
        values = [(first, 1, "x"), (second, 2, 3), (first, 1, "new"), (first, 9, ["a"])]
        await contacts.set_fields(tx, project_id=project, values=values, now=now)
    assert (await load(db, project, first)).fields == {"1": "new", "9": ["a"]}
    assert (await load(db, project, second)).fields == {"2": 3}
