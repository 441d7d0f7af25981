"""Writes an edited record and its journal entry, every field from old to new. It knows no rules."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import orm

from inspections import journal
from inspections.units.entries import days_words


def change(
    session: orm.Session, act: str, record: Any, values: Mapping[str, Any], actor: Any
) -> list[tuple[str, str, str]]:
    """(field, old, new) for each field that differs; empty when nothing did, and then nothing is written."""
    changes = []
    for name, value in values.items():
        old = getattr(record, name)
        if old != value:
            changes.append((name, _plain(old), _plain(value)))
            setattr(record, name, value)
    if changes:
        session.flush()
        journal.record(session, act, record.uuid, actor, changes=[list(change) for change in changes])
        session.flush()
    return changes


def _plain(value: Any) -> str:
    """A journal keeps text: the code of a record, a date as it is written, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return days_words(value) if value and isinstance(value[0], list) else "、".join(value)
    return str(getattr(value, "code", value))
