"""What a paper says now, whatever its kind: the one way from a record to a letter."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import orm

from inspections.documents.models import Paper
from inspections.documents.wording import facts, facts_chasing, facts_minutes, facts_reports
from inspections.documents.wording.names import masking_of
from inspections.naming.masking import Masking, in_force
from inspections.typesetting.letter import Letter, Paragraph

_BUILDERS: dict[str, Callable[[orm.Session, Paper, int | None, dt.date | None], Letter]] = {
    "handover": facts.visit_letter,
    "feedback": facts.visit_letter,
    "reminder": facts_chasing.reminder,
    "transfer": facts_chasing.transfer,
    "advice": facts_chasing.advice,
    "bulletin": facts_reports.bulletin,
    "round_report": facts_reports.report,
    "minutes": facts_minutes.minutes,
}


def build_letter(
    session: orm.Session, paper: Paper, number: int | None = None, day: dt.date | None = None
) -> Letter:
    """What the paper says now. Without number and day it is a draft with visible gaps."""
    letter, _ = letter_and_names(session, paper, number, day)
    return letter


def letter_and_names(
    session: orm.Session, paper: Paper, number: int | None = None, day: dt.date | None = None
) -> tuple[Letter, Masking]:
    """The same, and what names its texts hold: the sure ones, and those that a reader has to decide on."""
    with in_force(masking_of(session, paper)) as found:
        letter = _BUILDERS[paper.kind](session, paper, number, day)
    if paper.replaces is None:
        return letter, found
    said = Paragraph(f"本文自印发之日起替代{paper.replaces.document_number}，原件同时作废。")
    return replace(letter, body=(*letter.body, said)), found


def names_in(session: orm.Session, paper: Paper) -> Masking:
    """What names the paper's texts hold."""
    return letter_and_names(session, paper)[1]
