"""The first legal plan: rounds by risk, teams of near units, people by flow, and rules no flow can say."""

from __future__ import annotations

import pytest

from planners.books.draft import Draft
from planners.books.pins import anchors
from planners.books.tables import Bools, Tables
from planners.formats.faults import BadInput
from planners.formats.parse import parse_problem
from planners.search import staffing
from planners.search.construct import construct
from planners.search.improve import improve
from planners.search.schedule import lay_out, schedule
from planners.search.staffing import staff
from tests.bench.families import made
from tests.planners.generate import any_problem, keep_units
from tests.planners.small import Json, ok_small, record
from tests.sampled import sampled


def drafted(problem: Json, seed: int = 0) -> Draft:
    return construct(Tables(parse_problem(problem), seed), lambda: False)


def people_of(draft: Draft, unit: str) -> set[str]:
    """Ids of the team that visits the unit."""
    crew = draft.crew_of[draft.tables.unit_at[unit]]
    assert crew is not None
    return {draft.tables.people[person].id for person in crew.members()}


def round_of(draft: Draft, unit: str) -> str | None:
    crew = draft.crew_of[draft.tables.unit_at[unit]]
    return None if crew is None else draft.tables.rounds[crew.round].id


def recount(draft: Draft) -> int:
    """What the same teams cost in fresh books."""
    fresh = Draft(draft.tables)
    for crews in draft.crews:
        for crew in crews:
            copy = fresh.open(crew.round, crew.units)
            for slot, holders in enumerate(crew.seats):
                for person in holders:
                    fresh.seat(copy, slot, person)
    return fresh.cost


@pytest.fixture
def problem() -> Json:
    return ok_small()


def two_visits(problem: Json) -> Json:
    for row in problem["rounds"]:
        row |= {"teams": 1, "visits_per_team": 2}
    return problem


def test_units_of_high_risk_come_in_the_first_round(problem: Json) -> None:
    draft = drafted(problem)
    assert draft.score().complete
    assert {unit for unit in draft.tables.unit_at if round_of(draft, unit) == "R1"} == {"V1", "V4"}


def test_h02_a_closed_unit_is_visited_in_another_round(problem: Json) -> None:
    record(problem, "V1")["closed"] = ["R1"]
    draft = drafted(problem)
    assert draft.score().complete
    assert round_of(draft, "V1") in {"R2", "R3"}


def test_units_of_one_team_lie_near_each_other(problem: Json) -> None:
    for row in problem["units"]:
        row["risk"] = 10
    problem["rounds"] = [{"id": "R1", "name": "一", "teams": 2, "visits_per_team": 3}]
    record(problem, "leader")["needs"] = ["finance", "discipline"]
    problem["rules"]["crossing"] = {}
    problem["rules"]["host_stays"] = False
    draft = drafted(problem)
    together = {frozenset(draft.tables.units[unit].area for unit in crew.units) for crew in draft.crews[0]}
    assert together == {frozenset({"T1"}), frozenset({"T2"})}


def test_a_team_is_not_sent_to_two_units_that_share_no_leader(problem: Json) -> None:
    two_visits(problem)
    keep_units(problem, "V1", "V2", "V4", "V5")
    record(problem, "V1")["risk"] = record(problem, "V4")["risk"] = 90
    record(problem, "L3")["off"] = ["R1", "R2", "R3"]
    draft = drafted(problem)
    assert draft.score().complete
    assert all(len({draft.tables.units[u].area for u in c.units}) == 1 for row in draft.crews for c in row)


@pytest.mark.parametrize(("distinct", "together"), [("home_unit", False), (None, True)])
def test_two_people_of_one_village_share_a_slot_only_without_distinct(
    problem: Json, distinct: str | None, together: bool
) -> None:
    record(problem, "M2")["x_km"] = 0
    problem["people"].append(record(problem, "M2") | {"id": "M2b", "name": "田八"})
    record(problem, "M1")["x_km"] = 90
    record(problem, "member").update({"min": 2, "max": 2, "distinct": distinct})
    problem["rounds"] = [{"id": f"R{n}", "name": f"第{n}轮", "teams": 1} for n in range(6)]
    draft = drafted(problem)
    assert draft.score().complete
    assert any({"M2", "M2b"} <= people_of(draft, unit) for unit in draft.tables.unit_at) is together


