"""What may be declared as a tie, by file or by form. It looks nothing up; `ties.py` says what is in force."""

from collections.abc import Mapping
from typing import Any

from inspections.people.kin.kinship import is_near
from inspections.people.kin.terms import UnknownTerm, path_words, steps_of

#: informants and witnesses are known to the case room alone (监察法 article 67; 监察官法 article 48)
NEVER_STORED = frozenset({"RC-08", "RC-09"})
#: 不可降级 in the catalogue
NEVER_SOFT = frozenset({"RC-01"})
#: 经济利害: the only kind that reaches from a relative to the person, one hop
BUSINESS = "RC-10"


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
    if values.get("through"):
        faults |= _through_faults(values["through"], kind)
    return faults


def _through_faults(through: str, kind: str | None) -> dict[str, str]:
    if kind is not None and kind != BUSINESS:
        return {"through": f"只有 {BUSINESS} 经济利害关系可以填关系人"}
    try:
        steps = steps_of(through)
    except UnknownTerm:
        return {"through": f"“{through}”不是登记的亲属称谓，本人的往来请留空"}
    if not is_near(steps):
        told = f"“{through}”（{path_words(steps)}）不是民法典第一千零四十五条所列近亲属"
        return {"through": f"{told}，经济利害关系只及于近亲属；可按 RC-16 登记"}
    return {}
