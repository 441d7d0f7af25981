"""Carries a draft of the sample through all steps that real people take: checked, signed, issued."""

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.course import bases, issue, signing
from inspections.documents.models import Paper


def send_out(session: orm.Session, paper: Paper, planner: User, leadership: User) -> None:
    """Nothing; the paper has its number and waits for the worker."""
    signing.check(session, paper, paper.version, leadership)
    answered = [each.doubt.words for each in bases.doubts(session, paper)]
    signing.sign(session, paper, paper.version, leadership, confirmed=answered)
    issue.issue(session, paper, paper.version, planner)
