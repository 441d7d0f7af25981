"""The one way into the checklist: idempotent, one answer per edit, nothing lost between two people."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc, func, orm, select

from inspections.accounts.models import User
from inspections.database import Base, open_engine
from inspections.fieldwork import answers, ledger
from inspections.fieldwork.ledger import record
from inspections.fieldwork.models import Operation, Quarantined
from inspections.journal import JournalEntry
from inspections.rounds.models import Posting, today
from tests import factories
from tests.fieldwork.team import (
    COUNT,
    DAYS,
    MONEY,
    RATIO,
    SAMPLE,
    YES_NO,
    YES_NO_NA,
    Stay,
    make_stay,
    op,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def one(session: orm.Session, stay: Stay, author: Any, operation: dict[str, Any]) -> ledger.Ack:
    (ack,) = record(session, stay.posting, author, [operation])
    return ack


def now(session: orm.Session, stay: Stay, code: str) -> answers.Answer:
    found = answers.sheet(session, stay.posting).answer(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (YES_NO, "no"),
        (YES_NO_NA, "na"),
        (COUNT, 3),
        (DAYS, 137),
        (MONEY, "4860.5"),
        (RATIO, "0.07"),
        (SAMPLE, {"checked": 20, "abnormal": 3, "detail": "第3、7、12号凭证"}),
        (SAMPLE, {"state": "impossible", "reason": "账册已送审计"}),
    ],
)
def test_an_answer_of_each_type_can_be_read_back(
    session: orm.Session, stay: Stay, item: str, value: Any
) -> None:
    ack = one(session, stay, stay.member, op(item, value))
    assert (ack.status, ack.reason) == ("ok", None)
    session.expire_all()
    answer = now(session, stay, item)
    assert answer.value == value
    assert answer.merged.current is not None
    assert answer.merged.current.author == stay.member
    assert answer.merged.current.client_time == dt.datetime(2026, 10, 12, 1, 30, tzinfo=dt.UTC)


def test_the_same_edit_sent_again_changes_nothing(session: orm.Session, stay: Stay) -> None:
    edit = op(COUNT, 3)
    first, second = (one(session, stay, stay.member, edit) for _ in range(2))
    assert (first.status, second.status) == ("ok", "dup")
    assert first.seq == second.seq
    assert session.scalar(select(func.count()).select_from(Operation)) == 1


def test_another_body_under_the_same_id_is_refused_and_kept_in_quarantine(
    session: orm.Session, stay: Stay
) -> None:
    edit = op(COUNT, 3)
    one(session, stay, stay.member, edit)
    for _ in range(2):
        ack = one(session, stay, stay.member, edit | {"value": 4})
        assert (ack.status, ack.reason) == ("refused", "id_reused")
    assert now(session, stay, COUNT).value == 3
    (kept,) = session.scalars(select(Quarantined))
    assert kept.body["value"] == 4


def test_an_id_used_at_another_posting_is_refused(session: orm.Session, stay: Stay) -> None:
    edit = op(COUNT, 3)
    one(session, stay, stay.member, edit)
    other = factories.make_posting(session, {stay.member.person: "finance"})
    (ack,) = record(session, other, stay.member, [edit])
    assert ack.reason == "id_reused"


def test_one_refused_edit_does_not_hold_up_the_others(session: orm.Session, stay: Stay) -> None:
    edits = [op(YES_NO, "yes"), op(COUNT, -1), op("V-Z-99", 1), {"id": "nonsense"}, op(DAYS, 5)]
    acks = record(session, stay.posting, stay.member, edits)
    assert [ack.status for ack in acks] == ["ok", "refused", "refused", "refused", "ok"]
    assert [ack.reason for ack in acks] == [None, "value", "unknown_item", "malformed", None]
    assert acks[1].sentence == "数量应为 0 至 999999 的整数。"
    assert answers.sheet(session, stay.posting).done == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"field": "picture"}, "unknown_field"),
        ({"kind": "add"}, "kind"),
        ({"kind": "resolve", "field": "note", "value": "x"}, "kind"),
        ({"kind": "resolve"}, "not_leader"),
        ({"base": "7"}, "malformed"),
        ({"base": True}, "malformed"),
        ({"at": "昨天"}, "malformed"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "malformed"),
        ({"at": "2026-10-12T09:30:00"}, "malformed"),
        ({"visit": str(uuid.uuid4())}, "wrong_visit"),
        ({"template_version": 999_999}, "template_version"),
        ({"field": "note", "value": "身份证 110101199003070011"}, "value"),
    ],
)
def test_an_edit_is_refused_only_for_a_stated_reason(
    session: orm.Session, stay: Stay, change: dict[str, Any], reason: str
) -> None:
    ack = one(session, stay, stay.member, op(COUNT, 1) | change)
    assert (ack.status, ack.reason) == ("refused", reason)
    assert ack.sentence.endswith("。")
    assert session.scalar(select(func.count()).select_from(Operation)) == 0


def test_a_stranger_to_the_team_is_refused(session: orm.Session, stay: Stay) -> None:
    assert one(session, stay, make_stay(session).member, op(COUNT, 1)).reason == "not_in_team"


def test_before_the_release_day_nobody_writes(session: orm.Session) -> None:
    later = factories.make_round(session, start=today() + dt.timedelta(days=3))
    stay = make_stay(session, round=later)
    assert one(session, stay, stay.leader, op(COUNT, 1)).reason == "not_in_team"


def test_a_real_place_takes_no_answer(session: orm.Session) -> None:
    stay = make_stay(session, unit=factories.make_unit(session, planning_only=True))
    assert one(session, stay, stay.leader, op(COUNT, 1)).reason == "real_place"


def test_an_answer_by_someone_who_had_not_seen_the_first_is_kept_beside_it(
    session: orm.Session, stay: Stay
) -> None:
    assert one(session, stay, stay.member, op(COUNT, 3)).status == "ok"
    assert one(session, stay, stay.leader, op(COUNT, 5)).status == "conflict"
    answer = now(session, stay, COUNT)
    assert answer.value == 3
    assert [edit.value for edit in answer.merged.held] == [5]


def test_the_same_answer_by_two_people_is_no_conflict(session: orm.Session, stay: Stay) -> None:
    one(session, stay, stay.member, op(COUNT, 3))
    assert one(session, stay, stay.leader, op(COUNT, 3)).status == "ok"
    assert not now(session, stay, COUNT).merged.held


def test_who_saw_the_first_answer_may_replace_it(session: orm.Session, stay: Stay) -> None:
    first = one(session, stay, stay.member, op(COUNT, 3))
    assert one(session, stay, stay.leader, op(COUNT, 5, base=first.seq)).status == "ok"
    assert now(session, stay, COUNT).value == 5
    # the member, who saw only the own answer, does not overwrite the leader's
    assert one(session, stay, stay.member, op(COUNT, 4, base=first.seq)).status == "conflict"
    assert now(session, stay, COUNT).value == 5


def test_one_may_correct_oneself_from_an_old_page(session: orm.Session, stay: Stay) -> None:
    one(session, stay, stay.member, op(COUNT, 3))
    assert one(session, stay, stay.member, op(COUNT, 4)).status == "ok"


def test_the_leader_settles_a_conflict_and_no_late_edit_overwrites_it(
    session: orm.Session, stay: Stay
) -> None:
    first = one(session, stay, stay.member, op(COUNT, 3))
    one(session, stay, stay.village, op(COUNT, 5))
    assert (
        one(
            session, stay, stay.leader, op(COUNT, 5, kind="resolve", base=first.seq, reason="核对账册")
        ).status
        == "ok"
    )
    answer = now(session, stay, COUNT)
    assert (answer.value, answer.merged.held) == (5, ())
    for late in (stay.member, stay.leader):  # the leader's other tablet may be late too
        assert one(session, stay, late, op(COUNT, 9, base=first.seq)).status == "conflict"
    assert now(session, stay, COUNT).value == 5


def test_notes_belong_to_their_author_and_never_conflict(session: orm.Session, stay: Stay) -> None:
    for author, text in ((stay.member, "已看账"), (stay.leader, "再核"), (stay.member, "账已看两遍")):
        assert one(session, stay, author, op(COUNT, text, field="note")).status == "ok"
    notes = {note.author_id: note.value for note in now(session, stay, COUNT).notes}
    assert notes == {stay.member.id: "账已看两遍", stay.leader.id: "再核"}


def test_a_withdrawn_answer_is_no_longer_done_but_stays_in_the_history(
    session: orm.Session, stay: Stay
) -> None:
    first = one(session, stay, stay.member, op(YES_NO, "no"))
    assert now(session, stay, YES_NO).abnormal
    one(session, stay, stay.member, op(YES_NO, None, base=first.seq))
    assert not now(session, stay, YES_NO).done
    assert [edit.value for edit in answers.history(session, stay.posting, YES_NO)] == [None, "no"]


def test_progress_counts_what_is_answered(session: orm.Session, stay: Stay) -> None:
    unchecked = {"state": "unchecked", "reason": "时间不足"}
    record(session, stay.posting, stay.member, [op(YES_NO, "yes"), op(COUNT, 1), op(DAYS, unchecked)])
    record(session, stay.posting, stay.member, [op(MONEY, "只有备注", field="note")])
    assert answers.progress(session, [stay.posting]) == {stay.posting.id: (3, 7)}
    (section,) = answers.sheet(session, stay.posting).sections
    assert (section.done, section.total) == (3, 7)


def test_too_small_a_sample_is_marked(session: orm.Session, stay: Stay) -> None:
    one(session, stay, stay.member, op(SAMPLE, {"checked": 4, "abnormal": 0}))
    assert now(session, stay, SAMPLE).short_of_sample


def test_a_posting_keeps_the_version_with_which_it_began(session: orm.Session, stay: Stay) -> None:
    one(session, stay, stay.member, op(COUNT, 1, template_version=stay.checklist.version))
    newer = factories.make_checklist(session)
    assert one(session, stay, stay.member, op(DAYS, 1, template_version=newer.version)).reason == (
        "template_version"
    )
    assert one(session, stay, stay.member, op(DAYS, 1)).status == "ok"
    assert answers.checklist_of(session, stay.posting) == stay.checklist


def test_a_stay_may_begin_with_the_version_its_tablet_holds(session: orm.Session, stay: Stay) -> None:
    factories.make_checklist(session)
    assert (
        one(session, stay, stay.member, op(COUNT, 1, template_version=stay.checklist.version)).status == "ok"
    )
    assert answers.checklist_of(session, stay.posting) == stay.checklist


def test_a_department_is_asked_its_own_checklist(session: orm.Session) -> None:
    stay = make_stay(session, kind="department", unit=factories.make_unit(session, kind="department"))
    assert one(session, stay, stay.member, op(COUNT, 1)).status == "ok"
    assert answers.checklist_of(session, stay.posting).kind == "department"


def test_the_ledger_cannot_be_altered(session: orm.Session, stay: Stay) -> None:
    one(session, stay, stay.member, op(COUNT, 3))
    session.commit()
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.execute(sa.update(Operation).values(item="x"))


def test_what_was_accepted_stands_in_the_journal(session: orm.Session, stay: Stay) -> None:
    record(session, stay.posting, stay.member, [op(COUNT, 3), op(DAYS, 4), op("V-Z-99", 1)])
    entry = session.scalar(select(JournalEntry).where(JournalEntry.subject == stay.posting.uuid))
    assert entry is not None
    assert (entry.act, entry.detail) == ("answer.record", {"edits": 2, "conflicts": 0})


@pytest.fixture
def own_database(engine: sa.Engine, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of this test alone: it commits, and the ledger of the others could not be cleaned."""
    if engine.dialect.name == "sqlite":
        opened = open_engine(f"sqlite:///{tmp_path / 'own.db'}")
    else:
        name = f"own_{uuid.uuid4().hex}"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        opened = open_engine(engine.url.set(database=name).render_as_string(hide_password=False))
    Base.metadata.create_all(opened)
    yield opened
    opened.dispose()


