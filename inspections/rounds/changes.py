"""What happened to a cycle or a plan, in sentences: for the history on its page and for a refused stale form.

It reads the journal and changes nothing.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import orm

from inspections import journal
from inspections.journal import ACTS, JournalEntry
from inspections.rounds import apart
from inspections.wording import moment_words


def history(session: orm.Session, subject: UUID) -> list[str]:
    """One sentence per act, oldest first, e.g. 2026年3月2日 09:15 王统筹批准了方案（理由：…）。

    Acts upon a unit from which the session's account must stay away are left out.
    """
    return [_sentence(entry) for entry in _seen(session, subject)]


def _seen(session: orm.Session, subject: UUID) -> list[JournalEntry]:
    hidden = apart.units(session).keys()
    entries = journal.history(session, subject)
    return [entry for entry in entries if hidden.isdisjoint(entry.detail.get("upon", ()))]


def since(session: orm.Session, subject: UUID, version: int) -> list[str]:
    """The same, only of acts after the record had this version."""
    later = [e for e in _seen(session, subject) if e.detail.get("version", 0) > version]
    return [_sentence(entry) for entry in later]


def _sentence(entry: JournalEntry) -> str:
    who = entry.actor.name if entry.actor else "系统"
    return f"{moment_words(entry.at)} {who}{ACTS.get(entry.act, entry.act)}{_particulars(entry.detail)}。"


def _particulars(detail: Mapping[str, Any]) -> str:
    told = [f"{what}由“{old}”改为“{new}”" for what, (old, new) in detail.get("changes", {}).items()]
    for key, words in (("trouble", ""), ("reason", "理由：")):
        if detail.get(key):
            told.append(f"{words}{str(detail[key]).rstrip('。')}")
    if detail.get("shortages"):
        told.append(f"缺口 {detail['shortages']} 处")
    return f"（{'；'.join(told)}）" if told else ""
