"""What each role may do and how far it reaches: one table, `seeds/permissions.csv`; the default is never.

Nothing here looks at a request. A page names its action (`web.guarded`); this file alone answers.
"""

import csv
import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from inspections.accounts.duties import READER, is_reading

ROLES: Mapping[str, str] = {
    "planner": "县统筹",
    "leader": "组长",
    "member": "组员",
    "village": "村纪检委员",
    "leadership": "领导",
    "recipient": "乡镇/单位联络员",
    "case_room": "案管室",
    "auditor": "审计",
    "admin": "系统管理员",
    "anonymous": "未登录",
}
#: whose account answers to a roster entry
ON_THE_ROSTER = ("leader", "member", "village")
#: 三权: who runs the system, who confirms what accounts may do, who watches both; never one person's
POWERS = ("admin", "leadership", "auditor")
#: what a planner may hand out and give a new one-time password for: who goes into the field, who answers
TEAM = (*ON_THE_ROSTER, "recipient")


class Reach(enum.StrEnum):
    """How far an action reaches. `own`: what the person made or is; `county`: everything.

    `township` is the place the account answers for; a liaison of one unit reaches that unit alone. A table
    that does not know a reach (`within`) has no row in it.
    """

    NEVER = "never"
    OWN = "own"
    TEAM = "team"
    UNIT = "unit"
    TOWNSHIP = "township"
    COUNTY = "county"


REACH_NAMES: Mapping[Reach, str] = {
    Reach.NEVER: "—",
    Reach.OWN: "本人",
    Reach.TEAM: "本组",
    Reach.UNIT: "本单位",
    Reach.TOWNSHIP: "本乡镇",
    Reach.COUNTY: "全县",
}


class Actor(Protocol):
    """Whoever asks: a signed-in user, or nobody (`is_authenticated` false)."""

    @property
    def is_authenticated(self) -> bool: ...


class Permissions:
    """The table role × action → reach."""

    def __init__(self, table: Mapping[str, Mapping[str, Reach]], names: Mapping[str, str]) -> None:
        self.table = table
        self.names = names

    @classmethod
    def read(cls, path: Path) -> "Permissions":
        """The table in a CSV file: a row an action, a column a role, a cell a reach (empty: never).

        Raises ValueError naming row and column for an unknown reach, a missing role or a repeated action.
        """
        table: dict[str, dict[str, Reach]] = {}
        names: dict[str, str] = {}
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = set(ROLES) - set(rows.fieldnames or ())
            if missing:
                raise ValueError(f"{path.name}: no column for {', '.join(sorted(missing))}")
            for number, row in enumerate(rows, 2):
                action = row["action"]
                if action in table:
                    raise ValueError(f"{path.name}:{number}: action {action} stands here twice")
                names[action] = row["说明"]
                try:
                    table[action] = {role: Reach(row[role] or "never") for role in ROLES}
                except ValueError as fault:
                    raise ValueError(
                        f"{path.name}:{number}: {fault}; expected one of {list(Reach)}"
                    ) from None
        return cls(table, names)

    def reach(self, user: Actor, action: str) -> Reach:
        """How far `user` reaches with `action`; never for an action or role the table does not know.

        Whoever only reads (县委领导) reaches nothing that decides, whatever the role may do.
        """
        if getattr(user, "duty", "") == READER and not is_reading(action):
            return Reach.NEVER
        role = getattr(user, "role", "anonymous") if user.is_authenticated else "anonymous"
        return self.table.get(action, {}).get(role, Reach.NEVER)

    def allows(self, user: Actor, action: str) -> bool:
        """Whether the role may use the action at all, on whatever row."""
        return self.reach(user, action) is not Reach.NEVER


class Scoped(Protocol):
    """A table whose rows belong to somebody: `within` says which rows a limited reach covers."""

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]: ...


S = TypeVar("S")


def in_reach(permissions: Permissions, user: Actor, action: str, model: Any) -> sa.ColumnElement[bool]:
    """The condition on `model`'s rows that `user` may touch with `action`: all look-ups ask it."""
    reach = permissions.reach(user, action)
    if reach is Reach.COUNTY:
        return sa.true()
    if reach is Reach.NEVER:
        return sa.false()
    condition: sa.ColumnElement[bool] = model.within(reach, user)
    return condition
