"""The one rule file: every limit, length and format by which the server refuses, for the tablet to ask first.

Generated from the server's own constants and served as JSON; a house test finds a limit that is missing.
"""

import functools
import hashlib
import json
import re
from typing import Any

from inspections import gatehouse
from inspections.fieldwork import typed_figures, values
from inspections.fieldwork.entry import edits
from inspections.fieldwork.tablet import handing_back, pieces, protocol
from inspections.findings import drafting, evidence
from inspections.reading import chinese, figures, typed
from inspections.site import privacy

_WHOLE = {"least": "0", "most": str(values.MOST), "decimals": 0}


@functools.cache
def rules() -> dict[str, Any]:
    """The rules with their `hash`; numbers that are exact stand as text."""
    said: dict[str, Any] = {
        "lengths": {
            "note": values.LONGEST_NOTE,
            "caption": min(values.LONGEST_CAPTION, evidence.LONGEST_CAPTION),
            "detail": values.LONGEST_DETAIL,
            "text": values.LONGEST_DETAIL,
            "case": values.LONGEST_CASE,
            "reason": values.LONGEST_REASON,
            "finding": {
                name: drafting.LONGEST.get(name, drafting.LONGEST_TEXT)
                for name in drafting.LABELS
                if name not in ("category", "severity", "amount")
            },
        },
        "required": {"finding": ["title", "category", "severity", "summary"]},
        "labels": {"finding": drafting.LABELS},
        "numbers": {
            "count": _WHOLE,
            "days": _WHOLE,
            "sample": _WHOLE,
            "money": _exact(values.MOST_YUAN, values.DECIMALS["money"]),
            "ratio": _exact(values.MOST_SHARE, values.DECIMALS["ratio"]),
            "finding_amount": _exact(drafting.MOST_YUAN, 2),
        },
        "most": {"cases": values.MOST_CASES, "case_photos": values.MOST_CASES, "settles": edits.MOST_SETTLED},
        "batch": {
            "ops": protocol.MOST_OPS,
            "bytes": protocol.MOST_BYTES,
            "changes": protocol.MOST_CHANGES,
            "ids": handing_back.MOST_IDS,
        },
        "photo": {
            "bytes": evidence.MOST_BYTES,
            "pixels": gatehouse.MOST_PIXELS,
            "piece": pieces.PIECE,
        },
        "privacy": {
            "shortest": privacy.SHORTEST,
            "gap": _script(privacy.GAP),
            "identity": _script(privacy.IDENTITY),
            "card": _script(privacy.CARD),
            "always": [privacy.UNIONPAY],
            "luhn": True,
            "sentence": privacy.SENTENCE,
        },
        "figures": {
            "invisible": _script(typed.INVISIBLE),
            "groups": _script(figures.GROUPS),
            "about": _script(figures.ABOUT),
            "front": _script(figures.FRONT),
            "figure": _script(figures.FIGURE),
            "small": figures.SMALL,
            "large": figures.LARGE,
            "units": {unit: list(words) for unit, words in figures.UNITS.items()},
            "allowed": {answer: list(units) for answer, units in typed_figures.ALLOWED.items()},
            "chinese": {"signs": list(chinese.SIGNS), "powers": chinese.POWERS, "large": chinese.LARGE},
        },
    }
    return {"hash": hashlib.sha256(_bytes(said)).hexdigest()[:16]} | said


def rules_hash() -> str:
    """By what a tablet sees that it has the rules of today."""
    return str(rules()["hash"])


def _bytes(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def _exact(most: Any, decimals: int) -> dict[str, Any]:
    return {"least": "0", "most": f"{most:f}", "decimals": decimals}


def _script(pattern: re.Pattern[str]) -> str:
    """The pattern as JavaScript writes it (with the flag u): named groups and far characters."""
    named = pattern.pattern.replace("(?P<", "(?<")
    return re.sub(r"\\U000([0-9a-fA-F]{5})", r"\\u{\1}", named)
