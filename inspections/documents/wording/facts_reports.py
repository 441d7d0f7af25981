"""Reads the figures of a month or a round into the report about it: the very value that the page shows."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.documents.models import OUT, Paper
from inspections.documents.wording import content_reports
from inspections.documents.wording.content import outgoing
from inspections.documents.wording.facts import full_name, sender_of
from inspections.figures.county import figures
from inspections.figures.measures import Window
from inspections.figures.scope import Scope, below, instant
from inspections.followup.models import Item
from inspections.naming.masking import unnamed
from inspections.rounds.models import Team
from inspections.typesetting.letter import Letter
from inspections.wording import period_words


def bulletin(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 月通报 of the month in the paper's wording, in the words of the county."""
    wording = paper.wording
    scope = Scope(Window.of(wording["month"]), below(session, paper.township))
    found = figures(session, scope, day or today())
    late = select(Item).where(
        Item.overdue(found.on), Item.id.in_(scope.up_to_now().with_only_columns(Item.id))
    )
    overdue = [
        content_reports.Overdue(
            town=item.township.name,
            unit=item.unit.called,
            title=outgoing(item.title),
            letter=item.letter,
            days_late=(found.on - item.due).days,
        )
        for item in session.scalars(late.order_by(Item.township_id, Item.due, Item.id))
    ]
    sender = sender_of(session, paper, (wording.get("to") or "各乡镇党委",), number, day)
    return content_reports.bulletin(
        sender,
        found,
        overdue,
        tuple(map(unnamed, wording.get("suggestions", ()))),
        unnamed(wording.get("appraisal", "")),
    )


def report(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 综合报告 of the paper's round, or of the half-year in its wording, in the words of the county."""
    wording, until = paper.wording, day or today()
    scope = _scope(session, paper, until)
    found = figures(session, scope, until)
    sender = sender_of(
        session, paper, (wording.get("to") or f"中共{paper.township.name}委员会",), number, day
    )
    window = scope.window
    work = content_reports.WorkDone(
        name=window.name,
        days=f"于{period_words(window.start, paper.round.end if paper.round else window.end)}进行",
        teams=session.scalar(scope.visits().with_only_columns(sa.func.count(sa.distinct(Team.id)))) or 0,
        advice=_advice(session, paper, window),
    )
    return content_reports.report(
        sender,
        work,
        found,
        practice=unnamed(wording.get("appraisal", "")),
        causes=tuple(map(unnamed, wording.get("causes", ()))),
        suggestions=tuple(map(unnamed, wording.get("suggestions", ()))),
    )


def _scope(session: orm.Session, paper: Paper, until: dt.date) -> Scope:
    """A round with what became of its problems until that day, or a half-year."""
    places, round_ = below(session, paper.township), paper.round
    if round_ is None:
        return Scope(Window.of(paper.wording["period"]), places)
    return Scope(Window(round_.start, max(until, round_.end), full_name(round_)), places, round_.id)


def _advice(session: orm.Session, paper: Paper, window: Window) -> int:
    """建议书 that were issued about the round, or in the half-year."""
    wanted = select(sa.func.count(Paper.id)).where(
        Paper.kind == "advice", Paper.state.in_(OUT), Paper.township_id == paper.township_id
    )
    if paper.round is not None:
        return session.scalar(wanted.where(Paper.round_id == paper.round_id)) or 0
    first, after = instant(window.start), instant(window.end + dt.timedelta(days=1))
    return session.scalar(wanted.where(Paper.issued_at >= first, Paper.issued_at < after)) or 0
