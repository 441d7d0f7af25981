"""One valid record with one call; a test states only what matters to it."""

import datetime as dt
import hashlib
import itertools
from typing import Any, TypeVar

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now, today
from inspections.documents.course import bases, issue, signing
from inspections.documents.models import Letterhead, Paper, PaperFile
from inspections.fieldwork.models import Checklist, ChecklistItem, Deadline
from inspections.findings.models import Finding, FindingRevision, FindingStep
from inspections.followup import handing_over
from inspections.followup.models import Item
from inspections.people.models import Office, Person, RecusalKind
from inspections.rounds.models import Cycle, Plan, Posting, Round, Seat, Team
from inspections.units.models import Area, Unit

_count = itertools.count(1)

SLOTS = [
    {"id": "leader", "name": "组长", "min": 1, "max": 1, "target": 1, "needs": ["discipline"]},
    {"id": "finance", "name": "财务", "min": 1, "max": 1, "target": 1, "needs": ["finance"]},
    {"id": "welfare", "name": "惠民", "min": 1, "max": 1, "target": 1, "needs": ["welfare"]},
    {
        "id": "member",
        "name": "村纪检委员",
        "min": 2,
        "max": 5,
        "target": 3,
        "needs": ["commissioner"],
        "distinct": "home_unit",
    },
]


T = TypeVar("T")


def _add(session: orm.Session, row: T) -> T:
    session.add(row)
    session.flush()
    return row


def make_area(session: orm.Session, kind: str = "township", **given: Any) -> Area:
    n = next(_count)
    return _add(session, Area(**{"code": f"A{n:05}", "name": f"第{n}镇", "kind": kind} | given))


def make_unit(session: orm.Session, area: Area | None = None, **given: Any) -> Unit:
    n = next(_count)
    area = area or make_area(session)
    return _add(
        session, Unit(**{"code": f"V{n:05}", "name": f"第{n}村", "kind": "village", "area": area} | given)
    )


def make_office(session: orm.Session, area: Area | None = None, **given: Any) -> Office:
    n = next(_count)
    area = area or make_area(session)
    return _add(
        session,
        Office(**{"code": f"O{n:05}", "name": f"第{n}办", "kind": "discipline", "area": area} | given),
    )


def make_person(session: orm.Session, office: Office | None = None, **given: Any) -> Person:
    n = next(_count)
    office = office or make_office(session)
    values = {
        "code": f"P{n:05}",
        "name": f"某{n}",
        "office": office,
        "skills": ["discipline"],
        "trained": True,
    }
    return _add(session, Person(**values | given))


def make_user(session: orm.Session, role: str = "planner", **given: Any) -> User:
    n = next(_count)
    if role == "recipient" and "unit" not in given and "township" not in given:
        given["township"] = make_area(session)
    if role in ("leader", "member", "village") and "person" not in given:
        given["person"] = make_person(session)
    if role == "leadership":  # of the commission: signs what is no 建议书
        given.setdefault("duty", "deputy")
    values = {"login": f"user{n}", "name": f"用户{n}", "role": role, "password_hash": "never"}
    return _add(session, User(**values | given))


def make_round(session: orm.Session, cycle: Cycle | None = None, **given: Any) -> Round:
    n = next(_count)
    cycle = cycle or make_cycle(session)
    start = given.get("start", today())
    values = {
        "cycle": cycle,
        "position": n,
        "code": f"R{n}",
        "name": f"第{n}轮",
        "start": start,
        "end": start + dt.timedelta(days=7),
        "release_on": start,
        "teams": 4,
    }
    return _add(session, Round(**values | given))


def make_cycle(session: orm.Session, **given: Any) -> Cycle:
    n = next(_count)
    values = {"name": f"第{n}批", "crossing": "county_wide", "template_name": "1+2+N", "slots": SLOTS}
    return _add(session, Cycle(**values | given))


def make_posting(
    session: orm.Session, people: dict[Person, str] | None = None, unit: Unit | None = None, **given: Any
) -> Posting:
    """A posting of a published plan, released today, with the given people in their slots."""
    n = next(_count)
    unit = unit or make_unit(session)
    round_ = given.pop("round", None) or make_round(session)
    state = given.pop("state", "published")
    plan = given.pop("plan", None) or _add(
        session, Plan(cycle=round_.cycle, number=n, state=state, seed=1, seconds=1, progress={})
    )
    # a county has some dozens of teams in a round: letters spell their ordinal, and not every number has one
    place = n % 90
    team = _add(session, Team(plan=plan, round=round_, position=place, code=f"{round_.code}-{n:02}"))
    for position, (person, slot) in enumerate((people or {}).items()):
        team.members.append(Seat(person=person, slot=slot, position=position))
    return _add(session, Posting(team=team, unit=unit, position=0, **given))


