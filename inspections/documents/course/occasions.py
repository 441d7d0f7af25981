"""What there is to write about besides visits: late problems, transfers, campaigns, meetings, months, rounds.

An occasion becomes a draft with `draft`; the same occasion sent twice in one form is one draft.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc, orm, select

from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.course.issue import ENDED, begin
from inspections.documents.models import Letterhead, Paper, paper_findings
from inspections.documents.wording import citing
from inspections.documents.wording.facts import letterhead_of
from inspections.figures.measures import Window
from inspections.findings.models import Finding
from inspections.followup import sorting
from inspections.followup.models import Campaign, Item, Sorting
from inspections.rounds.models import Plan, Posting, Round, Team
from inspections.site.refusal import Refusal
from inspections.units.areas import every_area
from inspections.units.models import Area, Unit
from inspections.wording import count_words

#: the worker drafts the bulletin of a month that is over
JOB = "draft_bulletin"
_NAMES = uuid.UUID("6f1c2f0e-9f5b-4a58-8a3c-5b1f0a0f6d11")

#: months back for which a bulletin is offered, and rounds for which a report is
MONTHS, ROUNDS = 3, 12


@dataclass(frozen=True)
class Occasion:
    """A paper that can be drafted: its kind, what it is about, and what the draft begins with."""

    kind: str
    #: stays the same until the paper is drafted; the form sends it back
    key: str
    words: str
    place: Area
    findings: tuple[Finding, ...] = ()
    round: Round | None = None
    wording: dict[str, Any] = field(default_factory=dict)


def occasions(session: orm.Session) -> list[Occasion]:
    """Everything that can be drafted today, the most pressing kind first."""
    found = [*_late(session), *_transfers(session), *_campaigns(session), *_advised(session)]
    for county, below in _counties(session):
        found += [*_meetings(session, county, below), *_months(session, county, below)]
        found += [*_rounds(session, county, below), *_halves(session, county, below)]
    return found


def _counties(session: orm.Session) -> list[tuple[Area, list[int]]]:
    """The counties that write papers, by code, each with the ids of its areas."""
    areas = every_area(session)
    writing = select(Area).join(Letterhead, Letterhead.area_id == Area.id).order_by(Area.code)
    return [
        (county, [area.id for area in areas if area.ancestor("county") is county])
        for county in session.scalars(writing)
    ]


def draft(session: orm.Session, key: str, author: User | None, name: uuid.UUID | None = None) -> Paper:
    """The new draft of that occasion. Raises Refusal when it is gone: drafted by another, or put right."""
    known = session.scalar(select(Paper).where(Paper.uuid == name)) if name else None
    if known is not None:
        return known
    one = next((one for one in occasions(session) if one.key == key), None)
    if one is None:
        raise Refusal("这件事已经有人起草，或者已经办结，不必再起草。")
    letterhead_of(session, one.place)
    paper = Paper(
        uuid=name or uuid.uuid4(),
        kind=one.kind,
        round=one.round,
        township=one.place,
        title="",
        wording=one.wording,
        facts={},
        findings=[*one.findings],
        created_by=author,
    )
    return begin(session, paper, "paper.draft", author, kind=one.kind, findings=len(one.findings))


def _late(session: orm.Session) -> Iterator[Occasion]:
    """A 督办单 for each township with problems that are late, unless one still lies there as a draft."""
    wanted = select(Item).where(Item.overdue(today())).order_by(Item.township_id, Item.due)
    items = session.scalars(wanted.options(orm.selectinload(Item.finding), orm.joinedload(Item.township)))
    under_way = Paper.kind == "reminder", Paper.state.not_in(ENDED)
    written = set(session.scalars(select(Paper.township_id).where(*under_way)))
    by_town: dict[Area, list[Item]] = {}
    for item in items:
        by_town.setdefault(item.township, []).append(item)
    for town, late in by_town.items():
        if town.id in written:
            continue
        words = f"{town.name}：{count_words(len(late), '个')}问题逾期，最早应于 {late[0].due} 完成"
        findings = tuple(dict.fromkeys(item.finding for item in late))
        yield Occasion("reminder", f"reminder/{town.uuid}", words, town, findings)


def _transfers(session: orm.Session) -> Iterator[Occasion]:
    """A 转办单 for each problem sent to a department: in the register, or when it was sorted."""
    items = select(Item).where(Item.dispatch == "transfer", Item.state.not_in(("closed", "withdrawn")))
    visit = orm.selectinload(Item.finding).joinedload(Finding.posting)
    items = items.options(
        visit.joinedload(Posting.unit), visit.joinedload(Posting.team).joinedload(Team.round)
    )
    written = _written_about(session, "transfer")
    sent: dict[Finding, str] = {item.finding: item.office for item in session.scalars(items)}
    sent |= {row.finding: row.office for row in sorting.sent_to_departments(session)}
    for finding, office in sent.items():
        if finding.id in written:
            continue
        unit = finding.posting.unit
        words = f"{unit.name}：{finding.current.title}，转{office}"
        wording = {"to": office}
        key = f"transfer/{finding.uuid}"
        yield Occasion("transfer", key, words, unit.area, (finding,), finding.posting.team.round, wording)


def _written_about(session: orm.Session, kind: str) -> set[int]:
    """The ids of the working papers that a paper of this kind is about."""
    about = select(paper_findings.c.finding_id).join(Paper, Paper.id == paper_findings.c.paper_id)
    return set(session.scalars(about.where(Paper.kind == kind, Paper.state != "void")))


def _campaigns(session: orm.Session) -> Iterator[Occasion]:
    """A 建议书 for each campaign that was adopted: the county's department in charge gets it."""
    written = _written_about(session, "advice")
    wanted = select(Campaign, Round).join(Round, Round.id == Campaign.round_id)
    wanted = wanted.where(Campaign.state == "adopted").order_by(Campaign.id)
    found = orm.selectinload(Campaign.findings).joinedload(Finding.posting).joinedload(Posting.unit)
    for campaign, round_ in session.execute(wanted.options(found)):
        if not campaign.findings or campaign.findings[0].id in written:
            continue
        units = {finding.unit_id for finding in campaign.findings}
        county = campaign.findings[0].posting.unit.area.ancestor("county")
        if county is None:
            continue
        wording = {"category": campaign.category, "suggestions": [campaign.text]}
        words = f"{round_.name}{count_words(len(units), '个')}单位的同类问题：{campaign.text}"
        key = f"advice/{campaign.uuid}"
        yield Occasion("advice", key, words, county, tuple(campaign.findings), round_, wording)


