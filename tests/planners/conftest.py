"""The tiny problem and its legal plan for every test of this folder, fresh each time."""

from __future__ import annotations

import pytest

from tests.planners.small import Json, ok_plan, ok_small, teams_of


@pytest.fixture
def problem() -> Json:
    return ok_small()


@pytest.fixture
def teams() -> dict[str, Json]:
    """The teams of the legal plan by id."""
    return teams_of(ok_plan())
