"""The second version of the two file formats: the tables of keys.py and what planners.problem/2 adds to them.
Builds nothing; policies.py makes values of what is new, parse.py of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planners.formats.faults import BAD, Reading, show
from planners.formats.fields import (
    Choice,
    Date,
    Field,
    Flag,
    ListOf,
    OrNull,
    Record,
    Ref,
    Shape,
    Text,
    Whole,
)
from planners.formats.keys import MANY, PERSON, PLAN, PROBLEM, SLOT, Found
from planners.policies import ALLOW, CIRCLES, FORBID, Policy
from planners.problem import PLAN_FORMAT_2, POLICY_TERMS, PROBLEM_FORMAT_2


@dataclass(frozen=True, slots=True)
class PolicyWord:
    """`"forbid"`, `"allow"` or `{"avoid": cost}`."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if isinstance(value, Mapping):
            found = _AVOID.read(value, path, reading)
            return Policy("avoid", found["avoid"]) if "avoid" in found else BAD
        if value in ("forbid", "allow"):
            return FORBID if value == "forbid" else ALLOW
        return reading.refuse(path, f'expected forbid, allow or {{"avoid": cost}}, got {show(value)}')

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"enum": ["forbid", "allow"]}, _AVOID.schema()]}


_AVOID = Record({"avoid": Field(Whole())})


@dataclass(frozen=True, slots=True)
class BySlot:
    """An object whose keys are ids of slots; under another key nothing is looked at."""

    inner: Shape

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            return reading.refuse(path, f"expected an object, got {show(value)}")
        found = {}
        for key, entry in value.items():
            if key in reading.given.get("slots", ()):
                found[key] = self.inner.read(entry, f"{path}.{key}", reading)
            else:
                Ref("slots").read(key, f"{path}.{show(key)[1:-1]}", reading)
        return {key: entry for key, entry in found.items() if entry is not BAD}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"minLength": 1},
            "additionalProperties": self.inner.schema(),
        }


def _circles(found: Found, path: str, reading: Reading) -> None:
    """What contradicts itself: a circle forbidden that a narrower one opens, or that everybody comes from."""
    given = {circle: found[circle] for circle in CIRCLES if isinstance(found.get(circle), Policy)}
    for number, narrow in enumerate(CIRCLES):
        wider = [w for w in CIRCLES[number + 1 :] if given.get(narrow) and given.get(w) == FORBID]
        if wider and given[narrow] != FORBID:
            reading.refuse(
                f"{path}.{narrow}", f"expected forbid, because the {wider[0]} around it is forbidden"
            )
    for circle in CIRCLES:
        if found.get("from") == circle and given.get(circle) == FORBID:
            reading.refuse(f"{path}.{circle}", f"expected no forbid, because from asks for the same {circle}")
    if found.get("from") == "area" and given.get("zone") == FORBID:
        reading.refuse(f"{path}.zone", "expected no forbid, because from asks for the same area inside it")


CROSSING = Record(
    {
        "from": Field(Choice(("any", "area", "zone")), "any"),
        "unit": Field(OrNull(PolicyWord()), None, "people whose home_unit it is; missing: forbid"),
        "area": Field(OrNull(PolicyWord()), None, "missing: allow"),
        "zone": Field(OrNull(PolicyWord()), None, "missing: allow"),
    },
    _circles,
)


def _memory(found: Found, path: str, reading: Reading) -> None:
    for policy, days in (("unit", "unit_days"), ("person_unit", "person_unit_days")):
        if isinstance(found.get(policy), Policy) and found.get(days, 0) is None:
            reading.refuse(f"{path}.{days}", f"expected a number of days, because {policy} is given")


