"""The simulated half-year: the report's numbers are those of the records, and they add up."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import all_models, journal, migrations
from inspections.database import Base, open_engine, session_factory
from inspections.documents.models import Paper
from inspections.figures.county import Figures, figures
from inspections.figures.measures import Window
from inspections.figures.scope import Scope, below
from inspections.followup.models import Item
from inspections.leads.models import SealedLead
from inspections.sample import half_year
from inspections.units.models import Area
from tests.typesetting.measure import text_of

OpenSession = Callable[[], orm.Session]
#: a word that stands in the sealed leads and must stand nowhere else
CANARY = "模拟线索"


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[OpenSession]:
    all_models()
    engine = open_engine(f"sqlite:///{tmp_path / 'half.db'}")
    migrations.upgrade(engine)
    yield session_factory(engine)
    engine.dispose()


def counted(session: orm.Session) -> Figures:
    county = session.scalars(select(Area).where(Area.code == "QH")).one()
    window = Window.of(half_year.PERIOD)
    return figures(session, Scope(window, below(session, county)), window.end)


def words_of(paper: Paper) -> str:
    assert paper.file is not None, paper.trouble
    return text_of(paper.file.data)


def adds_up(found: Figures) -> None:
    """Every total is the sum of its parts, on the page and in the report alike."""
    assert sum(town.papers for town in found.towns) == found.papers == sum(found.heat.cells.values())
    assert sum(town.handed for town in found.towns) == found.full.whole == found.handed
    assert sum(town.overdue for town in found.towns) == found.overdue
    assert sum(town.due.part for town in found.towns) == found.due.part
    assert found.violations.broken == 0
    assert found.visits == found.units_visited


def check(open_session: OpenSession, rounds: int) -> Figures:
    name = half_year.simulate(open_session, rounds)
    with open_session() as session:
        found = counted(session)
        adds_up(found)
        report = words_of(session.scalars(select(Paper).where(Paper.uuid == name)).one())
        for words in (
            f"发现问题{found.papers}个",
            f"印发交办函{found.letters}份",
            f"移送问题线索{found.leads}件",
            f"处理处分{found.persons}人",
            f"已销号{found.full.part}个",
            f"逾期{found.overdue}个",
            "违反硬性规则0处",
        ):
            assert words in report
        letters = session.scalars(select(Paper).where(Paper.kind == "handover")).all()
        assert (found.rounds, found.letters, len(letters)) == (rounds, rounds, rounds)
        assert all(paper.state == "issued" for paper in session.scalars(select(Paper)))
        every_letter_counts_its_own_rows(session)
        no_word_of_a_lead_stands_outside_the_box(session)
        return found


def every_letter_counts_its_own_rows(session: orm.Session) -> None:
    """“发现问题n个” in a letter, its annexed list, what it cites by SQL, and what came into the register."""
    for paper in session.scalars(select(Paper).where(Paper.kind.in_(("handover", "feedback")))):
        said = re.search(r"发现问题(\d+)个", json.dumps(paper.facts, ensure_ascii=False))
        rows = sum(len(annex["table"]["rows"]) for annex in paper.facts["annexes"])
        cited = session.scalar(
            sa.text("SELECT COUNT(*) FROM paper_findings WHERE paper_id = :id"), {"id": paper.id}
        )
        assert said is not None and int(said[1]) == rows == cited
        items = session.scalars(select(Item).where(Item.paper_id == paper.id)).all()
        assert len(items) == (cited if paper.kind == "handover" else 0)
        assert all(item.found and item.basis for item in items)


def no_word_of_a_lead_stands_outside_the_box(session: orm.Session) -> None:
    assert session.scalar(select(sa.func.count(SealedLead.id)))
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            assert CANARY not in json.dumps([str(cell) for cell in row.values()], ensure_ascii=False)
    for paper in session.scalars(select(Paper)):
        assert CANARY not in words_of(paper)
    assert "lead.seal" in {entry.act for entry in session.scalars(select(journal.JournalEntry))}


def test_two_rounds_add_up_from_the_first_visit_to_the_printed_report(open_session: OpenSession) -> None:
    found = check(open_session, 2)
    assert found.papers >= 18


@pytest.mark.soak
def test_the_half_year_has_the_size_of_the_publicised_one(open_session: OpenSession) -> None:
    found = check(open_session, half_year.ROUNDS)
    assert found.papers >= 300
    assert (found.rounds, found.letters, found.leads, found.persons) == (24, 24, 5, 19)
    with open_session() as session:
        advice = session.scalars(select(Paper).where(Paper.kind == "advice", Paper.state == "issued")).all()
    assert len(advice) == half_year.ADVICE
