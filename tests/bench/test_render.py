"""The benchmark `render` runs at its small size, and its rivals print the same mail."""

from bench import render

TARGETS = {"fstring", "jinja2", "without_escaping", "compile_5_ms", "jinja2_compile"}


def test_the_small_size_gives_every_figure_and_ratio() -> None:
    result = render.run("small")
    assert result.bench == "render"
    assert set(result.ratios) == set(result.targets) == TARGETS
    assert result.figures["ours_us"] > 0
    assert 2_800 <= result.figures["template_bytes"] <= 3_000
    assert len(render.large()) == 100_000
    assert len(result.hash) == 16
