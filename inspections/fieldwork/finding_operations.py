"""A working paper as an operation brings it: its value, read and handed to `findings.drafting`.

Whether it may be written, numbered or revised is decided there.
"""

import decimal
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.fieldwork.models import Operation
from inspections.findings import drafting
from inspections.findings.drafting import Said
from inspections.findings.models import PAPER_ITEM, STATES, Finding
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal

PREFIX = PAPER_ITEM
_TEXTS = tuple(each.name for each in fields(Said) if each.name != "amount")


def write(
    session: orm.Session,
    posting: Posting,
    author: User,
    item: str,
    value: Any,
    papers: sa.ColumnElement[bool] | None = None,
    had_seat: bool = False,
) -> Finding:
    """The paper named in `item` (finding:<uuid>), drafted or revised; `papers` narrows what may be revised.

    `value` holds the texts of Said, `amount` as text in yuan, `item_code` of the question it came from, and
    `seen`, the revision that the author saw (null: a new paper). Raises Refusal, and Conflict as `drafting`.
    """
    name = _named(item)
    said, seen, item_code = _read(value)
    known = session.scalar(select(Finding).where(Finding.uuid == name))
    before = _revisions_lost(session, known, item) if known is not None else 0
    if known is not None and (seen or 0) < before:
        return _seen_by_who_came_first(session, known, posting, author, item, seen)
    if known is None or seen is None:
        return drafting.draft(session, posting, author, said, name, item_code, had_seat)
    reached = select(Finding.id).where(Finding.id == known.id, papers if papers is not None else sa.true())
    if known.posting_id != posting.id or session.scalar(reached) is None:
        raise Refusal("没有找到这张底稿，或它不在您的范围内。")
    return drafting.merge(session, known, author, said, seen - before, had_seat)


def _revisions_lost(session: orm.Session, known: Finding, item: str) -> int:
    """How many revisions its author had seen of the paper whose words came here first: more than none only
    where a restored server gets a colleague's revision back before the paper itself.

    A paper that began elsewhere (a sample's, a comparison's) has lost none: its first words are older.
    """
    first = session.scalar(_of_paper(item).limit(1))
    seen = first.value.get("seen") if first is not None and isinstance(first.value, dict) else None
    if first is None or type(seen) is not int or seen <= 0:
        return 0
    oldest = known.revisions[0]
    began = oldest.author_id == first.author_id and Said.of(oldest) == _read(first.value)[0]
    return seen if began else 0


def _seen_by_who_came_first(
    session: orm.Session, known: Finding, posting: Posting, author: User, item: str, seen: int | None
) -> Finding:
    """The paper as it is: what comes now is older than its words, which were written with this before the
    eyes. It is its author's who began it. Raises Refusal for a paper of another visit."""
    if known.posting_id != posting.id:
        raise Refusal("没有找到这张底稿，或它不在您的范围内。")
    begun = any(isinstance(each, dict) and each.get("seen") is None for each in _written(session, item))
    if seen is None and not begun:
        known.created_by_id = author.id
    return known


def _of_paper(item: str) -> sa.Select[Operation]:
    """The paper's operations in the ledger, in order."""
    return select(Operation).where(Operation.item == item, Operation.field == "paper").order_by(Operation.seq)


def _written(session: orm.Session, item: str) -> list[Any]:
    return [each.value for each in session.scalars(_of_paper(item))]


def is_new(value: Any) -> bool:
    """Whether a paper of that value begins: nobody had seen a revision of it."""
    return not isinstance(value, dict) or value.get("seen") is None


def require_open(
    session: orm.Session, posting: Posting, item: str, papers: sa.ColumnElement[bool] | None = None
) -> None:
    """Nothing; a photograph may come before its paper. Raises Refusal where the paper takes none any more."""
    known = find(session, item)
    if known is None:
        return
    reached = select(Finding.id).where(Finding.id == known.id, papers if papers is not None else sa.true())
    if known.posting_id != posting.id or session.scalar(reached) is None:
        raise Refusal("没有找到这张底稿，或它不在您的范围内。")
    if known.state not in ("draft", "returned"):
        raise Refusal(f"底稿{STATES[known.state]}，不能再加照片。")


def photo_added(item: str, name: UUID) -> dict[str, Any]:
    """The operation that announces a photograph of that item (a question, or a paper) on a page."""
    said = {"id": str(name), "item": item, "field": "photos", "kind": "add"}
    return said | {"value": {"caption": ""}, "base": None}


def of_item(session: orm.Session, item: str) -> Finding | None:
    """The paper on which that item's photographs hang; None for a question, or a paper not yet there."""
    return find(session, item) if item.startswith(PREFIX) else None


def find(session: orm.Session, item: str) -> Finding | None:
    """The paper that `item` (finding:<uuid>) names, or None. Raises Refusal for a name that is none."""
    return session.scalar(select(Finding).where(Finding.uuid == _named(item)))


def _named(item: str) -> UUID:
    try:
        name = UUID(item.removeprefix(PREFIX))
    except ValueError:
        raise Refusal("底稿编号不正确。") from None
    if item != f"{PREFIX}{name}":  # one way of writing it, so that its history is found
        raise Refusal("底稿编号不正确。")
    return name


def _read(value: Any) -> tuple[Said, int | None, str | None]:
    allowed = {*_TEXTS, "amount", "seen", "item_code"}
    if not isinstance(value, dict) or not set(value) <= allowed:
        raise Refusal("底稿内容的格式不正确。")
    texts = {name: value.get(name, "") for name in _TEXTS}
    if not all(isinstance(each, str) for each in texts.values()):
        raise Refusal("底稿各栏应为文字。")
    seen, item_code, amount = value.get("seen"), value.get("item_code"), value.get("amount")
    if not (seen is None or type(seen) is int) or not (item_code is None or isinstance(item_code, str)):
        raise Refusal("底稿的修订号或清单项不正确。")
    if "\x00" in (item_code or ""):
        raise Refusal("底稿的修订号或清单项不正确。")
    try:
        exact = None if amount in (None, "") else decimal.Decimal(str(amount))
    except decimal.InvalidOperation:
        raise Refusal("金额应为不小于 0 的数字，最多 2 位小数。") from None
    return Said(amount=exact, **texts), seen, item_code
