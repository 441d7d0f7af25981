"""An exercise needs two persons; its hits stand in the village's posting; a true one opens a paper."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.comparisons import exercises
from inspections.comparisons.models import Exercise
from inspections.comparisons.result import Hit
from inspections.database import today
from inspections.fieldwork.checks import sampling, tasks
from inspections.fieldwork.checks.models import CheckTask
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from tests.factories import make_person, make_posting, make_unit, make_user

SignIn = Callable[[User], FlaskClient]
SAID = ("春季比对", "查重复领取，低保和流水两类名单", "某法第一条")


def proposed(session: orm.Session, **given: object) -> Exercise:
    return exercises.propose(session, make_user(session), *SAID, today() + dt.timedelta(days=30))


def hit(unit: str, number: int, grade: str = "strong", model: str = "M02") -> Hit:
    rows = (("低保.csv", number), ("财政供养.csv", number))
    return Hit(model, grade, unit, f"person-{number}", rows, 1200_00, 3, "重叠3个月")


def placed(session: orm.Session, posting: Posting, hits: list[Hit]) -> list[CheckTask]:
    exercise = proposed(session)
    exercises.decide(session, exercise, make_user(session, "leadership"), True)
    exercise.state = "done"
    exercises.put(session, exercise, hits)
    return list(
        session.scalars(
            sa.select(CheckTask).where(CheckTask.exercise_id == exercise.id).order_by(CheckTask.lot)
        )
    )


def test_who_proposed_cannot_approve(session: orm.Session) -> None:
    exercise = proposed(session)
    with pytest.raises(Refusal, match="另一人"):
        exercises.decide(session, exercise, exercise.proposed_by, True)
    exercises.decide(session, exercise, make_user(session), True)
    assert exercise.state == "approved"
    with pytest.raises(Refusal, match="已经有了决定"):
        exercises.decide(session, exercise, make_user(session), False)


@pytest.mark.parametrize(
    ("said", "days", "words"),
    [
        (("", "目的", "法"), 3, "名称"),
        (("名", "目的", " "), 3, "法律依据"),
        (("名", "目的", "法"), 181, "180"),
        (("名", "查 62999919780312445X", "法"), 3, "身份证"),
    ],
)
def test_no_purpose_basis_or_end_is_refused(
    session: orm.Session, said: tuple[str, str, str], days: int, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        exercises.propose(session, make_user(session), *said, today() + dt.timedelta(days=days))


def test_weak_hits_and_what_the_lot_left_are_no_tasks(session: orm.Session) -> None:
    posting = make_posting(session)
    code = posting.unit.code
    many = [hit(code, n) for n in range(2, 42)] + [hit(code, 99, "weak"), hit("elsewhere", 7)]
    checks = placed(session, posting, many)
    assert session.get_one(Exercise, checks[0].exercise_id).unplaced == 1
    found = tasks.released(session, checks)
    assert len(found) == sampling.SAMPLE
    assert {check.grade for check in found} == {"strong"}


def test_a_model_that_is_never_right_is_paused(session: orm.Session) -> None:
    posting = make_posting(session)
    checks = placed(session, posting, [hit(posting.unit.code, n) for n in range(2, 42)])
    actor = make_user(session)
    for check in checks[:20]:
        tasks.settle(session, check, actor, "data", None, "")
    (precision,) = tasks.precisions(session, [checks[0].exercise_id]).values()
    assert precision.verdict == "paused"
    assert len(tasks.released(session, checks)) == 20  # what was answered stays to be read
    with pytest.raises(Refusal, match="不能再改"):
        tasks.settle(session, checks[0], actor, "true", None, "")


def test_a_true_check_opens_a_working_paper(session: orm.Session, sign_in: SignIn) -> None:
    person = make_person(session)
    posting = make_posting(session, {person: "leader"})
    leader, stranger = make_user(session, "leader", person=person), make_user(session, "leader")
    (check,) = placed(session, posting, [hit(posting.unit.code, 2)])
    session.commit()
    field = sign_in(leader)
    page = field.get(f"/postings/{posting.uuid}/checks")
    assert "财政供养人员领低保" in page.text and "低保.csv 第2行" in page.text
    assert sign_in(stranger).get(f"/postings/{posting.uuid}/checks").status_code == 404
    answer = {"outcome": "true", "amount": "1,260.50", "note": "在岗期间领取，同意退回"}
    assert sign_in(stranger).post(f"/checks/{check.uuid}", data=answer).status_code == 404
    sent = field.post(f"/checks/{check.uuid}", data=answer)
    assert sent.headers["Location"].endswith(f"/checks/{check.uuid}/finding")
    session.refresh(check)
    said = tasks.said_of(check)
    assert (said.category, said.amount, said.summary) == ("F2", Decimal("1260.50"), answer["note"])
    paper = field.get(sent.headers["Location"])
    assert paper.status_code == 200 and "1260.50" in paper.text and str(check.finding_name) in paper.text


def test_the_pages_of_an_exercise(session: orm.Session, sign_in: SignIn) -> None:
    planner, chief = make_user(session), make_user(session, "leadership")
    session.commit()
    desk = sign_in(planner)
    data = {"name": "春季比对", "purpose": "查重复", "basis": "某法第一条", "until": str(today())}
    made = desk.post("/comparisons/new", data=data)
    assert made.status_code == 302
    assert desk.post("/comparisons/new", data=data | {"basis": ""}).status_code == 422
    page = made.headers["Location"]
    assert desk.post(f"{page}/decision", data={"approved": "1"}).status_code == 422
    assert sign_in(chief).post(f"{page}/decision", data={"approved": "1"}).status_code == 302
    assert "边收边变成带密钥的摘要" in desk.get(page).text
    exercise = session.scalars(sa.select(Exercise).where(Exercise.name == "春季比对")).one()
    exercise.state = "done"
    unit = make_unit(session)
    exercises.put(session, exercise, [hit(unit.code, n) for n in (2, 3)])
    session.commit()
    assert "不足3" in desk.get(page).text
    assert "2 个疑点" in desk.get("/comparisons").text


def test_wilson_says_what_thirty_checks_can_claim() -> None:
    assert round(sampling.wilson(30, 30).low, 3) == 0.886
    assert round(sampling.wilson(73, 73).low, 2) == 0.95
    assert round(sampling.wilson(0, 20).high, 3) == 0.161
