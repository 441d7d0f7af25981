"""What may be declared as a tie, by file or by form. It looks nothing up; `ties.py` says what is in force."""

from collections.abc import Mapping
from typing import Any

#: informants and witnesses are known to the case room alone (监察法 article 67; 监察官法 article 48)
NEVER_STORED = frozenset({"RC-08", "RC-09"})
#: 不可降级 in the catalogue
NEVER_SOFT = frozenset({"RC-01"})


def tie_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Field → what is wrong with it, for a tie with the fields of the sheet 回避 as far as they are known."""
    faults = {}
    kind, start, end = values.get("kind"), values.get("valid_from"), values.get("valid_to")
    if kind in NEVER_STORED:
        faults["kind"] = f"{kind} 只由案管室掌握，不得录入名册"
    if values.get("object") and values["object"] == values.get("person"):
        faults["object"] = "对象不能是本人"
    if start and end and end < start:
        faults["valid_to"] = "止的日期早于起的日期"
    if values.get("hard") is False and kind in NEVER_SOFT:
        faults["hard"] = f"{kind} 不可降级，应为 是 或留空"
    return faults
