"""Who wrote in time is taken in, whenever it arrives; who never had a seat is not; nothing is lost."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import now, today
from inspections.fieldwork import answers
from inspections.fieldwork.entry.rights import Admission
from inspections.fieldwork.ledger import record
from inspections.fieldwork.models import Operation, Quarantined
from inspections.findings.models import Finding
from inspections.rounds.models import FormerTeam, Posting, Team
from tests import factories
from tests.fieldwork.team import COUNT, DAYS, YES_NO, Stay, make_stay, op

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    """A stay that began four days ago."""
    return make_stay(session, round=factories.make_round(session, start=today() - dt.timedelta(days=4)))


def moved_on(session: orm.Session, stay: Stay, when: dt.datetime) -> User:
    """The person who has the member's seat since then, as publishing a repaired plan leaves it."""
    follower = factories.make_user(session, "member")
    people = {stay.leader.person: "leader", follower.person: "finance", stay.village.person: "member"}
    before = stay.posting.team
    before.plan.state = "superseded"
    session.flush()
    other = factories.make_posting(session, people, round=before.round)
    team = other.team
    session.add(FormerTeam(posting_id=stay.posting.id, team_id=before.id, until=when))
    session.delete(other)
    session.flush()
    stay.posting.team = session.get_one(Team, team.id)
    session.flush()
    session.expire_all()
    return follower


def on(days: int) -> str:
    """Noon so many days ago, as a tablet writes it."""
    return (now() - dt.timedelta(days=days)).isoformat()


def send(browser: FlaskClient, stay: Stay, *operations: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    whole = [{"visit": str(stay.posting.uuid)} | operation for operation in operations]
    hello = browser.get("/api/hello").json
    spoken = {"protocol": 2, "epoch": hello["epoch"], "user_id": hello["user_id"], "device": "T1"} | more
    answer = browser.post("/api/ops", json=spoken | {"ops": whole})
    assert answer.status_code == 200, answer.text
    return list(answer.json["acks"])


@pytest.mark.both_databases
def test_a_replaced_members_week_arrives_late_under_the_own_name(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=1))
    paper = {"title": "公示不全", "category": "A1", "severity": "S2", "summary": "未公示。", "seen": None}
    written = [
        op(COUNT, 3, at=on(2)),
        op(COUNT, "看过账册", field="note", at=on(2)),
        op(f"finding:{uuid.uuid4()}", paper, field="paper", at=on(2)),
    ]
    acks = send(sign_in(stay.member), stay, *written)
    assert [(ack["status"], ack.get("late")) for ack in acks] == [("ok", True)] * 3
    rows = session.scalars(select(Operation)).all()
    assert {(row.author_id, row.late) for row in rows} == {(stay.member.id, True)}
    assert session.scalars(select(Finding.created_by_id)).all() == [stay.member.id]
    (after,) = send(sign_in(stay.member), stay, op(DAYS, 1, at=on(0)))
    assert (after["status"], after["reason"]) == ("refused", "not_in_team")
    told = sign_in(stay.leader).get(f"/api/changes?visit={stay.posting.uuid}").json["ops"]
    assert [each["late"] for each in told] == [True] * 3


def test_what_the_ledger_has_is_dup_after_the_right_has_ended(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    edit = op(COUNT, 3, at=on(0))
    browser = sign_in(stay.member)
    (first,) = send(browser, stay, edit)
    moved_on(session, stay, now() - dt.timedelta(days=1))
    (again,) = send(sign_in(stay.member), stay, edit)
    assert (again["status"], again["seq"]) == ("dup", first["seq"])
    (other,) = send(sign_in(stay.member), stay, edit | {"value": 4})
    assert (other["status"], other["reason"]) == ("refused", "id_reused")


def test_a_clock_that_is_ahead_is_put_right_before_the_right_is_asked(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=1))
    ahead = dt.timedelta(days=400)
    edit = op(COUNT, 3, at=(now() - dt.timedelta(days=2) + ahead).isoformat())
    (wrong,) = send(sign_in(stay.member), stay, edit)
    assert wrong["status"] == "refused"
    (right,) = send(sign_in(stay.member), stay, edit, skew_ms=int(ahead.total_seconds() * 1000))
    assert (right["status"], right["late"]) == ("ok", True)


