"""How good a model is, measured against known truth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Measured:
    """One model against known truth: planted and found faults, hits and true hits by grade."""

    model: str
    planted: int = 0
    found: int = 0
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    true: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def measure(hits: Iterable[Mapping[str, Any]], truth: Iterable[Mapping[str, Any]]) -> list[Measured]:
    """Every model of hits or truth: a fault is found when a hit of its model shows one of its rows."""
    measured: dict[str, Measured] = {}
    shown: dict[str, set[tuple[str, int]]] = defaultdict(set)
    planted: dict[str, set[tuple[str, int]]] = defaultdict(set)
    faults = [(str(fault["model"]), {(str(f), int(n)) for f, n in fault["rows"]}) for fault in truth]
    for model, rows in faults:
        planted[model] |= rows
    for hit in hits:
        model, rows = str(hit["model"]), {(str(f), int(n)) for f, n in hit["rows"]}
        one = measured.setdefault(model, Measured(model))
        one.hits[hit["grade"]] += 1
        one.true[hit["grade"]] += bool(rows & planted[model])
        shown[model] |= rows
    for model, rows in faults:
        one = measured.setdefault(model, Measured(model))
        one.planted += 1
        one.found += bool(rows & shown[model])
    return [measured[model] for model in sorted(measured)]
