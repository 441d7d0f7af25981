"""Power is shared between people, not accounts: three powers exclude each other, and nobody helps himself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import exc, orm, select

from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.accounts.permissions import POWERS
from inspections.fieldwork.ledger import record
from inspections.fieldwork.models import Quarantined
from inspections.findings import review
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Tie
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import SOFTENED, import_roster
from tests import factories
from tests.fieldwork.team import COUNT, make_stay, op
from tests.roster.roster_files import roster, write_xlsx

SignIn = Callable[[User], FlaskClient]


@pytest.mark.both_databases
def test_the_database_lets_nobody_hold_two_of_the_three_powers(session: orm.Session) -> None:
    person = factories.make_person(session)
    for one in POWERS:
        for other in POWERS:
            with session.begin_nested() as undone:
                factories.make_user(session, one, person=person)
                with pytest.raises(exc.IntegrityError), session.begin_nested():
                    factories.make_user(session, other, person=person, active=False, awaits=True)
                factories.make_user(session, other, person=person, active=False)  # of former days
                undone.rollback()
    factories.make_user(session, "planner", person=person)
    factories.make_user(session, "auditor", person=person)


def test_who_runs_the_system_is_told_why_he_cannot_watch_it_too(
    session: orm.Session, sign_in: SignIn
) -> None:
    person = factories.make_person(session, name="赵一心")
    factories.make_user(session, "admin", person=person)
    former = factories.make_user(session, "auditor", person=person, active=False)
    other = factories.make_user(session, "planner", person=person)
    client = sign_in(factories.make_user(session, "admin"))
    said = {"name": "赵一心", "role": "auditor", "person": "赵一心", "reason": "任命"}
    for answer in (
        client.post("/accounts/new", data=said),
        client.post(f"/accounts/{other.uuid}/change", data=said),
        client.post(f"/accounts/{former.uuid}/switch"),
    ):
        assert answer.status_code == 422 and "不能由同一人兼任" in answer.text
    session.expire_all()
    assert not former.active and other.role == "planner"


def test_an_account_that_decides_has_a_person_and_waits_for_a_leader(
    session: orm.Session, sign_in: SignIn
) -> None:
    client = sign_in(factories.make_user(session, "admin"))
    said = {"name": "周正", "login": "first", "role": "planner"}
    assert client.post("/accounts/new", data=said).status_code == 200  # before there is a roster
    assert session.scalars(select(User).where(User.login == "first")).one().active
    factories.make_person(session, name="周正")
    factories.make_user(session, "leadership")
    for role in confirming.DECIDING:
        duty = "deputy" if role == "leadership" else ""
        told = {"name": "周正", "login": f"x-{role.replace('_', '-')}", "role": role, "duty": duty}
        bare = client.post("/accounts/new", data=told)
        assert bare.status_code == 422 and "须对应名册中的一名人员" in bare.text, role
    for role in ("planner", "case_room", "admin"):
        told = {"name": "周正", "login": f"x-{role.replace('_', '-')}", "role": role, "person": "周正"}
        assert client.post("/accounts/new", data=told).status_code == 200
        made = session.scalars(select(User).where(User.login == told["login"])).one()
        assert made.awaits and not made.active, role


def test_nobody_helps_himself_by_a_second_account(session: orm.Session, sign_in: SignIn) -> None:
    person = factories.make_person(session, name="何二")
    admin = factories.make_user(session, "admin", person=person)
    own = factories.make_user(session, "member", person=person)
    stranger = factories.make_user(session, "member")
    client = sign_in(admin)
    said = {"name": "何二", "role": "leader", "person": "何二", "reason": "轮换"}
    for answer in (
        client.post(f"/accounts/{own.uuid}/change", data=said),
        client.post(f"/accounts/{stranger.uuid}/change", data=said),
        client.post(f"/accounts/{own.uuid}/reset", data={"reason": "忘记"}),
        client.post(f"/accounts/{own.uuid}/switch"),
        client.post(f"/accounts/{own.uuid}/second-factor/remove"),
    ):
        assert answer.status_code == 422 and "另一位管理员" in answer.text
    session.expire_all()
    assert (own.role, own.active, stranger.role) == ("member", True, "member")


def test_the_author_does_not_look_a_second_time_by_another_account(session: orm.Session) -> None:
    stay = make_stay(session)
    twin = factories.make_user(session, "member", person=stay.member.person)
    finding = factories.make_finding(session, posting=stay.posting, author=stay.member)
    assert review.reviewers(session, finding) == []
    assert not review.may_review(session, finding, twin)


def test_who_wrote_it_does_not_take_it_in_for_the_county(session: orm.Session, sign_in: SignIn) -> None:
    stay = make_stay(session)
    former = factories.make_user(session, "member")
    (ack,) = record(session, stay.posting, former, [op(COUNT, 3)])
    assert ack.reason == "not_in_team"
    (kept,) = session.scalars(select(Quarantined))
    own = factories.make_user(session, "planner", person=former.person)
    answer = sign_in(own).post(f"/quarantine/{kept.id}/accept", data={"reason": "已核对"})
    assert answer.status_code == 422 and "另一人" in answer.text
    opened = {"until": "2099-01-01", "reason": "补查"}
    leads = factories.make_user(session, "planner", person=stay.leader.person)
    told = sign_in(leads).post(f"/postings/{stay.posting.uuid}/reopen", data=opened)
    assert told.status_code == 422 and "另一人" in told.text


def test_a_file_hardens_a_tie_and_softens_none(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    import_roster(session, write_xlsx(tmp_path / "a.xlsx", roster()))
    desk = factories.make_user(session)
    for number, (place, value) in enumerate(
        (("回避!G2", "否"), ("回避!F2", "2024-01-01"), ("回避!F3", "2099-01-01"), ("回避!E2", "2023-01-01"))
    ):
        file = write_xlsx(tmp_path / f"soft{number}.xlsx", roster({place: value}))
        with pytest.raises(RosterFaults) as refused:
            import_roster(session, file, desk)
        assert [(fault.place, fault.sentence) for fault in refused.value.faults] == [(place, SOFTENED)]
    harder = roster({"回避!F2": None, "回避!E2": None, "回避!G3": "是"})
    import_roster(session, write_xlsx(tmp_path / "hard.xlsx", harder), desk)
    session.expire_all()
    first, second = session.scalars(select(Tie).order_by(Tie.id))
    assert (first.valid_from, first.valid_to, second.hard) == (None, None, True)
