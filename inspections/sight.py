"""What an account can see at all, whatever its role: the own county (or city), and no unit it is tied to.

The condition is put on every query of the request's session, so no page, list, count, export or form can
forget it: each county is blind to the others, and recusal is a permission. Which action a role may take on
what it sees, `accounts.permissions` decides.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm

from inspections.accounts.models import User
from inspections.accounts.sessions import UserSession
from inspections.database import APART, Base, today
from inspections.documents.models import Paper, paper_findings
from inspections.fieldwork.models import Device
from inspections.findings.models import Finding, Photo
from inspections.followup.campaigns.models import CampaignProject
from inspections.followup.models import Campaign, Item, LetterPlan
from inspections.journal import JournalEntry
from inspections.people.models import Kin, Office, Person, Removal, Tie
from inspections.people.ties import ties_on
from inspections.recusal.models import Waiver
from inspections.rounds.models import Cycle, Posting, Round, cycle_units
from inspections.units.areas import keep_areas
from inspections.units.models import Area, Blackout, Unit

Condition = Callable[[Any], sa.ColumnElement[bool]]
#: whoever decides about units, looks into them or answers for several is blind to those with which the own
#: person is tied; the liaison of one unit is its own
DECIDES = (*("planner", "leadership", "case_room", "auditor", "leader", "member", "village"), "recipient")

#: whoever is sent there by a waiver that two people gave sees what the team sees
SENT = ("leader", "member", "village")

#: an account and a tie name several sides; ties to a unit stay visible to whoever is tied, they are what bars
FREE = (User, Tie, Kin)

_USERS = User.__table__
_UNITS, _PEOPLE, _OFFICES = Unit.__table__, Person.__table__, Office.__table__
_POSTINGS, _FINDINGS, _ITEMS, _ROUNDS = Posting.__table__, Finding.__table__, Item.__table__, Round.__table__
_CAMPAIGNS = Campaign.__table__


def limit(session: orm.Session, user: User) -> None:
    """Nothing; from now on every query of the session sees what this account may see."""
    conditions: dict[Any, list[Condition]] = {}
    every = keep_areas(session)
    if user.area_id is not None:
        _add(conditions, _inside(_below(every, user.area_id)))
    if user.person_id is not None and user.role in DECIDES:
        tied = _tied(session, user)
        session.info[APART] = tied
        if tied:
            _add(conditions, _apart_from(tied))
    if user.role != "case_room":
        _add(conditions, _UNSEALED)
    criteria = [
        orm.with_loader_criteria(model, condition(model), include_aliases=True, propagate_to_loaders=False)
        for model, several in conditions.items()
        for condition in several
    ]

    @event.listens_for(session, "do_orm_execute")
    def narrow(state: orm.ORMExecuteState) -> None:
        # what hangs on a row that was found is shown with it: a member from another office, a unit's area
        if session.info.get("whole"):
            return
        if state.is_select and not state.is_column_load and not state.is_relationship_load:
            state.statement = state.statement.options(*criteria)


def _add(conditions: dict[Any, list[Condition]], more: Mapping[Any, Condition]) -> None:
    for model, condition in more.items():
        conditions.setdefault(model, []).append(condition)


def _below(every: Iterable[Area], top: int) -> frozenset[int]:
    """The ids of the area and everything below it."""
    found, waiting = {top}, [top]
    children: dict[int | None, list[int]] = {}
    for area in every:
        children.setdefault(area.parent_id, []).append(area.id)
    while waiting:
        for own in children.get(waiting.pop(), []):
            if own not in found:
                found.add(own)
                waiting.append(own)
    return frozenset(found)


def _tied(session: orm.Session, user: User) -> frozenset[int]:
    """The units from which the account's person must stay away today, for good reason or by declaration."""
    person = session.get_one(Person, user.person_id)
    units = session.scalars(sa.select(Unit)).all()
    facts = ties_on(session, [person], units, today())
    tied = {fact.unit.id for fact in facts if fact.hard and fact.unit is not None}
    if user.role in SENT:
        waived = sa.select(Waiver.unit_id).where(Waiver.person_id == person.id, Waiver.state == "granted")
        tied -= set(session.scalars(waived))
    if person.home_unit_id is not None:
        tied.add(person.home_unit_id)
    return frozenset(tied - {user.unit_id} if user.role == "recipient" else tied)


