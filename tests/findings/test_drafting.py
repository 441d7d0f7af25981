"""One problem, one working paper: its number, its revisions, and what it never holds."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, orm, select

from inspections.findings import drafting, review
from inspections.findings.drafting import Said
from inspections.findings.models import Finding, Photo
from inspections.journal import history
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.fieldwork.team import Stay, make_stay

SAID = Said("公开栏更新不及时", "A1", "S2", "最近一次公布为5月28日。", amount=Decimal("4860.50"))


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def test_the_number_names_year_round_team_unit_and_runs_on(session: orm.Session, stay: Stay) -> None:
    first, second = (drafting.draft(session, stay.posting, stay.member, SAID) for _ in range(2))
    team, unit = stay.posting.team, stay.posting.unit
    prefix = f"{team.round.start.year}{team.code}-{unit.code}-"
    assert [first.number, second.number] == [f"{prefix}001", f"{prefix}002"]


def test_a_paper_can_be_read_back_as_it_was_written(session: orm.Session, stay: Stay) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    session.commit()
    session.expire_all()
    assert Said.of(finding.current) == SAID
    assert (finding.state, finding.created_by) == ("draft", stay.member)
    assert [entry.act for entry in history(session, finding.uuid)] == ["finding.draft"]


@pytest.mark.both_databases
def test_the_same_form_sent_twice_is_one_paper(session: orm.Session, stay: Stay) -> None:
    name = uuid.uuid4()
    first, second = (drafting.draft(session, stay.posting, stay.member, SAID, name) for _ in range(2))
    assert first is second
    assert len(first.revisions) == 1
    assert session.scalar(select(func.count()).select_from(Finding)) == 1


def test_a_form_changed_after_going_back_is_the_papers_next_revision(
    session: orm.Session, stay: Stay
) -> None:
    name = uuid.uuid4()
    drafting.draft(session, stay.posting, stay.member, SAID, name)
    again = drafting.draft(session, stay.posting, stay.member, replace(SAID, place="村部"), name)
    assert [revision.place for revision in again.revisions] == ["", "村部"]


def test_another_person_cannot_take_over_a_forms_name(session: orm.Session, stay: Stay) -> None:
    name = uuid.uuid4()
    drafting.draft(session, stay.posting, stay.member, SAID, name)
    with pytest.raises(Conflict):
        drafting.draft(session, stay.posting, stay.leader, SAID, name)


@pytest.mark.parametrize("field", ["title", "summary", "process", "basis", "evidence", "statement", "place"])
def test_no_field_takes_the_number_of_a_person(session: orm.Session, stay: Stay, field: str) -> None:
    with pytest.raises(Refusal, match="不得录入身份证号、银行卡号"):
        drafting.draft(
            session, stay.posting, stay.member, replace(SAID, **{field: "村民王某110101199003070011"})
        )
    assert session.scalar(select(func.count()).select_from(Finding)) == 0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"title": " "}, "问题名称"),
        ({"summary": ""}, "问题概述"),
        ({"category": "Z9"}, "问题类别"),
        ({"severity": "S9"}, "严重程度"),
        ({"amount": Decimal("-1")}, "金额"),
        ({"amount": Decimal("1.005")}, "金额"),
        ({"amount": Decimal("NaN")}, "金额"),
        ({"title": "长" * 61}, "最多 60 字，现有 61 字"),
        ({"process": "\x00"}, "发现过程"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_the_name_of_its_field(
    session: orm.Session, stay: Stay, change: dict[str, object], named: str
) -> None:
    with pytest.raises(Refusal, match=named):
        drafting.draft(session, stay.posting, stay.member, replace(SAID, **change))  # type: ignore[arg-type]


def test_a_stranger_to_the_team_writes_no_paper(session: orm.Session, stay: Stay) -> None:
    with pytest.raises(Refusal, match="不在这个驻点的组内"):
        drafting.draft(session, stay.posting, make_stay(session).member, SAID)


def test_a_real_place_gets_no_paper(session: orm.Session) -> None:
    stay = make_stay(session, unit=factories.make_unit(session, planning_only=True))
    with pytest.raises(Refusal, match="真实地名"):
        drafting.draft(session, stay.posting, stay.member, SAID)


def test_an_edit_is_a_new_revision_and_the_old_one_stays(session: orm.Session, stay: Stay) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    drafting.revise(session, finding, stay.leader, replace(SAID, title="公开不及时"), seen=1)
    assert [(r.n, r.title, r.author.role) for r in finding.revisions] == [
        (1, "公开栏更新不及时", "member"),
        (2, "公开不及时", "leader"),
    ]


def test_an_edit_that_changes_nothing_is_no_revision(session: orm.Session, stay: Stay) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    assert len(drafting.revise(session, finding, stay.member, SAID, seen=1).revisions) == 1


@pytest.mark.both_databases
def test_the_second_of_two_editors_is_told_what_changed(session: orm.Session, stay: Stay) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    drafting.revise(session, finding, stay.leader, replace(SAID, place="村部", basis="第30条"), seen=1)
    with pytest.raises(Conflict) as told:
        drafting.revise(session, finding, stay.member, replace(SAID, title="别的"), seen=1)
    assert told.value.changes == ["地点", "定性依据"]
    assert stay.leader.name in str(told.value)


@pytest.mark.parametrize("state", ["submitted", "signed"])
def test_a_paper_handed_in_or_signed_cannot_be_edited(session: orm.Session, stay: Stay, state: str) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    review.submit(session, finding, stay.member, 1)
    if state == "signed":
        review.sign(session, finding, stay.leader, 1)
    with pytest.raises(Refusal, match="不能修改"):
        drafting.revise(session, finding, stay.member, replace(SAID, title="改"), seen=1)
    assert len(finding.revisions) == 1


def test_photographs_of_the_item_go_with_its_paper(session: orm.Session, stay: Stay) -> None:
    photo = Photo(
        id=uuid.uuid4(),
        posting=stay.posting,
        unit_id=stay.posting.unit_id,
        item_code="V-X-01",
        media_type="image/jpeg",
        width=1,
        height=1,
        size=1,
        sha256="0" * 64,
        author=stay.member,
    )
    session.add(photo)
    finding = drafting.draft(session, stay.posting, stay.member, SAID, item_code="V-X-01")
    assert finding.photos == [photo]


@pytest.mark.parametrize("seen", [0, 99])
def test_a_revision_that_there_never_was_overwrites_nothing(
    session: orm.Session, stay: Stay, seen: int
) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, SAID)
    with pytest.raises(Conflict):
        drafting.merge(session, finding, stay.leader, replace(SAID, title="别的名称"), seen)
    assert finding.current.n == 1
