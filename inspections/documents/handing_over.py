"""Puts the problems of an issued 交办函 into the register of rectification, with the days it gives them.

What becomes of them there is `followup`'s business.
"""

import json

from sqlalchemy import orm

from inspections.documents import citing
from inspections.documents.facts_json import parse_facts
from inspections.documents.models import Paper
from inspections.followup import handing_over
from inspections.followup.models import Item
from inspections.wording import SHANGHAI, document_number


def hand_over(session: orm.Session, paper: Paper) -> list[Item]:
    """One item per problem of an issued 交办函; none for other kinds, and none twice."""
    if paper.kind != "handover" or paper.issued_by is None or paper.issued_at is None:
        return []
    letter = parse_facts(json.dumps(paper.facts).encode())
    return handing_over.hand_over(
        session,
        paper.id,
        document_number(letter.code, letter.year, letter.number or 0),
        paper.findings,
        paper.issued_at.astimezone(SHANGHAI).date(),
        paper.issued_by,
        citing.listed_days(letter, {finding.number for finding in paper.findings}),
        paper.issued_at,
    )
