"""`render`: an HTML mail of 2.9 kB, ten variables, a condition and a loop of ten, against an f-string and Jinja2."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import jinja2
from bench.result import Result

from tearoff.velocity import compile

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
TARGETS = {"fstring": 0.17, "jinja2": 1.5, "without_escaping": 0.75, "compile_5_ms": 1.0, "jinja2_compile": 2.0}
ROUNDS = {"small": 2, "real": 15}
COMPILES = {"small": 2, "real": 10}
COMPILE_SECONDS = 0.005
"""What compiling a template of 100 kB with 50 directives may take."""
TURNS = {"small": 50, "real": 2_000}
ROW = (
    '<table role="presentation" width="100%"><tr><td style="padding: 0 24px; color: #333333; font-size: 16px">'
    "A spring of small gifts has begun in our shop, and this one is yours.</td></tr></table>\n"
)
ITEM = '<li><a href="https://shop.example/p/{sku}">{name}</a>, {qty} for {price} EUR</li>\n'


def mail(value: Callable[[str], str], item: Callable[[str], str], when: str, loop: str, end: str, end_loop: str) -> str:
    """The mail in a template language: how it reads a value and an item's field, and its blocks."""
    return (
        f"<html><head><title>{value('subject')}</title></head><body>\n"
        f"<p>Dear {value('firstName')} {value('lastName')},</p>\n{ROW * 5}"
        f"<p>Your code <b>{value('promocode')}</b> gives {value('discount')}% until {value('until')}.</p>\n"
        f"{when}<p>It comes to {value('city')} free of charge.</p>\n{end}"
        f"<ul>\n{loop}{ITEM.format(sku=item('sku'), name=item('name'), qty=item('qty'), price=item('price'))}{end_loop}"
        f"</ul>\n{ROW * 7}<p>Write to {value('support')}, or call {value('phone')}.</p>\n"
        f'<a href="{value("unsubscribe")}">Unsubscribe</a></body></html>\n'
    )


def fields(index: int) -> dict[str, object]:
    """The data of one recipient."""
    items = [{"sku": f"S{n}", "name": f"Tea {n}", "qty": n + 1, "price": 9.5 + n} for n in range(10)]
    return {
        "subject": "A code for you",
        "firstName": f"Ann {index}",
        "lastName": "O'Neil & Sons",
        "promocode": f"SPRING-{index}",
        "discount": 15,
        "until": "2024-06-01",
        "vip": True,
        "city": "Lviv",
        "items": items,
        "support": "help@shop.example",
        "phone": "+380 44 000 00 00",
        "unsubscribe": f"https://shop.example/u/{index}",
    }


def by_hand(d: dict[str, object]) -> str:
    """The limit: what a programmer would write for this one mail."""
    items = d["items"]
    assert isinstance(items, list)
    rows = "".join(
        [
            f'<li><a href="https://shop.example/p/{i["sku"]}">{i["name"]}</a>, {i["qty"]} for {i["price"]} EUR</li>\n'
            for i in items
        ]
    )
    gift = f"<p>It comes to {d['city']} free of charge.</p>\n" if d["vip"] else ""
    return (
        f"<html><head><title>{d['subject']}</title></head><body>\n"
        f"<p>Dear {d['firstName']} {d['lastName']},</p>\n{FIVE}"
        f"<p>Your code <b>{d['promocode']}</b> gives {d['discount']}% until {d['until']}.</p>\n"
        f"{gift}"
        f"<ul>\n{rows}</ul>\n{SEVEN}<p>Write to {d['support']}, or call {d['phone']}.</p>\n"
        f'<a href="{d["unsubscribe"]}">Unsubscribe</a></body></html>\n'
    )


FIVE, SEVEN = ROW * 5, ROW * 7
VELOCITY = mail(
    lambda name: f"$!data.get('{name}')" if name < "l" else f"$!{{data.{name}}}",
    lambda name: f"$item.{name}" if name != "qty" else "$!item.get('qty')",
    "#if($data.get('vip'))\n",
    "#foreach($item in $data.get('items'))\n",
    "#end\n",
    "#end\n",
)
JINJA = mail(
    lambda name: f"{{{{ data.{name} }}}}",
    lambda name: f"{{{{ item.{name} }}}}",
    "{% if data.vip %}\n",
    "{% for item in data['items'] %}\n",
    "{% endif %}\n",
    "{% endfor %}\n",
)


def speed(work: Callable[[], object], turns: int) -> float:
    """Turns a second."""
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return turns / (time.perf_counter() - start)


def large() -> str:
    """A template of 100 kB with 50 directives, of three kinds, and as many references."""
    kinds = (
        "#if($data.get('amount') > 10)many#end for $!data.get('name')\n",
        "#set($total = $data.amount * 2)<b>$total</b>\n",
        "#foreach($item in $data.items)$item.name#end\n",
    )
    return ("".join(ROW * 10 + kinds[number % 3] for number in range(50)) + ROW * 600)[:100_000]


def large_rival() -> str:
    """The same for Jinja2."""
    kinds = (
        "{% if data.amount > 10 %}many{% endif %} for {{ data.name }}\n",
        "{% set total = data.amount * 2 %}<b>{{ total }}</b>\n",
        "{% for item in data['items'] %}{{ item.name }}{% endfor %}\n",
    )
    return ("".join(ROW * 10 + kinds[number % 3] for number in range(50)) + ROW * 600)[:100_000]


def run(size: str) -> Result:
    """Measure in turn, the best of several rounds; a mean would measure the neighbours."""
    data = fields(1)
    context: dict[str, object] = {"data": data}
    plain, escaped = compile(VELOCITY), compile(VELOCITY, escape_html=True)
    environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, autoescape=False)
    rival = environment.from_string(JINJA)
    expected = by_hand(data)
    text, rival_text = large(), large_rival()

    def ours() -> str:
        return plain.render(context, zone=None, language=None, now=NOW)

    contestants: dict[str, Callable[[], object]] = {
        "ours": ours,
        "html": lambda: escaped.render(context, zone=None, language=None, now=NOW),
        "jinja2": lambda: rival.render(context),
        "fstring": lambda: by_hand(data),
    }
    assert ours() == expected == rival.render(context)
    best = dict.fromkeys(contestants, 0.0)
    compiling = rival_compiling = 0.0
    for _ in range(ROUNDS[size]):
        for name, work in contestants.items():
            best[name] = max(best[name], speed(work, TURNS[size]))
        for _ in range(COMPILES[size]):
            compiling = max(compiling, speed(lambda: compile(text), 1))
            rival_compiling = max(rival_compiling, speed(lambda: environment.from_string(rival_text), 1))
    return Result(
        "render",
        size,
        {f"{name}_us": round(1e6 / value, 2) for name, value in best.items()}
        | {
            "compile_100_kb_ms": round(1e3 / compiling, 2),
            "jinja2_compile_100_kb_ms": round(1e3 / rival_compiling, 2),
            "template_bytes": float(len(VELOCITY)),
        },
        {
            "fstring": round(best["ours"] / best["fstring"], 3),
            "jinja2": round(best["ours"] / best["jinja2"], 2),
            "without_escaping": round(best["html"] / best["ours"], 2),
            "compile_5_ms": round(compiling * COMPILE_SECONDS, 2),
            "jinja2_compile": round(compiling / rival_compiling, 2),
        },
        TARGETS,
        hashlib.sha256(expected.encode()).hexdigest()[:16],
        [],
    )


if __name__ == "__main__":
    print(run("real"))
