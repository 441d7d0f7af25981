"""What a cycle states as its planning problem, and how the crossing mode becomes rules."""

import datetime as dt

import pytest
from sqlalchemy import orm

from inspections.people.models import Tie
from inspections.planning.statement import people_of, problem_of
from inspections.rounds import crossing, memory
from inspections.rounds.models import Cycle, PastVisit
from inspections.site.refusal import Refusal
from planners.formats.parse import parse_problem
from tests import factories
from tests.planning.county import FIRST_DAY, small_county

DAY = dt.timedelta(days=1)


def row(problem: dict, table: str, code: str) -> dict:
    return next(one for one in problem[table] if one["id"] == code)


def commissioner_of(session: orm.Session, cycle: Cycle, index: int) -> factories.Person:
    unit = cycle.units[index]
    return session.query(factories.Person).filter_by(home_unit_id=unit.id).one()


def test_the_problem_of_a_cycle_is_one_that_the_planner_reads(session: orm.Session) -> None:
    problem = parse_problem(problem_of(session, small_county(session)))
    assert [len(part) for part in (problem.units, problem.rounds, problem.people)] == [12, 3, 42]
    assert problem.rules.host_stays
    assert problem.weights.size == 150


def test_a_cycle_without_units_or_rounds_states_no_problem(session: orm.Session) -> None:
    cycle = small_county(session, rounds=0)
    with pytest.raises(Refusal, match="没有安排各轮"):
        problem_of(session, cycle)
    cycle.units = []
    with pytest.raises(Refusal, match="没有选定单位"):
        problem_of(session, cycle)


def test_closed_days_and_days_off_count_for_every_round_that_they_touch(session: orm.Session) -> None:
    cycle = small_county(session)
    person = commissioner_of(session, cycle, 0)
    last_of_first, first_of_second = cycle.rounds[0].end, cycle.rounds[1].start
    cycle.units[0].closed = [[last_of_first.isoformat(), last_of_first.isoformat()]]
    person.off = [[last_of_first.isoformat(), first_of_second.isoformat()]]
    problem = problem_of(session, cycle)
    assert row(problem, "units", cycle.units[0].code)["closed"] == ["R1"]
    assert row(problem, "people", person.code)["off"] == ["R1", "R2"]


def test_days_between_two_rounds_close_nothing(session: orm.Session) -> None:
    cycle = small_county(session)
    cycle.units[0].closed = [
        [(cycle.rounds[0].end + DAY).isoformat(), (cycle.rounds[1].start - DAY).isoformat()]
    ]
    assert row(problem_of(session, cycle), "units", cycle.units[0].code)["closed"] == []


def test_somebody_untrained_stays_at_home_and_counts_there(session: orm.Session) -> None:
    cycle = small_county(session)
    person = commissioner_of(session, cycle, 0)
    person.trained, person.max_teams = False, 5
    found = row(problem_of(session, cycle), "people", person.code)
    assert found["max_teams"] == 0
    assert found["off"] == []


def test_people_of_another_county_are_left_out(session: orm.Session) -> None:
    cycle = small_county(session)
    strangers = small_county(session, townships=1)
    ids = {person["id"] for person in problem_of(session, cycle)["people"]}
    assert commissioner_of(session, cycle, 0).code in ids
    assert commissioner_of(session, strangers, 0).code not in ids


def test_an_office_without_a_township_goes_with_the_county_whose_code_it_carries(
    session: orm.Session,
) -> None:
    cycle = small_county(session)
    other = small_county(session, townships=1)
    county = cycle.units[0].area.ancestor("county")
    assert county is not None
    own = factories.make_office(session, code=f"{county.code}-X", area=None)
    own.area = None
    person = factories.make_person(session, own)
    assert person.code in {one["id"] for one in problem_of(session, cycle)["people"]}
    assert person.code not in {one["id"] for one in problem_of(session, other)["people"]}