def make_checklist(session: orm.Session, kind: str = "village", **given: Any) -> Checklist:
    """A checklist with one item of each answer type."""
    checklist = _add(session, Checklist(kind=kind, version=next(_count)))
    for position, answer in enumerate(("yes_no", "yes_no_na", "count", "days", "money", "ratio", "sample")):
        checklist.items.append(
            ChecklistItem(
                position=position,
                code=f"V-X-{position + 1:02}",
                group_code="X",
                group="测试",
                question=f"第{position + 1}问",
                method="查阅",
                materials="",
                ask_whom="",
                answer_type=answer,
                trigger="",
                trigger_expr={"yes_no": "eq:no", "yes_no_na": "eq:no", "sample": "gt:0"}.get(answer, ""),
                basis="",
                basis_checked=False,
                category="A1",
                severity="S2",
                assignee_role="discipline",
                sample_min=5 if answer == "sample" else None,
            )
        )
    session.flush()
    return checklist


def make_finding(session: orm.Session, posting: Posting | None = None, **given: Any) -> Finding:
    """A working paper with one revision, in the state asked for (draft by default)."""
    n = next(_count)
    posting = posting or make_posting(session)
    author = given.pop("author", None) or make_user(session, "member")
    state = given.pop("state", "draft")
    finding = _add(
        session, Finding(number=f"底稿-{n}", posting=posting, unit_id=posting.unit_id, created_by=author)
    )
    texts = dict.fromkeys(
        ("process", "method", "place", "period", "basis", "responsible", "evidence", "statement"), ""
    )
    values = {"title": f"第{n}个问题", "category": "A1", "severity": "S2", "summary": "概述"} | texts | given
    _add(session, FindingRevision(finding=finding, n=1, author=author, **values))
    for step in ["draft"] if state == "draft" else ["draft", state]:
        _add(session, FindingStep(finding=finding, revision=1, state=step, actor=author))
    session.refresh(finding)
    return finding


def make_recusal_kind(session: orm.Session, code: str = "RC-05", **given: Any) -> RecusalKind:
    texts = {"name": "直系血亲", "definition": "", "basis": "", "note": ""}
    values = {"code": code, "basis_checked": True, "strength": "hard", "lookback_years": 0, "waivable": True}
    values |= texts
    return _add(session, RecusalKind(**values | given))


def make_paper(session: orm.Session, findings: list[Finding], **given: Any) -> Paper:
    """A handover letter to the first finding's township: issued with stored bytes, or a draft."""
    n = next(_count)
    first = findings[0].posting
    state = given.pop("state", "issued")
    numbered = {"code": "测纪函", "year": 2026, "number": n} if state != "draft" else {}
    values = {"kind": "handover", "title": f"第{n}号函", "wording": {}, "facts": {}, "state": state}
    paper = _add(
        session,
        Paper(
            **values | numbered | given,
            round=first.team.round,
            township=first.unit.area,
            findings=findings,
        ),
    )
    if state == "issued":
        paper.issued_at = now()
        data = b"%PDF-1.7 test"
        digest = hashlib.sha256(data).hexdigest()
        _add(session, PaperFile(paper=paper, version=1, status="issued", data=data, sha256=digest, pages=1))
    session.refresh(paper)
    return paper


def send_out(
    session: orm.Session, paper: Paper, day: dt.date | None = None, user: User | None = None
) -> None:
    """Checked, signed on that day and issued by nobody in particular: it waits for the worker."""
    signing.check(session, paper, paper.version, None)
    answered = [each.doubt.words for each in bases.doubts(session, paper)]
    signing.sign(session, paper, paper.version, None, day, answered)
    issue.issue(session, paper, paper.version, user)


def make_letterhead(session: orm.Session, county: Area) -> Letterhead:
    values = {"issuer": "中共测试县纪律检查委员会", "code": "测纪函", "authority": "《测试方案》"}
    rest = {"report_to": "县纪委办公室", "contact_name": "李某", "contact_phone": "0000-0000000"}
    return _add(session, Letterhead(area=county, **values, **rest))


def make_deadlines(session: orm.Session) -> None:
    """The time limits that handing over, reminding and looking again count with."""
    for code, name, days in (
        ("DL-07", "交办函反馈", 30),
        ("DL-08", "整改方案报送", 15),
        ("DL-16", "周提醒", 7),
        ("DL-17", "半月督促", 15),
        ("DL-19", "回头看", 90),
    ):
        values = {"code": code, "name": name, "offset": days, "start_event": "notice.served", "unit": "day"}
        session.merge(Deadline(**values, source="测试做法", basis_checked=True))
    session.flush()


def make_item(session: orm.Session, finding: Finding | None = None, **given: Any) -> Item:
    """A problem handed over today by an issued letter."""
    make_deadlines(session)
    finding = finding or make_finding(session, state="signed")
    paper = make_paper(session, [finding])
    actor = make_user(session, "planner")
    served = given.pop("served_on", today())
    letter = f"测纪函〔2026〕{paper.number}号"
    [item] = handing_over.hand_over(session, paper.id, letter, [finding], served, actor)
    for name, value in given.items():
        setattr(item, name, value)
    session.flush()
    return item
