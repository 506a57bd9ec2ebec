"""What a life is made of: people, pools, and workflows that a seed puts together."""

from __future__ import annotations

from random import Random
from typing import Any

MOODS = ("fine", "fine", "fine", "flaky", "flaky", "busy", "nobody")
TYPES = ("a", "b")
DISCOUNTS = (10, 20)
PUBLIC = "public"
PUBLIC_USES_MAX = 3
EVENTS = ("birthday", "order")
ZONES = ("Europe/Kyiv", "UTC", "America/New_York")
STARTS = ("2026-03-28T20:00:00+00:00", "2026-10-24T20:00:00+00:00", "2026-06-01T12:00:00+00:00")
"""Two of them lie just before the clocks change in Kyiv."""

SHOWN = "[$!data.get('promocode')]"
TEXTS = {
    "code": f"Your code: {SHOWN}",
    "source": f"#set($crm = $!data.get('crm'))Your code: {SHOWN} and $!crm.gift",
    "quiet": f"#set($shop = $!data.get('shop'))Your code: {SHOWN} and $!shop.gift",
    "tag": "Your code: [%PC_a_0_10%]",
    "both": f"Your codes: [%PC_b_0_20%] {SHOWN}",
    "plain": "We have news.",
    "sorry": "#set($shop = $!data.get('shop'))No code today, sorry$!data.get('promocode'). $!shop.gift",
}
USED = ("code", "code", "source", "source", "quiet", "tag", "both", "plain")
WITHOUT_CODE = ("plain", "tag")


def people(rng: Random) -> list[str]:
    """Addresses; the local part says how the other side treats them."""
    return [f"{rng.choice(MOODS)}{n}@example.test" for n in range(rng.randint(4, 12))]


def definitions(rng: Random) -> dict[str, Any]:
    """A project file."""
    texts = {name: {"en": {"subject": "Hi", "text": text, "sender": "s@example.test"}} for name, text in TEXTS.items()}
    return {
        "fields": [{"key": "PROMOCODE", "name": "Promo code", "type": "TEXTFIELD"}],
        "pools": [
            *({"key": type, "type": type, "description": f"Codes of the type {type}"} for type in TYPES),
            {"key": PUBLIC, "type": PUBLIC, "codeType": "multi", "description": "Codes that are everybody's"},
        ],
        "channels": [{"key": "box", "kind": "mailbox", "medium": "email"}],
        "sources": [
            {
                "key": "crm",
                "name": "crm",
                "url": "https://crm.test/?who=$!data.get('EmailAddress')&code=$!data.get('promocode')",
                "onFailure": rng.choice(["null", "fail"]),
            },
            {"key": "shop", "name": "shop", "url": "https://shop.test/?who=$!data.get('EmailAddress')"},
        ],
        "messages": [{"key": key, "medium": "email", "channel": "box", "languages": t} for key, t in texts.items()],
        "workflows": [workflow(rng, n) for n in range(rng.randint(1, 4))],
    }


def workflow(rng: Random, number: int) -> dict[str, Any]:
    """A chain of blocks: whom, one to three codes or messages, the end; a code's `empty` exit leads to an apology."""
    chain: list[tuple[str, dict[str, Any]]] = [
        ("start", {"kind": "start", "eventType": rng.choice(EVENTS) if number else EVENTS[0]})
    ]
    if rng.random() < 0.6:
        chain.append(("contact", {"kind": "getContact", "email": "${EmailAddress}", "create": True}))
    has_code = False
    for n in range(rng.randint(2, 5)):
        if n == 0 or rng.random() < 0.4:
            has_code = True
            chain.append((f"code{n}", code_block(rng)))
        else:
            texts = [name for name in USED if has_code or name in WITHOUT_CODE]
            chain.append((f"mail{n}", mail_block(rng.choice(texts))))
    names = [name for name, _ in chain[1:]] + ["end"]
    blocks: dict[str, Any] = {"end": {"kind": "end"}, "sorry": mail_block("sorry") | {"exits": {"next": "end"}}}
    for (name, block), following in zip(chain, names, strict=True):
        exits = {"found": following} if block["kind"] == "getPromoCode" else {"next": following}
        if block.pop("mayBeEmpty", False):
            exits["empty"] = "sorry"
        blocks[name] = block | {"exits": exits}
    if not any("empty" in block.get("exits", {}) for block in blocks.values()):
        del blocks["sorry"]
    return {"key": f"w{number}", "name": f"Workflow {number}", "active": True, "blocks": blocks}


def code_block(rng: Random) -> dict[str, Any]:
    """Get promo code, with what a block may wish."""
    block: dict[str, Any] = {"kind": "getPromoCode", "type": rng.choice(TYPES), "holdHours": rng.choice([1, 24])}
    if rng.random() < 0.5:
        block["days"] = rng.choice([0, 1, 3])
    if rng.random() < 0.5:
        block["discount"] = rng.choice(["${discount}", 10])
    if rng.random() < 0.4:
        block["saveToField"] = "PROMOCODE"
    if rng.random() < 0.3:
        block["mayBeEmpty"] = True
    return block


def mail_block(text: str) -> dict[str, Any]:
    """A message block."""
    return {"kind": "message", "message": text, "email": "${EmailAddress}"}
