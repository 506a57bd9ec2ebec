"""Every benchmark runs at its small size, so that none can rot; how fast it is is not asked: machines differ."""

import json
import sys

import pytest
from click.testing import CliRunner

from tearoff.cli import bench as command
from tearoff.cli import tearoff
from tearoff.errors import Misconfigured

RATIOS = {
    "claim": {"skip_locked", "pgbench", "redis"},
    "claim_batch": {"batched_skip_locked"},
    "decay": {"used_50", "used_99", "many_lots", "snapshot"},
    "flow": {"smtp_source", "plain_worker"},
    "generate": {"numpy", "copy"},
    "import": {"copy", "memory"},
    "redeem": {"pgbench"},
    "render": {"fstring", "jinja2"},
}
FIELDS = ["bench", "size", "figures", "ratios", "targets", "met", "hash", "absent"]


@pytest.mark.parametrize("name", sorted(RATIOS))
def test_a_benchmark_gives_its_line_and_never_gives_a_code_twice(name: str) -> None:
    # a code that is given twice ends the benchmark with an error
    done = CliRunner().invoke(tearoff, ["bench", name, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    line = json.loads(done.output)
    assert list(line) == FIELDS
    assert (line["bench"], line["size"]) == (name, "small")
    measured = set(line["ratios"]) | set(line["absent"])
    assert RATIOS[name] <= measured
    assert set(line["targets"]) <= measured
    assert all(value > 0 for value in [*line["figures"].values(), *line["ratios"].values()])
    if line["absent"]:
        assert line["met"] is False
    assert line["hash"]


def test_of_all_benchmarks_each_has_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "NAMES", ("render",))
    monkeypatch.delitem(sys.modules, "bench.render", raising=False)
    done = CliRunner().invoke(tearoff, ["bench", "all", "--json"], catch_exceptions=False)
    assert [json.loads(line)["bench"] for line in done.stdout.splitlines()] == ["render"]
    assert "bench.render" not in sys.modules


def test_every_benchmark_of_the_command_is_tried_here() -> None:
    assert set(command.NAMES) == set(RATIOS)


async def test_a_round_in_which_nothing_was_done_is_measured_again() -> None:
    from bench.rounds import alternate

    speeds = iter([0.0, 0.0, 4.0, 6.0])

    async def stalled_twice() -> float:
        return next(speeds)

    async def stalled() -> float:
        return 0.0

    assert (await alternate({"it": stalled_twice}, 2))["it"].median == 5.0
    with pytest.raises(RuntimeError, match="it did nothing"):
        await alternate({"it": stalled}, 1)


def test_the_table_says_what_was_missed_and_what_is_absent() -> None:
    from bench.result import Result

    shown = command.table(Result("claim", "small", {"ours_per_s": 2.0}, {"a": 1.0}, {"a": 2.0, "b": 1.0}, "h", ["b"]))
    assert "claim (small): targets missed; not installed: b (make bench-setup)" in shown
    assert [row.split() for row in shown.splitlines()[2:]] == [
        ["target", "ratio", "at", "least"],
        ["a", "1", "2", "missed"],
        ["b", "-", "1", "absent"],
    ]


def test_the_document_gets_its_figures_in_its_place() -> None:
    from bench.result import Result

    figures = {"ours_per_s": 2000.0, "ours_low_per_s": 10.0, "ours_high_per_s": 3000.0, "wait_ms": 1.5}
    shown = command.markdown(Result("claim", "real", figures, {"a": 1.0}, {"a": 2.0}, "h", []))
    assert "| `a` | 1 | 2 | missed |" in shown
    assert "Figures: ours_per_s 2,000 (10 to 3,000), wait_ms 1.5." in shown
    text = "before\n<!-- claim -->\nold\n<!-- end of claim -->\nafter"
    assert command.replaced(text, "claim", "new") == "before\n<!-- claim -->\nnew\n<!-- end of claim -->\nafter"
    with pytest.raises(Misconfigured):
        command.replaced(text, "flow", "new")


def test_the_document_has_a_place_for_every_benchmark() -> None:
    text = (command.ROOT / "docs/operating/capacity.md").read_text()
    assert all(command.replaced(text, name, "x") for name in command.NAMES)


def test_outside_a_checkout_the_command_says_where_it_looked(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(command, "ROOT", type(command.ROOT)(str(tmp_path)))
    done = CliRunner().invoke(tearoff, ["bench", "claim"])
    assert done.exit_code != 0
    assert str(tmp_path) in done.output
