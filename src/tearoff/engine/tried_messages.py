"""The message block of a test launch: rendered with samples, written to nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec

from tearoff import velocity
from tearoff.actions import received_codes
from tearoff.domain.holds import HOLD_DEFAULT
from tearoff.domain.samples import sample_like
from tearoff.domain.tags import promo_wish
from tearoff.domain.test_launches import RenderedMessage, Seen, SourceCall, shown
from tearoff.domain.workflows import SendMessage
from tearoff.engine import source_calls
from tearoff.engine.addressing import Addressed, address
from tearoff.engine.blocks.message import Codes, Sheet, content_of, language_of, list_received, message_data, read_sheet
from tearoff.engine.parts import Engine
from tearoff.engine.travellers import Carried, Group, Traveller
from tearoff.engine.trials import Trial, Unsent, hold
from tearoff.errors import SourceFailed, TearoffError, Unavailable
from tearoff.store.received_codes import ReceivedCode

HOLD: timedelta = HOLD_DEFAULT


async def send_message(engine: Engine, trial: Trial, group: Group) -> None:
    """Render the message of every run that would get one; the others fail or wait as runs would."""
    block = group.block
    assert isinstance(block, SendMessage)
    try:
        sheet = await read_sheet(engine, group, block)
    except Unavailable:
        raise
    except TearoffError as error:
        for traveller in group.travellers:
            traveller.fail(error.type, str(error), group.now)
        return
    async with engine.db.transaction() as tx:
        addressed = await address(tx, group, block, sheet.message.medium, group.travellers, create=False)
    promo: dict[int, dict[str, str]] = {one.traveller.run.run_id: {} for one in addressed}
    for tag in sorted(sheet.tags):
        await _show_tag(
            engine, trial, group, sheet, tag, [a.traveller for a in addressed if not a.traveller.end], promo
        )
    left = [one for one in addressed if one.traveller.end is None]
    received = await list_received(engine, group, sheet, left)
    for one in left:
        run_id = one.traveller.run.run_id
        shown_codes = [*map(_sample_of, received.get(run_id, ())), *map(_taken, one.traveller.carried)]
        await _render(engine, trial, group, sheet, one, Codes(promo[run_id], received_codes.readable(shown_codes)))
        await asyncio.sleep(0)


async def _show_tag(
    engine: Engine,
    trial: Trial,
    group: Group,
    sheet: Sheet,
    tag: str,
    travellers: list[Traveller],
    promo: dict[int, dict[str, str]],
) -> None:
    """A sample for each run where a tag of the template stands for a code."""
    wished = promo_wish(tag)
    if wished is None or not travellers:
        return
    pool = sheet.pools.get(wished[0])
    if pool is None:
        for traveller in travellers:
            traveller.fail("pool-empty", f"%{tag}%: no launched pool has the type {wished[0]!r}.", group.now)
        return
    async with engine.db.transaction() as tx:
        outlook = await trial.look(tx, group.project_id, pool, wished[1], group.project.zone, group.now)
    for n, traveller in enumerate(travellers):
        if n < outlook.free:
            code = trial.take(traveller, pool, outlook, f"%{tag}")
            traveller.keep(code)
            promo[traveller.run.run_id][tag] = code.value
        else:
            hold(traveller, pool, wished[1], HOLD, trial.why_empty(pool), group.now)


def _sample_of(code: ReceivedCode) -> ReceivedCode:
    """A sample for a code that the recipient has."""
    return msgspec.structs.replace(code, value=sample_like(code.value))


def _taken(code: Carried) -> ReceivedCode:
    """The sample that an earlier block gave."""
    return ReceivedCode(0, code.parameter, code.parameter, code.value, None, code.expires_at)


async def _render(engine: Engine, trial: Trial, group: Group, sheet: Sheet, one: Addressed, codes: Codes) -> None:
    block, traveller = group.block, one.traveller
    assert isinstance(block, SendMessage)
    while True:
        try:
            content = content_of(group, block, sheet, one, codes)
            break
        except velocity.NeedValue as need:
            if not await _answer(engine, trial, group, traveller, (str(need.key),)):
                return
        except TearoffError as error:
            traveller.fail(error.type, str(error), group.now)
            return
    head = RenderedMessage(
        message=sheet.message.key,
        version=sheet.message.version,
        medium=sheet.message.medium,
        recipient=one.address,
        language=language_of(block, sheet, one),
    )
    trial.unsent.append(Unsent(traveller.position, sheet.channel_id, sheet.message.medium, content))
    trial.note(traveller, Seen(message=shown(content, head)))
    said = {"message": head.message, "version": head.version}
    traveller.leave("next", group.now, shown={"recipient": head.recipient, "language": head.language}, output=said)


async def _answer(engine: Engine, trial: Trial, group: Group, traveller: Traveller, asked: tuple[str, ...]) -> bool:
    """Whether the run goes on: what the source asked for last says is known now, null where sources are not called.

    `asked` begins with the source that the message read; each of the others was read by the one before.
    """
    name = asked[-1]
    if len(traveller.run.answers) >= engine.limits.sources_per_run_max:
        limit = engine.limits.sources_per_run_max
        traveller.fail("too-many-sources", f"A message may call at most {limit} sources.", group.now)
        return False
    if not trial.is_calling:
        trial.note(traveller, Seen(source=SourceCall(name=name, is_called=False)))
        traveller.learn(name, None, None, group.now)
        return True
    block = group.block
    assert isinstance(block, SendMessage)
    try:
        value = await source_calls.answer_of(
            engine, group.project, name, message_data(block, traveller), traveller.run.answers, group.now
        )
    except velocity.NeedValue as need:
        if str(need.key) in asked:
            traveller.fail("source-reads-itself", f"The data source {name!r} reads itself by way of others.", group.now)
            return False
        return await _answer(engine, trial, group, traveller, (*asked, str(need.key)))
    except TearoffError as error:
        trial.note(traveller, Seen(source=SourceCall(name=name, is_called=True, error=str(error))))
        if isinstance(error, SourceFailed) and await source_calls.may_fail(engine, group.project_id, name):
            traveller.learn(name, None, str(error), group.now)
            return True
        traveller.fail(error.type, str(error), group.now)
        return False
    trial.note(traveller, Seen(source=SourceCall(name=name, is_called=True, value=value)))
    traveller.learn(name, value, None, group.now)
    return True
