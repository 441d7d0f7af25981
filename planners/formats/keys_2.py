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
    Id,
    ListOf,
    Number,
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


@dataclass(frozen=True, slots=True)
class Road:
    """`["T01", "T02", 35]`: two areas and the minutes between them."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, list | tuple) or len(value) != 3:
            return reading.refuse(path, f"expected two areas and minutes, got {show(value)}")
        shapes: tuple[Shape, ...] = (Ref("areas"), Ref("areas"), Whole())
        read = [
            s.read(v, f"{path}[{i}]", reading) for i, (s, v) in enumerate(zip(shapes, value, strict=True))
        ]
        return BAD if BAD in read else tuple(read)

    def schema(self) -> dict[str, Any]:
        items = [Ref("areas").schema(), Ref("areas").schema(), Whole().schema()]
        return {"type": "array", "prefixItems": items, "minItems": 3, "maxItems": 3}


def _roads(found: Found, path: str, reading: Reading) -> None:
    seen: dict[tuple[str, str], int] = {}
    for i, (one, two, minutes) in enumerate(found.get("between", ())):
        if seen.setdefault((one, two), minutes) != minutes:
            expected = f"expected {seen[one, two]} minutes from {one} to {two} as before"
            reading.refuse(f"{path}.between[{i}]", f"{expected}, got {minutes}")


TRAVEL = Record(
    {
        "between": Field(ListOf(Road()), note="both directions, unless the way back is named as well"),
        "unit": Field(Choice(("minutes",)), "minutes"),
    },
    _roads,
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


def _stretch(found: Found, path: str, reading: Reading) -> None:
    if "from" in found and "to" in found and found["to"] < found["from"]:
        reading.refuse(f"{path}.to", f"expected a date not before from, {found['from']}")


@dataclass(frozen=True, slots=True)
class Off:
    """A round that somebody is off, or `{"from": day, "to": day}`."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            return Ref("rounds").read(value, path, reading)
        found = _STRETCH.read(value, path, reading)
        return (found["from"], found["to"]) if found.keys() >= {"from", "to"} else BAD

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Ref("rounds").schema(), _STRETCH.schema()]}


_STRETCH = Record({"from": Field(Date()), "to": Field(Date())}, _stretch)

_TOP = PROBLEM.fields

PROBLEM_2 = Record(
    {
        **_TOP,
        "format": Field(Choice((PROBLEM_FORMAT_2,))),
        "template": Field(
            _more(_TOP["template"].shape, {"slots": Field(ListOf(SLOT_2, 1), note="leaders first")})
        ),
        "units": Field(
            ListOf(
                _more(
                    _TOP["units"].shape,
                    {"days": Field(OrNull(Whole(1)), None, "that a visit takes; missing: the round")},
                )
            ),
            (),
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
                        "off": Field(ListOf(Off()), (), "rounds or days in which the person is absent"),
                        "months": Field(OrNull(Whole()), None, "of experience; missing: not known, not new"),
                    },
                    PERSON.judge,
                )
            ),
            (),
        ),
        "topics": Field(
            ListOf(Record({"id": Field(Id("topics")), "needs": Field(ListOf(Text(1), 1))})),
            (),
            "each is given to one member of every team who has one of these skills",
        ),
        "travel": Field(OrNull(TRAVEL), None, "distance by road, from the person's area to the unit's"),
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

_TOPICS = Field(ListOf(Ref("topics")), (), "topics of the problem that the member takes")


def _row(found: Found, path: str, reading: Reading) -> None:
    if "round" in found and found["round"] is None and found.get("slot") is not None:
        reading.refuse(path, "expected round and slot both null where there is no round")


_TEAM = _inner(PLAN.fields["teams"].shape)
_OBJECTIVE = _inner(PLAN.fields["objective"].shape)

PLAN_2 = Record(
    {
        **PLAN.fields,
        "format": Field(Choice((PLAN_FORMAT_2,))),
        "teams": Field(
            ListOf(
                _more(
                    _TEAM,
                    {
                        "members": Field(ListOf(_more(_TEAM.fields["members"].shape, {"topics": _TOPICS}))),
                        "standby": Field(ListOf(Ref("people")), (), "who could take a seat of the team"),
                    },
                )
            )
        ),
        "shortages": Field(
            ListOf(Record(_inner(PLAN.fields["shortages"].shape).fields, _row)),
            (),
            "with a round and no slot: topics that no member can take",
        ),
        "robustness": Field(
            OrNull(Number(0, 1)), None, "share of seats that somebody could take after one absence"
        ),
        "fallbacks": Field(
            Whole(most=MANY), 0, "seats and visits priced by straight line for want of a road"
        ),
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
        (_inner(_TOP["units"].shape).fields, _inner(PROBLEM_2.fields["units"].shape).fields),
        (_inner(_TOP["offices"].shape).fields, _inner(PROBLEM_2.fields["offices"].shape).fields),
        (_inner(_TOP["rules"].shape).fields, _inner(PROBLEM_2.fields["rules"].shape).fields),
    )
    for key in new.keys() - old.keys()
}
