"""States a plan's problem anew, as the tables are today, so that rounds which are over can still be told.

Whoever has left the roster since, or may not go any more, has been in those teams all the same.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import orm

from inspections.database import today
from inspections.planning.statement import problem_of
from inspections.rounds.models import Plan

Rows = list[dict[str, Any]]


def restated(session: orm.Session, plan: Plan, past: Collection[str]) -> dict[str, Any]:
    """`problem_of` the plan's cycle, with everybody whom the plan seats; `past` are codes of rounds.

    People who are gone stand as the plan's own problem had them, away in every round that is not past, and
    nobody's limit is lower than what the past rounds took. Raises Refusal like `problem_of`.
    """
    statement = problem_of(session, plan.cycle)
    if plan.answer is None or plan.problem is None:
        return statement
    later = [row["id"] for row in statement["rounds"] if row["id"] not in past]
    served: Counter[str] = Counter()
    for team in plan.answer["teams"]:
        for member in team["members"]:
            served[member["person"]] += team["round"] in past
    known = {row["id"] for row in statement["people"]}
    homes = {row["id"] for row in statement["units"]}
    for row in plan.problem["people"]:
        if row["id"] in served and row["id"] not in known:
            home = row["home_unit"] if row["home_unit"] in homes else None
            statement["people"].append({**row, "home_unit": home, "off": later, "max_teams": None})
    for row in statement["people"]:
        if row["max_teams"] is not None:
            row["max_teams"] = max(row["max_teams"], served[row["id"]])
    offices = [row["office"] for row in statement["people"]]
    areas = [row["area"] for row in statement["people"]]
    _add(statement["offices"], plan.problem["offices"], offices)
    _add(statement["areas"], plan.problem["areas"], [*areas, *(row["area"] for row in statement["offices"])])
    return statement


def onward(session: orm.Session, plan: Plan) -> dict[str, Any]:
    """The problem of a version that may take the published plan's place: rounds that have begun are pinned.

    Raises Refusal like `problem_of`.
    """
    begun = {round_.code for round_ in plan.cycle.standing_rounds if round_.start <= today()}
    statement = restated(session, plan, begun)
    statement["pins"] += [
        {
            "round": team["round"],
            "units": list(team["units"]),
            "members": [{"person": one["person"], "slot": one["slot"]} for one in team["members"]],
            "exclude": [],
        }
        for team in (plan.answer or {})["teams"]
        if team["round"] in begun
    ]
    return statement


def _add(rows: Rows, before: Rows, wanted: list[str | None]) -> None:
    """Appends the rows of the former problem that are wanted and missing, and their parents."""
    former = {row["id"]: row for row in before}
    known = {row["id"] for row in rows}
    while missing := [code for code in dict.fromkeys(wanted) if code in former and code not in known]:
        rows.extend(dict(former[code]) for code in missing if code is not None)
        known.update(code for code in missing if code is not None)
        wanted = [former[code].get("parent") for code in missing if code is not None]
