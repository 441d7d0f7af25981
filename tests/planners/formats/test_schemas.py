"""The published schemas are those of the code, accept what the parser accepts and refuse what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from planners.commands.schema import NAMES, schema, schema_text
from planners.formats.parse import BadInput, parse_plan, parse_problem
from planners.problem import Crossing, Rules, Weights
from planners.zones.files import parse_areas, parse_zones
from tests.planners.small import Json, ok_plan, ok_small
from tests.planners.zone_cases import full_areas, full_zones

FOLDER = Path(__file__).parents[3] / "docs" / "schemas"


def full_problem() -> Json:
    """ok_small with every key of the format in use."""
    data = ok_small()
    data["weights"] = {
        "risk": 1,
        "distance": 1,
        "load": 20,
        "pair": 30,
        "revisit": 10,
        "size": 150,
        "change": 50,
    }
    data["rules"] |= {"host_stays": True, "no_mutual_lead": True}
    data["rounds"][0] |= {"start": "2026-03-02", "end": "2026-03-13", "visits_per_team": 2}
    data["template"]["slots"][2]["target"] = 2
    data["units"][0]["closed"] = ["R2"]
    data["offices"][0]["min_home"] = 1
    data["people"][0] |= {"off": ["R3"], "max_teams": None, "home_unit": None}
    data["ties"] = [
        {"person": "L1", "unit": "V1", "kind": "RC-05", "hard": True},
        {"person": "L1", "other": "L2", "kind": "RC-20", "hard": False, "cost": 40},
    ]
    pin = {"round": "R1", "units": ["V1"], "members": [{"person": "L2", "slot": "leader"}], "exclude": ["M5"]}
    data["pins"] = [pin]
    return data


def full_plan() -> Json:
    data = ok_plan()
    because = [{"rule": "H09", "office": "O3", "out": 2}]
    data["shortages"] = [
        {"unit": "V1", "round": "R1", "slot": "member", "missing": 1, "reason": "无人", "because": because},
        {"unit": "V2", "round": None, "slot": None, "missing": 1, "reason": "", "because": []},
    ]
    data["objective"]["terms"]["change"] = 3
    return data | {"bound": 1000, "gap": 0.115}


def full_second_problem() -> Json:
    """`full_problem` in version 2 with every key that it adds."""
    data = full_problem() | {"format": "planners.problem/2"}
    data["template"]["slots"][0] |= {
        "offices": ["discipline"],
        "supervises": "must_not",
        "pair": {"new_below_months": 12, "avoid": 40},
    }
    data["offices"][0]["supervises"] = ["V1"]
    data["people"][0]["months"] = 7
    for number, row in enumerate(data["rounds"], start=3):
        row |= {"start": f"2026-{number:02d}-02", "end": f"2026-{number:02d}-13"}
    data["rules"] |= {
        "crossing": {
            "leader": {"unit": "forbid", "area": {"avoid": 60}, "zone": "allow"},
            "member": {"from": "zone", "zone": None},
        },
        "memory": {
            "unit_days": 365,
            "unit": "forbid",
            "person_unit_days": 1095,
            "person_unit": {"avoid": 30},
            "load_year": True,
        },
    }
    data["history"] = [{"unit": "V1", "date": "2025-10-12", "people": ["L1"]}]
    data["topics"] = [{"id": "X1", "needs": ["finance", "discipline"]}]
    data["travel"] = {"between": [["T1", "T2", 35]], "unit": "minutes"}
    data["people"][0]["off"] = []
    data["pins"] = []
    return data


def full_second_plan() -> Json:
    data = full_plan() | {"format": "planners.plan/2"}
    data["objective"]["terms"] |= {"crossing": 0, "memory": 0, "pairing": 0, "topic": 1}
    data["teams"][0]["members"][0]["topics"] = ["X1"]
    data["teams"][0]["standby"] = ["L2"]
    data["shortages"][0]["slot"] = None
    data |= {"robustness": 0.5, "fallbacks": 1}
    data["problem_sha256"] = SECOND_OF_PLANS.sha256
    return data


SECOND_OF_PLANS = parse_problem(full_second_problem())
EXAMPLES = {
    "problem": full_problem(),
    "plan": full_plan(),
    "problem-2": full_second_problem(),
    "plan-2": full_second_plan(),
    "areas": full_areas(),
    "zones": full_zones(),
}
PROBLEM_OF_PLANS = parse_problem(ok_small())
AREAS_OF_ZONES = parse_areas(full_areas())
PARSERS: dict[str, Callable[[Any], object]] = {
    "problem": parse_problem,
    "plan": lambda data: parse_plan(data, PROBLEM_OF_PLANS),
    "problem-2": parse_problem,
    "plan-2": lambda data: parse_plan(data, SECOND_OF_PLANS),
    "areas": parse_areas,
    "zones": lambda data: parse_zones(data, AREAS_OF_ZONES),
}


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER)


VALIDATORS = {name: validator(name) for name in NAMES}


def refused(name: str, data: Any) -> list[str]:
    """The parser's messages, empty when it accepts."""
    try:
        PARSERS[name](data)
    except BadInput as bad:
        return [fault.message for fault in bad.faults]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schema_is_the_one_that_the_code_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text("utf-8") == schema_text(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_a_valid_schema_of_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_every_key_in_use_is_accepted_by_parser_and_schema(name: str) -> None:
    assert refused(name, EXAMPLES[name]) == []
    VALIDATORS[name].validate(EXAMPLES[name])


@pytest.mark.parametrize("data", [ok_small(), {"format": "planners.problem/1"}, {}])
def test_parser_and_schema_agree_on_small_files(data: Json) -> None:
    assert (refused("problem", data) == []) == VALIDATORS["problem"].is_valid(data)


def _places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        entries: list[tuple[str | int, Any]] = list(data.items())
    else:
        entries = list(enumerate(data)) if isinstance(data, list) else []
    return found + [place for key, value in entries for place in _places(value, (*path, key))]


PLACES = {name: _places(EXAMPLES[name]) for name in NAMES}
WORDS = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    1.5,
    2_000_000,
    10**30,
    "",
    "x",
    "R1",
    "2026-03-04",
    [],
    ["R1"],
    {},
]
WORDS += [{"x": 1}, "20260304", "2026-W10-1", 1e300, [None]]

