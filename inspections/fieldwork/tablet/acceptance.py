"""The county takes in what was barred by a tablet or a day, after it has asked the person who wrote it."""

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.confirming import same_person
from inspections.accounts.models import User
from inspections.fieldwork import ledger
from inspections.fieldwork.entry import quarantine
from inspections.fieldwork.entry.rights import Admission
from inspections.fieldwork.models import Quarantined
from inspections.site import privacy
from inspections.site.refusal import Refusal

LONGEST_REASON = 200


def accept(session: orm.Session, row: Quarantined, actor: User, reason: str) -> None:
    """Nothing; the operation has entered the ledger as its author's. Raises Refusal where it still cannot.

    Whether the tablet was revoked, the visit over or the seat another's is what the actor has looked at;
    what the operation says is asked again.
    """
    (kept,) = quarantine.known(session, [row])
    if not kept.can_be_accepted or row.posting is None:
        raise Refusal("这条记录已收入，或内容不符合清单，不能收入。")
    if not reason.strip():
        raise Refusal("请写明收入的理由，如已与填写人当面核对。")
    if privacy.private_number(reason):
        raise Refusal(privacy.SENTENCE)
    author = session.get_one(User, row.author_id)
    if same_person(author, actor):
        raise Refusal("本人填写的记录请由县统筹的另一人核对收入。")
    operation = {key: value for key, value in row.body.items() if key != "refused"}
    (ack,) = ledger.record(
        session,
        row.posting,
        author,
        [operation],
        row.device,
        sa.true(),
        admission=Admission.COUNTY,
        settles_checks=True,
    )
    if ack.status == "refused":
        raise Refusal(f"没有收入：{ack.sentence}")
    journal.record(
        session, "quarantine.accept", row.posting.uuid, actor, reason=reason.strip()[:LONGEST_REASON]
    )
