"""What is said of a plan as JSON values and back, so that it can be kept beside the plan it is about."""

from __future__ import annotations

from typing import Any

from planners.problem import Because
from planners.rulebook.values import Cause, Fact, Facts, Ref, Remark, Said


def filed(one: Fact | Remark) -> Any:
    """The value as JSON values: plain words and numbers as they are, a list for a tuple, else an object whose
    first key says what it is."""
    match one:
        case Ref(kind, id):
            return {"ref": kind, "id": id}
        case Said(phrase, told):
            return {"said": phrase, "facts": _facts(told)}
        case Cause(rule, case, count, refs, because):
            return {"cause": rule, "case": case, "count": count, "refs": _facts(refs), **_because(because)}
        case Remark(rule, case, refs, because):
            return {"remark": rule, "case": case, "refs": _facts(refs), **_because(because)}
        case tuple():
            return [filed(each) for each in one]
    return one


def unfiled(row: Any) -> Any:
    """The value that `filed` wrote down so."""
    match row:
        case list():
            return tuple(map(unfiled, row))
        case {"ref": kind, "id": id}:
            return Ref(kind, id)
        case {"said": phrase, "facts": told}:
            return Said(phrase, unfiled(told))
        case {"cause": rule}:
            return Cause(rule, row["case"], row["count"], unfiled(row["refs"]), _causes(row))
        case {"remark": rule}:
            return Remark(rule, row["case"], unfiled(row["refs"]), _causes(row))
    return row


def _facts(told: Facts) -> list[Any]:
    return [[name, filed(fact)] for name, fact in told]


def _because(causes: tuple[Because, ...]) -> dict[str, Any]:
    return {"because": [{"rule": one.rule, "names": [list(pair) for pair in one.names]} for one in causes]}


def _causes(row: dict[str, Any]) -> tuple[Because, ...]:
    return tuple(Because(one["rule"], tuple((k, v) for k, v in one["names"])) for one in row["because"])
