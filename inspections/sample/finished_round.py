"""Enters the finished round of the fictional county through the same functions as its people would.

Every entry carries its own day (`database.at`); entering it again changes nothing.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.documents.course import issue, occasions
from inspections.fieldwork import ledger
from inspections.fieldwork.models import ChecklistItem
from inspections.findings import drafting, evidence, gate, review
from inspections.findings.models import Finding
from inspections.findings.sample_photo import draw_photo
from inspections.followup import sorting
from inspections.people.models import Person
from inspections.planning import generate, publish
from inspections.planning.steps import Member
from inspections.planning.steps import Team as PlannedTeam
from inspections.rounds.models import Cycle, Plan, Posting, Round, Team
from inspections.sample.letters import send_out
from inspections.sample.tables import moment, rows, several
from inspections.units.models import Area, Unit

CYCLE = "2026年驻点监督"
#: names of sample rows, so that loading them again finds them
NAMES = uuid.UUID("5b1f5a0e-6a2c-5b7e-9d9e-0f7a4c1d2b3a")
_CHOICES = {"是": "yes", "否": "no", "不适用": "na"}

OpenSession = Callable[[], orm.Session]


def load(session: orm.Session, photos_dir: Path) -> None:
    """Nothing; the plan is published and answers, findings and photographs are there."""
    if session.scalar(select(Plan.id).join(Plan.cycle).where(Cycle.name == CYCLE, Plan.state == "published")):
        return
    _plan(session)
    _answers(session)
    papers = _findings(session, photos_dir)
    _meetings(session)
    _letters(session, papers)


def _plan(session: orm.Session) -> None:
    cycle = session.scalars(select(Cycle).where(Cycle.name == CYCLE)).one()
    order = [slot["id"] for slot in cycle.slots]
    seats: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for row in rows("qinghe/teams.csv"):
        if row["周期"] == CYCLE:
            seats[row["轮次"], row["小组"]].append(Member(row["人员编号"], row["岗位"]))
    visits: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows("qinghe/visits.csv"):
        if row["周期"] == CYCLE:
            visits[row["轮次"], row["小组"]].append(row["单位编号"])
    for seated in seats.values():
        seated.sort(key=lambda seat: (order.index(seat.slot), seat.person))
    teams = [
        PlannedTeam(f"{round_}-{team}", round_, tuple(units), tuple(seats[round_, team]))
        for (round_, team), units in visits.items()
    ]
    planner = _user(session, "planner")
    leadership = _user(session, "leadership")
    start = cycle.rounds[0].start
    with at(moment((start - dt.timedelta(days=7)).isoformat(), "10:00")):
        plan = generate.adopt(session, cycle, teams, planner)
        publish.submit(session, plan, plan.version, "", planner)
        publish.approve(session, plan, plan.version, "", leadership)
        publish.publish(session, plan, plan.version, str(plan.number), planner)


def _user(session: orm.Session, login: str) -> User:
    return session.scalars(select(User).where(User.login == login)).one()


def _users(session: orm.Session) -> dict[str, User]:
    """Accounts by the roster code of their person."""
    wanted = select(Person.code, User).join(User, User.person_id == Person.id)
    return dict(session.execute(wanted).all())


def _postings(session: orm.Session) -> dict[str, Posting]:
    wanted = (
        select(Unit.code, Posting)
        .join(Posting.unit)
        .join(Posting.team)
        .join(Team.round)
        .join(Round.cycle)
        .where(Cycle.name == CYCLE)
    )
    return dict(session.execute(wanted).all())


def _answers(session: orm.Session) -> None:
    users, postings = _users(session), _postings(session)
    types = dict(session.execute(select(ChecklistItem.code, ChecklistItem.answer_type)).all())
    entries = rows("qinghe/answers.csv")
    for (unit, person, when), group in groupby(
        entries, lambda r: (r["单位编号"], r["填写人"], r["填写时间"])
    ):
        with at(moment(when)):
            operations = [each for row in group for each in _operations(row, types[row["条目"]])]
            acks = ledger.record(session, postings[unit], users[person], operations, device="sample")
        refused = [ack for ack in acks if ack.status != "ok"]
        if refused:
            raise ValueError(f"seeds/qinghe/answers.csv: {unit} {when}: {refused}")


def _operations(row: dict[str, str], answer_type: str) -> list[dict[str, Any]]:
    def operation(field: str, value: Any) -> dict[str, Any]:
        name = uuid.uuid5(NAMES, f"{row['单位编号']}/{row['条目']}/{field}")
        return {
            "id": str(name),
            "item": row["条目"],
            "field": field,
            "kind": "set",
            "value": value,
            "base": None,
            "at": moment(row["填写时间"]).isoformat(),
        }

    found = [operation("answer", _value(row, answer_type))]
    if row["说明"]:
        found.append(operation("note", row["说明"]))
    return found


def _value(row: dict[str, str], answer_type: str) -> Any:
    if row["未查原因"]:
        return {"state": "impossible", "reason": row["未查原因"]}
    if answer_type == "sample":
        return {"checked": int(row["抽查数"]), "abnormal": int(row["异常数"]), "detail": ""}
    if answer_type in ("count", "days"):
        return int(row["结果"])
    return _CHOICES.get(row["结果"], row["结果"])


def _findings(session: orm.Session, photos_dir: Path) -> dict[str, Finding]:
    """The findings by their number in the sample file, each as far as it has come."""
    users, postings = _users(session), _postings(session)
    photos = rows("qinghe/photos.csv")
    papers = {}
    for row in rows("qinghe/findings.csv"):
        author = users[row["编制人"]]
        with at(moment(row["发现日期"])):
            finding = drafting.draft(
                session,
                postings[row["单位编号"]],
                author,
                _said(row),
                uuid.uuid5(NAMES, row["编号"]),
                row["条目"] or None,
            )
        for photo in photos:
            if photo["底稿编号"] == row["编号"]:
                _photo(session, photo, finding, users[photo["拍摄人"]], photos_dir)
        if row["状态"] != "draft":
            with at(moment(row["复核日期"] or row["发现日期"], "18:00")):
                review.submit(session, finding, author, finding.current.n)
        if row["状态"] == "signed" and finding.state == "in_review":
            with at(moment(row["复核日期"] or row["发现日期"], "19:00")):
                review.check(session, finding, review.reviewers(session, finding)[0], finding.current.n)
        if row["状态"] == "signed":
            with at(moment(row["审签日期"])):
                review.sign(session, finding, users[row["审签人"]], finding.current.n)
                if row["严重程度"] == "S4":
                    gate.propose(session, finding, "lead", users[row["审签人"]])
        papers[row["编号"]] = finding
    return papers


def _said(row: dict[str, str]) -> drafting.Said:
    return drafting.Said(
        title=row["标题"],
        category=row["类别"],
        severity=row["严重程度"],
        summary=row["问题概述"],
        process=row["发现过程"],
        method=row["检查方法"],
        place=row["地点"],
        period=row["发生时间"],
        amount=Decimal(row["涉及金额"]) if row["涉及金额"] else None,
        basis=row["定性依据"],
        responsible=row["责任单位"],
        evidence=row["支撑材料"],
        statement=row["单位意见"],
    )


def _photo(session: orm.Session, row: dict[str, str], finding: Finding, author: User, folder: Path) -> None:
    with at(moment(row["拍摄时间"])):
        evidence.accept(
            session,
            finding.posting,
            author,
            draw_photo(row["种类"], row["说明"]),
            folder,
            name=uuid.uuid5(NAMES, row["编号"]),
            item_code=finding.item_code,
            finding=finding,
            caption=row["说明"],
        )


def _meetings(session: orm.Session) -> None:
    """Nothing; meetings have gone through the signed papers, each as its severity has it, with minutes."""
    author = _user(session, "planner")
    county = session.scalars(select(Area).where(Area.name == "清河县")).one()
    for row in rows("qinghe/meetings.csv"):
        wanted = select(Round).join(Round.cycle).where(Cycle.name == row["周期"], Round.code == row["轮次"])
        round_ = session.scalars(wanted).one()
        met = {"held_on": row["会议日期"], "place": row["地点"], "chair": row["主持"]}
        there = {"present": several(row["出席"]), "guests": several(row["列席"])}
        with at(moment(row["会议日期"], "15:00")):
            for paper in sorting.sorted_papers(session, round_):
                sorting.sort(session, paper.finding, author, paper.disposal, paper.way, paper.responsible)
            minutes = occasions.draft(session, f"minutes/{county.uuid}/{round_.uuid}", author)
            wording = {**met, **there, "appraisal": row["其他议定事项"]}
            issue.revise(session, minutes, wording, minutes.version, author)
        with at(moment(row["签发日期"], "09:30")):
            send_out(session, minutes, author, _user(session, "leadership"))


def _letters(session: orm.Session, papers: dict[str, Finding]) -> None:
    author = _user(session, "planner")
    for row in rows("qinghe/letters.csv"):
        wanted = select(Round).join(Round.cycle).where(Cycle.name == row["周期"], Round.code == row["轮次"])
        round_ = session.scalars(wanted).one()
        township = session.scalars(select(Area).where(Area.name == row["收文乡镇"])).one()
        day = row["日期"] or "2026-11-20"
        with at(moment(day, "09:30")):
            only = {papers[number].uuid for number in several(row["底稿编号"])}
            paper = issue.draft(session, row["种类"], round_, township, author, only)
            if row["种类"] == "feedback":
                wording = {"appraisal": row["总体评价"], "suggestions": several(row["意见建议"])}
                issue.revise(session, paper, wording, paper.version, author)
            if row["状态"] == "issued":
                send_out(session, paper, author, _user(session, "leadership"))
                if str(paper.number) != row["序号"]:
                    raise ValueError(f"seeds/qinghe/letters.csv: {row['编号']} got number {paper.number}")


def print_papers(open_session: OpenSession) -> None:
    """Nothing; every paper that has no PDF yet is printed here and now, as the worker would."""
    with open_session() as session:
        keys = issue.unprinted(session)
    for key in keys:
        issue.render_job(open_session, key)
