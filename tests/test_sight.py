"""Each county is blind to the others, and whoever is tied to a unit sees nothing of it: over every page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal, sight
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, Reach
from inspections.database import today, whole
from inspections.demands import handling
from inspections.demands.models import Demand
from inspections.documents.models import Paper
from inspections.fieldwork.models import Device
from inspections.findings.models import Finding
from inspections.followup.models import Item
from inspections.leads import transfer
from inspections.leads.models import SealedLead
from inspections.lives import accounts
from inspections.people import removals
from inspections.people.models import Kin, Person, Removal, Tie
from inspections.questionnaire import polling
from inspections.rounds.models import Posting
from inspections.units.models import Area, Blackout, Unit
from tests import factories

SignIn = Callable[[User], FlaskClient]
OFFICE = ("planner", "leadership", "case_room")
#: whose pages list accounts and acts
KEEPERS = ("auditor", "admin")


@dataclass
class County:
    """A county with a row of everything, each named after it."""

    mark: str
    area: Area
    unit: Unit
    names: dict[str, uuid.UUID] = field(default_factory=dict)


def a_county(session: orm.Session, mark: str, city: Area | None = None) -> County:
    area = factories.make_area(session, "county", name=f"{mark}县", parent=city)
    factories.make_letterhead(session, area)
    town = factories.make_area(session, name=f"{mark}镇", parent=area)
    unit = factories.make_unit(session, town, name=f"{mark}村")
    office = factories.make_office(session, town, name=f"{mark}纪委")
    person = factories.make_person(session, office, name=f"{mark}某")
    cycle = factories.make_cycle(session, name=f"{mark}周期", units=[unit])
    posting = factories.make_posting(
        session, {person: "leader"}, unit, round=factories.make_round(session, cycle, name=f"{mark}轮")
    )
    finding = factories.make_finding(session, posting, state="signed", title=f"{mark}问题")
    item = factories.make_item(session, finding, due=today(), served_on=today())
    paper = session.get_one(Paper, item.paper_id)
    planner = factories.make_user(session)
    demand = handling.hear(session, unit, "open", "visit", f"{mark}诉求", planner, posting)
    polling.open_poll(session, posting, 20, planner)
    names = {
        "units": unit.uuid,
        "postings": posting.uuid,
        "findings": finding.uuid,
        "rectification": item.uuid,
        "papers": paper.uuid,
        "demands": demand.uuid,
        "plans": posting.team.plan.uuid,
        "rounds": cycle.uuid,
        "people": person.uuid,
    }
    return County(mark, area, unit, names)


def pages(app: Flask, role: str) -> list[str]:
    """The addresses without arguments that the role may open, downloads included."""
    table: Permissions = app.extensions["permissions"]
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and table.table[app.view_functions[rule.endpoint].action][role] is not Reach.NEVER  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("role", OFFICE)
def test_a_county_is_blind_to_the_other_on_every_page(
    app: Flask, session: orm.Session, sign_in: SignIn, role: str
) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    session.commit()
    client = sign_in(factories.make_user(session, role, area=own.area))
    seen = ""
    for path in pages(app, role):
        text = client.get(path).get_data().decode("utf-8", "replace")
        for word in ("县", "镇", "村", "纪委", "某", "周期", "问题", "诉求"):
            assert f"乙{word}" not in text, f"{path} shows 乙{word} to a {role} of 甲县"
        seen += text
    assert "甲村" in seen
    reached = 0
    for group, name in own.names.items():
        status = client.get(f"/{group}/{name}").status_code
        reached += status == 200
        if status != 403:
            assert client.get(f"/{group}/{other.names[group]}").status_code == 404, group
    assert reached >= 1


def test_a_city_reads_the_figures_of_its_counties_and_an_unlimited_account_everything(
    session: orm.Session, sign_in: SignIn
) -> None:
    city = factories.make_area(session, "city", name="丙市")
    one, two = a_county(session, "甲", city), a_county(session, "乙", city)
    three = a_county(session, "丁")
    session.commit()
    leader = factories.make_user(session, "leadership", area=city)
    page = sign_in(leader).get("/figures").text
    assert "丙市" in page
    assert all(f"{each.mark}县" in page for each in (one, two))
    assert f"{three.mark}县" not in page
    assert sign_in(leader).get(f"/figures?area={three.area.code}").status_code == 404
    assert f"{three.mark}县" in sign_in(factories.make_user(session, "leadership")).get("/figures").text


@pytest.mark.parametrize("role", KEEPERS)
def test_the_keepers_of_a_county_see_its_accounts_and_acts_alone(
    app: Flask, session: orm.Session, sign_in: SignIn, role: str
) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    mine, alien = (
        factories.make_user(session, area=each.area, name=f"{each.mark}统筹") for each in (own, other)
    )
    for user, county in ((mine, own), (alien, other)):
        journal.record(session, "unit.change", county.unit.uuid, user)
    session.commit()
    client = sign_in(factories.make_user(session, role, area=own.area))
    seen = "".join(client.get(path).get_data().decode("utf-8", "replace") for path in pages(app, role))
    assert "乙" not in seen
    assert "甲统筹" in seen


def test_a_login_that_another_county_uses_is_refused_in_a_sentence(
    session: orm.Session, sign_in: SignIn
) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    factories.make_user(session, area=other.area, login="tongchou")
    session.commit()
    client = sign_in(factories.make_user(session, "admin", area=own.area))
    sent = {"login": "tongchou", "name": "某", "role": "planner", "area": str(own.area.uuid)}
    answer = client.post("/accounts/new", data=sent)
    assert answer.status_code == 422
    assert "请换一个" in answer.text


@pytest.mark.parametrize("role", sight.DECIDES)
def test_whoever_is_tied_to_a_unit_finds_none_of_its_rows_whatever_the_page_asks(
    app: Flask, session: orm.Session, role: str
) -> None:
    """Below the pages: a page that a role gets tomorrow is narrowed too."""
    tied, free = a_county(session, "甲"), a_county(session, "乙")
    user = factories.make_user(session, role, person=factories.make_person(session, home_unit=tied.unit))
    session.commit()
    with app.extensions["sessions"](reading=True) as looking:
        sight.limit(looking, user)
        for model in (Posting, Finding, Item, Demand):
            assert {row.unit_id for row in looking.scalars(sa.select(model))} == {free.unit.id}, model
        assert {row.uuid for row in looking.scalars(sa.select(Paper))} == {free.names["papers"]}


def test_the_roles_that_decide_stand_here_by_name() -> None:
    roles = {"planner", "leadership", "case_room", "auditor", "leader", "member", "village"}
    assert roles <= set(sight.DECIDES), "a role was taken out of what recusal binds"


@pytest.mark.parametrize("role", OFFICE)
def test_whoever_is_tied_to_a_unit_neither_sees_nor_acts_on_its_rows(
    session: orm.Session, sign_in: SignIn, role: str
) -> None:
    tied, free = a_county(session, "甲"), a_county(session, "乙")
    person = factories.make_person(session, home_unit=tied.unit)
    session.commit()
    client = sign_in(factories.make_user(session, role, person=person))
    reached = 0
    for group in ("postings", "findings", "rectification", "papers", "demands"):
        answer = client.get(f"/{group}/{free.names[group]}").status_code
        if answer != 403:
            assert answer in (200, 422)  # 422: no checklist is loaded here
            assert client.get(f"/{group}/{tied.names[group]}").status_code == 404, group
            reached += 1
    assert reached
    for path in ("/rectification", "/findings", "/demands", "/papers", "/rectification.xlsx"):
        text = client.get(path).get_data().decode("utf-8", "replace")
        assert "甲问题" not in text
        assert "甲诉求" not in text


def test_a_tie_counts_from_the_next_request_on(session: orm.Session, sign_in: SignIn) -> None:
    county = a_county(session, "甲")
    person = factories.make_person(session)
    session.commit()
    client = sign_in(factories.make_user(session, "planner", person=person))
    address = f"/rectification/{county.names['rectification']}"
    assert client.get(address).status_code == 200
    person.home_unit = county.unit
    session.commit()
    assert client.get(address).status_code == 404
    assert client.post(address, data={"action": "withdraw"}).status_code == 404


@pytest.mark.parametrize("hard", [True, False])
def test_a_declared_tie_hides_the_unit_only_where_it_is_hard(
    session: orm.Session, sign_in: SignIn, hard: bool
) -> None:
    county = a_county(session, "甲")
    person = factories.make_person(session)
    factories.make_recusal_kind(session, "RC-16", strength="mode")
    session.add(Tie(person=person, unit=county.unit, kind_code="RC-16", hard=hard))
    session.commit()
    client = sign_in(factories.make_user(session, "planner", person=person))
    answer = client.get(f"/rectification/{county.names['rectification']}")
    assert answer.status_code == (404 if hard else 200)


def test_a_table_under_another_name_is_narrowed_too(app: Flask, session: orm.Session) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    user = factories.make_user(session, area=own.area)
    session.commit()
    with app.extensions["sessions"](reading=True) as looking:
        sight.limit(looking, user)
        named = orm.aliased(Unit)
        assert {unit.name for unit in looking.scalars(sa.select(named))} == {own.unit.name}
        pairs = sa.select(Unit.name, named.name.label("other")).where(Unit.id != named.id)
        assert looking.execute(pairs).all() == []
        with whole(looking):
            assert {unit.name for unit in looking.scalars(sa.select(named))} >= {other.unit.name}


def test_tablets_kin_ties_and_closed_days_of_another_county_stay_there(
    app: Flask, session: orm.Session
) -> None:
    """Tables that no page lists beside their person or place, and which a careless join would show."""
    own, other = a_county(session, "甲"), a_county(session, "乙")
    factories.make_recusal_kind(session, "RC-16", strength="mode")
    day = today()
    for each in (own, other):
        person = session.scalars(sa.select(Person).where(Person.uuid == each.names["people"])).one()
        keeper = factories.make_user(session, "leader", person=person, name=f"{each.mark}组长")
        session.add_all(
            [
                Device(id=uuid.uuid4(), user=keeper, waiting=0, client=1),
                Kin(person=person, relative_name=f"{each.mark}亲", term="兄", unit=each.unit),
                Tie(person=person, unit=each.unit, kind_code="RC-16", hard=True),
                Blackout(name=f"{each.mark}停检", start=day, end=day, unit=each.unit, kinds=[]),
                Blackout(name=f"{each.mark}全停", start=day, end=day, area=each.area, kinds=[]),
            ]
        )
    user = factories.make_user(session, area=own.area)
    session.commit()
    with app.extensions["sessions"](reading=True) as looking:
        sight.limit(looking, user)
        assert [row.user.name for row in looking.scalars(sa.select(Device))] == ["甲组长"]
        assert [row.relative_name for row in looking.scalars(sa.select(Kin))] == ["甲亲"]
        assert [row.unit_id for row in looking.scalars(sa.select(Tie))] == [own.unit.id]
        assert {row.name for row in looking.scalars(sa.select(Blackout))} == {"甲停检", "甲全停"}


def test_a_tie_to_a_colleague_elsewhere_stays_in_its_county_and_breaks_no_workbook(
    app: Flask, session: orm.Session, sign_in: SignIn
) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    factories.make_recusal_kind(session, "RC-16", strength="mode")
    mine, theirs = (
        session.scalars(sa.select(Person).where(Person.uuid == each.names["people"])).one()
        for each in (own, other)
    )
    tie = Tie(person=mine, other=theirs, kind_code="RC-16", hard=True)
    session.add_all([tie, Tie(person=mine, unit=other.unit, kind_code="RC-16", hard=True)])
    session.add(Kin(person=mine, relative_name="甲亲", term="兄", unit=other.unit))
    session.flush()
    removals.ask(session, tie, "登记有误", factories.make_user(session))
    planners = [factories.make_user(session, area=each.area) for each in (own, other)]
    session.commit()
    for planner, number in zip(planners, (1, 0), strict=True):
        with app.extensions["sessions"](reading=True) as looking:
            sight.limit(looking, planner)
            assert len(looking.scalars(sa.select(Removal)).all()) == number
        client = sign_in(planner)
        for page in ("/roster/template.xlsx", "/roster/export.xlsx"):
            assert client.get(page).status_code == 200


def test_a_unit_on_the_account_of_whoever_decides_opens_no_tied_unit(
    app: Flask, session: orm.Session
) -> None:
    home = factories.make_unit(session)
    person = factories.make_person(session, home_unit=home)
    factories.make_finding(session, factories.make_posting(session, unit=home))
    user = factories.make_user(session, "planner", person=person, unit=home)
    session.commit()
    with app.extensions["sessions"](reading=True) as looking:
        sight.limit(looking, user)
        assert looking.scalars(sa.select(Finding)).all() == []


def test_numbers_and_logins_count_what_the_account_does_not_see(app: Flask, session: orm.Session) -> None:
    own, other = a_county(session, "甲"), a_county(session, "乙")
    factories.make_user(session, area=other.area, login="zhangsan")
    finding = session.scalars(sa.select(Finding).where(Finding.unit_id == other.unit.id)).one()
    user = factories.make_user(session, "admin", area=own.area)
    person = factories.make_person(session, name="张三", office=factories.make_office(session, area=own.area))
    number = f"XS{today().year}-0001"
    sealed = {"nonce": b"", "body": b"", "sha256": "", "sealed_by_id": user.id}
    session.add(SealedLead(number=number, finding_id=finding.id, unit_id=other.unit.id, **sealed))
    session.commit()
    with app.extensions["sessions"]() as narrow:
        sight.limit(narrow, user)
        assert transfer._next_number(narrow) == f"XS{today().year}-0002"
        made, _ = accounts.create(
            narrow, accounts.Account("张三", "planner", person=narrow.get_one(Person, person.id)), user
        )
        assert made.login == "zhangsan2"