def test_a_village_member_brings_the_stay_home_after_it_has_ended(
    session: orm.Session, sign_in: SignIn
) -> None:
    ended = factories.make_round(
        session, start=today() - dt.timedelta(days=9), end=today() - dt.timedelta(days=2)
    )
    stay = make_stay(session, round=ended)
    during, after = op(COUNT, 3, at=on(4)), op(YES_NO, "no", at=on(0))
    first, second = send(sign_in(stay.village), stay, during, after)
    assert (first["status"], first["late"], second["status"]) == ("ok", True, "refused")


def test_who_never_had_a_seat_is_refused_whatever_the_clock_says(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    (ack,) = send(sign_in(make_stay(session).member), stay, op(COUNT, 3, at=on(2)))
    assert (ack["status"], ack["reason"]) == ("refused", "not_in_team")


def test_the_planner_takes_a_replaced_members_operation_in_and_it_is_the_authors(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=3))
    edit = op(COUNT, 3, at=on(0))
    (refused,) = send(sign_in(stay.member), stay, edit)
    assert refused["reason"] == "not_in_team"
    (kept,) = session.scalars(select(Quarantined))
    desk = sign_in(factories.make_user(session, "planner"))
    number = desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "核对 110101199003070011"})
    assert number.status_code == 422
    answer = desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "已当面核对"})
    assert answer.status_code == 302, answer.text
    (row,) = session.scalars(select(Operation))
    assert (row.id, row.author_id) == (uuid.UUID(edit["id"]), stay.member.id)
    (again,) = send(sign_in(stay.member), stay, edit)
    assert again["status"] == "dup"


