"""Taking a tie, a relative or the holder of a key post off the list: one asks, another person agrees.

Until then it counts as before; nobody asks or decides about the own person.
"""

from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import now
from inspections.people.edits import end_key_post, remove_kin, remove_tie
from inspections.people.models import KeyPost, Kin, Removal, Tie
from inspections.site.refusal import Conflict, Refusal

MODELS: dict[str, type[Tie] | type[Kin] | type[KeyPost]] = {"tie": Tie, "kin": Kin, "key_post": KeyPost}
OWN = "涉及您本人，请由其他人办理。"


def words_of(row: Tie | Kin | KeyPost) -> str:
    """What would go, as people say it: 张三与柳树村的近亲属任职（RC-05）. No relative's name."""
    if isinstance(row, Tie):
        target = row.unit or row.other
        return f"{row.person.called}与{target.called if target else ''}的{row.kind.name}（{row.kind_code}）"
    if isinstance(row, Kin):
        return f"{row.person.called}在{row.unit.called}任职的{row.term}"
    return f"{row.unit.called}的{row.post}"


def ask(session: orm.Session, row: Tie | Kin | KeyPost, reason: str, actor: User) -> Removal:
    """The application, one for a row. Raises Refusal without a reason and for the own person."""
    if not reason.strip():
        raise Refusal("请写明理由。")
    if _is_own(row, actor):
        raise Refusal(OWN)
    known = pending_of(session, row)
    if known is not None:
        return known
    person, unit = getattr(row, "person", None), row.unit
    made = Removal(
        what=next(what for what, model in MODELS.items() if isinstance(row, model)),
        row=row.uuid,
        words=words_of(row),
        person_id=person.id if person else None,
        unit_id=unit.id if unit else None,
        reason=reason.strip(),
        asked_by_id=actor.id,
    )
    session.add(made)
    session.flush()
    about = person.uuid if person else row.uuid
    journal.record(session, "removal.ask", about, actor, what=made.what, reason=made.reason)
    return made


def decide(session: orm.Session, removal: Removal, agreed: bool, actor: User) -> None:
    """Nothing; the row is gone, or stays. Raises Conflict when it was decided; Refusal for whoever asked, by
    whatever account, and for the own person."""
    session.refresh(removal, with_for_update={"of": type(removal)})
    if removal.agreed is not None:
        raise Conflict("这项删除已由他人决定，请刷新页面。")
    if confirming.is_same(session, removal.asked_by_id, actor):
        raise Refusal("删除须由提出人以外的人确认。")
    row = _row(session, removal)
    if agreed and row is None:
        raise Conflict("这条登记已不在，不能再删除。")
    if row is not None and _is_own(row, actor):
        raise Refusal(OWN)
    removal.agreed, removal.decided_by_id, removal.decided_at = agreed, actor.id, now()
    session.flush()
    journal.record(session, "removal.decide", removal.uuid, actor, agreed=agreed)
    if agreed and row is not None:
        _take_off(session, row, removal.reason, actor)


def _row(session: orm.Session, removal: Removal) -> Tie | Kin | KeyPost | None:
    model: Any = MODELS[removal.what]
    found: Tie | Kin | KeyPost | None = session.scalar(select(model).where(model.uuid == removal.row))
    return found


def _take_off(session: orm.Session, row: Tie | Kin | KeyPost, reason: str, actor: User) -> None:
    if isinstance(row, Tie):
        remove_tie(session, row, reason, actor)
    elif isinstance(row, Kin):
        remove_kin(session, row, reason, actor)
    else:
        end_key_post(session, row, reason, actor)


def pending_of(session: orm.Session, row: Tie | Kin | KeyPost) -> Removal | None:
    """The application for that row that waits for a second person."""
    return session.scalar(select(Removal).where(Removal.row == row.uuid, Removal.agreed.is_(None)))


def _is_own(row: Tie | Kin | KeyPost, actor: User) -> bool:
    sides = (getattr(row, "person_id", None), getattr(row, "other_id", None))
    return actor.person_id is not None and actor.person_id in sides