def _advised(session: orm.Session) -> Iterator[Occasion]:
    """A 建议书 for each paper that was sorted to it (FD4), one being enough where a rule is missing."""
    written = _written_about(session, "advice")
    for row in sorting.sent_to_advice(session):
        finding = row.finding
        county = finding.posting.unit.area.ancestor("county")
        if county is None or finding.id in written:
            continue
        wording = {"category": row.category, **({"to": row.office} if row.office else {})}
        words = f"{finding.posting.unit.name}：{finding.current.title}"
        round_ = finding.posting.team.round
        yield Occasion("advice", f"advice-of/{finding.uuid}", words, county, (finding,), round_, wording)


def _months(session: orm.Session, county: Area, below: Sequence[int]) -> Iterator[Occasion]:
    """A 月通报 for this month and the last ones, as far as problems were handed over by then."""
    written = {
        wording.get("month")
        for wording in session.scalars(
            select(Paper.wording).where(
                Paper.kind == "bulletin", Paper.township_id == county.id, Paper.state != "void"
            )
        )
    }
    first = session.scalar(
        select(Item.served_on).where(Item.township_id.in_(below)).order_by(Item.served_on).limit(1)
    )
    window = Window.month(today().year, today().month)
    for _ in range(MONTHS):
        month = window.start.strftime("%Y-%m")
        if first is not None and first <= window.end and month not in written:
            yield month_of(county, window)
        window = window.month_before()


def due_bulletins(session: orm.Session) -> list[str]:
    """The job keys of bulletins that the worker is to draft: of the month that ended last (DL-18)."""
    last = Window.month(today().year, today().month).month_before().start.strftime("%Y-%m")
    months = [one for county, below in _counties(session) for one in _months(session, county, below)]
    return [one.key for one in months if one.wording["month"] == last]


