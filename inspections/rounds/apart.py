"""The units of a plan from which the account that looks must stay away: they are left out of all it is shown.

Which these are, `sight.py` decides for the request.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import orm, select

from inspections.database import APART
from inspections.rounds.models import Plan
from inspections.units.models import Unit


def hidden(session: orm.Session, plan: Plan) -> Mapping[str, str]:
    """Code → name of the plan's units that are not shown to the session's account; mostly empty."""
    tied = session.info.get(APART, frozenset())
    if not tied or plan.problem is None:
        return {}
    codes = set(session.scalars(select(Unit.code).where(Unit.id.in_(tied))))
    return {row["id"]: row["name"] for row in plan.problem["units"] if row["id"] in codes}


def without(lines: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The lines that name none of the hidden units."""
    return [line for line in lines if not any(name in line for name in names.values())]