#: What only the parser can know, because it lies between keys or lists; the schema says nothing of it.
BETWEEN_KEYS = (
    "expected the id of one of",
    "expected an id that no other",
    "expected at least min",
    "expected between min",
    "expected a date not before",
    "expected a number, because",
    "expected exactly one of",
    "expected another person",
    "expected a cost, because",
    "expected an area that",
    "expected at least one unit or member",
    "expected every",
    "expected nobody",
    "expected somebody",
    "expected a unit that is not closed",
    "expected at most visits_per_team",
    "expected round and slot",
    "expected a plan of this problem",
    "expected a division of these areas",
    "expected two townships",
    "expected the group of one of",
    "expected ids that",
    "expected forbid, because",
    "expected no forbid, because",
    "expected a date, because",
    "expected a day before the first round",
    "expected a number of days, because",
    "expected a kind of one of the offices",
    "expected 35 minutes",
    "expected round and slot both null",
)


@pytest.mark.parametrize("tries", [80, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", NAMES)
def test_parser_and_schema_agree_on_a_file_changed_at_random(name: str, tries: int) -> None:
    tried = given(draw=st.data())(lambda draw: agree_on_a_change(name, draw))
    settings(max_examples=tries, deadline=None)(tried)()


def agree_on_a_change(name: str, draw: st.DataObject) -> None:
    data = deepcopy(EXAMPLES[name])
    path = draw.draw(st.sampled_from(PLACES[name]))
    holder = data
    for key in path[:-1]:
        holder = holder[key]
    what = draw.draw(st.sampled_from(["set", "drop", "add"]))
    if what == "set":
        holder[path[-1]] = draw.draw(st.sampled_from(WORDS))
    elif what == "drop":
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder["misspelt"] = draw.draw(st.sampled_from(WORDS))
    messages = refused(name, data)
    if VALIDATORS[name].is_valid(data):
        assert [message for message in messages if not message.startswith(BETWEEN_KEYS)] == []
    else:
        assert messages


def test_the_defaults_of_the_words_are_those_of_the_files() -> None:
    problem = parse_problem(ok_small() | {"rules": {}})
    assert problem.weights == Weights()
    assert (problem.rules, problem.rules.crossing_for("x")) == (Rules(), Crossing())


def test_the_schema_names_every_file_in_the_folder() -> None:
    assert set(NAMES) <= {file.stem for file in FOLDER.glob("*.json")}
    assert json.loads((FOLDER / "plan.json").read_text("utf-8"))["title"] == "planners.plan/1"