def _inside(areas: frozenset[int]) -> Mapping[Any, Condition]:
    """Rows about places among these areas, and people of offices there."""
    units = sa.select(_UNITS.c.id).where(_UNITS.c.area_id.in_(areas))
    offices = sa.select(_OFFICES.c.id).where(_OFFICES.c.area_id.in_(areas))
    people = sa.select(_PEOPLE.c.id).where(_PEOPLE.c.office_id.in_(offices))
    postings = sa.select(_POSTINGS.c.id).where(_POSTINGS.c.unit_id.in_(units))
    items = sa.select(_ITEMS.c.id).where(_ITEMS.c.township_id.in_(areas))
    cycles = (
        sa.select(cycle_units.c.cycle_id)
        .join(_UNITS, _UNITS.c.id == cycle_units.c.unit_id)
        .where(_UNITS.c.area_id.in_(areas))
    )
    rounds = sa.select(_ROUNDS.c.id).where(_ROUNDS.c.cycle_id.in_(cycles))
    accounts = sa.select(_USERS.c.id).where(
        sa.or_(
            _USERS.c.area_id.in_(areas),
            _USERS.c.township_id.in_(areas),
            _USERS.c.unit_id.in_(units),
            _USERS.c.person_id.in_(people),
        )
    )
    named: dict[Any, Condition] = {
        User: lambda user: user.id.in_(accounts),
        JournalEntry: lambda entry: entry.actor_id.in_(accounts),
        Area: lambda area: area.id.in_(areas),
        Unit: lambda unit: unit.area_id.in_(areas),
        Office: lambda office: office.area_id.in_(areas),
        Person: lambda person: person.office_id.in_(offices),
        Tie: lambda tie: tie.person_id.in_(people),
        Kin: lambda kin: kin.person_id.in_(people),
        Removal: lambda asked: sa.case(
            (asked.person_id.is_not(None), asked.person_id.in_(people)), else_=asked.unit_id.in_(units)
        ),
        Cycle: lambda cycle: cycle.id.in_(cycles),
        UserSession: lambda opened: opened.user_id.in_(accounts),
        Device: lambda device: device.user_id.in_(accounts),
        LetterPlan: lambda plan: plan.paper_id.in_(
            sa.select(_ITEMS.c.paper_id).where(_ITEMS.c.township_id.in_(areas))
        ),
        CampaignProject: lambda project: project.campaign_id.in_(
            sa.select(_CAMPAIGNS.c.id).where(_CAMPAIGNS.c.round_id.in_(rounds))
        ),
        Blackout: lambda days: sa.or_(days.area_id.in_(areas), days.unit_id.in_(units)),
    }
    columns = {
        "unit_id": units,
        "township_id": areas,
        "posting_id": postings,
        "item_id": items,
        "cycle_id": cycles,
        "round_id": rounds,
        "area_id": areas,
        "county_id": areas,
        "person_id": people,
    }
    return _by_column(columns, inside=True) | named


def _apart_from(tied: frozenset[int]) -> Mapping[Any, Condition]:
    """Rows about no unit among these: what was found there, what is done about it, who asked for what."""
    postings = sa.select(_POSTINGS.c.id).where(_POSTINGS.c.unit_id.in_(tied))
    items = sa.select(_ITEMS.c.id).where(_ITEMS.c.unit_id.in_(tied))
    papers = (
        sa.select(paper_findings.c.paper_id)
        .join(_FINDINGS, _FINDINGS.c.id == paper_findings.c.finding_id)
        .where(_FINDINGS.c.unit_id.in_(tied))
    )
    named: dict[Any, Condition] = {
        Paper: lambda paper: paper.id.not_in(papers),
        LetterPlan: lambda plan: plan.paper_id.not_in(papers),
    }
    columns = {"unit_id": tied, "posting_id": postings, "item_id": items}
    return _by_column(columns, inside=False) | named


def _by_column(columns: Mapping[str, Any], inside: bool) -> dict[Any, Condition]:
    """Every table that says by one of these columns what it is about, the first that it has; no other.

    An account is about its person, and a tie about two sides: they are named or free.
    """
    found: dict[Any, Condition] = {}
    for model in Base.__subclasses__():
        name = next((name for name in columns if name in model.__table__.columns), None)
        if name is not None and model not in FREE:
            found[model] = _condition(name, columns[name], inside)
    return found


#: photographs of a paper that became a lead are the case room's, like its words
_UNSEALED: Mapping[Any, Condition] = {
    Photo: lambda photo: sa.or_(
        photo.finding_id.is_(None),
        photo.finding_id.not_in(sa.select(_FINDINGS.c.id).where(_FINDINGS.c.sealed_at.is_not(None))),
    )
}


def _condition(name: str, rows: Any, inside: bool) -> Condition:
    def condition(model: Any) -> sa.ColumnElement[bool]:
        column = getattr(model, name)
        if inside:
            return sa.or_(column.is_(None), column.in_(rows))
        return sa.or_(column.is_(None), column.not_in(rows))

    return condition
