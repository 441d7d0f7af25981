"""A fifth of the generated findings are grave: no paper of any kind has a word of what may be a lead."""

import datetime as dt
import random

import pytest
from sqlalchemy import orm, select

from inspections.database import today
from inspections.documents.course import issue, occasions
from inspections.documents.course.handing_over import hand_over
from inspections.documents.models import KINDS, Paper
from inspections.documents.wording import facts
from inspections.documents.wording.build import build_letter
from inspections.findings.models import Finding, GateVoice
from inspections.followup import sorting
from inspections.followup.models import Item
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import texts
from inspections.typesetting.render import render_pdf
from inspections.units.models import Area
from tests import factories
from tests.typesetting.measure import text_of

FINDINGS = 500
#: stands in every field of what may be a lead, and nowhere else
MARK = "密封甲乙"
CATEGORIES = ("A1", "B3", "C2", "D4", "E4")
FIELDS = ("title", "summary", "basis", "responsible", "evidence", "statement", "process", "place")


@pytest.fixture(autouse=True)
def on_one_database(session: orm.Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the words are the same whichever database they come from; making them takes a while")


def generated(session: orm.Session, county: Area, number: int = FINDINGS) -> list[Finding]:
    """Signed findings of one round that ended yesterday, in two townships; the grave ones in every state of
    the gate."""
    dice = random.Random(500)
    round_ = factories.make_round(session, start=today() - dt.timedelta(days=9))
    round_.end = today() - dt.timedelta(days=1)
    plan = None
    postings = []
    for name in ("柳河镇", "青石镇"):
        town = factories.make_area(session, parent=county, name=name)
        for n in range(4):
            unit = factories.make_unit(session, town, name=f"{name[:2]}{n + 1}村")
            given = {} if plan is None else {"plan": plan}
            made = factories.make_posting(session, unit=unit, round=round_, **given)
            plan = made.team.plan
            postings.append(made)
    voices = [factories.make_user(session, "leader"), factories.make_user(session, "planner")]
    author = factories.make_user(session, "member")
    found = []
    for n in range(number):
        grave = n % 5 == 0
        decided = dice.choice(["problem", "lead", "open", "nobody"]) if grave else "problem"
        said = MARK if decided != "problem" else "账目"
        finding = factories.make_finding(
            session, dice.choice(postings), state="signed", author=author, category=dice.choice(CATEGORIES),
            severity="S4" if grave else dice.choice(["S1", "S2", "S3"]),
            **dict.fromkeys(FIELDS, f"{said}{n}号登记不清"),
        )  # fmt: skip
        if grave and decided != "nobody":
            verdict = "problem" if decided == "open" else decided
            for first, actor in zip((True, False), voices, strict=True):
                if first or decided != "open":
                    voice = {"finding_id": finding.id, "actor_id": actor.id, "is_first": first}
                    session.add(GateVoice(verdict=verdict, **voice))
                    session.flush()
        found.append(finding)
    return found


def every_paper(session: orm.Session, found: list[Finding]) -> list[Paper]:
    """The letters to both townships, issued, and a draft of every other kind that there is occasion for."""
    planner, leadership = factories.make_user(session), factories.make_user(session, "leadership")
    round_ = found[0].posting.team.round
    for finding in sorting.signed_papers(session, round_):
        sorting.sort(session, finding, planner, "FD2", "deadline", "")
    papers = []
    for town in dict.fromkeys(finding.posting.unit.area for finding in found):
        papers.append(issue.draft(session, "feedback", round_, town, planner))
        letter = issue.draft(session, "handover", round_, town, planner)
        factories.send_out(session, letter, user=planner)
        letter.state = "issued"
        session.flush()
        items = hand_over(session, letter)
        items[0].dispatch, items[0].office = "transfer", "县农业农村局"
        for item in items[:30]:
            item.due = today() - dt.timedelta(days=3)
        papers.append(letter)
    session.flush()
    clustered = sorting.clusters(session, round_)
    campaign = sorting.propose(session, round_, clustered[0].category, "开展专项清理", planner)
    sorting.decide(session, campaign, True, "", leadership)
    session.flush()
    keys = [one.key for one in occasions.occasions(session)]
    return papers + [occasions.draft(session, key, planner) for key in keys]


@pytest.mark.parametrize("number", [50, pytest.param(FINDINGS, marks=pytest.mark.soak)])
def test_no_paper_of_any_kind_has_a_word_of_what_may_be_a_lead(
    session: orm.Session, county: Area, number: int
) -> None:
    factories.make_deadlines(session)
    found = generated(session, county, number)
    sealed = [finding for finding in found if MARK in finding.current.summary]
    assert len(sealed) > number / 10
    papers = every_paper(session, found)
    assert {paper.kind for paper in papers} == set(KINDS)
    cited = {finding.id for paper in papers for finding in paper.findings}
    assert len(cited) == number - len(sealed)
    for paper in papers:
        letter = build_letter(session, paper)
        assert MARK not in "".join(text for _, text in texts(letter)) + str(paper.facts), paper.kind
        text = text_of(render_pdf(letter_paper(paper.kind, letter)).data)
        assert len(text) > 100
        assert MARK not in text, paper.kind
    assert session.scalars(select(Item).where(Item.title.contains(MARK))).all() == []
    withheld = sum(
        len(facts.withheld_findings(session, papers[0].round, town))
        for town in {paper.township for paper in papers if paper.kind == "handover"}
    )
    assert withheld == len(sealed)
