"""会商纪要: what a meeting made of a round's papers, who was there; signed and numbered like a letter."""

import io
import json
from collections.abc import Callable

import docx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.course import issue, occasions, signing
from inspections.documents.models import Paper
from inspections.documents.wording.build import build_letter
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.followup import sorting
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from inspections.typesetting.check import check
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import lacking, letter_paper
from inspections.typesetting.render import render_pdf
from inspections.typesetting.word_file import word_file
from tests import factories
from tests.documents.conftest import signed
from tests.typesetting.measure import text_of

SignIn = Callable[[User], FlaskClient]
MET = {
    "held_on": "2026-11-02",
    "place": "县纪委三楼会议室",
    "chair": "王某某",
    "present": ["王某某", "李某某", "赵某某"],
    "guests": ["县财政局孙某某"],
}


@pytest.fixture
def sorted_(session: orm.Session, finding: Finding, posting: Posting) -> list[Finding]:
    """Three papers: one for the letter, one for the department in charge, one merged into the first."""
    names = {"FD2": "清单交办", "FD3": "转主管部门"}
    said = {"parent_code": "", "definition": "", "default_severity": "", "position": 1}
    for code, name in names.items():
        session.merge(TaxonomyEntry(kind="finding_disposal", code=code, name=name, **said))
    planner = factories.make_user(session)
    second, third = (
        signed(session, posting, title=title) for title in ("低保金由村民张伟代领", "公开栏没有更新")
    )
    sorting.sort(session, finding, planner, "FD2", "deadline", "")
    sorting.sort(session, second, planner, "FD3", "deadline", "", office="县民政局")
    sorting.sort(session, third, planner, "FD2", "deadline", "", merged_into=finding)
    return [finding, second, third]


def offered(session: orm.Session) -> list[occasions.Occasion]:
    return [one for one in occasions.occasions(session) if one.kind == "minutes"]


def drafted(session: orm.Session, author: User | None = None) -> Paper:
    [one] = offered(session)
    return occasions.draft(session, one.key, author)


def printed(paper: Paper) -> tuple[bytes, str]:
    """The PDF of what was signed, and its text without spaces."""
    letter = parse_facts(json.dumps(paper.facts).encode(), addressed=False)
    made = render_pdf(letter_paper("minutes", letter)).data
    return made, text_of(made)


def test_there_is_nothing_to_minute_before_a_paper_was_sorted(session: orm.Session, finding: Finding) -> None:
    assert offered(session) == []
    sorting.sort(session, finding, factories.make_user(session), "FD2", "deadline", "")
    assert len(offered(session)) == 1


def test_the_draft_says_what_it_lacks(session: orm.Session, sorted_: list[Finding]) -> None:
    paper = drafted(session)
    assert paper.findings == sorted(sorted_, key=lambda one: one.number)
    gaps = lacking("minutes", build_letter(session, paper, 1, sorted_[0].created_at.date()))
    assert gaps == ["会议日期", "主持人", "会议地点", "出席人员"]


def test_signed_minutes_name_each_outcome_and_pass_the_check(
    session: orm.Session, sorted_: list[Finding]
) -> None:
    paper = drafted(session)
    issue.revise(session, paper, MET | {"appraisal": "下次会议听取整改情况"}, paper.version, None)
    factories.send_out(session, paper)
    assert paper.document_number.startswith("测纪会纪〔")
    made, text = printed(paper)
    assert [one for one in check(made) if not one.passed] == []
    for words in (
        "2026年11月2日，王某某在县纪委三楼会议室主持召开",
        "会审工作底稿3份",
        "清单交办1份",
        "转主管部门1份",
        "并入其他底稿1份",
        "转主管部门（县民政局）",
        f"并入其他底稿（{sorted_[0].number}）",
        "下次会议听取整改情况。",
        "出席：王某某、李某某、赵某某",
        "列席：县财政局孙某某",
    ):
        assert words in text
    assert "张伟" not in text
    assert "张某" in text


def test_what_was_sorted_anew_since_the_check_is_not_signed_unseen(
    session: orm.Session, sorted_: list[Finding]
) -> None:
    paper = drafted(session)
    issue.revise(session, paper, MET, paper.version, None)
    signing.check(session, paper, paper.version, None)
    sorting.sort(session, sorted_[0], factories.make_user(session), "FD8", "deadline", "", reason="证据不足")
    with pytest.raises(Refusal, match="核稿以后，底稿、版头或用语有变动"):
        signing.sign(session, paper, paper.version, None)


def test_a_later_meeting_minutes_only_what_was_sorted_since(
    session: orm.Session, sorted_: list[Finding], posting: Posting
) -> None:
    drafted(session)
    assert offered(session) == []
    later = signed(session, posting)
    sorting.sort(session, later, factories.make_user(session), "FD2", "deadline", "")
    [one] = offered(session)
    assert one.findings == (later,)


def test_a_campaign_that_was_decided_stands_in_the_minutes(
    session: orm.Session, sorted_: list[Finding]
) -> None:
    finding, planner = sorted_[0], factories.make_user(session)
    for at in range(2):
        place = factories.make_unit(session, finding.posting.unit.area, name=f"村{at}")
        other = factories.make_posting(
            session, unit=place, round=finding.posting.team.round, plan=finding.posting.team.plan
        )
        signed(session, other, category=finding.current.category)
    made = sorting.propose(session, finding.posting.team.round, finding.current.category, "集中清理", planner)
    paper = drafted(session)
    assert "集中清理" not in json.dumps(paper.facts, ensure_ascii=False)
    sorting.decide(session, made, True, "", factories.make_user(session, "leadership"))
    issue.revise(session, paper, MET, paper.version, None)
    assert "同意就" in json.dumps(paper.facts, ensure_ascii=False)
    assert "建议内容：集中清理。" in json.dumps(paper.facts, ensure_ascii=False)


def test_the_word_file_has_the_attendance_and_no_place_for_a_seal(
    session: orm.Session, sorted_: list[Finding]
) -> None:
    paper = drafted(session)
    issue.revise(session, paper, MET, paper.version, None)
    letter = parse_facts(json.dumps(paper.facts).encode(), addressed=False)
    said = [one.text for one in docx.Document(io.BytesIO(word_file("minutes", letter))).paragraphs]
    assert "出席：王某某、李某某、赵某某" in said
    assert letter.issuer not in said


def test_the_office_fills_in_who_met_on_the_page(
    session: orm.Session, sorted_: list[Finding], sign_in: SignIn
) -> None:
    browser = sign_in(factories.make_user(session))
    paper = drafted(session)
    session.commit()
    form = {
        "seen": str(paper.version),
        "held_on": "2026-11-02",
        "place": "三楼会议室",
        "chair": "王某某",
        "present": "王某某、李某某",
        "findings": [str(one.uuid) for one in sorted_[:2]],
    }
    assert browser.post(f"/papers/{paper.uuid}", data=form).status_code == 302
    session.refresh(paper)
    assert paper.wording["present"] == ["王某某", "李某某"]
    assert paper.findings == sorted(sorted_[:2], key=lambda one: one.number)
    page = browser.get(f"/papers/{paper.uuid}").text
    assert "2026-11-02" in page
    assert 'value="王某某、李某某"' in page
