"""Puts into words what a draft could not staff: one row per unit and slot, with the rules in the way.
It counts what keeps each qualified person from the seat; it looks for no remedy."""

from __future__ import annotations

from collections import Counter

from planners.draft import Crew, Draft
from planners.problem import Because, Shortage

#: Why somebody with the needed skill is not in the seat, as the reason of a row says it.
BARRED_BY = {
    "H03": "与已在席位的人同村或同机构",
    "H04": "本轮不在岗、已在其他组或已满次数",
    "H05": "是本村本单位的人",
    "H06": "不符合交叉要求",
    "H07": "与被检查单位有回避关系",
    "H08": "与组内人员有回避关系",
    "H09": "所在机构外派已满",
    "H10": "本村当轮接受检查须留村",
    "H11": "会形成两地互派组长",
    "H12": "被固定安排排除",
}

#: Records named in one row; more would bury the reason.
NAMED_AT_MOST = 12


def shortages(draft: Draft) -> tuple[Shortage, ...]:
    """All rows of the draft in the order of rounds, teams and slots, then the units that nobody visits."""
    tables = draft.tables
    rows = [
        _row(draft, crew, slot, unit)
        for crews in draft.crews
        for crew in crews
        for slot in range(len(tables.slots))
        if len(crew.seats[slot]) < tables.lowest[slot]
        for unit in crew.units
    ]
    lost = [unit for unit, crew in enumerate(draft.crew_of) if crew is None]
    order = {unit.id: i for i, unit in enumerate(tables.problem.units)}
    rows.sort(key=lambda row: (tables.round_at[row.round or ""], order[row.unit]))
    return tuple(rows + [_unvisited(draft, u) for u in sorted(lost, key=lambda u: order[tables.units[u].id])])


def _row(draft: Draft, crew: Crew, slot: int, unit: int) -> Shortage:
    tables = draft.tables
    round_, seat = tables.rounds[crew.round], tables.slots[slot]
    missing = int(tables.lowest[slot]) - len(crew.seats[slot])
    skilled = [p for p in range(len(tables.people)) if tables.fits[slot, p] and p not in crew.seats[slot]]
    bars = {person: draft.bar(crew, slot, person) for person in skilled}
    counts = Counter(rule for rule in bars.values() if rule is not None)
    causes = "，".join(f"{counts[rule]}人{BARRED_BY[rule]}" for rule in sorted(counts))
    pool = f"其余有所需专长的{len(skilled)}人中：{causes}" if causes else "没有其他有所需专长的人"
    return Shortage(
        unit=tables.units[unit].id,
        round=round_.id,
        slot=seat.id,
        missing=missing,
        reason=f"{round_.name or round_.id}“{seat.name or seat.id}”缺{missing}人；{pool}。",
        because=_because(draft, crew, slot, bars),
    )


def _because(draft: Draft, crew: Crew, slot: int, bars: dict[int, str | None]) -> tuple[Because, ...]:
    """Full offices once each, people barred for themselves by name, nobody at all as H03."""
    tables = draft.tables
    causes: dict[Because, None] = {}
    for person, rule in bars.items():
        if rule == "H09":
            office = tables.problem.offices[int(tables.office[person])].id
            causes[Because("H09", (("office", office), ("round", tables.rounds[crew.round].id)))] = None
        elif rule is not None:
            causes[Because(rule, (("person", tables.people[person].id),))] = None
    named = sorted(causes, key=lambda cause: (cause.rule != "H09", cause.rule, cause.names))[:NAMED_AT_MOST]
    return tuple(named) or (Because("H03", (("slot", tables.slots[slot].id),)),)


def _unvisited(draft: Draft, unit: int) -> Shortage:
    tables = draft.tables
    row = tables.units[unit]
    room = sum(each.teams * each.visits_per_team for each in tables.rounds)
    if not tables.is_open[unit].any():
        reason, because = "各轮次都不能接受检查。", Because("H02", (("unit", row.id),))
    elif room < len(tables.units):
        reason = f"全部轮次最多可去{room}个单位，需去{len(tables.units)}个。"
        because = Because("H02", (("room", room), ("units", len(tables.units))))
    else:
        reason, because = "可去的轮次组不成队，或者队数已满。", Because("H03", (("unit", row.id),))
    return Shortage(unit=row.id, round=None, slot=None, missing=1, reason=reason, because=(because,))