MEMORY = Record(
    {
        "unit_days": Field(OrNull(Whole(1)), None, "days from a unit's last visit to the round's start"),
        "unit": Field(OrNull(PolicyWord()), None, "sooner than that; missing: forbid"),
        "person_unit_days": Field(OrNull(Whole(1)), None, "days from a person's last visit of the unit"),
        "person_unit": Field(OrNull(PolicyWord()), None, "sooner than that; missing: forbid"),
        "load_year": Field(Flag(), False, "past seats of the first round's year count as load"),
    },
    _memory,
)

PAST_VISIT = Record(
    {
        "unit": Field(Ref("units")),
        "date": Field(Date()),
        "people": Field(ListOf(Ref("people")), ()),
    }
)

SLOT_2 = Record(
    {
        **SLOT.fields,
        "offices": Field(ListOf(Text(1)), (), "kinds of offices that may hold it; missing: any"),
        "supervises": Field(
            OrNull(Choice(("must", "must_not"))), None, "whether the holder's office supervises the unit"
        ),
        "pair": Field(
            OrNull(Record({"new_below_months": Field(Whole(1)), "avoid": Field(Whole())})),
            None,
            "what a team with somebody new in the slot and nobody experienced costs",
        ),
    },
    SLOT.judge,
)


def _inner(shape: Shape) -> Record:
    """The record that a list or a key of version 1 holds."""
    inner = shape.inner if isinstance(shape, ListOf) else shape
    if not isinstance(inner, Record):
        raise TypeError("expected a record to add keys to")
    return inner


def _more(shape: Shape, fields: Mapping[str, Field]) -> Record:
    inner = _inner(shape)
    return Record({**inner.fields, **fields}, inner.judge, inner.others)


_TOP = PROBLEM.fields

PROBLEM_2 = Record(
    {
        **_TOP,
        "format": Field(Choice((PROBLEM_FORMAT_2,))),
        "template": Field(
            _more(_TOP["template"].shape, {"slots": Field(ListOf(SLOT_2, 1), note="leaders first")})
        ),
        "offices": Field(
            ListOf(
                _more(
                    _TOP["offices"].shape,
                    {"supervises": Field(ListOf(Ref("units")), (), "units that the body supervises")},
                )
            ),
            (),
        ),
        "people": Field(
            ListOf(
                Record(
                    {
                        **PERSON.fields,
                        "months": Field(OrNull(Whole()), None, "of experience; missing: not known, not new"),
                    },
                    PERSON.judge,
                )
            ),
            (),
        ),
        "history": Field(ListOf(PAST_VISIT), (), "visits of earlier cycles"),
        "rules": Field(
            _more(
                _TOP["rules"].shape,
                {"crossing": Field(BySlot(CROSSING), {}, "by slot"), "memory": Field(OrNull(MEMORY), None)},
            ),
            {"crossing": {}, "memory": None, "host_stays": True, "no_mutual_lead": True},
        ),
    }
)

_TEAM = _inner(PLAN.fields["teams"].shape)
_OBJECTIVE = _inner(PLAN.fields["objective"].shape)

PLAN_2 = Record(
    {
        **PLAN.fields,
        "format": Field(Choice((PLAN_FORMAT_2,))),
        "objective": Field(
            _more(
                _OBJECTIVE,
                {
                    "terms": Field(
                        _more(
                            _OBJECTIVE.fields["terms"].shape,
                            {term: Field(Whole(most=MANY)) for term in POLICY_TERMS},
                        )
                    )
                },
            )
        ),
    }
)

#: Words of the other version, for a hint beside "unknown key".
ONLY_1 = {"not"}
ONLY_2 = {
    key
    for old, new in (
        (_TOP, PROBLEM_2.fields),
        (SLOT.fields, SLOT_2.fields),
        (PERSON.fields, _inner(PROBLEM_2.fields["people"].shape).fields),
        (_inner(_TOP["offices"].shape).fields, _inner(PROBLEM_2.fields["offices"].shape).fields),
        (_inner(_TOP["rules"].shape).fields, _inner(PROBLEM_2.fields["rules"].shape).fields),
    )
    for key in new.keys() - old.keys()
}
