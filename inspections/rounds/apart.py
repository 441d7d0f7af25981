"""The units of a plan from which the account that looks must stay away: they are left out of all it is shown.

Which these are, `sight.py` decides for the request.
"""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import orm, select

from inspections.database import APART
from inspections.rounds.models import Plan
from inspections.units.models import Unit


def hidden(session: orm.Session, plan: Plan) -> Mapping[str, str]:
    """Code → name of the plan's units that are not shown to the session's account; mostly empty."""
    codes = units(session)
    if not codes or plan.problem is None:
        return {}
    return {row["id"]: row["name"] for row in plan.problem["units"] if row["id"] in codes}


def units(session: orm.Session) -> Mapping[str, str]:
    """Code → name of all units that are not shown to the session's account."""
    tied = session.info.get(APART, frozenset())
    if not tied:
        return {}
    return {unit.code: unit.name for unit in session.scalars(select(Unit).where(Unit.id.in_(tied)))}


def without(lines: Iterable[str], units: Mapping[str, str]) -> list[str]:
    """The lines that name none of the hidden units, by name or by code: the net under what people typed.

    What the program says is hidden by what it refers to, before it is said (`planning.sentences`).
    """
    either = "|".join(
        [*map(re.escape, units.values()), *(rf"(?<!\w){re.escape(code)}(?!\w)" for code in units)]
    )
    named = re.compile(either or "(?!)", re.ASCII)
    return [line for line in lines if not named.search(line)]
