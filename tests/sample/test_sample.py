"""The sample counties load through the same functions as a county's own data, and only once."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from inspections import create_app, journal
from inspections.accounts.models import User
from inspections.accounts.sign_in import matches
from inspections.documents.models import Paper
from inspections.documents.wording.consistency import contradictions
from inspections.fieldwork.models import Checklist, Operation
from inspections.findings.models import Finding, Photo
from inspections.people.models import Person, RecusalKind
from inspections.people.ties import ties_on
from inspections.planning.statement import people_of
from inspections.recusal.readiness import standings
from inspections.rounds.models import Cycle, Plan, Posting
from inspections.sample import counties, finished_round, ready, rectified
from inspections.sample.catalogue import load_catalogue
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import is_addressed
from inspections.units.models import Unit
from tests.sample.county import SampleCounty

pytestmark = pytest.mark.xdist_group("browser")  # these share the loaded county


def load(app: Flask) -> list[dict[str, str]]:
    with app.extensions["sessions"]() as session:
        load_catalogue(session)
        counties.load_rosters(session)
        counties.load_cycles(session, "qinghe")
        counties.load_cycles(session, "daye")
        accounts = counties.load_accounts(session, Path(app.instance_path))
        finished_round.load(session, Path(app.instance_path) / "photos")
        ready.load(session)
        session.commit()
    finished_round.print_papers(app.extensions["sessions"])
    with app.extensions["sessions"]() as session:
        rectified.load(session)
        session.commit()
    return accounts


@pytest.fixture(scope="module")
def loaded(
    sample_county: SampleCounty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, list[dict[str, str]]]]:
    """The finished county with the large one beside it."""
    app = create_app({"INSTANCE": sample_county.copied_to(tmp_path_factory.mktemp("both"))})
    with app.extensions["sessions"]() as session:
        counties.load_cycles(session, "daye")
        session.commit()
    yield app, sample_county.accounts
    app.extensions["engine"].dispose()


@pytest.fixture
def session(loaded: tuple[Flask, list[dict[str, str]]]) -> Iterator[orm.Session]:
    with loaded[0].extensions["sessions"](reading=True) as opened:
        yield opened


def count(session: orm.Session, model: type, *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_both_counties_and_the_catalogue_are_there(session: orm.Session) -> None:
    assert count(session, Unit, Unit.planning_only.is_(False)) == 96
    assert count(session, Unit, Unit.planning_only.is_(True)) == 427
    assert count(session, Person) > 1000
    assert count(session, RecusalKind) == 26
    sizes = {checklist.kind: len(checklist.items) for checklist in session.scalars(sa.select(Checklist))}
    assert sizes == {"village": 153, "department": 45}


def test_no_finding_photo_or_letter_is_about_a_real_place(session: orm.Session) -> None:
    assert count(session, Finding) == 15
    assert count(session, Photo) == 9
    for finding in session.scalars(sa.select(Finding)):
        assert not finding.posting.unit.planning_only
    for paper in session.scalars(sa.select(Paper)):
        assert paper.township.ancestor("county").name == "清河县"


def test_the_finished_round_is_published_and_every_entry_has_its_own_day(session: orm.Session) -> None:
    plan = session.scalars(sa.select(Plan).where(Plan.state == "published")).one()
    assert plan.cycle.name == finished_round.CYCLE
    assert count(session, Posting) == 6
    first = session.scalar(sa.select(sa.func.min(Operation.received_at)))
    assert first.date() == dt.date(2026, 10, 12)


def test_a_note_cites_the_number_that_the_system_gave_the_paper(session: orm.Session) -> None:
    numbers = set(session.scalars(sa.select(Finding.number)))
    notes = session.scalars(sa.select(Operation.value).where(Operation.field == "note"))
    cited = {note.removeprefix("见底稿") for note in notes if note.startswith("见底稿")}
    assert cited == numbers


def test_letters_are_issued_with_their_numbers_and_one_is_a_draft(session: orm.Session) -> None:
    papers = session.scalars(sa.select(Paper).order_by(Paper.id)).all()
    assert [(paper.kind, paper.state, paper.number) for paper in papers] == [
        ("minutes", "issued", 1),
        ("handover", "issued", 1),
        ("handover", "issued", 2),
        ("feedback", "issued", 3),
        ("handover", "draft", None),
    ]
    assert all(paper.file is not None and not paper.trouble for paper in papers)


def test_no_letter_of_the_sample_contradicts_itself(session: orm.Session) -> None:
    papers = session.scalars(sa.select(Paper)).all()
    stored = {
        paper.document_number: contradictions(
            paper.kind, parse_facts(json.dumps(paper.facts).encode(), is_addressed(paper.kind))
        )
        for paper in papers
        if paper.document_number
    }
    assert len(stored) > 1
    assert {number: each for number, each in stored.items() if each} == {}


def test_the_accounts_shown_can_sign_in_and_their_passwords_are_kept_private(
    loaded: tuple[Flask, list[dict[str, str]]], session: orm.Session
) -> None:
    app, accounts = loaded
    assert {account["role"] for account in accounts} == {
        "县统筹",
        "组长",
        "组员",
        "村纪检委员",
        "领导",
        "乡镇/单位联络员",
        "案管室",
        "审计",
        "系统管理员",
    }
    user = session.scalars(sa.select(User).where(User.login == accounts[0]["login"])).one()
    assert matches(user, accounts[0]["password"])
    kept = Path(app.instance_path) / counties.PASSWORDS
    assert kept.stat().st_mode & 0o077 == 0


def test_most_people_of_the_next_cycle_are_ready_and_the_page_has_something_of_each(
    session: orm.Session,
) -> None:
    cycle = session.scalars(sa.select(Cycle).where(Cycle.name == ready.CYCLE)).one()
    people = people_of(session, cycle)
    found = standings(session, cycle.id, people)
    silent = [one for one in found.values() if one.answer is None]
    declared = [one for one in found.values() if one.answer and not one.answer.nil]
    away = [one for one in found.values() if "未培训" in one.missing]
    assert (len(people), len(silent), len(declared), len(away)) == (241, 6, 11, 3)
    units = session.scalars(sa.select(Unit).where(Unit.planning_only.is_(False))).all()
    derived = [fact for fact in ties_on(session, people, units, dt.date(2027, 1, 11)) if fact.derived]
    assert {fact.kind for fact in derived} == {"RC-04", "RC-05", "RC-06", "RC-07", "RC-20"}
    by_marriage = {fact.unit.code for fact in derived if fact.unit and fact.path == "本人—妻子—父亲：岳父"}
    assert "QHV201" in by_marriage  # declared by the wife, on the roster herself


def test_loading_again_changes_nothing(loaded: tuple[Flask, list[dict[str, str]]]) -> None:
    app, accounts = loaded
    tables = (User, Person, Unit, Cycle, Plan, Operation, Finding, Photo, Paper, journal.JournalEntry)

    def counts() -> list[int]:
        with app.extensions["sessions"](reading=True) as session:
            return [count(session, table) for table in tables]

    before = counts()
    assert load(app) == accounts
    assert counts() == before
