"""Problem and plan files: what they mean when keys are missing, and every fault by its path."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planners.formats.canonical import canonical_json, canonical_sha256, read_json
from planners.formats.parse import BadInput, dump_plan, in_order, parse_plan, parse_problem, read_problem
from planners.problem import Crossing, Plan
from tests.planners.small import Json, ok_plan, ok_small


def faults_of(data: object) -> dict[str, str]:
    """Message by path of what is wrong with a problem."""
    with pytest.raises(BadInput) as bad:
        parse_problem(data)
    return {fault.path: fault.message for fault in bad.value.faults}


def test_missing_keys_mean_what_the_contract_says() -> None:
    slot = {"id": "s", "min": 2, "max": 3, "needs": ["x"]}
    problem = parse_problem(
        {
            "format": "planners.problem/1",
            "rounds": [{"id": "R1", "teams": 4}],
            "template": {"slots": [slot]},
            "units": [{"id": "V1"}],
            "offices": [{"id": "O1"}],
            "people": [{"id": "P1"}],
        }
    )
    assert problem.rounds[0].visits_per_team == 1
    assert problem.slot("s").target == 2
    assert problem.slot("s").distinct is None
    assert (problem.unit("V1").risk, problem.unit("V1").area, problem.unit("V1").closed) == (
        0,
        None,
        frozenset(),
    )
    assert (problem.office("O1").min_home, problem.office("O1").max_out) == (0, None)
    assert (problem.person("P1").skills, problem.person("P1").max_teams) == ((), None)
    assert problem.ties == problem.pins == problem.areas == ()
    assert problem.rules.crossing_for("anything") == Crossing("any", "unit")
    assert problem.rules.host_stays
    assert problem.rules.no_mutual_lead
    weights = [problem.weights.of(term) for term in ("risk", "distance", "load", "pair", "revisit", "size")]
    assert weights == [1, 1, 20, 30, 10, 150]
    assert problem.weights.of("change") == 50
    assert problem.weights.of("soft_tie") == 1


def test_a_zone_is_the_area_itself_or_the_nearest_one_above() -> None:
    problem = parse_problem(ok_small())
    assert [problem.zone_of(area) for area in ("T1", "T2", "Z1", "C", None)] == ["Z1", "Z2", "Z1", None, None]


def test_rounds_count_from_nought() -> None:
    assert parse_problem(ok_small()).round_index("R3") == 2


def _set(*path: str | int, to: object) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


def _drop(*path: str | int) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


def _add(list_: str, entry: object) -> Callable[[Json], None]:
    return lambda data: data[list_].append(entry)


TIE = {"person": "L1", "unit": "V1", "kind": "RC-05", "hard": True}
FAULTS: list[tuple[str, Callable[[Json], None], str]] = [
    ("another format", _set("format", to="planners.problem/3"), "format"),
    ("no format", _drop("format"), "format"),
    ("a misspelt key", _set("offices", 0, "max_uot", to=1), "offices[0].max_uot"),
    ("an unknown key at the top", _set("people_", to=[]), "people_"),
    ("no number of teams", _drop("rounds", 1, "teams"), "rounds[1].teams"),
    ("teams as text", _set("rounds", 0, "teams", to="4"), "rounds[0].teams"),
    ("teams as true", _set("rounds", 0, "teams", to=True), "rounds[0].teams"),
    ("half a team", _set("rounds", 0, "teams", to=1.5), "rounds[0].teams"),
    ("fewer than no teams", _set("rounds", 0, "teams", to=-1), "rounds[0].teams"),
    ("teams that visit nothing", _set("rounds", 0, "visits_per_team", to=0), "rounds[0].visits_per_team"),
    ("a date in words", _set("rounds", 0, "start", to="三月二日"), "rounds[0].start"),
    ("a date by week", _set("rounds", 0, "start", to="2026-W10-1"), "rounds[0].start"),
    ("a day that is not", _set("rounds", 0, "end", to="2026-02-30"), "rounds[0].end"),
    (
        "an end before the start",
        lambda data: data["rounds"][2].update(start="2026-03-02", end="2026-03-01"),
        "rounds[2].end",
    ),
    ("no slots", _set("template", "slots", to=[]), "template.slots"),
    ("a slot for nobody", _set("template", "slots", 1, "needs", to=[]), "template.slots[1].needs"),
    ("min above max", _set("template", "slots", 0, "min", to=2), "template.slots[0].max"),
    ("a target above max", _set("template", "slots", 2, "target", to=3), "template.slots[2].target"),
    (
        "distinct by nothing known",
        _set("template", "slots", 2, "distinct", to="area"),
        "template.slots[2].distinct",
    ),
    ("an unknown area", _set("units", 3, "area", to="T9"), "units[3].area"),
    ("a risk that is no number", _set("units", 3, "risk", to=float("nan")), "units[3].risk"),
    ("an endless place", _set("units", 3, "x_km", to=float("inf")), "units[3].x_km"),
    ("half a place", _drop("units", 3, "y_km"), "units[3].y_km"),
    ("an unknown round", _set("units", 0, "closed", to=["R1", "R7"]), "units[0].closed[1]"),
    ("closed as text", _set("units", 0, "closed", to="R1"), "units[0].closed"),
    ("a unit twice", _set("units", 5, "id", to="V1"), "units[5].id"),
    ("an empty id", _set("units", 5, "id", to=""), "units[5].id"),
    ("a number for an id", _set("units", 5, "id", to=6), "units[5].id"),
    ("a unit that is text", _set("units", 5, to="V6"), "units[5]"),
    ("half a sign", _set("units", 5, "name", to="\ud800"), "units[5].name"),
    ("an unknown parent", _set("areas", 0, "parent", to="Z9"), "areas[0].parent"),
    ("an area in itself", _set("areas", 4, "parent", to="C"), "areas[4].parent"),
    ("areas in a circle", _set("areas", 4, "parent", to="T1"), "areas[4].parent"),
    ("an unknown office", _set("people", 0, "office", to="O9"), "people[0].office"),
    ("an unknown home", _set("people", 5, "home_unit", to="V9"), "people[5].home_unit"),
    ("an unknown round off", _set("people", 5, "off", to=["R0"]), "people[5].off[0]"),
    ("a tie to nothing", _add("ties", {"person": "L1", "kind": "RC-05", "hard": True}), "ties[0]"),
    ("a tie to a unit and a person", _add("ties", TIE | {"other": "L2"}), "ties[0]"),
    (
        "a tie to oneself",
        _add("ties", {"person": "L1", "other": "L1", "kind": "RC-20", "hard": True}),
        "ties[0].other",
    ),
    ("a soft tie without cost", _add("ties", TIE | {"hard": False}), "ties[0].cost"),
    ("a tie of somebody unknown", _add("ties", TIE | {"person": "L9"}), "ties[0].person"),
    (
        "a crossing by guess",
        _set("rules", "crossing", "finance", to={"from": "near"}),
        "rules.crossing.finance.from",
    ),
    ("a rule that is no switch", _set("rules", "host_stays", to=1), "rules.host_stays"),
    ("a weight below nought", _set("weights", to={"load": -1}), "weights.load"),
    ("a weight for a term unknown", _set("weights", to={"laod": 20}), "weights.laod"),
    ("a pin for nothing", _add("pins", {"round": "R1", "exclude": ["L1"]}), "pins[0]"),
    ("a pin in no round", _add("pins", {"units": ["V1"]}), "pins[0].round"),
    ("a pin of too many units", _add("pins", {"round": "R1", "units": ["V1", "V2"]}), "pins[0].units"),
    (
        "a pin to a slot unknown",
        _add("pins", {"round": "R1", "members": [{"person": "L1", "slot": "chief"}]}),
        "pins[0].members[0].slot",
    ),
    (
        "a pin of somebody unskilled",
        _add("pins", {"round": "R1", "members": [{"person": "F1", "slot": "leader"}]}),
        "pins[0].members[0].person",
    ),
    (
        "a pin that excludes its own",
        _add(
            "pins", {"round": "R1", "members": [{"person": "L1", "slot": "leader"}], "exclude": ["F1", "L1"]}
        ),
        "pins[0].exclude[1]",
    ),
    ("no object at all", lambda data: data.update(people={}), "people"),
]


@pytest.mark.parametrize(("change", "path"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_named_by_its_path(change: Callable[[Json], None], path: str) -> None:
    data = ok_small()
    change(data)
    assert path in faults_of(data)


def test_the_problem_without_a_fault_is_accepted() -> None:
    assert len(parse_problem(ok_small()).people) == 9


@pytest.mark.parametrize("data", [None, [], "x", 3, True])
def test_something_that_is_no_object_is_refused_as_a_whole(data: object) -> None:
    assert "" in faults_of(data)


def test_all_faults_of_a_file_are_named_at_once() -> None:
    data = ok_small()
    data["units"][0]["risk"] = "high"
    data["people"][2]["office"] = "O9"
    data["rounds"][1]["team"] = 3
    data["units"].append({"id": "V1"})
    assert {"units[0].risk", "people[2].office", "rounds[1].team", "units[6].id"} == set(faults_of(data))


def test_one_bad_entry_of_a_list_does_not_shift_the_paths_after_it() -> None:
    data = ok_small()
    data["units"][1] = 5
    data["units"][2]["x_km"] = None
    assert set(faults_of(data)) >= {"units[1]", "units[2].x_km"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"format": 1,}', "line 1 column 14"),
        (b'{"name": "a", "name": "b"}', '"name" twice'),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[" * 100_000, "nested"),
        (b'{"name": ' + b"9" * 5000 + b"}", "reasonable length"),
        (b"", "line 1 column 1"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_the_place(tmp_path: Path, text: bytes, said: str) -> None:
    file = tmp_path / "problem.json"
    file.write_bytes(text)
    with pytest.raises(BadInput, match=said):
        read_problem(file)


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can be read"):
        read_problem(tmp_path / "nothing.json")


def test_canonical_json_sorts_keys_and_keeps_numbers_as_written() -> None:
    written = '{"b": [1.50, 1e3, -0, 2], "a": {"村": "名 \\u6751 \\"x\\""}, "c": null, "d": [], "e": {}}'
    expected = '{"a":{"村":"名 村 \\"x\\""},"b":[1.50,1e3,-0,2],"c":null,"d":[],"e":{}}'
    assert canonical_json(read_json(written)) == expected


def test_the_sha256_does_not_depend_on_the_order_of_keys_but_on_every_digit() -> None:
    one, other = read_json('{"x": 1.0, "y": 2}'), read_json('{"y": 2, "x": 1.0}')
    assert canonical_sha256(one) == canonical_sha256(other)
    assert canonical_sha256(one) != canonical_sha256(read_json('{"x": 1.00, "y": 2}'))
    # sha256 of {"x":1.0,"y":2}
    assert canonical_sha256(one) == "9d6abeffb8455c5d9c89eeb7b5f6b0ca4cc81cf14d39a1c8669fe046dd7d454f"


def test_a_problem_hashes_the_same_from_values_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(ok_small(), ensure_ascii=False, indent=3), "utf-8")
    assert read_problem(file).sha256 == parse_problem(ok_small()).sha256
    assert canonical_sha256(read_problem(file).to_dict()) == parse_problem(ok_small()).sha256


def _plan(data: Json) -> Plan:
    return parse_plan(data, parse_problem(ok_small()))


def test_a_plan_comes_back_from_json_as_it_was() -> None:
    data = ok_plan()
    data["shortages"] = [
        {
            "unit": "V6",
            "round": None,
            "slot": None,
            "missing": 1,
            "reason": "无人",
            "because": [{"rule": "H09", "office": "O3"}],
        }
    ]
    assert dump_plan(_plan(data)) == data


PLAN_FAULTS: list[tuple[str, Callable[[Json], None], str]] = [
    ("another problem's plan", _set("problem_sha256", to="0" * 64), "problem_sha256"),
    ("an unknown unit", _set("teams", 0, "units", 0, to="V9"), "teams[0].units[0]"),
    ("an unknown round", _set("teams", 0, "round", to="R9"), "teams[0].round"),
    ("an unknown person", _set("teams", 0, "members", 1, "person", to="F9"), "teams[0].members[1].person"),
    ("an unknown slot", _set("teams", 0, "members", 1, "slot", to="cook"), "teams[0].members[1].slot"),
    ("a team id twice", _set("teams", 1, "id", to="R1-01"), "teams[1].id"),
    ("no teams", _drop("teams"), "teams"),
    ("an unknown key", _set("teams", 0, "unit", to="V1"), "teams[0].unit"),
    ("an unknown term", _set("objective", "terms", "luck", to=1), "objective.terms.luck"),
    ("a missing term", _drop("objective", "terms", "pair"), "objective.terms.pair"),
    ("a total that is no number", _set("objective", "total", to=None), "objective.total"),
    (
        "a shortage with a round and no slot",
        _add("shortages", {"unit": "V1", "round": "R1", "slot": None, "missing": 1}),
        "shortages[0]",
    ),
    (
        "a shortage of nobody",
        _add("shortages", {"unit": "V1", "round": None, "slot": None, "missing": 0}),
        "shortages[0].missing",
    ),
]


@pytest.mark.parametrize(
    ("change", "path"), [row[1:] for row in PLAN_FAULTS], ids=[row[0] for row in PLAN_FAULTS]
)
def test_a_fault_of_a_plan_is_named_by_its_path(change: Callable[[Json], None], path: str) -> None:
    data = ok_plan()
    change(data)
    with pytest.raises(BadInput) as bad:
        _plan(data)
    assert [fault.path for fault in bad.value.faults] == [path]


def test_a_previous_plan_may_belong_to_an_earlier_form_of_the_problem() -> None:
    data = ok_plan()
    data["problem_sha256"] = "0" * 64
    data["teams"][0]["members"][0]["person"] = "L9"
    parsed = parse_plan(data, parse_problem(ok_small()), previous=True)
    assert parsed.teams[0].members[0].person == "L9"


def test_teams_are_arranged_by_round_and_first_unit_and_members_by_slot_and_id() -> None:
    data = ok_plan()
    data["teams"].reverse()
    for row in data["teams"]:
        row["members"].reverse()
    arranged = in_order(_plan(data), parse_problem(ok_small()))
    assert dump_plan(arranged)["teams"] == ok_plan()["teams"]


# one cause, one line


def test_missing_rounds_are_one_fault_and_not_one_for_each_place_that_names_them() -> None:
    data = ok_small()
    for unit in data["units"]:
        unit["closed"] = ["R1", "R2"]
    del data["rounds"]
    with pytest.raises(BadInput) as bad:
        parse_problem(data)
    assert [(fault.path, "12 places" in fault.message) for fault in bad.value.faults] == [("rounds", True)]


def test_what_follows_from_a_doubled_id_is_counted_beside_it() -> None:
    data = ok_small()
    data["units"][5]["id"] = "V1"
    data["ties"] = [{"person": p, "unit": "V6", "kind": "RC-05", "hard": True} for p in ("L1", "L2", "L3")]
    data["people"][0]["office"] = "O9"  # another cause keeps its own line
    assert set(faults_of(data)) == {"units[5].id", "people[0].office"}
    assert "3 places" in faults_of(data)["units[5].id"]


def test_a_file_without_its_template_says_so_once() -> None:
    data = ok_small()
    del data["template"]
    data["pins"] = [{"round": "R1", "members": [{"person": "L1", "slot": "leader"}]}] * 3
    assert set(faults_of(data)) == {"template"}


def test_faults_that_are_alike_are_counted_from_the_sixth_on() -> None:
    data = ok_small()
    for person in data["people"]:
        person["max_teams"] = -1
    with pytest.raises(BadInput) as bad:
        parse_problem(data)
    assert [fault.path for fault in bad.value.faults] == [f"people[{n}].max_teams" for n in range(5)]
    assert bad.value.faults[-1].message.endswith("; the same at 4 more places")
