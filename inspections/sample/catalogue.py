"""Loads what every county starts with: checklists, taxonomy, recusal kinds, time limits, team templates.

Loading again changes nothing that is the same; a checklist that says something else becomes a new version.
"""

from typing import Any

from sqlalchemy import orm, select

from inspections.fieldwork import checklists
from inspections.figures.score import load_rules
from inspections.followup.models import EscalationRung
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import SKILLS
from inspections.rounds.models import TeamTemplate
from inspections.sample.tables import SEEDS, rows, several

_SKILL_CODES = {name: code for code, name in SKILLS.items()}
_DISTINCT = {"所在村": "home_unit", "机构": "office", "": None}


def load_catalogue(session: orm.Session) -> None:
    """Nothing; the catalogue and the team templates of seeds/ are in the database."""
    load_recusal_kinds(session, SEEDS / "catalogue" / "recusal_kinds.csv")
    checklists.load(session, SEEDS / "catalogue")
    load_rungs(session)
    load_rules(session, SEEDS / "score.csv")
    slots: dict[str, list[dict[str, Any]]] = {}
    for row in rows("templates.csv"):
        slots.setdefault(row["模板"], []).append(_slot(row))
    for name, wanted in slots.items():
        template = session.scalar(select(TeamTemplate).where(TeamTemplate.name == name))
        if template is None:
            session.add(TeamTemplate(name=name, slots=wanted))
        else:
            template.slots = wanted
    session.flush()


def load_rungs(session: orm.Session) -> None:
    """Nothing; the escalation ladder of seeds/ is in the database; rungs that the county changed stay."""
    for row in rows("escalation.csv"):
        if session.get(EscalationRung, row["code"]) is None:
            values = {"code": row["code"], "name": row["name"], "to": row["to"], "note": row["说明"]}
            values["side"] = row["side"]
            session.add(EscalationRung(after_days=int(row["after_days"]), **values))
    session.flush()


def _slot(row: dict[str, str]) -> dict[str, Any]:
    slot = {
        "id": row["岗位"],
        "name": row["岗位名称"],
        "min": int(row["最少"]),
        "max": int(row["最多"]),
        "target": int(row["目标"]),
        "needs": [_SKILL_CODES[name] for name in several(row["专长"])],
    }
    distinct = _DISTINCT[row["互异"]]
    return slot | ({"distinct": distinct} if distinct else {})