def test_rotation_inside_a_township_asks_nobody_from_outside(session: orm.Session) -> None:
    cycle = small_county(session, crossing="intra_township")
    township = cycle.units[0].area
    cycle.units = [unit for unit in cycle.units if unit.area is township]
    problem = problem_of(session, cycle)
    assert {person["area"] for person in problem["people"]} == {township.code}


def test_a_home_village_outside_the_cycle_is_not_named_but_its_place_counts(session: orm.Session) -> None:
    cycle = small_county(session)
    person = commissioner_of(session, cycle, 1)
    inside = row(problem_of(session, cycle), "people", person.code)
    cycle.units = [unit for unit in cycle.units if unit is not person.home_unit]
    outside = row(problem_of(session, cycle), "people", person.code)
    assert inside["home_unit"] == person.home_unit.code
    assert outside["home_unit"] is None
    assert outside["x_km"] == inside["x_km"] == 1.7  # 0.02° of longitude at 39.1° north


def test_a_tie_counts_when_it_is_in_force_at_the_start_of_any_round(session: orm.Session) -> None:
    cycle = small_county(session)
    person, unit = commissioner_of(session, cycle, 0), cycle.units[5]
    kind = factories.make_recusal_kind(session, "RC-25", lookback_years=0)
    begins_late = cycle.rounds[2].start
    session.add(Tie(person=person, unit=unit, kind=kind, hard=True, valid_from=begins_late))
    ended = factories.make_recusal_kind(session, "RC-16", strength="soft")
    session.add(Tie(person=person, unit=unit, kind=ended, hard=False, valid_to=FIRST_DAY - DAY))
    session.flush()
    assert problem_of(session, cycle)["ties"] == [
        {"person": person.code, "unit": unit.code, "kind": "RC-25", "hard": True}
    ]


def test_a_soft_tie_costs_and_says_nothing_beside_a_hard_one(session: orm.Session) -> None:
    cycle = small_county(session)
    person = commissioner_of(session, cycle, 0)
    soft = factories.make_recusal_kind(session, "RC-12", strength="soft")
    hard = factories.make_recusal_kind(session, "RC-25")
    for unit, kind, is_hard in ((4, soft, False), (5, soft, False), (5, hard, True)):
        session.add(Tie(person=person, unit=cycle.units[unit], kind=kind, hard=is_hard))
    session.flush()
    ties = {(tie["unit"], tie["kind"]): tie for tie in problem_of(session, cycle)["ties"]}
    first, second = cycle.units[4].code, cycle.units[5].code
    assert set(ties) == {(first, "RC-12"), (second, "RC-25")}
    assert ties[first, "RC-12"]["cost"] == 40


@pytest.mark.parametrize(
    ("mode", "staff", "village"),
    [
        ("intra_township", ("area", "forbid", "allow", "allow"), ("area", "forbid", "allow", "allow")),
        ("within_zone", ("zone", "forbid", "forbid", "allow"), ("zone", "forbid", {"avoid": 100}, "allow")),
        ("cross_zone", ("any", "forbid", "forbid", "forbid"), ("any", "forbid", "forbid", "forbid")),
        ("county_wide", ("any", "forbid", "forbid", "allow"), ("any", "forbid", {"avoid": 100}, "allow")),
    ],
)
def test_each_preset_fills_the_table(
    mode: str, staff: tuple[object, ...], village: tuple[object, ...]
) -> None:
    slots = [{"id": "finance", "needs": ["finance"]}, {"id": "member", "needs": ["commissioner"]}]
    keys = ("from", "unit", "area", "zone")
    wanted = {"finance": dict(zip(keys, staff, strict=True)), "member": dict(zip(keys, village, strict=True))}
    assert crossing.rules_of(crossing.preset(mode, slots)) == wanted


