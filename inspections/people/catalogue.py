"""Loads the kinds of recusal (RC-01 … RC-26) from the catalogue's CSV; may be called again without harm."""

import csv
from pathlib import Path

from sqlalchemy import orm, select

from inspections import journal
from inspections.people.models import RecusalKind

CATALOGUE = Path(__file__).parent.parent.parent / "seeds" / "catalogue" / "recusal_kinds.csv"


def load_recusal_kinds(session: orm.Session, file: Path = CATALOGUE) -> int:
    """How many kinds were added or changed: 0 when the table already says what the file says.

    A basis counts as checked only where the file marks it V; the others show 依据待核. Raises KeyError when a
    column is missing.
    """
    stored = {kind.code: kind for kind in session.scalars(select(RecusalKind))}
    changed = 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            values = {
                "name": row["name"],
                "definition": row["definition"],
                "basis": row["basis"],
                "basis_checked": row["basis_check"] == "V",
                "strength": row["strength_default"],
                "lookback_years": int(row["lookback_years"] or 0),
                "note": row["note"] or "",
                "waivable": row["waivable"] == "是",
                "after_lookback": row["after_lookback"],
                "long_service_years": int(row["long_service_years"] or 0) or None,
            }
            kind = stored.get(row["code"])
            if kind is None:
                session.add(RecusalKind(code=row["code"], **values))
            elif any(getattr(kind, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(kind, name, value)
            else:
                continue
            changed += 1
    if changed:
        journal.record(session, "recusal_kinds.load", count=changed)
        session.flush()
    return changed
