"""Carries a draft of the sample through all steps that real people take: checked, signed, issued.

The office (核稿) checks, who must countersigns, leadership signs by its duty, the planner issues.
"""

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.documents.course import approval, bases, issue, signing
from inspections.documents.models import Paper
from inspections.documents.wording import names
from inspections.documents.wording.build import names_in


def send_out(session: orm.Session, paper: Paper, planner: User, leadership: User) -> None:
    """Nothing; the paper has its number and waits for the worker."""
    checker = session.scalars(select(User).where(User.login == "office")).one()
    for word in names_in(session, paper).undecided:  # the sample's own texts, read by hand: they name nobody
        names.decide(session, paper, word, False, checker)
    signing.check(session, paper, paper.version, checker)
    chain = approval.chain_of(session, paper)
    by_seat = {approval.seat_of(user): user for user in session.scalars(select(User).where(User.duty != ""))}
    for seat in chain.countersign:
        approval.countersign(session, paper, "", "同意", by_seat[seat])
    signer = leadership if leadership.duty in chain.sign else by_seat[chain.sign[0]]
    answered = [each.doubt.words for each in bases.doubts(session, paper)]
    signing.sign(session, paper, paper.version, signer, confirmed=answered)
    issue.issue(session, paper, paper.version, planner)
