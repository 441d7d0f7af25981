"""A letter from draft to issue: what it may cite, its number, its bytes, and two people at one draft."""

import datetime as dt
import hashlib
import io
import json
import threading
from collections.abc import Callable

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exc, orm, select

from inspections.accounts.models import User
from inspections.documents.course import issue, signing
from inspections.documents.models import NumberSeries, Paper, PaperFile
from inspections.findings.models import Finding
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.facts_json import dump_facts, parse_facts
from tests import factories

DAY = dt.date(2026, 11, 5)


def drafted(session: orm.Session, finding: Finding, kind: str = "handover") -> Paper:
    place = finding.posting
    return issue.draft(session, kind, place.team.round, place.unit.area, None)


def test_a_letter_cites_signed_findings_only(session: orm.Session, finding: Finding) -> None:
    for state in ("draft", "submitted", "returned"):
        factories.make_finding(session, finding.posting, state=state)
    assert [cited.id for cited in drafted(session, finding).findings] == [finding.id]


def test_a_letter_never_cites_an_s4_finding(session: orm.Session, finding: Finding) -> None:
    grave = factories.make_finding(
        session, finding.posting, state="signed", severity="S4", summary="须研判的事项"
    )
    paper = drafted(session, finding)
    assert grave not in paper.findings
    assert "须研判的事项" not in str(paper.facts)
    with pytest.raises(Refusal):
        issue.revise(session, paper, {}, paper.version, None, only={grave.uuid})


def test_a_township_without_signed_findings_gets_no_letter(session: orm.Session, finding: Finding) -> None:
    other = factories.make_area(session, parent=finding.posting.unit.area.parent)
    with pytest.raises(Refusal, match="没有可以列入"):
        issue.draft(session, "handover", finding.posting.team.round, other, None)


def test_what_was_handed_over_is_not_offered_again(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    factories.send_out(session, paper, DAY)
    with pytest.raises(Refusal, match="没有可以列入"):
        drafted(session, finding)


def test_numbers_are_given_at_issue_without_gaps_and_per_year(session: orm.Session, finding: Finding) -> None:
    given = []
    for day in (DAY, DAY, dt.date(2027, 1, 4), DAY):
        place = finding.posting
        each = factories.make_finding(session, place, state="signed", basis="规定", responsible="上湾村")
        paper = issue.draft(session, "handover", place.team.round, place.unit.area, None, {each.uuid})
        assert paper.number is None
        factories.send_out(session, paper, day)
        given.append((paper.year, paper.number))
    assert given == [(2026, 1), (2026, 2), (2027, 1), (2026, 3)]


def test_issuing_with_a_fact_missing_is_refused_by_name_and_takes_no_number(
    session: orm.Session, finding: Finding
) -> None:
    paper = drafted(session, finding, "feedback")
    with pytest.raises(Refusal, match="总体评价"):
        factories.send_out(session, paper, DAY)
    assert paper.state == "draft"
    assert session.scalar(select(NumberSeries)) is None


def test_a_draft_changed_by_somebody_else_is_not_overwritten(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    seen = paper.version
    issue.revise(session, paper, {"report_to": "第一人写的部门"}, seen, factories.make_user(session))
    with pytest.raises(Conflict) as conflict:
        issue.revise(session, paper, {"report_to": "第二人写的部门"}, seen, factories.make_user(session))
    assert paper.wording["report_to"] == "第一人写的部门"
    assert any("修改了文书内容" in change for change in conflict.value.changes)


def test_an_issued_letter_is_printed_once_and_its_bytes_are_kept(
    app: Flask, session: orm.Session, finding: Finding
) -> None:
    paper = drafted(session, finding)
    factories.send_out(session, paper, DAY)
    session.commit()
    for _ in range(2):  # a worker killed after printing runs the job again
        issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    (file,) = paper.files
    assert (paper.state, file.status) == ("issued", "issued")
    assert hashlib.sha256(file.data).hexdigest() == file.sha256
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.data)).pages)
    assert "测纪函〔2026〕1号" in text
    assert "公开栏137天没有更新" in text.replace("\n", "")
    with pytest.raises(Refusal, match="不能再修改"):
        issue.revise(session, paper, {}, paper.version, None)


def test_stored_bytes_cannot_be_exchanged(app: Flask, session: orm.Session, finding: Finding) -> None:
    paper = factories.make_paper(session, [finding])
    session.commit()
    paper.files[0].data = b"%PDF-forged"
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.flush()


def test_a_letter_has_at_most_one_issued_file(session: orm.Session, finding: Finding) -> None:
    paper = factories.make_paper(session, [finding])
    session.add(PaperFile(paper=paper, version=2, status="issued", data=b"x", sha256="0", pages=1))
    with pytest.raises(exc.IntegrityError):
        session.flush()


def test_a_job_for_an_older_version_prints_nothing(
    app: Flask, session: orm.Session, finding: Finding
) -> None:
    paper = drafted(session, finding)
    session.commit()
    old = issue.job_key(paper)
    issue.revise(session, paper, {"report_to": "别的部门"}, paper.version, None)
    session.commit()
    issue.render_job(app.extensions["sessions"], old)
    session.expire_all()
    assert paper.files == []


def test_what_a_draft_says_survives_its_storage(session: orm.Session, finding: Finding) -> None:
    facts = drafted(session, finding).facts
    assert dump_facts(parse_facts(json.dumps(facts).encode())) == facts


@pytest.mark.parametrize(
    ("report_to", "sentence"),
    [("第𠮷室🏠", "没有字体"), ("县纪委\u200b办公室", "不可见字符")],
)
def test_what_cannot_be_printed_is_refused_before_a_number_is_given(
    session: orm.Session, finding: Finding, report_to: str, sentence: str
) -> None:
    paper = drafted(session, finding)
    issue.revise(session, paper, {"report_to": report_to}, paper.version, None)
    with pytest.raises(Refusal, match=sentence):
        factories.send_out(session, paper, DAY)
    assert paper.state == "draft"
    assert session.scalar(select(NumberSeries)) is None


def test_a_personal_number_never_reaches_a_letter(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    with pytest.raises(Refusal, match="不得录入"):
        issue.revise(session, paper, {"appraisal": "联系人证件420281198001011234"}, paper.version, None)
    assert "420281198001011234" not in str(paper.wording) + str(paper.facts)


@pytest.mark.both_databases
def test_letters_issued_at_the_same_moment_get_different_numbers(engine: sa.Engine) -> None:
    """Two real connections, as two planners have them; the series row does not exist yet."""
    code = f"并{engine.dialect.name}"
    given: list[int] = []

    def take() -> None:
        with orm.Session(engine) as own:
            number = signing.next_number(own, code, 2026)
            own.commit()
            given.append(number)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with orm.Session(engine) as own:
        own.delete(own.get_one(NumberSeries, (code, 2026)))
        own.commit()
    assert sorted(given) == [1, 2, 3, 4]


def test_the_fonts_that_really_printed_it_stand_with_the_bytes(
    app: Flask, session: orm.Session, finding: Finding, sign_in: Callable[[User], FlaskClient]
) -> None:
    paper = drafted(session, finding)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.file is not None
    assert paper.file.fonts
    assert all(
        "/" not in file and file.lower().endswith(("otf", "ttf", "ttc")) for file in paper.file.fonts.values()
    )
    page = sign_in(factories.make_user(session)).get(f"/papers/{paper.uuid}").get_data(as_text=True)
    assert "所用字体" in page