def test_a_number_of_a_person_is_blotted_before_it_is_kept_and_the_rest_is_there(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    sample = {
        "checked": 3,
        "abnormal": 2,
        "detail": "户主 110101 19900307 0011，卡 ６２２２０２１２３４５６７８９０１２３",
        "cases": [{"what": "身份证110101199003070011漏登", "photos": []}],
    }
    acks = send(
        sign_in(stay.member),
        stay,
        op("V-X-07", sample),
        op(COUNT, 110101199003070011),
        op(COUNT, "x", field="note", odd={"6222021234567890123": ["6222-0212-3456-7890"]}),
    )
    assert [ack["status"] for ack in acks] == ["refused", "refused", "ok"]
    bodies = str([row.body for row in session.scalars(select(Quarantined))])
    assert "19900307" not in bodies.replace(" ", "")
    assert "漏登" in bodies
    assert "［身份证号］" in bodies
    page = sign_in(factories.make_user(session, "planner")).get("/quarantine").text
    assert "19900307" not in page.replace(" ", "")
    (again,) = send(sign_in(stay.member), stay, op("V-X-07", sample))
    assert again["status"] == "refused"


@pytest.mark.both_databases
def test_a_malformed_operation_with_a_good_id_is_kept(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    whole = op(COUNT, 3)
    bad = [
        {"id": str(uuid.uuid4())},
        op(COUNT, 3, at="昨天"),
        op(COUNT, 3, visit=str(uuid.uuid4())),
        {"id": str(uuid.uuid4()), "visit": "nonsense", "value": "三户"},
        {key: each for key, each in whole.items() if key != "value"},
    ]
    acks = send(sign_in(stay.member), stay, *bad)
    assert [ack["reason"] for ack in acks] == [
        "malformed",
        "malformed",
        "not_in_team",
        "not_in_team",
        "malformed",
    ]
    kept = {str(each) for each in session.scalars(select(Quarantined.operation_id))}
    assert kept == {each["id"] for each in bad}
    assert sign_in(factories.make_user(session, "planner")).get("/quarantine").status_code == 200


@pytest.mark.parametrize("base", [999_999, 2**31 - 1, 10**30, -1, 0])
def test_a_base_that_the_ledger_does_not_have_was_never_seen(
    session: orm.Session, stay: Stay, base: int
) -> None:
    record(session, stay.posting, stay.member, [op(COUNT, 3)])
    (ack,) = record(session, stay.posting, stay.village, [op(COUNT, 5, base=base)])
    assert ack.status == "conflict"
    answer = answers.sheet(session, stay.posting).answer(COUNT)
    assert answer is not None
    assert (answer.value, [each.value for each in answer.merged.held]) == (3, [5])


def test_a_base_of_another_item_was_never_seen(session: orm.Session, stay: Stay) -> None:
    record(session, stay.posting, stay.member, [op(COUNT, 3)])
    (other,) = record(session, stay.posting, stay.member, [op(DAYS, 3)])
    (ack,) = record(session, stay.posting, stay.village, [op(COUNT, 5, base=other.seq)])
    assert ack.status == "conflict"


def test_what_was_seen_is_known_by_its_id_where_its_place_means_nothing(
    session: orm.Session, stay: Stay
) -> None:
    first = op(COUNT, 3)
    record(session, stay.posting, stay.member, [first])
    (ack,) = record(session, stay.posting, stay.village, [op(COUNT, 5, base=4711, saw=first["id"])])
    assert ack.status == "ok"


def test_a_replaced_leaders_resolution_of_that_time_counts_and_a_later_one_does_not(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    (five,) = record(session, stay.posting, stay.member, [op(COUNT, 5)])
    (seven,) = record(session, stay.posting, stay.village, [op(COUNT, 7)])
    photo = op(COUNT, {}, field="photos", kind="add")
    record(session, stay.posting, stay.member, [photo])
    before, leader = stay.posting.team, factories.make_user(session, "leader")
    moved_on(session, stay, now() - dt.timedelta(days=1))
    seats = {each.slot: each for each in stay.posting.team.members}
    seats["leader"].person = leader.person
    session.flush()
    session.expire_all()
    assert before.id != stay.posting.team_id
    named = {"settles": [five.seq, seven.seq], "reason": "核对账册", "kind": "resolve"}
    removal = op(COUNT, photo["id"], field="photos", kind="remove", at=on(2))
    late, gone = send(sign_in(stay.leader), stay, op(COUNT, 7, at=on(2)) | named, removal)
    assert (late["status"], late["late"], gone["status"]) == ("ok", True, "ok")
    (now_,) = send(sign_in(stay.leader), stay, op(COUNT, 5, at=on(0)) | named)
    assert now_["status"] == "refused"
    (own,) = send(sign_in(stay.village), stay, op(COUNT, 5, at=on(2)) | named)
    assert (own["status"], own["reason"]) == ("refused", "not_leader")
    answer = answers.sheet(session, stay.posting).answer(COUNT)
    assert answer is not None
    assert (answer.value, answer.merged.held) == (7, ())


def test_after_a_restore_words_count_in_the_order_of_writing_whoever_comes_first(
    session: orm.Session, stay: Stay
) -> None:
    """An answer, a resolution, a removal: each comes before what its author knew."""
    three, four = op(COUNT, 3), op(COUNT, 4)
    four["saw"] = [three["id"]]
    (first,) = record(session, stay.posting, stay.leader, [four])
    (second,) = record(session, stay.posting, stay.member, [three])
    assert (first.status, second.status) == ("ok", "ok")
    five, seven = op(DAYS, 5), op(DAYS, 7)
    names = {"settles": [4711, 4712], "settles_ids": [five["id"], seven["id"]], "reason": "核对"}
    record(session, stay.posting, stay.leader, [op(DAYS, 7, kind="resolve") | names])
    record(session, stay.posting, stay.member, [five])
    record(session, stay.posting, stay.village, [seven])
    sheet = answers.sheet(session, stay.posting)
    for code, value in ((COUNT, 4), (DAYS, 7)):
        answer = sheet.answer(code)
        assert answer is not None
        assert (answer.value, answer.merged.held, len(answer.merged.standing)) == (value, (), 1)
    photo = op(COUNT, {}, field="photos", kind="add")
    removal = op(COUNT, photo["id"], field="photos", kind="remove")
    acks = [
        record(session, stay.posting, who, [it])[0]
        for who, it in ((stay.leader, removal), (stay.member, photo))
    ]
    assert [each.status for each in acks] == ["ok", "ok"]
    assert photo["id"] in answers.removed_photos(session, stay.posting)


def test_after_a_restore_a_paper_is_its_first_authors_and_says_the_newest_words(
    session: orm.Session, stay: Stay
) -> None:
    name, said = f"finding:{uuid.uuid4()}", {"category": "A1", "severity": "S2", "summary": "未公示。"}
    words = [
        said | {"title": title, "seen": seen}
        for seen, title in ((None, "初稿"), (1, "改过"), (2, "组长改"), (3, "再改"))
    ]
    own = [op(name, words[n], field="paper") for n in (0, 1, 3)]
    (leads,) = record(session, stay.posting, stay.leader, [op(name, words[2], field="paper")])
    acks = record(session, stay.posting, stay.member, own)
    assert [leads.status, *(each.status for each in acks)] == ["ok"] * 4, acks
    paper = session.scalars(select(Finding)).one()
    session.refresh(paper)
    assert (paper.created_by_id, paper.current.title) == (stay.member.id, "再改")
    assert [each.title for each in paper.revisions] == ["组长改", "再改"]


def test_the_county_takes_refused_words_in_in_any_order_and_the_newest_stands(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=3))
    three, four = op(COUNT, 3, at=on(0)), op(COUNT, 4, at=on(0))
    four["saw"] = [three["id"]]
    assert {each["reason"] for each in send(sign_in(stay.member), stay, three, four)} == {"not_in_team"}
    desk = sign_in(factories.make_user(session, "planner"))
    for kept in session.scalars(select(Quarantined).order_by(Quarantined.id.desc())).all():
        assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "已当面核对"}).status_code == 302
    session.expire_all()
    answer = answers.sheet(session, stay.posting).answer(COUNT)
    assert answer is not None
    assert (answer.value, answer.merged.held) == (4, ())


