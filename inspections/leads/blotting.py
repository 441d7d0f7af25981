"""A paper that became a lead: its words go to the case room whole, and stand nowhere else from then on.

Revisions, steps, operations of tablets and refused ones keep their row, their author and their digest; the
words are taken out. Copies made before (backups, a tablet that has not spoken since) are not reached.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import now
from inspections.fieldwork.models import Operation, Quarantined
from inspections.findings.drafting import LABELS
from inspections.findings.models import PAPER_ITEM, Finding, FindingRevision, FindingStep, Photo
from inspections.leads.models import BlottedRow, SealedLead
from inspections.site import chain
from inspections.wording import moment_words

#: what stands in the place of the title
TITLE = "（已移送案管室）"
#: what a revision keeps: not a word that somebody wrote
PLAIN = ("category", "severity", "amount")


def whole_text(session: orm.Session, finding: Finding) -> str:
    """All that was written on the paper, as one text: every revision, reason and caption."""
    parts = [f"底稿 {finding.number}"]
    for said in finding.revisions:
        parts.append(f"\n第{said.n}稿　{said.author.name}　{moment_words(said.at)}")
        parts += [f"{label}：{getattr(said, name)}" for name, label in LABELS.items() if getattr(said, name)]
    parts += [f"\n退回原因：{step.reason}" for step in finding.steps if step.reason]
    parts += [f"\n照片 {photo.id}：{photo.caption}" for photo in finding.photos if photo.caption]
    for row in _refused(session, finding):
        parts.append(f"\n未收入的改动　{row.author.name}：{row.body.get('value')}")
    return "\n".join(parts)


def blot(session: orm.Session, finding: Finding, lead: SealedLead) -> None:
    """Nothing; no word of the paper stands in this database any more; flushed."""
    texts = {name: "" for name in LABELS if name not in PLAIN} | {"title": TITLE, "amount": None}
    for said in finding.revisions:
        _change(session, lead, FindingRevision, said.id, texts)
    for step in finding.steps:
        if step.reason:
            _change(session, lead, FindingStep, step.id, {"reason": ""})
    wanted = select(Operation).where(Operation.item == f"{PAPER_ITEM}{finding.uuid}")
    for edit in session.scalars(wanted.where(Operation.posting_id == finding.posting_id)):
        _change(session, lead, Operation, edit.seq, {"value": without_words(edit.value), "reason": ""})
    for row in _refused(session, finding):
        body = row.body | {"value": without_words(row.body.get("value")), "reason": ""}
        _change(session, lead, Quarantined, row.id, {"body": body})
    session.execute(sa.update(Photo).where(Photo.finding_id == finding.id).values(caption=""))
    finding.sealed_at = now()
    session.flush()
    session.expire_all()


def without_words(value: Any) -> Any:
    """The value of an operation as it was shaped, its texts gone: a tablet reads it as any other."""
    if isinstance(value, dict):
        kept = {
            key: each if key in ("category", "severity", "seen", "item_code") else without_words(each)
            for key, each in value.items()
        }
        return kept | ({"title": TITLE} if "title" in kept else {})
    if isinstance(value, list):
        return [without_words(each) for each in value]
    return "" if isinstance(value, str) else None


def _refused(session: orm.Session, finding: Finding) -> Iterator[Quarantined]:
    """What was refused of this paper: its name stands inside the body."""
    name = f"{PAPER_ITEM}{finding.uuid}"
    here = sa.or_(Quarantined.posting_id == finding.posting_id, Quarantined.posting_id.is_(None))
    for row in session.scalars(select(Quarantined).where(here).order_by(Quarantined.id)):
        if row.body.get("item") == name:
            yield row


def _change(session: orm.Session, lead: SealedLead, model: Any, key: int, values: dict[str, Any]) -> None:
    table = model.__tablename__
    digest = chain.digest_of(session, table, key)
    session.add(BlottedRow(lead_id=lead.id, kind=table, row=key, sha256=digest))
    session.flush()
    (column,) = model.__table__.primary_key.columns
    changed = sa.update(model).where(column == key).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))
    chain.touch(session, table, key)