def test_somebody_whom_another_published_cycle_posts_is_away_on_those_days_h04(session: orm.Session) -> None:
    cycle = small_county(session)
    first = cycle.rounds[0]
    posted, asked = commissioner_of(session, cycle, 0), commissioner_of(session, cycle, 1)
    elsewhere = factories.make_round(session, start=first.start, end=first.end)
    factories.make_posting(session, {posted: "member"}, round=elsewhere)
    factories.make_posting(session, {asked: "member"}, round=elsewhere, state="approved")
    problem = problem_of(session, cycle)
    assert row(problem, "people", posted.code)["off"] == [first.code]
    assert row(problem, "people", asked.code)["off"] == []


def test_the_same_person_in_the_same_unit_again_costs_within_a_year_rc_18(session: orm.Session) -> None:
    cycle = small_county(session)
    recent, long_ago = commissioner_of(session, cycle, 0), commissioner_of(session, cycle, 1)
    unit = cycle.units[9]
    for person, years in ((recent, 1), (long_ago, 2)):
        start = cycle.rounds[0].start.replace(year=cycle.rounds[0].start.year - years)
        round_ = factories.make_round(session, start=start, end=start + DAY)
        factories.make_posting(session, {person: "member"}, unit=unit, round=round_)
    problem = problem_of(session, cycle)
    assert [(past["unit"], past["people"]) for past in problem["history"]] == [
        (unit.code, [long_ago.code]),
        (unit.code, [recent.code]),
    ]
    kept = problem["rules"]["memory"]
    assert (kept["person_unit_days"], kept["person_unit"]) == (365, {"avoid": 40})
    cycle.looks_back = True
    kept = problem_of(session, cycle)["rules"]["memory"]
    assert (kept["person_unit_days"], kept["person_unit"]) == (memory.EVER, "forbid")


def test_two_cycles_never_have_one_unit_in_the_same_days(session: orm.Session) -> None:
    cycle = small_county(session)
    unit, second = cycle.units[3], cycle.rounds[1]
    elsewhere = factories.make_round(session, start=second.start - 2 * DAY, end=second.start)
    factories.make_posting(session, unit=unit, round=elsewhere)
    assert row(problem_of(session, cycle), "units", unit.code)["closed"] == ["R2"]
    cycle.memory = list(memory.Memory(unit_days=7, unit_hard=True))
    assert row(problem_of(session, cycle), "units", unit.code)["closed"] == ["R1", "R2"]


def test_a_sheet_of_the_years_before_is_history_too(session: orm.Session) -> None:
    cycle = small_county(session)
    person, unit = commissioner_of(session, cycle, 0), cycle.units[9]
    day = cycle.rounds[0].start - 400 * DAY
    session.add(PastVisit(unit=unit, day=day, people=[person.code, "gone"]))
    session.flush()
    past = {"unit": unit.code, "date": day.isoformat(), "people": [person.code]}
    assert problem_of(session, cycle)["history"] == [past]


def test_a_table_that_contradicts_itself_is_refused_by_seat_and_circle() -> None:
    names = {"member": "村纪检委员"}
    for row_ in (
        crossing.SeatPolicy("any", "allow", "forbid", "allow"),
        crossing.SeatPolicy("zone", "forbid", "forbid", "forbid"),
        crossing.SeatPolicy("any", "forbid", "sometimes", "allow"),
    ):
        with pytest.raises(Refusal, match="村纪检委员"):
            crossing.checked({"member": row_}, names)


def test_the_sentence_counts_whom_a_table_leaves(session: orm.Session) -> None:
    cycle = small_county(session)
    people = people_of(session, cycle)
    table = crossing.preset("county_wide", cycle.slots)
    found = {one.slot: one for one in crossing.effects(table, cycle.slots, people, cycle.units)}
    assert (found["member"].pool, found["member"].fewest) == (12, 11)  # all but the own village
    staff = found["leader"]
    assert (staff.pool, staff.fewest) == (12, 8)  # none of the own township's four
