"""Issuing by hand over REST: to the contacts of a filter (JSON) or of a list (CSV), as a task."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request

from tearoff.actions import issuances as actions
from tearoff.actions.issuances import Order
from tearoff.api.pages import Ref
from tearoff.api.rest.definitions import begun_once
from tearoff.api.rest.tasks import TaskView
from tearoff.api.rest.tasks import view as task_view
from tearoff.api.routing import JSON_TYPES
from tearoff.api.site import Call, Caller
from tearoff.domain.codes import parse_wish
from tearoff.domain.contact_lists import read
from tearoff.domain.pools import Pool
from tearoff.domain.shapes import read as read_shape
from tearoff.errors import Invalid, Problem, Unreadable
from tearoff.store import fields, pools, tasks
from tearoff.store.db import Tx
from tearoff.store.issuances import ContactFilter

BODY_MAX = 50_000_000
CSV_TYPES = ("text/csv", "text/plain", "application/csv")


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """A random part of the contacts: a count, or a percentage of those that pass."""

    count: int | None = None
    percent: int | None = None


class FilterBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Which contacts; what is left out lets all through. Pools are named by id or key."""

    contact_ids: list[int] | None = None
    external_customer_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    with_code_of: int | str | None = None
    without_code_of: int | str | None = None


class IssuanceBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """To whom codes are issued, which ones, and the field of the profile that takes them."""

    filter: FilterBody
    sample: Sample | None = None
    discount: int | str | None = None
    min_days_left: int | str | None = None
    save_to_field: int | str | None = None


async def create(call: Caller, pool: Ref, request: Request[Any, Any, Any]) -> TaskView:
    """Begin to issue a code of the pool to each contact; the task tells how far it is and who got none, and why.

    JSON names contacts by a filter, `text/csv` lists them: a header with `contactId`, `externalCustomerId`, `email` or
    `phone`, and a line each. A repeat under the same Idempotency-Key gets the same task.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()

    async def act() -> int:
        found = await pools.resolve(tx, project_id=call.project_id, reference=pool)
        if kind in CSV_TYPES:
            return await _listed(tx, call, found, body, request.query_params)
        if kind and kind not in JSON_TYPES:
            raise Unreadable(kind, "application/json or text/csv")
        return await _filtered(tx, call, found, body)

    async with call.site.db.transaction() as tx:
        asked = [pool, kind, request.scope["query_string"], body]
        task_id = await begun_once(tx, call, "issues", asked, act)
        return task_view(await tasks.get(tx, project_id=call.project_id, task_id=task_id))


async def _listed(tx: Tx, call: Call, pool: Pool, body: bytes, query: Any) -> int:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(Problem("", "The list is not UTF-8.")) from error
    order = await _order(tx, call, pool, query.get("discount"), query.get("minDaysLeft"), query.get("saveToField"))
    return await actions.start_listed(tx, project_id=call.project_id, order=order, listed=read(text), now=call.now)


async def _filtered(tx: Tx, call: Call, pool: Pool, body: bytes) -> int:
    try:
        wanted: IssuanceBody = read_shape(msgspec.json.decode(body), IssuanceBody)
    except msgspec.DecodeError as error:
        raise Invalid(Problem("", "The body is not JSON.")) from error
    order = await _order(tx, call, pool, wanted.discount, wanted.min_days_left, wanted.save_to_field)
    chosen = ContactFilter(
        contact_ids=wanted.filter.contact_ids,
        external_id=wanted.filter.external_customer_id,
        first_name=wanted.filter.first_name,
        last_name=wanted.filter.last_name,
        email=wanted.filter.email and wanted.filter.email.strip().lower(),
        phone=wanted.filter.phone,
        with_code_of=await _pool_id(tx, call, wanted.filter.with_code_of),
        without_code_of=await _pool_id(tx, call, wanted.filter.without_code_of),
        sample=_sample(wanted.sample),
        percent=wanted.sample.percent if wanted.sample else None,
    )
    return await actions.start_filtered(tx, project_id=call.project_id, order=order, wanted=chosen, now=call.now)


def _sample(sample: Sample | None) -> int | None:
    if sample is None:
        return None
    if (sample.count is None) == (sample.percent is None):
        raise Invalid(Problem("/sample", "Give either a count or a percentage."))
    if sample.count is not None and sample.count < 1:
        raise Invalid(Problem("/sample/count", "At least 1 is needed here."))
    if sample.percent is not None and not 1 <= sample.percent <= 100:
        raise Invalid(Problem("/sample/percent", "A percentage from 1 to 100 is needed here."))
    return sample.count


async def _pool_id(tx: Tx, call: Call, reference: int | str | None) -> int | None:
    if reference is None:
        return None
    return (await pools.resolve(tx, project_id=call.project_id, reference=reference)).pool_id


async def _order(tx: Tx, call: Call, pool: Pool, discount: Any, days: Any, field: Any) -> Order:
    wish = parse_wish(discount, days)
    field_id = None
    if field is not None:
        field_id = (await fields.get(tx, project_id=call.project_id, ref=str(field))).field_id
    return Order(pool, wish, field_id, call.actor.name)
