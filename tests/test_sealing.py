"""The next village is a secret: worlds that differ only in what is sealed answer alike, byte for byte.

A world is one county with a round in the field and two rounds to come. Between two worlds everything about
the rounds to come may differ: which units are visited, by whom, in which teams, what was tried, locked,
waived and noted. Every GET route is asked as every role that is not cleared, in each world; status, headers,
bytes and log lines must be the same. Cleared are those who make and approve plans.
"""

import datetime as dt
import itertools
import logging
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl.packaging.core
import openpyxl.writer.excel
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm
from werkzeug.routing import Rule

from inspections import database, journal
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, Reach
from inspections.database import today
from inspections.demands import handling
from inspections.fieldwork.tablet import epochs
from inspections.people.models import Person
from inspections.questionnaire import polling
from inspections.recusal import readiness
from inspections.recusal.models import Waiver
from inspections.rounds.models import Adjustment, Cycle, Lock, Plan, Posting, Seat, Team
from inspections.units.models import Unit
from tests import factories

pytestmark = pytest.mark.both_databases

SignIn = Callable[[User], FlaskClient]
NOW = dt.datetime(2026, 10, 12, 3, 0, tzinfo=dt.UTC)
UNCLEARED = ("leader", "member", "village", "recipient", "case_room", "auditor", "admin", "anonymous")
#: ends the session of this test
#: figures of the machine, which has another second in every world, and a token or secret drawn anew
LEFT_OUT = (
    "accounts.sign_out",
    "operations.metrics",
    "operations.page",
    "handover_views.before_renewal",
    "security.second_factor_page",
)
_UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def name_of(*parts: object) -> uuid.UUID:
    """The same random name for the same row of every world."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts)))


@dataclass
class County:
    """What all worlds share, and whom and what is asked."""

    cycle: Cycle
    plan: Plan
    units: list[Unit]
    people: dict[str, list[Person]]
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    #: names and codes that an address may hold
    uuids: list[uuid.UUID] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    #: whether pages are asked for as well that the role may never open
    refused: bool = True


def a_county(session: orm.Session) -> County:
    factories.make_checklist(session)
    factories.make_deadlines(session)
    county = factories.make_area(session, "county", name="清河县")
    factories.make_letterhead(session, county)
    towns = [factories.make_area(session, parent=county) for _ in range(3)]
    units = [factories.make_unit(session, town) for town in towns for _ in range(6)]
    people = {
        skill: [factories.make_person(session, skills=[skill]) for _ in range(9)]
        for skill in ("discipline", "finance", "welfare")
    }
    people["commissioner"] = [
        factories.make_person(session, skills=["commissioner"], home_unit=unit) for unit in units
    ]
    cycle = factories.make_cycle(session, units=units)
    rounds = [
        factories.make_round(
            session, cycle, position=n, code=f"R{n + 1}", name=f"第{n + 1}轮",
            start=today() + dt.timedelta(days=days), end=today() + dt.timedelta(days=days + 4),
            release_on=today() + dt.timedelta(days=days - 1),
        )
        for n, days in enumerate((-1, 2, 9))
    ]  # fmt: skip
    plan = Plan(cycle=cycle, number=1, state="published", seed=1, seconds=1, progress={})
    session.add(plan)
    seated = {people["discipline"][0]: "leader", people["finance"][0]: "finance"}
    seated[people["commissioner"][5]] = "member"
    opened = factories.make_posting(session, seated, units[0], round=rounds[0], plan=plan)
    finding = factories.make_finding(session, opened, state="signed")
    item = factories.make_item(session, finding, due=today(), served_on=today())
    planner = factories.make_user(session, "planner")
    demand = handling.hear(session, units[0], "open", "visit", "诉求", planner, opened)
    polling.open_poll(session, opened, 20, planner)
    readiness.begin(session, cycle.id)
    named = [opened, finding, item, demand, cycle, plan, units[1], people["discipline"][1]]
    made = County(cycle, plan, units, people, uuids=[row.uuid for row in named])
    made.uuids += [name_of("posting", "R2", 0), name_of("team", "R2", 0), name_of("nothing")]
    made.codes = [units[1].code, "X", "V-X-01"]
    epochs.ensure_epoch(session)  # a random word: every world has the same ledger
    session.flush()
    session.refresh(cycle)
    return made


def sign_everybody_in(app: Flask, session: orm.Session, county: County, sign_in: SignIn) -> None:
    people = county.people
    given: dict[str, dict[str, Any]] = {
        "leader": {"person": people["discipline"][0]},
        "member": {"person": people["finance"][0]},
        "village": {"person": people["commissioner"][5]},
        "recipient": {"township": county.units[0].area},
        "case_room": {"person": people["welfare"][8]},
    }
    for role in UNCLEARED[:-1]:
        user = factories.make_user(session, role, login=role, **given.get(role, {}))
        county.clients[role] = sign_in(user)
    liaison = factories.make_user(session, "recipient", login="liaison", unit=county.units[1])
    county.clients["recipient of a unit"] = sign_in(liaison)
    county.clients["anonymous"] = app.test_client()
    for client in county.clients.values():
        client.get("/sign-in")  # the session's own token, drawn at its first page


def seal(session: orm.Session, county: County, dice: random.Random) -> None:
    """The rows of the rounds to come, as these dice fall."""
    cycle, plan = county.cycle, county.plan
    to_come = dice.sample(county.units[1:], 8)
    teams: list[dict[str, Any]] = []
    for n, round_ in enumerate(list(cycle.rounds)[1:]):
        pools = {skill: dice.sample(people, len(people)) for skill, people in county.people.items()}
        # whoever is asked goes out in every world; where to and with whom is the secret
        for asked, skill in ((0, "discipline"), (0, "finance"), (5, "commissioner")):
            pools[skill].remove(county.people[skill][asked])
            pools[skill].insert(dice.randrange(4), county.people[skill][asked])
        for place in range(4):
            code = f"{round_.code}-{place + 1:02}"
            team = Team(plan_id=plan.id, round=round_, position=place, code=code)
            team.uuid = name_of("team", round_.code, place)
            session.add(team)
            skills = ("discipline", "finance", "welfare", "commissioner", "commissioner")
            slots = ("leader", "finance", "welfare", "member", "member")
            for position, (skill, slot) in enumerate(zip(skills, slots, strict=True)):
                person = pools[skill][place if position < 4 else place + 4]
                team.members.append(Seat(person=person, slot=slot, position=position))
            unit = to_come[4 * n + place]
            team.postings.append(Posting(unit=unit, position=0, uuid=name_of("posting", round_.code, place)))
            members = [{"person": seat.person.code, "slot": seat.slot} for seat in team.members]
            teams.append({"id": code, "round": round_.code, "units": [unit.code], "members": members})
    plan.answer = {"teams": teams, "shortages": []}
    plan.problem = {"units": [{"id": unit.code, "name": unit.name} for unit in to_come]}
    said = f"{to_come[0].name}与{to_come[4].name}对调"
    plan.adjustment = Adjustment(steps=[{"words": said}])
    session.add(Lock(cycle=cycle, kind="team", words=said, pin=teams[0], uuid=name_of("lock")))
    waived = county.people["welfare"][0]
    asker = session.scalars(sa.select(User).where(User.role == "planner")).first()
    session.add(
        Waiver(
            cycle_id=cycle.id, person=waived, unit=dice.choice(to_come), state="granted", reason=said,
            kinds=["RC-16"], grounds=[said], asked_by=asker, uuid=name_of("waiver"),
        )
    )  # fmt: skip
    journal.record(session, "plan.step", plan.uuid, asker, reason=said)
    journal.record(session, "plan.lock", cycle.uuid, asker, reason=said)
    journal.record(session, "waiver.ask", waived.uuid, asker, reason=said)
    session.commit()


def addresses(app: Flask, county: County, role: str) -> Iterator[str]:
    """Every GET route, with every name and code that it may hold; refused ones once."""
    table: Permissions = app.extensions["permissions"]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
            continue
        action = app.view_functions[rule.endpoint].action  # type: ignore[attr-defined]
        refused = table.table[action][role] is Reach.NEVER
        if refused and not county.refused:
            continue
        built = _built(rule, county)
        for address in itertools.islice(built, 1) if refused else built:
            yield address
            if not (rule.arguments or refused or address.endswith(".pdf")):
                township, unit = county.units[6].area.code, county.units[6].code
                yield f"{address}?round=R2&township={township}&unit={unit}&page=1"


def _built(rule: Rule, county: County) -> Iterator[str]:
    choices: list[list[Any]] = []
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        match type(converter).__name__:
            case "UUIDConverter":
                choices.append(county.uuids)
            case "AnyConverter":
                choices.append(sorted(converter.items))
            case "IntegerConverter":
                choices.append([1])
            case _:
                choices.append(["app.css"] if name == "filename" else county.codes)
    for values in itertools.product(*choices):
        built = rule.build(dict(zip(sorted(rule.arguments), values, strict=True)), append_unknown=False)
        assert built is not None
        yield built[1]


def answers(app: Flask, county: County, log: pytest.LogCaptureFixture) -> dict[tuple[str, str], Any]:
    """What everybody is told, everywhere: status, headers, bytes and log lines."""
    found: dict[tuple[str, str], Any] = {}
    known = {str(name).encode() for name in county.uuids}
    for who, client in county.clients.items():
        for address in addresses(app, county, who.split()[0]):
            log.clear()
            with client.get(address) as answer:
                # a form's own random name, drawn for each page anew
                body = _UUID.sub(lambda name: name[0] if name[0] in known else b"-" * 36, answer.data)
                headers = [line for line in answer.headers if line[0] != "Date"]
            found[who, address] = answer.status_code, headers, body, log.text
    return found


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands: tokens and files that hold the moment are the same in every world."""
    moment = time.localtime(NOW.timestamp())
    monkeypatch.setattr(time, "time", NOW.timestamp)
    monkeypatch.setattr(time, "localtime", lambda _=None: moment)

    class Standing(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return NOW.astimezone(tz) if tz else NOW.replace(tzinfo=None)

    stood = type("datetime", (), {"datetime": Standing, "timezone": dt.timezone})
    for module in (openpyxl.writer.excel, openpyxl.packaging.core):
        monkeypatch.setattr(module, "datetime", stood)
    with database.at(NOW):
        yield


@pytest.fixture
def engine_of_sqlite(engine: sa.Engine) -> None:
    if engine.name != "sqlite":
        pytest.skip("worlds are laid one upon the other by savepoints; PostgreSQL's counters do not go back")


def in_world(app: Flask, session: orm.Session, county: County, seed: int, ask: Callable[[], Any]) -> Any:
    """What `ask` finds in the world of that seed, which is gone afterwards."""
    laid = session.get_bind().begin_nested()  # type: ignore[union-attr]
    seal(session, county, random.Random(seed))
    told = ask()
    session.rollback()
    session.expire_all()
    laid.rollback()
    return told


@pytest.mark.usefixtures("engine_of_sqlite")
@pytest.mark.parametrize("worlds", [2, pytest.param(101, marks=pytest.mark.soak)])
def test_worlds_that_differ_in_sealed_rows_alone_answer_whoever_is_not_cleared_alike(
    app: Flask,
    session: orm.Session,
    sign_in: SignIn,
    still: None,
    caplog: pytest.LogCaptureFixture,
    worlds: int,
) -> None:
    """Each world is held against the first: a hundred pairs with 101 of them."""
    caplog.set_level(logging.INFO, logger="inspections")
    county = a_county(session)
    if worlds == 2:  # the sample asks for what is sealed and one thing that is not, where there is an answer
        county.refused = False
        county.uuids, county.codes = (
            [*county.uuids[4:7], county.uuids[0], *county.uuids[-3:-2]],
            county.codes[:1],
        )
    sign_everybody_in(app, session, county, sign_in)
    first = in_world(app, session, county, 0, lambda: answers(app, county, caplog))
    assert sum(status == 200 for status, *_ in first.values()) > 100
    for seed in range(1, worlds):
        other = in_world(app, session, county, seed, lambda: answers(app, county, caplog))
        assert other.keys() == first.keys()
        told = [(where, first[where], other[where]) for where in first if first[where] != other[where]]
        assert not told, f"{len(told)} answers differ: {[where for where, *_ in told[:20]]}"


@pytest.mark.usefixtures("engine_of_sqlite")
def test_the_worlds_do_differ_for_a_planner_and_for_the_team_once_it_is_told(
    app: Flask, session: orm.Session, sign_in: SignIn, still: None
) -> None:
    county = a_county(session)
    sign_everybody_in(app, session, county, sign_in)
    planner = sign_in(factories.make_user(session, "planner"))
    leader = county.clients["leader"]
    seeds = range(6)
    told = {in_world(app, session, county, seed, lambda: planner.get("/postings").data) for seed in seeds}
    assert len(told) == len(seeds)
    told = {in_world(app, session, county, seed, lambda: leader.get("/postings").data) for seed in seeds}
    assert len(told) == 1
    with database.at(NOW + dt.timedelta(days=1)):
        told = {in_world(app, session, county, seed, lambda: leader.get("/postings").data) for seed in seeds}
    assert len(told) > 2
