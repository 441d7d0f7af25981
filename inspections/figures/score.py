"""The annual score sheet of units (考核附表): a hundred points and the county's own weights.

It scores units, never persons; every line shows its cases and points, so that it can be checked by hand.
"""

import datetime as dt
import decimal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.figures.models import ScoreRule
from inspections.figures.unit_record import Record, records
from inspections.reading.files import own_rows
from inspections.site.refusal import Refusal
from inspections.units.models import Unit

FULL = decimal.Decimal(100)
MOST_POINTS = decimal.Decimal(100)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One unit's year: cases by rule, and the points that are left of a hundred, never below nought."""

    unit: Unit
    visited: bool
    cases: Mapping[str, int]
    points: decimal.Decimal


def load_rules(session: orm.Session, file: Path) -> None:
    """Nothing; the rules of seeds/score.csv are there; weights that the county has set stay."""
    for position, row in enumerate(own_rows(file)):
        if session.get(ScoreRule, row["code"]) is None:
            values = {"code": row["code"], "name": row["name"], "note": row["说明"]}
            session.add(ScoreRule(points=decimal.Decimal(row["points"]), position=position, **values))
    session.flush()


def rules(session: orm.Session) -> Sequence[ScoreRule]:
    """The county's weights, in the order of the sheet."""
    return session.scalars(select(ScoreRule).order_by(ScoreRule.position)).all()


def set_points(session: orm.Session, given: Mapping[str, str], actor: User) -> int:
    """How many weights changed. Raises Refusal naming each that is no number from -100 to 100."""
    changed, faults = {}, []
    for rule in rules(session):
        text = given.get(rule.code, "").strip()
        try:
            points = decimal.Decimal(text).quantize(decimal.Decimal("0.01"))
        except decimal.InvalidOperation:
            faults.append(f"{rule.name}：“{text}”不是数字")
            continue
        if not -MOST_POINTS <= points <= MOST_POINTS:
            faults.append(f"{rule.name}：应在 -100 至 100 之间")
        elif points != rule.points:
            changed[rule.code] = [f"{rule.points}", f"{points}"]
            rule.points = points
    if faults:
        raise Refusal("没有保存：" + "；".join(faults) + "。")
    if changed:
        session.flush()
        journal.record(session, "score.rules", None, actor, changes=changed)
    return len(changed)


def sheet(session: orm.Session, units: Sequence[Unit], year: int, today: dt.date) -> list[ScoreLine]:
    """One line per unit, the fewest points first; what is late is late on `today` or at the year's end."""
    weights = {rule.code: rule.points for rule in rules(session)}
    lines = []
    for record in records(session, units):
        cases = count(record, year, today)
        points = FULL + sum(
            (weights.get(code, decimal.Decimal(0)) * n for code, n in cases.items()), FULL * 0
        )
        visited = any(start.year == year for start, _ in record.visits)
        lines.append(ScoreLine(record.unit, visited, cases, max(points, decimal.Decimal(0))))
    return sorted(lines, key=lambda line: (line.points, line.unit.code))


def count(record: Record, year: int, today: dt.date) -> dict[str, int]:
    """Cases of the year by rule code."""
    on = min(today, dt.date(year, 12, 31))
    found = [one for one in record.problems if one.signed_on.year == year]
    closed = [item for item in record.items if item.closed_on and item.closed_on.year == year]
    return {
        **{code: sum(one.severity == code for one in found) for code in ("S1", "S2", "S3")},
        "repeat": sum(one.signed_on.year == year for one in record.repeats()),
        "overdue": sum(item.closed_on is None and item.is_open and item.due < on for item in record.items),
        "late": sum(item.closed_on > item.due for item in closed if item.closed_on),
        "returned": sum(day.year == year for day in record.weak),
        "reopened": sum(bool(item.reopened_on and item.reopened_on.year == year) for item in record.items),
        "on_time": sum(item.closed_on <= item.due for item in closed if item.closed_on),
    }
