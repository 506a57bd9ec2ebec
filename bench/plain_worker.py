"""The rival of `flow`: the same work, one event at a time, one commit a step, over connections that are kept."""

from __future__ import annotations

import json
from email.message import EmailMessage

import aiosmtplib
import jinja2
import psycopg

from tearoff.clock import monotonic
from tearoff.store.db import Database

TABLES = """
CREATE TABLE plain_event (id bigint PRIMARY KEY, params jsonb NOT NULL, state text NOT NULL DEFAULT 'new');
CREATE INDEX plain_event_new ON plain_event (id) WHERE state = 'new';
CREATE TABLE plain_contact (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE plain_coupon (id bigint PRIMARY KEY, value text NOT NULL UNIQUE, owner bigint, claimed_at timestamptz);
CREATE INDEX plain_coupon_free ON plain_coupon (id) WHERE claimed_at IS NULL;
CREATE TABLE plain_mail (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id bigint NOT NULL UNIQUE,
                         recipient text NOT NULL, body text NOT NULL, sent_at timestamptz);
INSERT INTO plain_coupon SELECT n, 'BENCH-' || n, NULL, NULL FROM generate_series(1, 100000) n;
ANALYZE plain_coupon;
"""
ADD_EVENTS = "INSERT INTO plain_event (id, params) SELECT n, p FROM unnest(%s::bigint[], %s::jsonb[]) u(n, p)"
TAKE_EVENT = """
UPDATE plain_event SET state = 'taken'
 WHERE id = (SELECT id FROM plain_event WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, params
"""
PUT_CONTACT = """
INSERT INTO plain_contact (email) VALUES (%s) ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
"""
TAKE_CODE = """
UPDATE plain_coupon SET claimed_at = now(), owner = %s
 WHERE id = (SELECT id FROM plain_coupon WHERE claimed_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING value
"""
ADD_MAIL = "INSERT INTO plain_mail (event_id, recipient, body) VALUES (%s, %s, %s) RETURNING id"
MARK_SENT = "UPDATE plain_mail SET sent_at = now() WHERE id = %s"
MARK_DONE = "UPDATE plain_event SET state = 'done' WHERE id = %s"
TEMPLATE = jinja2.Template(
    "<html><body><p>Happy birthday, {{ name }}!</p>\n{% if gift %}<p>A gift waits for you: {{ gift }}.</p>{% endif %}\n"
    "<p>Your code for 10 % off: <b>{{ code }}</b></p>\n"
    "<p>It is yours alone; show it at the till, or type it in when you order.</p></body></html>\n",
    autoescape=True,
)


async def prepare(db: Database) -> None:
    """Its tables, with codes."""
    async with db.direct() as conn:
        await conn.execute(TABLES, prepare=False)


async def work(db: Database, port: int, events: list[dict[str, str]], *, first: int) -> float:
    """Events a second, once they are written down, which is not counted; `first` is the number of the first."""
    async with db.dedicated() as conn, aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False) as smtp:
        numbers = list(range(first, first + len(events)))
        await conn.execute(ADD_EVENTS, (numbers, [json.dumps(event) for event in events]))
        began = monotonic()
        while await _one(conn, smtp):
            pass
        return len(events) / (monotonic() - began)


async def _one(conn: psycopg.AsyncConnection, smtp: aiosmtplib.SMTP) -> bool:
    taken = await (await conn.execute(TAKE_EVENT)).fetchone()
    if taken is None:
        return False
    event_id, params = taken
    contact = await (await conn.execute(PUT_CONTACT, (params["EmailAddress"],))).fetchone()
    code = await (await conn.execute(TAKE_CODE, contact)).fetchone()
    assert code is not None
    body = TEMPLATE.render(name=params["name"], gift=params.get("gift"), code=code[0])
    mail = await (await conn.execute(ADD_MAIL, (event_id, params["EmailAddress"], body))).fetchone()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.test", params["EmailAddress"], "Happy birthday"
    message.set_content(f"Your code for 10 % off: {code[0]}")
    message.add_alternative(body, subtype="html")
    await smtp.send_message(message)
    await conn.execute(MARK_SENT, mail)
    await conn.execute(MARK_DONE, (event_id,))
    return True