def test_the_same_edit_from_five_requests_at_once_is_one_row(own_database: sa.Engine) -> None:
    with orm.Session(own_database) as setting:
        stay = make_stay(setting)
        posting_id, author_id = stay.posting.id, stay.member.id
        setting.commit()
    edit = op(COUNT, 3)
    start = threading.Barrier(5)
    statuses: list[str] = []

    def send() -> None:
        with orm.Session(own_database) as session:
            start.wait(10)
            author = session.get_one(User, author_id)
            (ack,) = record(session, session.get_one(Posting, posting_id), author, [edit])
            session.commit()
            statuses.append(ack.status)

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == ["dup"] * 4 + ["ok"]
    with orm.Session(own_database) as session:
        assert session.scalar(select(func.count()).select_from(Operation)) == 1


def test_an_id_that_another_request_is_just_using_is_refused_and_the_rest_goes_in(
    own_database: sa.Engine,
) -> None:
    with orm.Session(own_database) as setting:
        stay = make_stay(setting)
        other = factories.make_posting(setting, {stay.member.person: "finance"})
        names = stay.posting.id, other.id, stay.member.id
        setting.commit()
    edit = op(COUNT, 3)
    acks: list[ledger.Ack] = []

    def send(posting_id: int, then: threading.Event | None) -> None:
        with orm.Session(own_database) as session:
            author = session.get_one(User, names[2])
            found = record(session, session.get_one(Posting, posting_id), author, [edit, op(DAYS, 4)])
            if then is not None:
                then.wait(0.5)  # long enough for the second request to meet the first one's row
            session.commit()
            acks.extend(found)

    first = threading.Thread(target=send, args=(names[0], threading.Event()))
    second = threading.Thread(target=send, args=(names[1], None))
    first.start()
    second.start()
    for thread in (first, second):
        thread.join(30)
    assert sorted(ack.status for ack in acks) == ["ok", "ok", "ok", "refused"]
    assert [ack.reason for ack in acks if ack.reason] == ["id_reused"]
    with orm.Session(own_database) as session:
        assert session.scalar(select(func.count()).select_from(Operation)) == 3
        assert session.scalar(select(func.count()).select_from(Quarantined)) == 1
