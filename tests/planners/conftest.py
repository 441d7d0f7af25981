"""The tiny problem and its legal plan for every test of this folder, fresh each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from planners.__main__ import planners
from planners.annealing import anneal
from planners.bound import small_cpsat
from planners.search import improve
from tests.planners.draw_desk import SOLVE, SOURCE, Draw, save
from tests.planners.small import Json, ok_plan, ok_small, teams_of


@pytest.fixture(autouse=True)
def short_search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask whether plans are right, not how good they get: search and last proof are cut short."""
    monkeypatch.setattr(anneal, "TRIES", 20_000)
    monkeypatch.setattr(anneal, "TRIES_PER_SEAT", 0)
    if not request.node.get_closest_marker("soak"):  # there the search is tried whole
        monkeypatch.setattr(improve, "EXCHANGE_WORK", 2_000)
    monkeypatch.setattr(small_cpsat, "EFFORT", 0.5)


@pytest.fixture
def problem() -> Json:
    return ok_small()


@pytest.fixture
def teams() -> dict[str, Json]:
    """The teams of the legal plan by id."""
    return teams_of(ok_plan())


@pytest.fixture
def draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """A function: one command of the draw in a folder that holds only the problem P.json."""
    monkeypatch.chdir(tmp_path)
    save("P.json", ok_small())
    return lambda *line: CliRunner().invoke(planners, ["draw", *line])


@pytest.fixture
def drawn(draw: Draw) -> Draw:
    """The same after a whole draw."""
    assert draw("commit", "P.json", "--source", SOURCE).exit_code == 0
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 0, result.stderr
    return draw
