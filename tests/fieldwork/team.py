"""A team at work for the tests of the field: a village, two members, a leader, and their checklist."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.fieldwork.models import Checklist
from inspections.findings.models import TaxonomyEntry
from inspections.rounds.models import Posting
from tests import factories

YES_NO, YES_NO_NA, COUNT, DAYS, MONEY, RATIO, SAMPLE = (f"V-X-{n:02}" for n in range(1, 8))


@dataclass
class Stay:
    """A posting with its people and its checklist of one item of each type."""

    posting: Posting
    leader: User
    member: User
    village: User
    checklist: Checklist


def make_stay(session: orm.Session, **given: Any) -> Stay:
    leader, member = factories.make_user(session, "leader"), factories.make_user(session, "member")
    village = factories.make_user(session, "village")
    checklist = factories.make_checklist(session, given.pop("kind", "village"))
    people = {leader.person: "leader", member.person: "finance", village.person: "member"}
    posting = factories.make_posting(session, people, **given)
    taxonomy(session)
    return Stay(posting, leader, member, village, checklist)


def taxonomy(session: orm.Session) -> None:
    for kind, code, parent, name in (
        ("category", "A", "", "政治责任"),
        ("subcategory", "A1", "A", "部署落实不力"),
        ("severity", "S2", "", "一般"),
        ("severity", "S4", "", "严重"),
        ("check_method", "CM2", "", "查阅资料"),
    ):
        texts = {"name": name, "definition": "", "default_severity": "", "position": 0}
        session.merge(TaxonomyEntry(kind=kind, code=code, parent_code=parent, **texts))
    session.flush()


def op(item: str, value: Any, **given: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "item": item,
        "field": "answer",
        "kind": "set",
        "value": value,
        "base": None,
        "at": "2026-10-12T09:30:00+08:00",
        "template_version": None,
    } | given
