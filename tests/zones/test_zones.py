"""Zones: the planner's division on a page, one drawn by hand, adoption that crossing uses at once."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.planning.statement import problem_of
from inspections.site.refusal import Refusal
from inspections.units.models import Area
from inspections.units.plane import sketch
from inspections.zones import proposals
from inspections.zones.models import ZoneProposal
from tests import factories


def row_of_townships(session: orm.Session, number: int = 6, villages: int = 3) -> Area:
    """A county whose townships lie one behind another from west to east, all in one zone."""
    county = factories.make_area(session, "county")
    zone = factories.make_area(session, "zone", parent=county, name="老片区")
    for n in range(number):
        town = factories.make_area(
            session, parent=zone, lng=104 + n / 10, lat=39.0, name=f"第{n}镇", code=f"{county.code}-{n}"
        )
        for v in range(villages):
            factories.make_unit(session, town, lng=104 + n / 10 + v / 100, lat=39.0, risk=10 * n)
    session.flush()
    return county


def propose(session: orm.Session, county: Area, count: int = 2, **given: object) -> ZoneProposal:
    user = factories.make_user(session)
    return proposals.propose(session, county, count, given.get("measure", "units"), 25, user)  # type: ignore[arg-type]


def zone_names(session: orm.Session, county: Area) -> list[str]:
    """The name of the zone of each township, from west to east."""
    return [area.ancestor("zone").name for area in proposals.townships(session, county)]  # type: ignore[union-attr]


def test_the_division_is_even_connected_and_proven(session: orm.Session) -> None:
    county = row_of_townships(session)
    made = propose(session, county)
    names = {row["id"]: row["name"] for row in made.areas["townships"]}
    groups = [[names[id] for id in zone["townships"]] for zone in made.answer["zones"]]
    assert groups == [["第0镇", "第1镇", "第2镇"], ["第3镇", "第4镇", "第5镇"]]
    assert made.answer["cost"]["total"] == made.answer["cost"]["bound"]
    assert [area.name for area, _, _ in proposals.moved(session, made)] in (groups[0], groups[1])


def test_rooms_of_the_own_county_follow_and_departments_lie_in_no_zone(session: orm.Session) -> None:
    county = row_of_townships(session)
    for owner in county, factories.make_area(session, "county"):
        for n in range(2):
            office = factories.make_office(session, kind="room", code=f"{owner.code}-R{n}")
            office.area = None
            factories.make_person(session, office)
    seat = factories.make_area(session, parent=county)
    factories.make_unit(session, seat, kind="department")
    session.flush()
    made = propose(session, county)
    assert [zone["rooms"] for zone in made.answer["zones"]] == [[f"{county.code}-R0"], [f"{county.code}-R1"]]
    assert seat.code not in {row["id"] for row in made.areas["townships"]}


def test_what_is_even_is_chosen(session: orm.Session) -> None:
    made = propose(session, row_of_townships(session), measure="risk")
    works = [zone["work"] for zone in made.answer["zones"]]
    assert sum(works) == 3 * sum(10 * n for n in range(6))
    assert len(made.answer["zones"][0]["townships"]) > len(made.answer["zones"][1]["townships"])


def test_more_zones_than_townships_is_refused_in_a_sentence(session: orm.Session) -> None:
    with pytest.raises(Refusal, match="片区"):
        propose(session, row_of_townships(session), 9)


def test_a_township_that_lies_nowhere_is_asked_for_a_neighbour(session: orm.Session) -> None:
    county = row_of_townships(session)
    lost = factories.make_area(session, parent=county, name="无处镇")
    factories.make_unit(session, lost)
    session.flush()
    user = factories.make_user(session)
    assert proposals.without_place(session, county) == [lost]
    with pytest.raises(Refusal, match=r"无处镇.*经纬度"):
        propose(session, county)
    with pytest.raises(Refusal, match=r"无处镇.*经纬度"):
        proposals.propose(session, county, 2, "units", 50, user, {lost.code: lost.code})
    neighbour = list(proposals.townships(session, county))[5]
    made = proposals.propose(session, county, 2, "units", 50, user, {lost.code: neighbour.code})
    together = next(set(z["townships"]) for z in made.answer["zones"] if lost.code in z["townships"])
    assert neighbour.code in together
    assert any("无处镇没有坐标" in note for note in made.answer["notes"])


def test_adopted_zones_are_what_crossing_uses(session: orm.Session) -> None:
    county = row_of_townships(session)
    towns = list(proposals.townships(session, county))
    cycle = factories.make_cycle(session, crossing="within_zone")
    cycle.units = [unit for units in proposals.townships(session, county).values() for unit in units]
    factories.make_round(session, cycle)
    for town in towns:
        factories.make_person(session, factories.make_office(session, town))
    made = propose(session, county)
    zones = proposals.adopt(session, made, "", factories.make_user(session))
    session.expire_all()
    assert zone_names(session, county) in (
        ["老片区"] * 3 + ["第一片区"] * 3,
        ["第一片区"] * 3 + ["老片区"] * 3,
    )
    assert len(zones) == 2
    parents = {row["id"]: row["parent"] for row in problem_of(session, cycle)["areas"]}
    assert parents[towns[0].code] != parents[towns[5].code]
    assert journal.history(session, made.uuid)[-1].act == "zone.adopt"
    assert proposals.moved(session, made) == []


def test_a_zone_left_without_townships_goes_with_its_charge_unless_something_hangs_on_it(
    session: orm.Session,
) -> None:
    county = row_of_townships(session)
    user = factories.make_user(session)
    proposals.adopt(session, propose(session, county), "", user)
    zones = proposals.zones_in_force(session, county)
    for zone in zones:
        proposals.put_in_charge(session, zone, "李某某", "第一纪检监察室", user)
    whole = propose(session, county, 1)
    factories.make_office(session, zones[0])
    factories.make_office(session, zones[1])
    with pytest.raises(Refusal, match="不能撤销"):
        proposals.adopt(session, whole, "", user)
    session.rollback()


def test_one_zone_of_two_is_closed(session: orm.Session) -> None:
    county = row_of_townships(session)
    user = factories.make_user(session)
    proposals.adopt(session, propose(session, county), "", user)
    for zone in proposals.zones_in_force(session, county):
        proposals.put_in_charge(session, zone, "李某某", "", user)
    proposals.adopt(session, propose(session, county, 1), "", user)
    assert len(set(zone_names(session, county))) == 1
    zones = sa.select(Area).where(Area.kind == "zone", Area.parent_id == county.id)
    assert len(session.scalars(zones).all()) == 1


def test_a_division_drawn_by_hand_says_what_it_breaks_and_needs_a_reason(session: orm.Session) -> None:
    county = row_of_townships(session)
    user = factories.make_user(session)
    made = propose(session, county)
    order = [row["id"] for row in made.areas["townships"]]
    as_it_is = {id: n for n, zone in enumerate(made.answer["zones"]) for id in zone["townships"]}
    with pytest.raises(Refusal, match="没有调整"):
        proposals.redraw(session, made, as_it_is, user)
    with pytest.raises(Refusal, match="第0镇没有片区"):
        proposals.redraw(session, made, dict.fromkeys(order[1:], 0), user)
    drawn = proposals.redraw(session, made, as_it_is | {order[0]: 1, order[5]: 0}, user)
    assert (drawn.by_hand, drawn.number) == (True, made.number + 1)
    assert any("不连片" in line for line in drawn.faults)
    with pytest.raises(Refusal, match="写明理由"):
        proposals.adopt(session, drawn, " ", user)
    proposals.adopt(session, drawn, "按县委要求", user)
    session.expire_all()
    assert zone_names(session, county)[0] == zone_names(session, county)[3]


def test_the_pages_propose_redraw_and_adopt(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    county = row_of_townships(session)
    session.commit()
    client = sign_in(factories.make_user(session))
    answer = client.get(f"/zones?county={county.uuid}").get_data(as_text=True)
    assert "6 个乡镇分为 1 个片区" in answer
    assert answer.count("<circle") == 18
    refused = client.post(f"/zones/{county.uuid}/propose", data={"count": "", "measure": "units"})
    assert refused.status_code == 422
    answer = client.post(
        f"/zones/{county.uuid}/propose",
        data={"count": 2, "measure": "units", "tolerance": 25},
        follow_redirects=True,
    )
    assert "3 个乡镇要换片区" in answer.get_data(as_text=True)
    made = session.scalars(sa.select(ZoneProposal).where(ZoneProposal.county_id == county.id)).one()
    order = [row["id"] for row in made.areas["townships"]]
    moved = {f"zone-{id}": int(n > 1) for n, id in enumerate(order)}
    answer = client.post(f"/zones/{made.uuid}/redraw", data=moved, follow_redirects=True)
    assert "手工调整" in answer.get_data(as_text=True)
    answer = client.post(f"/zones/{made.uuid}/adopt", data={"reason": ""}, follow_redirects=True)
    assert "6 个乡镇分为 2 个片区" in answer.get_data(as_text=True)
    zone = proposals.zones_in_force(session, county)[0]
    form = {"leader": "李某某（县纪委常委）", "bodies": "第一纪检监察室"}
    answer = client.post(f"/zones/{zone.uuid}/charge", data=form, follow_redirects=True)
    assert "李某某（县纪委常委）" in answer.get_data(as_text=True)


def test_a_sketch_keeps_its_proportions_and_north_is_up() -> None:
    drawn = sketch([(0, 0, "a", "西南"), (10, 5, "b", "东北")], width=152)
    assert drawn is not None
    south_west, north_east = drawn.dots
    assert (drawn.width, drawn.height) == (152, 128)
    assert north_east.x - south_west.x == 100
    assert south_west.y - north_east.y == 50
    assert (drawn.bar_km, drawn.bar) == (2, 20)
    assert sketch([]) is None