def test_h08_people_who_must_not_share_a_team_are_parted_at_the_lesser_loss(problem: Json) -> None:
    keep_units(problem, "V1")
    problem["ties"] = [{"person": "L2", "other": "F1", "kind": "RC-20", "hard": True}]
    record(problem, "L3")["off"] = ["R1", "R2", "R3"]
    draft = drafted(problem)
    assert draft.score().complete
    assert {"L2", "F2"} <= people_of(draft, "V1")


def test_h09_an_office_sends_no_more_than_it_may(problem: Json) -> None:
    record(problem, "O3")["max_out"] = 1
    problem["rounds"] = [row | {"teams": 1} for row in problem["rounds"] * 2]
    for number, row in enumerate(problem["rounds"]):
        row["id"] = f"R{number}"
    draft = drafted(problem)
    assert draft.score().complete
    assert (draft.out <= draft.tables.cap).all()


def test_a_round_gets_no_more_units_than_it_has_people_for(problem: Json) -> None:
    record(problem, "F1")["off"] = ["R1"]
    record(problem, "V6")["risk"] = 0
    problem["rounds"].append({"id": "R4", "name": "第四轮", "teams": 1})
    draft = drafted(problem)
    assert draft.score().complete
    assert [len(crews) for crews in draft.crews] == [1, 2, 2, 1]


def test_h10_a_host_stays_at_home_when_the_own_village_is_visited(problem: Json) -> None:
    draft = drafted(problem)
    for unit in ("V1", "V2", "V4", "V5"):
        host, at = f"M{unit[1]}", round_of(draft, unit)
        away = [people_of(draft, other) for other in draft.tables.unit_at if round_of(draft, other) == at]
        assert all(host not in team for team in away)


def test_h11_two_townships_do_not_lead_each_other_in_one_round(problem: Json) -> None:
    record(problem, "L3").update({"x_km": 500, "y_km": 500})
    kept = drafted(problem)
    assert kept.score().complete
    assert not any(kept.mirrored(round_) for round_ in range(3))
    problem["rules"]["no_mutual_lead"] = False
    assert {"L2"} <= people_of(drafted(problem), "V1") and {"L1"} <= people_of(drafted(problem), "V4")


def test_h12_pins_keep_units_people_and_exclusions(problem: Json) -> None:
    problem["pins"] = [
        {"round": "R3", "units": ["V1"], "members": [{"person": "L3", "slot": "leader"}], "exclude": ["F1"]}
    ]
    draft = drafted(problem)
    assert draft.score().complete
    assert round_of(draft, "V1") == "R3"
    assert "L3" in people_of(draft, "V1") and "F1" not in people_of(draft, "V1")


def test_h12_two_pins_of_one_unit_speak_of_the_same_team(problem: Json) -> None:
    free = drafted(problem)
    barred = next(person for person in ("F1", "F2") if person in people_of(free, "V1"))
    problem["pins"] = [
        {"round": "R1", "units": ["V1"], "exclude": [barred]},
        {"round": "R1", "units": ["V1"], "members": [{"person": "L3", "slot": "leader"}]},
    ]
    draft = drafted(problem)
    assert draft.score().complete
    assert "L3" in people_of(draft, "V1") and barred not in people_of(draft, "V1")


def test_h12_a_pin_without_units_gets_a_team_even_in_the_last_round(problem: Json) -> None:
    keep_units(problem, "V1", "V2", "V3", "V4")
    problem["pins"] = [{"round": "R3", "members": [{"person": "L2", "slot": "leader"}]}]
    draft = drafted(problem)
    assert draft.score().complete
    assert "L2" in {draft.tables.people[p].id for crew in draft.crews[2] for p in crew.members()}