def draft_job(open_session: Callable[[], orm.Session], key: str) -> None:
    """Nothing; the bulletin of that key lies there as a draft, once however often this runs."""
    with (
        open_session() as session,
        contextlib.suppress(Refusal, exc.IntegrityError),
    ):  # another was faster, or nothing is left to say
        draft(session, key, None, uuid.uuid5(_NAMES, key))
        session.commit()


def month_of(county: Area, window: Window) -> Occasion:
    """The 月通报 of that month of the county."""
    month = window.start.strftime("%Y-%m")
    words = f"{county.name} {window.name}整改进展"
    return Occasion("bulletin", f"bulletin/{county.uuid}/{month}", words, county, wording={"month": month})


def _meetings(session: orm.Session, county: Area, below: Sequence[int]) -> Iterator[Occasion]:
    """会商纪要 for each round with papers that somebody sorted and that stand in no minutes yet."""
    unwritten = sa.and_(Finding.state == "signed", ~citing.stands_in_a_letter("minutes"))
    sorted_ = select(Team.round_id).join(Team.postings).join(Finding, Finding.posting_id == Posting.id)
    sorted_ = sorted_.join(Sorting, Sorting.finding_id == Finding.id).where(unwritten)
    sorted_ = sorted_.join(Unit, Unit.id == Posting.unit_id).where(Unit.area_id.in_(below))
    wanted = select(Round).where(Round.id.in_(sorted_)).order_by(Round.end.desc()).limit(ROUNDS)
    rounds = session.scalars(wanted.options(orm.joinedload(Round.cycle))).all()
    rows = sorting.sorted_by_round(session, rounds)
    left = set(session.scalars(select(Finding.id).where(unwritten)))
    for round_ in rounds:
        found = [row.finding for row in rows[round_.id] if row.decided and row.finding.id in left]
        met = [finding for finding in found if finding.posting.unit.area_id in below]
        if met:
            words = f"{round_.cycle.name} {round_.name}：已梳理底稿 {len(met)} 份"
            yield Occasion(
                "minutes", f"minutes/{county.uuid}/{round_.uuid}", words, county, tuple(met), round_
            )


def _rounds(session: orm.Session, county: Area, below: Sequence[int]) -> Iterator[Occasion]:
    """A 综合报告 for each round that is over, has signed papers in the county and no report yet."""
    written = select(Paper.round_id).where(
        Paper.kind == "round_report", Paper.township_id == county.id, Paper.state != "void"
    )
    published = select(Team.round_id).join(Team.plan).where(Plan.state == "published")
    wanted = select(Round).where(
        Round.id.in_(published), Round.id.not_in(written), Round.end < today() + dt.timedelta(days=1)
    )
    wanted = wanted.order_by(Round.end.desc()).limit(ROUNDS)
    rounds = session.scalars(wanted.options(orm.joinedload(Round.cycle))).all()
    signed = sorting.signed_by_round(session, rounds)
    for round_ in rounds:
        papers = [paper for paper in signed[round_.id] if paper.posting.unit.area_id in below]
        if papers:
            words = f"{round_.cycle.name} {round_.name}：已审签底稿 {len(papers)} 份"
            key = f"round_report/{county.uuid}/{round_.uuid}"
            yield Occasion("round_report", key, words, county, (), round_)


def _halves(session: orm.Session, county: Area, below: Sequence[int]) -> Iterator[Occasion]:
    """A 综合报告 for each of the last two half-years that are over and in which problems were handed over."""
    written = {
        wording.get("period")
        for wording in session.scalars(
            select(Paper.wording).where(
                Paper.kind == "round_report", Paper.township_id == county.id, Paper.state != "void"
            )
        )
    }
    windows = {period: Window.of(period) for period in _last_halves(today())}
    handed = select(Item.served_on).where(Item.township_id.in_(below)).distinct()
    days = session.scalars(handed.where(Item.served_on >= min(one.start for one in windows.values()))).all()
    for period, window in windows.items():
        if period not in written and any(window.start <= day <= window.end for day in days):
            key, words = f"round_report/{county.uuid}/{period}", f"{county.name} {window.name}"
            yield Occasion("round_report", key, words, county, wording={"period": period})


def _last_halves(day: dt.date) -> list[str]:
    """The two half-years before the one of that day, the newest first."""
    at = 2 * day.year + (day.month > 6)
    return [f"{half // 2}-H{half % 2 + 1}" for half in (at - 1, at - 2)]
