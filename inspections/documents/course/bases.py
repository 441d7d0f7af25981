"""What the problems of a paper rest on: nothing out of force leaves the house, the unchecked only by name."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import orm

from inspections.documents.models import Paper
from inspections.law import library
from inspections.law.review import Doubt, review
from inspections.site.refusal import Refusal
from inspections.wording import SHANGHAI


@dataclass(frozen=True, slots=True)
class Cited:
    """A doubt about the basis of one finding, and its sentence."""

    finding: str
    doubt: Doubt
    sentence: str


def doubts(session: orm.Session, paper: Paper) -> list[Cited]:
    """What stands against the bases of the paper's findings, each as of the day of its finding."""
    if not paper.findings:
        return []
    known = library.versions(session)
    found = []
    for finding in paper.findings:
        day = finding.created_at.astimezone(SHANGHAI).date()
        for doubt in review(finding.current.basis, known, day, finding.posting.unit.kind):
            found.append(Cited(finding.number, doubt, library.sentence(doubt, day)))
    return found


def require_citable(session: orm.Session, paper: Paper) -> None:
    """Nothing. Raises Refusal naming each finding that cites what was not in force on its day."""
    if barred := [f"{each.finding}：{each.sentence}" for each in doubts(session, paper) if each.doubt.bars]:
        raise Refusal("".join(barred))


def require_confirmed(session: orm.Session, paper: Paper, confirmed: Collection[str]) -> list[str]:
    """The citations whose wording nobody has checked and which the signer confirmed one by one.

    Raises Refusal for what may not be cited at all, and naming each that was not confirmed.
    """
    require_citable(session, paper)
    open_ones = sorted({each.doubt.words for each in doubts(session, paper)})
    if missing := [words for words in open_ones if words not in confirmed]:
        raise Refusal(f"依据待核，签发人应逐条确认：{'；'.join(missing)}。")
    return open_ones
