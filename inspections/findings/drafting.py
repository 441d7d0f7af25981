"""Writes and revises the working paper of one problem; every edit is a new revision.

It gives the number and keeps numbers of persons out; who signs is `review.py`.
"""

import decimal
import re
import uuid
from dataclasses import asdict, dataclass, fields

from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.findings import team
from inspections.findings.models import (
    PAPER_ITEM,
    SEVERITIES,
    STATES,
    Finding,
    FindingRevision,
    FindingStep,
    Photo,
    TaxonomyEntry,
)
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

#: the fields of the paper in its order, with their names and how long they may be
LABELS = {
    "title": "问题名称",
    "category": "问题类别",
    "severity": "严重程度",
    "summary": "问题概述",
    "process": "发现过程",
    "method": "检查方式",
    "place": "地点",
    "period": "发生时间",
    "amount": "涉及金额（元）",
    "basis": "定性依据",
    "responsible": "责任主体",
    "evidence": "支撑材料目录",
    "statement": "被检查单位陈述说明",
}
LONGEST = {"title": 60, "method": 120, "place": 120, "period": 80, "basis": 500, "responsible": 120}
LONGEST_TEXT = 3000
MOST_YUAN = decimal.Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class Said:
    """What a working paper says: `category` is a subcategory of the taxonomy, `amount` is in yuan."""

    title: str
    category: str
    severity: str
    summary: str
    process: str = ""
    method: str = ""
    place: str = ""
    period: str = ""
    amount: decimal.Decimal | None = None
    basis: str = ""
    responsible: str = ""
    evidence: str = ""
    statement: str = ""

    @classmethod
    def of(cls, revision: FindingRevision) -> "Said":
        """What that revision says."""
        return cls(**{each.name: getattr(revision, each.name) for each in fields(cls)})


def faults(said: Said) -> dict[str, str]:
    """Field → sentence for everything that cannot be stored; empty when all is well."""
    found: dict[str, str] = {}
    for name, value in asdict(said).items():
        if not isinstance(value, str):
            continue
        longest = LONGEST.get(name, LONGEST_TEXT)
        if name in ("title", "summary") and not value.strip():
            found[name] = f"请填写{LABELS[name]}。"
        elif len(value) > longest:
            found[name] = f"{LABELS[name]}最多 {longest} 字，现有 {len(value)} 字。"
        elif "\x00" in value:
            found[name] = f"{LABELS[name]}含有不能保存的字符。"
        elif privacy.private_number(value):
            found[name] = privacy.SENTENCE
    if said.severity not in SEVERITIES:
        found["severity"] = "请选择严重程度。"
    amount = said.amount
    if amount is not None and not (
        amount.is_finite() and 0 <= amount <= MOST_YUAN and amount == round(amount, 2)
    ):
        found["amount"] = "金额应为不小于 0 的数字，最多 2 位小数。"
    return found


def draft(
    session: orm.Session,
    posting: Posting,
    author: User,
    said: Said,
    name: uuid.UUID | None = None,
    item_code: str | None = None,
    had_seat: bool = False,
) -> Finding:
    """The new working paper in state draft; photographs of the item go with it.

    `name` is the form's random name: sent twice it is one paper, and what differs the second time is its
    next revision. `had_seat`: it was written while the author sat in the team. Raises Refusal for a real
    place, a stranger to the team or content that cannot be stored.
    """
    team.require_member(posting, author, had_seat)
    _check(session, said)
    session.execute(select(Posting.id).where(Posting.id == posting.id).with_for_update())
    known = session.scalar(select(Finding).where(Finding.uuid == name)) if name else None
    if known is not None:
        return _drafted_before(session, known, posting, author, said, had_seat)
    finding = _numbered(session, posting, author, name or uuid.uuid4(), item_code or None)
    session.add(_revision(finding, 1, author, said))
    session.add(FindingStep(finding_id=finding.id, revision=1, state="draft", actor_id=author.id))
    loose = select(Photo).where(
        Photo.posting_id == posting.id,
        Photo.item_code.in_([f"{PAPER_ITEM}{finding.uuid}", *([item_code] if item_code else [])]),
        Photo.finding_id.is_(None),
    )
    for photo in session.scalars(loose):
        photo.finding_id = finding.id
    journal.record(session, "finding.draft", finding.uuid, author, number=finding.number)
    session.flush()
    session.refresh(finding)
    return finding


