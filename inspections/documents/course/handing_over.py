"""Puts the problems of an issued 交办函 into the register with the days it gives them; notes a 督办单 there.

What becomes of them there is `followup`'s business.
"""

import contextlib
import json

from sqlalchemy import orm, select

from inspections.documents.models import OF_VISITS, Paper
from inspections.documents.wording import citing
from inspections.fieldwork.closing.acts import rest_under_letter
from inspections.followup import handing_over, reminders
from inspections.followup.models import Item
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.facts_json import parse_facts
from inspections.wording import SHANGHAI


def hand_over(session: orm.Session, paper: Paper) -> list[Item]:
    """One item per problem of an issued 交办函; none for other kinds, and none twice.

    Where it replaces a letter, the problems that both name stay in the register under the new number.
    """
    if paper.kind != "handover" or paper.issued_by is None or paper.issued_at is None:
        return []
    letter = parse_facts(json.dumps(paper.facts).encode())
    named = {finding.number for finding in paper.findings}
    if paper.replaces_id is not None:
        cited = [finding.id for finding in paper.findings]
        handing_over.take_over(session, paper.replaces_id, paper.id, paper.document_number, cited)
    return handing_over.hand_over(
        session,
        paper.id,
        paper.document_number,
        paper.findings,
        paper.issued_at.astimezone(SHANGHAI).date(),
        paper.issued_by,
        citing.listed_days(letter, named),
        paper.issued_at,
        {
            number: handing_over.Told(found, basis)
            for number, (found, basis) in citing.listed_words(letter, named).items()
        },
    )


def close_visits(session: orm.Session, paper: Paper) -> None:
    """Nothing; the visits that an issued letter cites rest as they are: no answer changes behind it."""
    if paper.kind in OF_VISITS:
        rest_under_letter(session, {finding.posting for finding in paper.findings})


def note_reminder(session: orm.Session, paper: Paper) -> None:
    """Nothing; an issued 督办单 stands among the reminders of each of its problems, in writing, once."""
    if paper.kind != "reminder" or paper.issued_by is None or paper.issued_at is None:
        return
    day = paper.issued_at.astimezone(SHANGHAI).date()
    wanted = select(Item).where(Item.finding_id.in_([finding.id for finding in paper.findings]))
    for item in session.scalars(wanted.where(Item.state != "withdrawn").order_by(Item.id)):
        # closed since it was drafted, or reminded in writing today already: nothing to add
        with contextlib.suppress(Conflict, Refusal):
            to = f"中共{paper.township.name}委员会"
            reminders.log(
                session, item, "letter", to, f"{paper.document_number}{paper.title}", paper.issued_by, day
            )
