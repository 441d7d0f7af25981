"""From the records to the letter: whom it addresses, which day it names, whose name it hides."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.course import issue, signing
from inspections.documents.models import NameCheck, Paper
from inspections.documents.wording.build import build_letter, names_in
from inspections.documents.wording.names import decide
from inspections.fieldwork.models import Deadline
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from inspections.typesetting.letter import Letter, missing, texts
from inspections.units.models import Area
from tests import factories
from tests.documents.conftest import FEEDBACK, drafted, signed

DAY = dt.date(2026, 11, 5)
SignIn = Callable[[User], FlaskClient]


def says(letter: Letter) -> str:
    return "\n".join(text for _, text in texts(letter))


def deadlines(letter: Letter) -> dict[str, str]:
    """Working paper number → deadline in the annexed list."""
    table = letter.annexes[0].table
    assert table is not None
    titles = [column.title for column in table.columns]
    number, day = titles.index("底稿编号"), titles.index("整改时限")
    return {row[number]: row[day] for row in table.rows}


def test_the_days_come_from_the_table_of_time_limits(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    session.get_one(Deadline, "DL-07").offset = 20
    session.get_one(Deadline, "DL-08").offset = 10
    letter = signing.trial(session, paper, DAY)
    assert deadlines(letter) == {finding.number: "2026年11月25日"}
    assert "请于2026年11月15日前将整改方案、2026年11月25日前将整改情况书面报送" in says(letter)


def test_an_at_once_problem_has_seven_days_and_a_grave_one_sixty(
    session: orm.Session, posting: Posting
) -> None:
    at_once, grave = signed(session, posting, severity="S1"), signed(session, posting, severity="S3")
    letter = signing.trial(session, drafted(session, grave), DAY)
    assert deadlines(letter) == {at_once.number: "2026年11月12日", grave.number: "2027年1月4日"}


def test_a_time_limit_that_is_not_loaded_is_named_as_missing(session: orm.Session, finding: Finding) -> None:
    for code in ("DL-07", "DL-08"):
        session.delete(session.get_one(Deadline, code))
    session.flush()
    assert {"整改时限", "报告截止日期"} <= set(
        missing(signing.trial(session, drafted(session, finding), DAY))
    )


def test_a_later_letter_repeats_the_deadline_already_given(session: orm.Session, finding: Finding) -> None:
    handover = drafted(session, finding)
    factories.send_out(session, handover, DAY)
    later = signed(session, finding.posting)
    feedback = drafted(session, finding, "feedback")
    issue.revise(session, feedback, FEEDBACK, feedback.version, None)
    factories.send_out(session, feedback, DAY + dt.timedelta(days=10))
    letter = build_letter(session, feedback, 2, DAY + dt.timedelta(days=10))
    assert deadlines(letter) == {finding.number: "2026年12月5日", later.number: "2026年12月15日"}
    assert "2026年12月5日" in str(feedback.facts)


def test_a_draft_gives_nobody_a_deadline(session: orm.Session, finding: Finding) -> None:
    drafted(session, finding)
    feedback = drafted(session, finding, "feedback")
    assert deadlines(signing.trial(session, feedback, DAY)) == {finding.number: "2026年12月5日"}


def test_a_letter_about_villages_goes_to_the_township_committee(
    session: orm.Session, finding: Finding
) -> None:
    assert signing.trial(session, drafted(session, finding)).to == ("中共河口镇委员会",)


def test_a_letter_about_departments_goes_to_each_party_group(session: orm.Session, county: Area) -> None:
    area = factories.make_area(session, parent=county, name="县直单位")
    units = [
        factories.make_unit(session, area, kind="department", name=name)
        for name in ("县民政局", "县财政局", "县审计局")
    ]
    first = factories.make_posting(session, unit=units[0])
    team = first.team
    others = [Posting(team=team, unit=unit, position=at) for at, unit in enumerate(units[1:], 1)]
    session.add_all(others)
    session.flush()
    finding = signed(session, first)
    signed(session, others[0])
    letter = signing.trial(session, drafted(session, finding), DAY)
    assert letter.to == ("县民政局党组", "县财政局党组")
    assert "县直单位" not in says(letter) and "县审计局" not in says(letter)
    assert "对县民政局、县财政局等2个单位开展了" in says(letter)


def test_full_names_of_villagers_leave_the_house_masked(
    session: orm.Session, posting: Posting, sign_in: SignIn
) -> None:
    summary = "村民王大明、李小红反映，承租户欧阳小青欠租；村民张某已缴。经办人赵国强补办手续。"
    finding = signed(session, posting, summary=summary, responsible="上湾村会计孙国庆")
    paper: Paper = drafted(session, finding)
    said = says(signing.trial(session, paper, DAY))
    for name in ("王大明", "李小红", "欧阳小青", "孙国庆"):
        assert name not in said and name not in str(paper.facts)
    assert "群众反映，承租户欧阳某某欠租；村民张某已缴。经办人赵某某补办手续。" in said
    assert set(names_in(session, paper).met) == {"王大明", "李小红", "欧阳小青", "赵国强", "孙国庆"}
    page = sign_in(factories.make_user(session)).get(f"/papers/{paper.uuid}").text
    assert "欧阳小青写作欧阳某某" in page


def test_a_word_that_may_be_a_name_is_decided_on_before_the_paper_is_checked(
    session: orm.Session, posting: Posting, sign_in: SignIn
) -> None:
    """It fails closed: masked until somebody says that it names nobody, and no check passes before."""
    finding = signed(session, posting, summary="经查，由高兴明签字领取，未公开。")
    paper: Paper = drafted(session, finding)
    words = list(names_in(session, paper).undecided)
    assert words and "高兴明" not in says(signing.trial(session, paper, DAY))
    checker = factories.make_user(session)
    with pytest.raises(Refusal, match="逐一确认.*" + words[0]):
        signing.check(session, paper, paper.version, checker)
    client = sign_in(checker)
    assert f"还有 {len(words)} 个词可能是人名" in client.get(f"/papers/{paper.uuid}").text
    for word in words:
        client.post(f"/papers/{paper.uuid}/names", data={"word": word, "no": ""})
    assert names_in(session, paper).undecided == {}
    assert "由高兴明签字" in says(signing.trial(session, paper, DAY))
    assert {check.is_name for check in session.scalars(sa.select(NameCheck))} == {False}
    decide(session, paper, words[0], True, checker)  # a second look: the first answer can be taken back
    assert "由高兴明签字" not in says(signing.trial(session, paper, DAY))
    decide(session, paper, words[0], False, checker)
    signing.check(session, paper, paper.version, checker)
    with pytest.raises(Refusal, match="已经核稿"):
        decide(session, paper, words[0], True, checker)
