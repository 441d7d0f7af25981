"""Zones: the question from the tables, its answer from the planner, a division drawn by hand, adoption.

Adopting moves townships under their zones, and nothing else: every mode of crossing reads them there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.people.models import Office, Person
from inspections.planning import zoning
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Blackout, Unit, standing
from inspections.units.plane import Plane
from inspections.wording import chinese_number
from inspections.zones.models import ZoneCharge, ZoneProposal


def counties(session: orm.Session) -> list[Area]:
    """The counties that have at least two townships with units, by code."""
    return [area for area in _areas(session, "county") if len(townships(session, area)) > 1]


def townships(session: orm.Session, county: Area) -> dict[Area, list[Unit]]:
    """The county's townships that have villages or the like, with them, by code; departments lie in none."""
    wanted = sa.select(Unit).where(Unit.kind != "department", standing()).order_by(Unit.code)
    wanted = wanted.options(orm.joinedload(Unit.area))
    found: dict[Area, list[Unit]] = {}
    for unit in session.scalars(wanted):
        if unit.area.kind == "township" and unit.area.ancestor("county") is county:
            found.setdefault(unit.area, []).append(unit)
    return dict(sorted(found.items(), key=lambda pair: pair[0].code))


def zones_in_force(session: orm.Session, county: Area) -> list[Area]:
    """The county's zones that have townships with units, by code."""
    zones = {area.ancestor("zone") for area in townships(session, county)}
    return sorted((zone for zone in zones if zone is not None), key=lambda zone: zone.code)


def charges(session: orm.Session, zones: Sequence[Area]) -> dict[int, ZoneCharge]:
    """Who is in charge, by the id of the zone."""
    ids = [zone.id for zone in zones]
    rows = session.scalars(sa.select(ZoneCharge).where(ZoneCharge.area_id.in_(ids)))
    return {row.area_id: row for row in rows}


def put_in_charge(session: orm.Session, zone: Area, leader: str, bodies: str, user: User) -> None:
    """Nothing; that leader (包片领导) and these rooms stand beside the zone from now on."""
    charge = session.get(ZoneCharge, zone.id) or ZoneCharge(area_id=zone.id)
    before = charge.leader or "无"
    charge.leader, charge.bodies = leader.strip(), bodies.strip()
    session.add(charge)
    session.flush()
    said = {"changes": {"包片领导": (before, charge.leader or "无")}}
    journal.record(session, "zone.charge", zone.uuid, user, **said)


def without_place(session: orm.Session, county: Area) -> list[Area]:
    """The townships that lie nowhere, nor any of their units: somebody must name a neighbour."""
    members = townships(session, county)
    place = Plane([unit for units in members.values() for unit in units])
    return [area for area, units in members.items() if _middle(place, area, units)["x_km"] is None]


def propose(
    session: orm.Session,
    county: Area,
    count: int,
    measure: str,
    tolerance: int | None,
    user: User,
    near: Mapping[str, str] | None = None,
) -> ZoneProposal:
    """The best division into `count` zones. Refusal with the reason where there is none.

    `measure` is what is to be even (MEASURES); `tolerance` per cent may a zone lie off the average. `near`
    names a neighbour for each township (by code) that lies nowhere.
    """
    statement = _statement(session, county, measure, tolerance, near or {})
    return _kept(session, county, measure, statement, zoning.divided(statement, count), [], user)


def redraw(
    session: orm.Session, proposal: ZoneProposal, zone_of: Mapping[str, int], user: User
) -> ZoneProposal:
    """A new proposal in which people put the townships (by code) where they wanted, with what that breaks.

    `zone_of` gives each township the number of its zone. Refusal for a township without a zone, and where
    nothing was moved.
    """
    rows = proposal.areas["townships"]
    missing = [row["name"] for row in rows if row["id"] not in zone_of]
    if missing:
        raise Refusal(f"{'、'.join(missing[:3])}没有片区，请为每个乡镇选一个。")
    groups: dict[int, list[str]] = {}
    for row in rows:
        groups.setdefault(zone_of[row["id"]], []).append(row["id"])
    if {frozenset(group) for group in groups.values()} == _groups(proposal):
        raise Refusal("没有调整任何乡镇。")
    found, faults = zoning.drawn_by_hand(proposal.areas, list(groups.values()))
    county, measure = proposal.county, proposal.measure
    return _kept(session, county, measure, proposal.areas, found, faults, user, True)


