"""Checks as a tablet is told of them and as it answers: `check:<uuid>`, field `outcome`."""

import decimal
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import OUTCOMES, TRUE, CheckTask
from inspections.fieldwork.models import Checklist, ChecklistItem
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal

PREFIX = "check:"


def write(session: orm.Session, posting: Posting, author: User, item: str, value: Any) -> None:
    """Nothing; the check named in `item` is settled as `value` {outcome, amount, note} says. Raises
    Refusal."""
    check = session.scalar(
        select(CheckTask).where(CheckTask.uuid == _named(item), CheckTask.unit_id == posting.unit_id)
    )
    if check is None or not tasks.released(session, [check]):
        raise Refusal("没有这项核查任务，或它不在这个驻点。")
    if not isinstance(value, dict) or not set(value) <= {"outcome", "amount", "note"}:
        raise Refusal("核查结果的格式不正确。")
    outcome, amount, note = value.get("outcome", ""), value.get("amount"), value.get("note") or ""
    if not isinstance(outcome, str) or not isinstance(note, str):
        raise Refusal("核查结果和核查情况应为文字。")
    try:
        exact = None if amount in (None, "") else decimal.Decimal(str(amount))
    except decimal.InvalidOperation:
        raise Refusal("金额应为不小于 0 的数字，最多 2 位小数。") from None
    tasks.settle(session, check, author, outcome, exact, note)


def _named(item: str) -> UUID:
    try:
        return UUID(item.removeprefix(PREFIX))
    except ValueError:
        raise Refusal("核查任务的编号不正确。") from None


def told(checks: Sequence[CheckTask], checklist: Checklist) -> list[dict[str, Any]]:
    """The checks for a tablet, each under its group of the checklist and, where one asks the same, its
    question."""
    return [_told(check, checklist.items) for check in checks]


def _told(check: CheckTask, items: Sequence[ChecklistItem]) -> dict[str, Any]:
    here = [item for item in items if item.group_code in check.groups]
    same = next((item for item in here if item.category == check.category), None)
    said = tasks.said_of(check)
    return {
        "id": str(check.uuid),
        "section": same.group_code if same else here[0].group_code if here else items[0].group_code,
        "item": same.code if same else "",
        "title": check.title,
        "grade": check.grade,
        "reason": check.reason,
        "ask": check.ask,
        "whom": check.whom,
        "mind": check.mind,
        "household": check.subject,
        "outcome": check.outcome,
        "note": check.note,
        "finding": str(check.finding_name),
        "said": {
            "title": said.title,
            "category": said.category,
            "severity": said.severity,
            "process": said.process,
            "method": said.method,
            "evidence": said.evidence,
            "amount": None if said.amount is None else f"{said.amount:f}",
        },
    }


def vocabulary() -> dict[str, Any]:
    """The outcomes to choose from, and which of them open a working paper."""
    return {"outcomes": OUTCOMES, "true_outcomes": list(TRUE)}
