"""The file formats as JSON Schema 2020-12, made from the same tables that the parser reads by.
Says nothing of what lies between keys (min ≤ max, unknown ids, areas in circles), as formats/parse.py does.
"""

from __future__ import annotations

import json
from typing import Any

from planners.formats.keys import PLAN, PROBLEM
from planners.formats.keys_2 import PLAN_2, PROBLEM_2
from planners.problem import PLAN_FORMAT, PLAN_FORMAT_2, PROBLEM_FORMAT, PROBLEM_FORMAT_2
from planners.zones.areas import AREAS_FORMAT, ZONES_FORMAT
from planners.zones.files import AREAS, ZONES

_TABLES = {
    "problem": (PROBLEM_FORMAT, PROBLEM),
    "plan": (PLAN_FORMAT, PLAN),
    "problem-2": (PROBLEM_FORMAT_2, PROBLEM_2),
    "plan-2": (PLAN_FORMAT_2, PLAN_2),
    "areas": (AREAS_FORMAT, AREAS),
    "zones": (ZONES_FORMAT, ZONES),
}
NAMES = tuple(_TABLES)


def schema(name: str) -> dict[str, Any]:
    """The schema of one of NAMES."""
    title, table = _TABLES[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": f"Made by `python -m planners schema {name}`; do not edit.",
        **table.schema(),
    }


def schema_text(name: str) -> str:
    """The schema as it stands in docs/schemas/, with a newline at its end."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"
