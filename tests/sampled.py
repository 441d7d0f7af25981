"""A short sample of a long sweep: `make test` tries some of its cases, `make soak` all the others."""

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[object], every: int) -> list[Any]:
    """The cases as parameters: the first and each `every`th after it run always, the rest in the soak."""
    return [
        pytest.param(case, marks=[pytest.mark.soak] if place % every else [])
        for place, case in enumerate(cases)
    ]
