"""Reads the figures of a month or a round into the report about it: the very value that the page shows."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.documents import content_reports
from inspections.documents.content import outgoing
from inspections.documents.facts import full_name, names_in, round_of, sender_of
from inspections.documents.letter import Letter
from inspections.documents.models import Paper
from inspections.figures.county import figures
from inspections.figures.measures import Window
from inspections.figures.scope import Scope, below
from inspections.followup.models import Item
from inspections.rounds.models import Plan, Round, Team
from inspections.wording import period_words


def bulletin(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 月通报 of the month in the paper's wording, in the words of the county."""
    wording = paper.wording
    month = dt.date.fromisoformat(f"{wording['month']}-01")
    scope = Scope(Window.month(month.year, month.month), below(session, paper.township))
    found = figures(session, scope, day or today())
    late = select(Item).where(
        Item.overdue(found.on), Item.id.in_(scope.up_to_now().with_only_columns(Item.id))
    )
    overdue = [
        content_reports.Overdue(
            town=item.township.name,
            unit=item.unit.name,
            title=outgoing(item.title, names_in(item.title)),
            letter=item.letter,
            days_late=(found.on - item.due).days,
        )
        for item in session.scalars(late.order_by(Item.township_id, Item.due, Item.id))
    ]
    sender = sender_of(session, paper, (wording.get("to") or "各乡镇党委",), number, day)
    return content_reports.bulletin(
        sender, found, overdue, wording.get("suggestions", ()), wording.get("appraisal", "")
    )


def round_report(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 综合报告 of the paper's round, in the words of the county."""
    round_, wording = round_of(paper), paper.wording
    scope = round_scope(session, paper, round_, day or today())
    found = figures(session, scope, day or today())
    sender = sender_of(
        session, paper, (wording.get("to") or f"中共{paper.township.name}委员会",), number, day
    )
    return content_reports.round_report(
        sender,
        full_name(round_),
        found,
        _teams(session, round_),
        practice=wording.get("appraisal", ""),
        causes=wording.get("causes", ()),
        suggestions=wording.get("suggestions", ()),
        days=f"于{period_words(round_.start, round_.end)}进行",
    )


def round_scope(session: orm.Session, paper: Paper, round_: Round, until: dt.date) -> Scope:
    """What happened to the problems of the round until that day."""
    end = max(until, round_.end)
    return Scope(Window(round_.start, end, full_name(round_)), below(session, paper.township), round_.id)


def _teams(session: orm.Session, round_: Round) -> int:
    wanted = select(sa.func.count(Team.id)).join(Team.plan).where(Plan.state == "published")
    return session.scalar(wanted.where(Team.round_id == round_.id)) or 0
