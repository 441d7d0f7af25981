"""The two file formats as tables of fields: what each key holds, what a missing key means (contracts §2).
Builds nothing: parse.py makes values from them, commands/schema.py makes JSON Schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planners.formats.faults import Reading
from planners.formats.fields import (
    Choice,
    Date,
    Field,
    Flag,
    Id,
    ListOf,
    MapOf,
    Number,
    OrNull,
    Record,
    Ref,
    Text,
    TextOrWhole,
    Whole,
)
from planners.problem import PLAN_FORMAT, PROBLEM_FORMAT, TERMS, Weights

Found = Mapping[str, Any]

MANY = 2**63 - 1  # for sums; single figures stop at a million


def _dates(found: Found, path: str, reading: Reading) -> None:
    if found.get("start") and found.get("end") and found["end"] < found["start"]:
        reading.refuse(f"{path}.end", f"expected a date not before start, {found['start']}")


def _numbers_of_slot(found: Found, path: str, reading: Reading) -> None:
    least, most, target = found.get("min"), found.get("max"), found.get("target")
    if least is None or most is None:
        return
    if most < least:
        reading.refuse(f"{path}.max", f"expected at least min, {least}, got {most}")
    elif target is not None and not least <= target <= most:
        reading.refuse(f"{path}.target", f"expected between min {least} and max {most}, got {target}")


def _place(found: Found, path: str, reading: Reading) -> None:
    for given, missing in (("x_km", "y_km"), ("y_km", "x_km")):
        if found.get(given) is not None and missing in found and found[missing] is None:
            reading.refuse(f"{path}.{missing}", f"expected a number, because {given} is given")


def _tie(found: Found, path: str, reading: Reading) -> None:
    if "unit" in found and "other" in found and (found["unit"] is None) == (found["other"] is None):
        reading.refuse(path, "expected exactly one of unit and other")
    if found.get("person") is not None and found.get("person") == found.get("other"):
        reading.refuse(f"{path}.other", "expected another person than the tie's own")
    if found.get("hard") is False and "cost" in found and found["cost"] is None:
        reading.refuse(f"{path}.cost", "expected a cost, because the tie is not hard")


def _pin(found: Found, path: str, reading: Reading) -> None:
    units, members, exclude = found.get("units", ()), found.get("members", ()), found.get("exclude", ())
    people = [member.get("person") for member in members]
    if not found.keys() >= {"units", "members", "exclude"}:
        return
    if not units and not members:
        reading.refuse(path, "expected at least one unit or member")
    if len(set(units)) < len(units):
        reading.refuse(f"{path}.units", "expected every unit once")
    if len(set(people)) < len(people):
        reading.refuse(f"{path}.members", "expected every person once")
    for i, person in enumerate(exclude):
        if person in people:
            reading.refuse(
                f"{path}.exclude[{i}]", f'expected nobody of the pin\'s own members, got "{person}"'
            )


def _row(found: Found, path: str, reading: Reading) -> None:
    if "round" in found and "slot" in found and (found["round"] is None) != (found["slot"] is None):
        reading.refuse(path, "expected round and slot both given or both null")


_NAME = Field(Text(), None, "for people to read; missing: the id")
_KIND = Field(Text(), "")
_PLACE = Field(OrNull(Number()), None, "kilometres; unknown places cost no distance")
_AREA = Field(OrNull(Ref("areas")), None)

SLOT = Record(
    {
        "id": Field(Id("slots")),
        "name": _NAME,
        "min": Field(Whole(most=1000)),
        "max": Field(Whole(most=1000)),
        "target": Field(Whole(most=1000), None, "from min to max; missing: min"),
        "needs": Field(ListOf(Text(1), 1), note="a holder has at least one of these skills"),
        "distinct": Field(OrNull(Choice(("home_unit", "office"))), None, "no two holders share it"),
    },
    _numbers_of_slot,
)

ROUND = Record(
    {
        "id": Field(Id("rounds")),
        "name": _NAME,
        "start": Field(OrNull(Date()), None),
        "end": Field(OrNull(Date()), None, "not before start"),
        "teams": Field(Whole(), note="at most so many teams"),
        "visits_per_team": Field(Whole(1), 1, "at most so many units per team"),
    },
    _dates,
)

UNIT = Record(
    {
        "id": Field(Id("units")),
        "name": _NAME,
        "kind": _KIND,
        "area": _AREA,
        "x_km": _PLACE,
        "y_km": _PLACE,
        "risk": Field(Whole(), 0, "a high risk wants an early round"),
        "closed": Field(ListOf(Ref("rounds")), (), "rounds in which it cannot be visited"),
    },
    _place,
)

PERSON = Record(
    {
        "id": Field(Id("people")),
        "name": _NAME,
        "office": Field(OrNull(Ref("offices")), None),
        "area": _AREA,
        "home_unit": Field(OrNull(Ref("units")), None),
        "skills": Field(ListOf(Text(1)), ()),
        "x_km": _PLACE,
        "y_km": _PLACE,
        "off": Field(ListOf(Ref("rounds")), (), "rounds in which the person is absent"),
        "max_teams": Field(OrNull(Whole()), None, "null: no limit"),
    },
    _place,
)

PROBLEM = Record(
    {
        "format": Field(Choice((PROBLEM_FORMAT,))),
        "name": Field(Text(), ""),
        "rounds": Field(ListOf(ROUND), ()),
        "template": Field(
            Record({"name": Field(Text(), ""), "slots": Field(ListOf(SLOT, 1), note="leaders first")})
        ),
        "areas": Field(
            ListOf(
                Record(
                    {
                        "id": Field(Id("areas")),
                        "name": _NAME,
                        "kind": Field(Text(1), note="zone has a meaning, other kinds are free"),
                        "parent": Field(OrNull(Ref("areas")), None),
                    }
                )
            ),
            (),
        ),
        "units": Field(ListOf(UNIT), ()),
        "offices": Field(
            ListOf(
                Record(
                    {
                        "id": Field(Id("offices")),
                        "name": _NAME,
                        "kind": _KIND,
                        "area": _AREA,
                        "min_home": Field(Whole(), 0),
                        "max_out": Field(OrNull(Whole()), None, "null: no limit"),
                    }
                )
            ),
            (),
        ),
        "people": Field(ListOf(PERSON), ()),
        "ties": Field(
            ListOf(
                Record(
                    {
                        "person": Field(Ref("people")),
                        "unit": Field(OrNull(Ref("units")), None, "exactly one of unit and other"),
                        "other": Field(OrNull(Ref("people")), None),
                        "kind": Field(Text(1), note="code of the recusal kind"),
                        "hard": Field(Flag()),
                        "cost": Field(OrNull(Whole()), None, "needed unless hard"),
                    },
                    _tie,
                )
            ),
            (),
        ),
        "rules": Field(
            Record(
                {
                    "crossing": Field(
                        MapOf(
                            Record(
                                {
                                    "from": Field(Choice(("any", "area", "zone")), "any"),
                                    "not": Field(Choice(("unit", "area", "zone")), "unit"),
                                }
                            )
                        ),
                        {},
                        "by skill",
                    ),
                    "host_stays": Field(Flag(), True),
                    "no_mutual_lead": Field(Flag(), True),
                }
            ),
            {"crossing": {}, "host_stays": True, "no_mutual_lead": True},
        ),
        "weights": Field(
            Record({term: Field(Whole(), Weights().of(term)) for term in TERMS if term != "soft_tie"}),
            {},
        ),
        "pins": Field(
            ListOf(
                Record(
                    {
                        "round": Field(Ref("rounds")),
                        "units": Field(ListOf(Ref("units")), ()),
                        "members": Field(
                            ListOf(Record({"person": Field(Ref("people")), "slot": Field(Ref("slots"))})), ()
                        ),
                        "exclude": Field(ListOf(Ref("people")), ()),
                    },
                    _pin,
                )
            ),
            (),
        ),
    }
)

PLAN = Record(
    {
        "format": Field(Choice((PLAN_FORMAT,))),
        "problem_sha256": Field(Text(1), note="of the canonical JSON of the problem"),
        "seed": Field(Whole(most=2**256), 0),
        "seconds": Field(Number(0), 0.0),
        "version": Field(Text(), "", "of the program; a plan made by hand has none"),
        "teams": Field(
            ListOf(
                Record(
                    {
                        "id": Field(Id("teams")),
                        "round": Field(Ref("rounds")),
                        "units": Field(ListOf(Ref("units")), note="in the order of the visits"),
                        "members": Field(
                            ListOf(Record({"person": Field(Ref("people")), "slot": Field(Ref("slots"))}))
                        ),
                    }
                )
            )
        ),
        "shortages": Field(
            ListOf(
                Record(
                    {
                        "unit": Field(Ref("units")),
                        "round": Field(OrNull(Ref("rounds")), note="null with slot: nobody visits the unit"),
                        "slot": Field(OrNull(Ref("slots"))),
                        "missing": Field(Whole(1)),
                        "reason": Field(Text(), ""),
                        "because": Field(
                            ListOf(Record({"rule": Field(Text(1))}, others=TextOrWhole())),
                            (),
                            "the rule's code and the records it names",
                        ),
                    },
                    _row,
                )
            ),
            (),
        ),
        "objective": Field(
            Record(
                {
                    "total": Field(Whole(most=MANY)),
                    "terms": Field(
                        Record(
                            {
                                term: Field(Whole(most=MANY), None, "only with a previous plan")
                                if term == "change"
                                else Field(Whole(most=MANY))
                                for term in TERMS
                            }
                        )
                    ),
                }
            )
        ),
        "bound": Field(OrNull(Whole(most=MANY)), None, "proven for complete plans"),
        "gap": Field(OrNull(Number(0, 1e18)), None, "(total - bound) / bound"),
    }
)
