"""`tearoff bench NAME|all`: measure this machine against rivals in the same run."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import msgspec

import tearoff
from tearoff import logs
from tearoff.errors import Misconfigured

ROOT = Path(tearoff.__file__).parents[2]
"""The root of a checkout: the benchmarks and their rivals lie beside the source, not in the package."""
NAMES = ("claim", "claim_batch", "decay", "flow", "generate", "import", "redeem", "render")

SPREAD = ("low_per_s", "high_per_s")


@click.command()
@click.argument("name", type=click.Choice([*NAMES, "all"]))
@click.option("--size", type=click.Choice(["small", "real"]), default="small", show_default=True)
@click.option("--json", "is_json", is_flag=True, help="One line of JSON for each benchmark instead of a table.")
@click.option("--into", type=click.Path(path_type=Path, exists=True), help="A document whose figures are replaced.")
def bench(name: str, size: str, is_json: bool, into: Path | None) -> None:
    """Run a benchmark, or all, each in a process of its own; each starts and stops what it needs.

    `real` takes minutes, `small` seconds.
    """
    logs.configure(level=logging.WARNING)
    for one in NAMES if name == "all" else (name,):
        result = measured_alone(one, size) if name == "all" else measure(one, size)
        click.echo(line(result) if is_json else table(result))
        if into is not None:
            into.write_text(replaced(into.read_text(), one, markdown(result)))


def measured_alone(name: str, size: str) -> Any:
    """The result of one benchmark in a process of its own: the peak of memory of a process is that of all it did."""
    require_checkout(name)
    words = (sys.executable, "-P", "-m", "tearoff", "bench", name, "--size", size, "--json")
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Misconfigured(f"The benchmark {name} could not be done.")
    return msgspec.json.decode(done.stdout, type=import_module("bench.result").Result)


def measure(name: str, size: str) -> Any:
    """The result of one benchmark; raises Misconfigured outside a checkout."""
    require_checkout(name)
    try:
        found = import_module(f"bench.{name}")
    except ImportError as error:
        raise Misconfigured(f"{error}. The benchmarks need the development dependencies: make setup.") from error
    return found.run(size)


def require_checkout(name: str) -> None:
    """Let the benchmarks be imported; raises Misconfigured where there are none."""
    if not (ROOT / "bench" / f"{name}.py").is_file():
        raise Misconfigured(f"There is no bench/{name}.py in {ROOT}: benchmarks run from a checkout of the source.")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def line(result: Any) -> str:
    """The result as one line of JSON."""
    fields: dict[str, Any] = msgspec.to_builtins(result)
    order = ("bench", "size", "figures", "ratios", "targets", "met", "hash", "absent")
    fields["met"] = result.met
    return msgspec.json.encode({name: fields[name] for name in order}).decode()


def table(result: Any) -> str:
    """The result for people: every figure, then every target with its ratio."""
    verdict = "targets met" if result.met else "targets missed"
    absent = f"; not installed: {', '.join(result.absent)} (make bench-setup)" if result.absent else ""
    figures = [(name, _written(value)) for name, value in result.figures.items()]
    rows = [("target", "ratio", "at least", "")]
    rows += [(name, *_judged(result.ratios.get(name), least)) for name, least in result.targets.items()]
    head = f"{result.bench} ({result.size}): {verdict}{absent}"
    return "\n".join([head, *_aligned(figures), *_aligned(rows), ""])


def markdown(result: Any) -> str:
    """The result for a document: the targets as a table, and the figures as one sentence, medians with their spread."""
    rows = ["| target | ratio | at least | |", "|---|---|---|---|"]
    judged = {name: _judged(result.ratios.get(name), least) for name, least in result.targets.items()}
    rows += [f"| `{name}` | {' | '.join(words)} |" for name, words in judged.items()]
    plain = {name: _written(value) for name, value in result.figures.items()}
    shown = [f"{name} {value}{_spread(name, plain)}" for name, value in plain.items() if not name.endswith(SPREAD)]
    return "\n".join([*rows, "", f"Figures: {', '.join(shown)}."])


def replaced(text: str, name: str, figures: str) -> str:
    """The document with the figures of one benchmark between its marks; raises Misconfigured when they are missing."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise Misconfigured(f"The document has no place for the figures of {name}: {start.strip()} … {end}")
    return f"{before}{start}{figures}\n{end}{after}"


def _written(value: float) -> str:
    return f"{value:,g}" if value < 1000 else f"{value:,.0f}"


def _spread(name: str, figures: dict[str, str]) -> str:
    low, high = (figures.get(name.removesuffix("per_s") + end) for end in SPREAD)
    return f" ({low} to {high})" if low and high else ""


def _judged(ratio: float | None, least: float) -> tuple[str, str, str]:
    if ratio is None:
        return "-", f"{least:g}", "absent"
    return f"{ratio:g}", f"{least:g}", "met" if ratio >= least else "missed"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