def test_h12_two_pins_share_the_only_team_of_the_round(problem: Json) -> None:
    problem["rounds"][0]["teams"] = 1
    keep_units(problem, "V1", "V2", "V3")
    problem["pins"] = [
        {"round": "R1", "units": ["V2"]},
        {"round": "R1", "members": [{"person": "F2", "slot": "finance"}]},
    ]
    draft = drafted(problem)
    assert draft.score().complete
    assert "F2" in people_of(draft, "V2")


@pytest.mark.parametrize(
    ("pins", "rule"),
    [
        ([{"round": "R1", "units": ["V1"], "members": [{"person": "L1", "slot": "leader"}]}], "H06"),
        ([{"round": "R1", "units": ["V1"], "members": [{"person": "M1", "slot": "member"}]}], "H05"),
        (
            [
                {"round": "R1", "units": ["V1"]},
                {"round": "R1", "units": ["V2"]},
                {"round": "R1", "units": ["V3"]},
            ],
            "H02",
        ),
    ],
)
def test_h12_pins_that_contradict_a_rule_are_bad_input_and_named(
    problem: Json, pins: list[Json], rule: str
) -> None:
    problem["pins"] = pins
    with pytest.raises(BadInput) as refused:
        drafted(problem)
    assert refused.value.faults[0].path == "pins[0]"
    assert rule in refused.value.faults[0].message


@pytest.mark.parametrize("seed", sampled(range(20), 4))
def test_the_books_of_a_draft_agree_with_a_fresh_count_and_no_step_makes_it_worse(seed: int) -> None:
    problem = any_problem(seed)
    problem["pins"] = []
    draft = drafted(problem, seed)
    assert draft.cost == recount(draft)
    scores = [draft.score()]

    def watch() -> bool:
        """Asked before every step; never stops the search."""
        scores.append(draft.score())
        return False

    improve(draft, 0, watch, lambda cost: None)
    assert draft.cost == recount(draft)
    assert scores == sorted(scores, reverse=True)
    assert draft.score() <= scores[-1]


def test_restoring_a_round_gives_back_exactly_what_was(problem: Json) -> None:
    draft = drafted(problem)
    before, teams = (
        draft.score(),
        [[(c.units[:], [s[:] for s in c.seats]) for c in crews] for crews in draft.crews],
    )
    memory = draft.remember([0, 1])
    for crew in list(draft.crews[0]):
        draft.empty(crew)
        draft.close(crew)
    assert draft.score() != before
    draft.restore(memory)
    assert draft.score() == before
    assert [[(c.units, c.seats) for c in crews] for crews in draft.crews] == teams


def test_a_round_too_large_for_the_whole_flow_is_staffed_with_the_cheapest_and_costs_hardly_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A county stands for the pool of eighteen, whose first plan would take a minute."""
    county = made("d360", 0)
    exact = drafted(county)
    monkeypatch.setattr(staffing, "DENSE", 0)
    near = drafted(county)
    assert near.score().complete
    assert abs(near.cost - exact.cost) < exact.cost / 100  # dearer in a round, at times cheaper in the sum
    assert recount(near) == near.cost


def test_where_the_cheapest_do_not_fill_every_seat_the_whole_flow_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if one team were nobody's cheapest and none of its own cheapest could come."""
    tables = Tables(parse_problem(made("s103", 0)), 0)
    layout = schedule(tables, anchors(tables))
    whole, narrow = lay_out(tables, layout), lay_out(tables, layout)
    staff(whole, 0, range(len(tables.slots)))
    cheapest = staffing._cheapest

    def but_for_one_team(draft: Draft, bench: staffing.Bench, possible: Bools) -> Bools:
        cheap = cheapest(draft, bench, possible)
        cheap[0] = False
        return cheap

    monkeypatch.setattr(staffing, "DENSE", 0)
    monkeypatch.setattr(staffing, "_cheapest", but_for_one_team)
    staff(narrow, 0, range(len(tables.slots)))
    assert (narrow.missing, narrow.cost) == (whole.missing, whole.cost)