def adopt(session: orm.Session, proposal: ZoneProposal, reason: str, user: User) -> list[Area]:
    """The zones, in force from now on, by code; crossing by zones uses them at once.

    A zone keeps the code, name and charge of the former zone from which most of its townships come. A former
    zone that is left without townships goes. Refusal without a reason where the division breaks a limit, and
    where townships have come or gone since.
    """
    if proposal.faults and not reason.strip():
        raise Refusal("这一划分有不合规之处，采用须写明理由。")
    at = {area.code: area for area in townships(session, proposal.county)}
    wanted = [row["townships"] for row in proposal.answer["zones"]]
    if set(at) != {code for group in wanted for code in group}:
        raise Refusal("提出划分之后，乡镇有增减，请重新提出。")
    former = zones_in_force(session, proposal.county)
    names = _heirs(former, wanted, at)
    made: list[Area] = []
    for group, zone in zip(wanted, names, strict=True):
        if zone is None:
            zone = _new_zone(session, proposal.county)
        for code in group:
            at[code].parent = zone
        session.flush()
        made.append(zone)
    for zone in former:
        if zone not in made:
            _close(session, zone)
    proposal.adopted_by_id, proposal.adopted_at = user.id, now()
    session.flush()
    said = {"number": proposal.number, "reason": reason.strip()}
    journal.record(session, "zone.adopt", proposal.uuid, user, **said)
    return sorted(made, key=lambda zone: zone.code)


def moved(session: orm.Session, proposal: ZoneProposal) -> list[tuple[Area, str, str]]:
    """Townships that would leave their zone, with the names of the zones before and after."""
    at = {area.code: area for area in townships(session, proposal.county)}
    found = []
    for row, heir in zip(proposal.answer["zones"], heirs(session, proposal), strict=True):
        for code in row["townships"]:
            now_in = at[code].ancestor("zone") if code in at else None
            if code in at and (now_in is None or now_in is not heir):
                after = heir.name if heir is not None else f"新设（{row['name']}）"
                found.append((at[code], now_in.name if now_in else "无", after))
    return found


def heirs(session: orm.Session, proposal: ZoneProposal) -> list[Area | None]:
    """For each zone of the proposal the one in force that it goes on as; None for a new one."""
    at = {area.code: area for area in townships(session, proposal.county)}
    wanted = [row["townships"] for row in proposal.answer["zones"]]
    return _heirs(zones_in_force(session, proposal.county), wanted, at)


def _groups(proposal: ZoneProposal) -> set[frozenset[str]]:
    return {frozenset(row["townships"]) for row in proposal.answer["zones"]}


def _areas(session: orm.Session, kind: str) -> list[Area]:
    return list(session.scalars(sa.select(Area).where(Area.kind == kind).order_by(Area.code)))


def _statement(
    session: orm.Session, county: Area, measure: str, tolerance: int | None, near: Mapping[str, str]
) -> dict[str, Any]:
    """The question in the planner's format `planners.areas/1`; ids are codes (编号).

    Where some townships lie nowhere, the list of neighbours is that of the others' places and what was said.
    """
    members = townships(session, county)
    place = Plane([unit for units in members.values() for unit in units])
    rows = []
    for area, units in members.items():
        work = len(units) if measure == "units" else sum(unit.risk for unit in units)
        rows.append({"id": area.code, "name": area.name, "work": work, **_middle(place, area, units)})
    adjacency = _with_the_lost(rows, near)
    staff = dict(
        session.execute(sa.select(Person.office_id, sa.func.count()).group_by(Person.office_id)).all()
    )
    bodies: dict[str, list[dict[str, Any]]] = {"room": [], "stationed": []}
    alone = len(_areas(session, "county")) == 1
    for office in session.scalars(sa.select(Office).where(Office.kind.in_(bodies)).order_by(Office.code)):
        # an office without an area is the county's, with several counties that whose code begins its own
        own = alone or office.code.startswith(county.code)
        if own if office.area is None else office.area.ancestor("county") is county:
            row = {"id": office.code, "name": office.name, "staff": staff.get(office.id, 0)}
            bodies[office.kind].append(row)
    return {
        "format": "planners.areas/1",
        "name": county.name,
        "townships": rows,
        **({"adjacency": adjacency} if adjacency else {}),
        "rooms": bodies["room"],
        "stationed": bodies["stationed"],
        "limits": {"min": 1, "max": None, "tolerance": tolerance},
    }