def test_the_leaders_resolution_leaves_what_came_since(session: orm.Session, stay: Stay) -> None:
    third = factories.make_user(session, "member")
    (five,) = record(session, stay.posting, stay.member, [op(COUNT, 5)])
    (seven,) = record(session, stay.posting, stay.village, [op(COUNT, 7)])
    record(session, stay.posting, third, [op(COUNT, 9)], admission=Admission.COUNTY)
    resolution = op(COUNT, 7, kind="resolve", base=five.seq, reason="核对账册")
    record(session, stay.posting, stay.leader, [resolution | {"settles": [five.seq, seven.seq]}])
    answer = answers.sheet(session, stay.posting).answer(COUNT)
    assert answer is not None
    assert (answer.value, [each.value for each in answer.merged.held]) == (7, [9])


def test_at_the_next_version_of_a_plan_the_team_that_had_the_visit_is_remembered(
    session: orm.Session, stay: Stay
) -> None:
    from inspections.planning.refits import take_over

    old, round_ = stay.posting.team, stay.posting.team.round
    cycle = old.plan.cycle
    newer = factories.make_posting(session, {}, unit=stay.posting.unit, round=round_, state="approved")
    newer.team.plan.cycle = cycle
    session.flush()
    take_over(session, old.plan, newer.team.plan)
    session.expire_all()
    (former,) = session.scalars(select(FormerTeam))
    posting = session.get_one(Posting, stay.posting.id)
    assert (former.posting_id, former.team_id) == (posting.id, old.id)
    assert posting.team_id != old.id