def revise(
    session: orm.Session, finding: Finding, author: User, said: Said, seen: int, had_seat: bool = False
) -> Finding:
    """The paper with one more revision, or as it was where nothing differs.

    `seen` is the revision the author had before the eyes: Conflict names the fields that somebody else
    changed since. Raises Refusal when the paper waits for the signature or is signed.
    """
    team.require_member(finding.posting, author, had_seat)
    _check(session, said)
    lock(session, finding)
    current = finding.current
    if Said.of(current) == said:
        return finding
    if finding.state not in ("draft", "returned"):
        raise Refusal(f"底稿{STATES[finding.state]}，不能修改；确需修改的，由组长退回。")
    if current.n != seen:
        before = next((r for r in finding.revisions if r.n == seen), finding.revisions[0])
        raise Conflict(f"底稿已由{current.author.name}修改，请核对后重新提交。", changes(before, current))
    try:
        with session.begin_nested():
            session.add(_revision(finding, current.n + 1, author, said))
            session.flush()
    except exc.IntegrityError:
        raise Conflict("底稿刚被他人修改，请核对后重新提交。") from None
    journal.record(session, "finding.revise", finding.uuid, author, revision=current.n + 1)
    session.flush()
    session.expire(finding)
    return finding


def merge(
    session: orm.Session, finding: Finding, author: User, said: Said, seen: int, had_seat: bool = False
) -> Finding:
    """`revise`, field by field: what the author changed since `seen`, on top of what others changed since.

    Raises Conflict, which names the fields, where both changed the same one to different words; and for a
    revision that there never was, over which nobody can have written.
    """
    lock(session, finding)
    changed = f"底稿已由{finding.current.author.name}修改，请核对后重新提交。"
    before = next((each for each in finding.revisions if each.n == seen), None)
    if before is None:
        raise Conflict(changed)
    old, mine, theirs = (asdict(each) for each in (Said.of(before), said, Said.of(finding.current)))
    both = [name for name in mine if mine[name] != old[name] != theirs[name] and mine[name] != theirs[name]]
    if both:
        raise Conflict(changed, [LABELS[each] for each in both])
    merged = {name: theirs[name] if mine[name] == old[name] else mine[name] for name in mine}
    return revise(session, finding, author, Said(**merged), finding.current.n, had_seat)


def changes(before: FindingRevision, after: FindingRevision) -> list[str]:
    """The names of the fields in which two revisions differ."""
    old, new = asdict(Said.of(before)), asdict(Said.of(after))
    return [label for name, label in LABELS.items() if old[name] != new[name]]


def lock(session: orm.Session, finding: Finding) -> None:
    """Nothing; until the transaction ends nobody else moves this paper, and it is read again as it is now."""
    session.execute(select(Finding.id).where(Finding.id == finding.id).with_for_update())
    session.expire(finding)


def _check(session: orm.Session, said: Said) -> None:
    found = faults(said)
    if "category" not in found and session.get(TaxonomyEntry, ("subcategory", said.category)) is None:
        found["category"] = "请选择问题类别。"
    if found:
        raise Refusal("；".join(f"{LABELS[name]}：{sentence}" for name, sentence in found.items()))


def _drafted_before(
    session: orm.Session, known: Finding, posting: Posting, author: User, said: Said, had_seat: bool
) -> Finding:
    if known.posting_id != posting.id or known.created_by_id != author.id:
        raise Conflict("这张底稿已由他人保存，请重新填写。")
    if Said.of(known.current) == said:
        return known
    return revise(session, known, author, said, known.current.n, had_seat)


def _revision(finding: Finding, n: int, author: User, said: Said) -> FindingRevision:
    return FindingRevision(finding_id=finding.id, n=n, author_id=author.id, **asdict(said))


def _numbered(
    session: orm.Session, posting: Posting, author: User, name: uuid.UUID, item_code: str | None
) -> Finding:
    """The new row with the next number of its place: 2026R2-03-SW-007 is year, round, team, unit, running."""
    round_ = posting.team.round
    of_team = posting.team.code.removeprefix(f"{round_.code}-")
    prefix = f"{round_.start.year}{round_.code}-{of_team}-{posting.unit.code}-"
    for _ in range(5):
        taken = session.scalars(
            select(Finding.number).where(Finding.number.startswith(prefix, autoescape=True))
        )
        tails = [number.removeprefix(prefix) for number in taken]
        last = max((int(tail) for tail in tails if re.fullmatch(r"\d+", tail)), default=0)
        finding = Finding(
            uuid=name,
            number=f"{prefix}{last + 1:03}",
            posting_id=posting.id,
            unit_id=posting.unit_id,
            item_code=item_code,
            created_by_id=author.id,
        )
        try:
            with session.begin_nested():
                session.add(finding)
                session.flush()
        except exc.IntegrityError:  # another posting of the same name took the number: the next one
            if session.scalar(select(Finding.id).where(Finding.uuid == name)) is not None:
                raise Conflict("这张底稿刚刚保存过，请在底稿列表中查看。") from None
            continue
        return finding
    raise Refusal("编号正被多人同时使用，请稍后再试。")
