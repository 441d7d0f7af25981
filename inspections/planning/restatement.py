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
    """The problem of a version that may take the published plan's place: rounds that have begun stay as they
    are, their teams pinned, and neither unit nor member joins them. Raises Refusal like `problem_of`.
    """
    begun = begun_rounds(plan)
    statement = restated(session, plan, begun)
    teams = [team for team in (plan.answer or {})["teams"] if team["round"] in begun]
    visited = {unit: team["round"] for team in teams for unit in team["units"]}
    order = [row["id"] for row in statement["rounds"]]
    for row in statement["units"]:
        shut = {*row["closed"], *begun} - {visited.get(row["id"])}
        row["closed"] = [code for code in order if code in shut]
    full = sum(slot["max"] for slot in statement["template"]["slots"])
    out = {code: _seated(teams, code) for code in begun}
    statement["pins"] += [
        {
            "round": team["round"],
            "units": list(team["units"]),
            "members": [{"person": one["person"], "slot": one["slot"]} for one in team["members"]],
            # whoever is in no team of the round might still be added where a seat is free
            "exclude": [
                row["id"]
                for row in statement["people"]
                if len(team["members"]) < full and row["id"] not in out[team["round"]]
            ],
        }
        for team in teams
    ]
    return statement


def begun_rounds(plan: Plan) -> set[str]:
    """The codes of the rounds of its cycle whose teams are out or back."""
    return {round_.code for round_ in plan.cycle.standing_rounds if round_.start <= today()}


def _seated(teams: Rows, code: str) -> set[str]:
    return {one["person"] for team in teams if team["round"] == code for one in team["members"]}


def _add(rows: Rows, before: Rows, wanted: list[str | None]) -> None:
    """Appends the rows of the former problem that are wanted and missing, and their parents."""
    former = {row["id"]: row for row in before}
    known = {row["id"] for row in rows}
    while missing := [code for code in dict.fromkeys(wanted) if code in former and code not in known]:
        rows.extend(dict(former[code]) for code in missing if code is not None)
        known.update(code for code in missing if code is not None)
        wanted = [former[code].get("parent") for code in missing if code is not None]
