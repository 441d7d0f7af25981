"""Files of version 2: what its words mean, whose words they are not, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planners.formats.faults import BadInput
from planners.formats.parse import parse_plan, parse_problem
from planners.policies import ALLOW, FORBID, Memory, Policy, SlotCrossing
from tests.planners.small import Json, ok_plan, ok_small


def second_small() -> Json:
    """ok_small in version 2: leaders must not belong to the township they visit, rounds have dates."""
    data = ok_small() | {"format": "planners.problem/2"}
    data["rules"]["crossing"] = {"leader": {"area": "forbid"}}
    for number, row in enumerate(data["rounds"], start=3):
        row |= {"start": f"2026-{number:02d}-02", "end": f"2026-{number:02d}-13"}
    return data


def faults_of(data: object) -> dict[str, str]:
    with pytest.raises(BadInput) as bad:
        parse_problem(data)
    return {fault.path: fault.message for fault in bad.value.faults}


def test_missing_words_of_version_2_mean_what_version_1_meant() -> None:
    policies = parse_problem(ok_small() | {"format": "planners.problem/2", "rules": {}}).policies
    assert policies is not None
    assert policies.crossing_of("leader") == SlotCrossing("any", FORBID, ALLOW, ALLOW)
    assert (policies.memory, policies.history) == (Memory(), ())
    assert parse_problem(ok_small()).policies is None


def test_policies_are_read_by_slot() -> None:
    data = second_small()
    data["rules"]["crossing"]["member"] = {"from": "zone", "area": {"avoid": 60}}
    policies = parse_problem(data).policies
    assert policies is not None
    assert policies.crossing_of("member") == SlotCrossing("zone", FORBID, Policy("avoid", 60), ALLOW)


def crossing(**entry: object) -> Callable[[Json], None]:
    return lambda data: data["rules"]["crossing"].update(leader=entry)


def rules(**more: object) -> Callable[[Json], None]:
    return lambda data: data["rules"].update(more)


FAULTS: dict[str, tuple[Callable[[Json], None], str]] = {
    "a word of version 1": (crossing(**{"from": "any", "not": "area"}), "rules.crossing.leader.not"),
    "a skill instead of a slot": (
        rules(crossing={"discipline": {"from": "any", "not": "area"}}),
        "rules.crossing.discipline",
    ),
    "a policy unknown": (crossing(area="never"), "rules.crossing.leader.area"),
    "a price below nought": (crossing(area={"avoid": -1}), "rules.crossing.leader.area.avoid"),
    "a zone forbidden around an area allowed": (
        crossing(area="allow", zone="forbid"),
        "rules.crossing.leader.area",
    ),
    "an area forbidden around a unit avoided": (
        crossing(unit={"avoid": 1}, area="forbid"),
        "rules.crossing.leader.unit",
    ),
    "from the area that is forbidden": (
        crossing(**{"from": "area", "area": "forbid"}),
        "rules.crossing.leader.area",
    ),
    "from the area inside a forbidden zone": (
        crossing(**{"from": "area", "zone": "forbid"}),
        "rules.crossing.leader.zone",
    ),
    "a memory without days": (rules(memory={"unit": "forbid"}), "rules.memory.unit_days"),
    "a round without a day": (
        lambda data: (data["rules"].update(memory={"unit_days": 9}), data["rounds"][1].update(start=None)),
        "rounds[1].start",
    ),
    "a past that is to come": (
        lambda data: data.update(
            history=[{"unit": "V1", "date": "2026-03-02"}], rules={"memory": {"unit_days": 9}}
        ),
        "history[0].date",
    ),
    "a past of somebody unknown": (
        lambda data: data.update(history=[{"unit": "V1", "date": "2025-03-02", "people": ["X"]}]),
        "history[0].people[0]",
    ),
    "a kind of body that is none": (
        lambda data: data["template"]["slots"][0].update(offices=["discipline", "church"]),
        "template.slots[0].offices[1]",
    ),
    "minutes below nought": (
        lambda data: data.update(travel={"between": [["T1", "T2", -1]]}),
        "travel.between[0][2]",
    ),
    "a hole in the roads": (
        lambda data: data.update(travel={"between": [["T1", "T2", None]]}),
        "travel.between[0][2]",
    ),
    "a road of two lengths": (
        lambda data: data.update(travel={"between": [["T1", "T2", 3], ["T1", "T2", 4]]}),
        "travel.between[1]",
    ),
    "a road to nowhere": (
        lambda data: data.update(travel={"between": [["T1", "T9", 3]]}),
        "travel.between[0][1]",
    ),
    "a topic that needs nothing": (
        lambda data: data.update(topics=[{"id": "X", "needs": []}]),
        "topics[0].needs",
    ),
    "a body that supervises nothing known": (
        lambda data: data["offices"][0].update(supervises=["V9"]),
        "offices[0].supervises[0]",
    ),
}


@pytest.mark.parametrize(("change", "path"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_version_2_is_one_line_with_its_path(change: Callable[[Json], None], path: str) -> None:
    data = second_small()
    parse_problem(data)
    change(data)
    assert list(faults_of(data)) == [path]


def test_a_word_of_version_2_in_a_file_of_version_1_is_named_as_such() -> None:
    data = ok_small() | {"history": []}
    assert list(faults_of(data)) == ["history"]
    assert "other version" in faults_of(data)["history"]


def test_a_plan_has_the_version_of_its_problem() -> None:
    problem = parse_problem(second_small())
    with pytest.raises(BadInput) as bad:
        parse_plan(ok_plan() | {"problem_sha256": problem.sha256}, problem)
    assert "format" in {fault.path for fault in bad.value.faults}
