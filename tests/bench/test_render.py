"""The benchmark `render` runs at its small size, and its rivals print the same mail."""

from bench import render


def test_the_small_size_gives_every_figure_and_ratio() -> None:
    result = render.run("small")
    assert result.bench == "render"
    assert set(result.ratios) == set(result.targets)
    assert result.figures["ours_us"] > 0
    assert result.hash == render.run("small").hash