def _with_the_lost(rows: Sequence[Mapping[str, Any]], near: Mapping[str, str]) -> list[list[str]]:
    """The pairs of neighbours where somebody had to be asked for one; empty where every place is known."""
    placed = [row for row in rows if row["x_km"] is not None]
    lost = [row for row in rows if row["x_km"] is None]
    codes = {row["id"] for row in rows}
    silent = [str(row["name"]) for row in lost if near.get(row["id"]) not in codes - {row["id"]}]
    if silent:
        raise Refusal(f"{'、'.join(silent[:3])}及其单位都没有经纬度，请各选一个相邻的乡镇。")
    if not lost:
        return []
    links = zoning.neighbours([(row["x_km"], row["y_km"]) for row in placed])
    pairs = {frozenset((row["id"], near[row["id"]])) for row in lost}
    pairs |= {frozenset((placed[a]["id"], placed[b]["id"])) for a, b in links}
    return sorted(sorted(pair) for pair in pairs)


def _middle(place: Plane, area: Area, units: list[Unit]) -> dict[str, float | None]:
    """Where the township lies: its own coordinates, else the middle of its units that have some."""
    own = place.km(area)
    if own["x_km"] is not None:
        return own
    known = [found for unit in units if (found := place.km(unit))["x_km"] is not None]
    if not known:
        return own
    return {key: round(sum(one[key] or 0.0 for one in known) / len(known), 1) for key in own}


def _kept(
    session: orm.Session,
    county: Area,
    measure: str,
    statement: dict[str, Any],
    answer: dict[str, Any],
    faults: list[str],
    user: User,
    by_hand: bool = False,
) -> ZoneProposal:
    session.refresh(county, with_for_update={"of": type(county)})
    last = session.scalar(
        sa.select(sa.func.max(ZoneProposal.number)).where(ZoneProposal.county_id == county.id)
    )
    proposal = ZoneProposal(
        county=county,
        number=(last or 0) + 1,
        measure=measure,
        areas=statement,
        answer=answer,
        faults=faults,
        by_hand=by_hand,
        made_by_id=user.id,
    )
    session.add(proposal)
    session.flush()
    journal.record(session, "zone.propose", proposal.uuid, user, number=proposal.number)
    return proposal


def _heirs(
    former: Sequence[Area], wanted: Sequence[Sequence[str]], at: Mapping[str, Area]
) -> list[Area | None]:
    """For each wanted zone the former one that gives it most townships, each at most once; else None."""
    shared = sorted(
        (
            (-sum(code in at and at[code].ancestor("zone") is zone for code in group), i, zone.code, zone)
            for i, group in enumerate(wanted)
            for zone in former
        ),
        key=lambda row: row[:3],
    )
    heirs: list[Area | None] = [None] * len(wanted)
    for many, i, _, zone in shared:
        if many and heirs[i] is None and zone not in heirs:
            heirs[i] = zone
    return heirs


def _new_zone(session: orm.Session, county: Area) -> Area:
    """第n片区 with the next free number and code of the county."""
    taken = set(session.scalars(sa.select(Area.code)))
    names = {zone.name for zone in _areas(session, "zone") if zone.ancestor("county") is county}
    number = 1
    while f"{county.code}-Z{number}" in taken or f"第{chinese_number(number)}片区" in names:
        number += 1
    name = f"第{chinese_number(number)}片区"
    zone = Area(code=f"{county.code}-Z{number}", name=name, kind="zone", parent=county)
    session.add(zone)
    session.flush()
    return zone


def _close(session: orm.Session, zone: Area) -> None:
    """The empty zone is deleted; Refusal while something else lies in it or is said of it."""
    below = session.scalar(sa.select(sa.func.count()).where(Area.parent_id == zone.id))
    told = session.scalar(sa.select(sa.func.count()).where(Blackout.area_id == zone.id))
    offices = session.scalar(sa.select(sa.func.count()).where(Office.area_id == zone.id))
    if below or told or offices:
        raise Refusal(f"{zone.name}还有所属的乡镇、机构或停检时段，不能撤销，请先改到别处。")
    charge = session.get(ZoneCharge, zone.id)
    if charge is not None:
        session.delete(charge)
        session.flush()
    session.delete(zone)
    session.flush()
