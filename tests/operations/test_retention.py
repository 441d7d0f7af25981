"""What was kept long enough goes, with an entry and a link that say so; nothing else does."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections import all_models, journal
from inspections.database import APPEND_ONLY, Base, at, now, open_engine, session_factory
from inspections.fieldwork.models import Quarantined
from inspections.findings.models import Photo
from inspections.journal import JournalEntry
from inspections.operations import retention, weekly
from inspections.people.models import Kin
from inspections.questionnaire import polling
from inspections.questionnaire.models import AnswerSheet
from inspections.recusal.models import Declaration
from inspections.rounds.models import Posting
from inspections.site import chain
from inspections.site.settings import ROOT
from tests import factories
from tests.questionnaire.test_polling import sheet

TABLE = ROOT / "seeds" / "retention.csv"
KEPT = (Kin, Declaration, Photo, AnswerSheet, Quarantined)


class County:
    """An installation with a chain, lived in for ten days."""

    def __init__(self, folder: Path) -> None:
        all_models()
        self.folder, self.anchor = folder, chain.Anchor(folder)
        (folder / "photos").mkdir()
        self.engine = open_engine(f"sqlite:///{folder / 'a.db'}")
        Base.metadata.create_all(self.engine)
        self.open: Callable[..., orm.Session] = session_factory(self.engine, **{chain.SEAL: self.anchor})
        with self.open() as session:
            self.posting(session)
            session.commit()

    def posting(self, session: orm.Session) -> Posting:
        """A visit with one of everything that is cleared one day, and a photograph that is evidence."""
        leader = factories.make_user(session, "leader")
        posting = factories.make_posting(session, {leader.person: "leader"})
        cycle = posting.team.round.cycle
        finding = factories.make_finding(session, posting)
        session.add(Kin(person=leader.person, relative_name="某甲", term="兄", unit=posting.unit))
        session.add(Declaration(cycle_id=cycle.id, person=leader.person, nil=True, said=[]))
        for of in (None, finding.id):
            photo = Photo(id=uuid.uuid4(), posting_id=posting.id, unit_id=posting.unit_id, finding_id=of,
                          media_type="image/jpeg", width=1, height=1, size=1, sha256="x",
                          author_id=leader.id)  # fmt: skip
            session.add(photo)
            (self.folder / "photos" / str(photo.id)).write_bytes(b"x")
        session.add(Quarantined(operation_id=uuid.uuid4(), sha256="x", posting_id=posting.id,
                                author_id=leader.id, device="d", body={}))  # fmt: skip
        poll = polling.open_poll(session, posting, 20, leader)
        for _ in range(5):
            polling.take(session, poll, uuid.uuid4(), sheet())
        session.flush()
        return posting

    def live(self, years: int, days: int = 10) -> dt.datetime:
        """So many days of work as many years from now; the last of them."""
        last = now() + dt.timedelta(days=365 * years)
        with self.open() as session:
            for n in range(days):
                with at(last - dt.timedelta(days=days - n)):
                    journal.record(session, "session.open")
                    session.flush()
            session.commit()
        return last

    def clear(self, when: dt.datetime) -> dict[str, int]:
        with at(when), self.open() as session:
            cleared = retention.clear(session, retention.rules(TABLE), self.folder / "photos")
            session.commit()
            return {each.rule.code: each.count for each in cleared}

    def left(self) -> dict[str, int]:
        with self.open(reading=True) as session:
            return {m.__name__: session.scalar(sa.select(sa.func.count()).select_from(m)) or 0 for m in KEPT}


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def test_each_kind_goes_when_its_time_is_over_and_the_chain_knows_why(county: County) -> None:
    assert county.clear(county.live(0)) == {}
    everything = {"Kin": 1, "Declaration": 1, "Photo": 2, "AnswerSheet": 5, "Quarantined": 1}
    assert county.left() == everything
    assert county.clear(county.live(2)) == {"kin": 1, "photos": 1, "answer_sheets": 5, "quarantined": 1}
    assert county.left() == {"Kin": 0, "Declaration": 1, "Photo": 1, "AnswerSheet": 0, "Quarantined": 0}
    assert county.clear(county.live(4)) == {"declarations": 1}
    with county.open(reading=True) as session:
        assert list(chain.faults(session, county.anchor)) == []
        told = [entry.detail for entry in session.scalars(
            sa.select(JournalEntry).where(JournalEntry.act == "retention.clear"))]  # fmt: skip
    assert [each["count"] for each in told] == [1, 1, 5, 1, 1]


def test_a_row_taken_out_by_hand_is_still_told_from_one_that_was_cleared(county: County) -> None:
    with county.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER declarations_no_delete")
        connection.exec_driver_sql("DELETE FROM declarations")
    with county.open(reading=True) as session:
        [broken] = chain.faults(session, county.anchor)
    assert (broken.kind, broken.what) == ("declarations", "已被删除")


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_row_put_back_after_it_was_cleared_is_found(county: County, spoilt: bool) -> None:
    """Even with a value that is none of its column."""
    with county.engine.begin() as connection:
        [row] = connection.exec_driver_sql("SELECT * FROM declarations").mappings()
    county.clear(county.live(4))
    back = dict(row) | ({"uuid": "x"} if spoilt else {})
    with county.engine.begin() as connection:
        places = ", ".join("?" for _ in back)
        connection.exec_driver_sql(
            f"INSERT INTO declarations ({', '.join(back)}) VALUES ({places})", tuple(back.values())
        )
    with county.open(reading=True) as session:
        [broken] = chain.faults(session, county.anchor)
    assert (broken.kind, broken.row) == ("declarations", "1")


def test_a_clock_that_was_set_forward_clears_nothing(county: County) -> None:
    county.live(0)
    assert county.clear(now() + dt.timedelta(days=3650)) == {}
    assert county.clear(county.live(10, days=4)) == {}
    assert county.clear(county.live(10, days=6)) != {}


def test_the_tables_are_guarded_again_afterwards(county: County) -> None:
    county.clear(county.live(4))
    with county.open(reading=True) as session:
        names = {
            name
            for (name,) in session.execute(sa.text("SELECT name FROM sqlite_master WHERE type='trigger'"))
        }
    assert {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")} <= names


def test_the_weekly_look_is_taken_once_and_deletes_the_files(county: County) -> None:
    when = county.live(2)
    with at(when), county.open(reading=True) as session:
        key = weekly.waiting(session)
    assert key is not None
    with at(when):
        weekly.run(county.open, county.folder, key)
        with county.open(reading=True) as session:
            assert weekly.waiting(session) is None
            [look] = session.scalars(sa.select(JournalEntry).where(JournalEntry.act == "verify.run"))
            assert look.detail["faults"] == 2 and "不一致" in look.detail["first"]
        assert county.left()["Kin"] == 1, "nothing is cleared from a damaged county"
        weekly.run(county.open, county.folder, key)
    with at(when + dt.timedelta(days=7)), county.open(reading=True) as session:
        assert weekly.waiting(session) not in (None, key)


def test_the_table_names_how_long_everything_is_kept() -> None:
    rules = retention.rules(TABLE)
    assert {rule.code for rule in rules} >= {
        "kin",
        "declarations",
        "photos",
        "answer_sheets",
        "quarantined",
        "journal",
    }
    assert all(rule.name and rule.since + rule.exception for rule in rules)
    assert all(rule.days is None or rule.days >= 365 for rule in rules)
