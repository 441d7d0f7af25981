"""Why seats stay empty, rule by rule, in the county's own words and with the records that the rules name.
It reads a draft and the cut of starved_seats.py; it finds no missing people itself and offers no remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planners.books.draft import FIRST_TOLD, Crew, Draft
from planners.books.tables import NO_LIMIT, Tables
from planners.problem import Because
from planners.shortage.starved_seats import Starved

#: Names in one list of a sentence; more would bury the reason.
NAMED_AT_MOST = 6

#: Why a qualified person is not in the seat. The key begins with the rule; `{n}` is how many people.
WORDS = {
    "H08": "{n}人与组内人员有回避关系（H08）",
    "H11": "{n}人任组长会形成两地互派（H11）",
    "H03": "{n}人与已在席位的人同村或同机构（H03）",
    "H12 excluded": "{n}人被固定安排排除（H12）",
    "H12 elsewhere": "{n}人被固定在本轮其他组（H12）",
    "H04 limit": "{n}人已满最多组数（H04）",
    "H04 off": "{n}人当轮不在岗（H04）",
    "H10": "{n}人因本村当轮接受检查须留村（H10）",
    "H07": "{n}人与受检单位有回避关系（H07）",
    "H05": "{n}人是本村本单位的人（H05）",
    "H15": "{n}人所在机构不是该席位所要的（H15）",
    "H14": "{n}人不久前检查过受检单位（H14）",
    "H06": "{n}人不符合交叉要求（H06）",
    "H04 busy": "{n}人已在本轮其他组（H04）",
    "H09": "{n}人所在机构外派已满（H09）",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule in the way: the words of a sentence, and the records behind it."""

    rule: str
    words: str
    records: tuple[Because, ...] = ()


def called(rows: Iterable[str]) -> str:
    """Names joined the Chinese way, the rest counted."""
    listed = list(rows)
    if len(listed) <= NAMED_AT_MOST:
        return "、".join(listed)
    return "、".join(listed[:NAMED_AT_MOST]) + f"等{len(listed)}个"


def name_of(record: object) -> str:
    """What people call a record: its name, or its id where it has none."""
    name = getattr(record, "name", "") or getattr(record, "id", "")
    return str(name)


def causes_of_starved(draft: Draft, one: Starved) -> list[Cause]:
    """The rules that keep every further head from a set of starved seats, quotas first; never empty."""
    tables = draft.tables
    causes = [_full_offices(tables, one)] if one.full else []
    there = one.sent | one.waiting | one.alike
    bars: dict[int, tuple[str, Crew]] = dict.fromkeys(sorted(one.alike), ("H03", one.seats[0][0]))
    for person in _qualified(tables, one.slots):
        if person not in there:
            bars[person] = (_bar_in_round(draft, one, person), one.seats[0][0])
    causes += _by_rule(draft, bars, one.slots)
    if not causes and one.sent:
        names: tuple[tuple[str, str | int], ...] = (
            ("round", tables.rounds[one.round].id),
            ("people", len(one.sent)),
        )
        causes = [Cause("H04", f"可派的{len(one.sent)}人已全部派出（H04）", (Because("H04", names),))]
    return causes or [_nobody(tables, one.slots)]


def causes_of_conflict(draft: Draft, crew: Crew, slot: int) -> list[Cause]:
    """What keeps each qualified person from one seat as the teams stand now (H08 and H11 among it)."""
    tables = draft.tables
    bars: dict[int, tuple[str, Crew]] = {}
    unasked = 0
    for person in _qualified(tables, [slot]):
        if person in crew.seats[slot]:
            continue
        rule = draft.bar(crew, slot, person)
        if rule is None:
            unasked += 1
        else:
            bars[person] = (_detailed(draft, crew, person, rule), crew)
    causes = _by_rule(draft, bars, [slot])
    if unasked:
        records = (Because("H03", (("slot", tables.slots[slot].id),)),)
        causes.append(Cause("H03", f"另有{unasked}人可派，求解停止时还没有安排", records))
    return causes or [_nobody(tables, [slot])]


def records_of(causes: Sequence[Cause], at_most: int) -> tuple[Because, ...]:
    """The records of all causes in their order, each once."""
    return tuple(dict.fromkeys(record for cause in causes for record in cause.records))[:at_most]


def _qualified(tables: Tables, slots: list[int]) -> list[int]:
    return [p for p in range(len(tables.people)) if tables.fits[slots, p].any()]


def _nobody(tables: Tables, slots: list[int]) -> Cause:
    skills = "、".join(dict.fromkeys(skill for slot in slots for skill in tables.slots[slot].needs))
    records = tuple(Because("H03", (("slot", tables.slots[slot].id),)) for slot in slots)
    return Cause("H03", f"没有其他具备所需专长（{skills}）的人（H03）", records)


def _full_offices(tables: Tables, one: Starved) -> Cause:
    round_id = tables.rounds[one.round].id
    offices = [tables.problem.offices[i] for i in one.full]
    words = []
    for office, number in zip(offices, one.full, strict=True):
        present = int((tables.present[:, one.round] & (tables.office == number)).sum())
        most = NO_LIMIT if office.max_out is None else office.max_out
        limit = (
            f"在岗{present}人须留守{office.min_home}人"
            if present - office.min_home < most
            else f"最多外派{most}人"
        )
        words.append(f"{name_of(office)}（{limit}）")
    records = tuple(Because("H09", (("office", office.id), ("round", round_id))) for office in offices)
    return Cause("H09", f"{called(words)}外派已满（H09）", records)


def _bar_in_round(draft: Draft, one: Starved, person: int) -> str:
    """Why this person may serve none of the starved seats, whoever else sits there; a key of WORDS."""
    tables, round_ = draft.tables, one.round
    if not tables.present[person, round_]:
        return "H04 off"
    if any(person in crew.pinned for crew in draft.crews[round_]):
        return "H12 elsewhere"
    if any(draft.busy[person, near] for near in tables.near[round_] if near != round_):
        return "H04 busy"
    if int(draft.load[person]) - int(draft.busy[person, round_]) >= int(tables.max_teams[person]):
        return "H04 limit"
    if tables.problem.rules.host_stays and draft.hosting[person, round_]:
        home = int(tables.home[person])
        return "H05" if all(home in crew.units for crew, _ in one.seats) else "H10"
    return _static_bar(tables, one.seats, person)


def _static_bar(tables: Tables, seats: list[tuple[Crew, int]], person: int) -> str:
    """The rule that bars most of the seats that the person has a skill for."""
    found: list[str] = []
    for crew, slot in seats:
        if not tables.fits[slot, person]:
            continue
        if person in crew.banned:
            found.append("H12 excluded")
        elif barred := [unit for unit in crew.units if not tables.may[slot][person, unit]]:
            rules = [tables.why_barred(slot, person, unit) for unit in barred]
            found.append(min(rules, key=FIRST_TOLD.index))
        elif any(tables.bars_in(person, unit, crew.round) for unit in crew.units):
            found.append("H14")
        else:
            found.append("H03")
    return max(sorted(set(found)), key=found.count)


def _detailed(draft: Draft, crew: Crew, person: int, rule: str) -> str:
    if rule == "H12":
        return "H12 excluded"
    if rule != "H04":
        return rule
    if not draft.tables.present[person, crew.round]:
        return "H04 off"
    if not draft.busy[person, draft.tables.near[crew.round]].any():
        return "H04 limit"
    pinned = any(person in other.pinned for other in draft.crews[crew.round])
    return "H12 elsewhere" if pinned else "H04 busy"


def _by_rule(draft: Draft, bars: dict[int, tuple[str, Crew]], slots: list[int]) -> list[Cause]:
    causes = []
    for key, words in WORDS.items():
        people = [person for person, (bar, _) in bars.items() if bar == key]
        if people:
            records = [_record(draft, key, person, bars[person][1], slots) for person in people]
            records.sort(key=lambda record: record.names)
            causes.append(Cause(key[:3], words.format(n=len(people)), tuple(dict.fromkeys(records))))
    return causes


def _record(draft: Draft, key: str, person: int, crew: Crew, slots: list[int]) -> Because:
    """The rule with the records that it names: always a person or an office, and what stands against it."""
    tables, rule = draft.tables, key[:3]
    round_ = ("round", tables.rounds[crew.round].id)
    if rule == "H09":
        return Because(rule, (("office", tables.problem.offices[int(tables.office[person])].id), round_))
    who = ("person", tables.people[person].id)
    if key == "H04 limit":
        return Because(rule, (who, ("max_teams", int(tables.max_teams[person]))))
    if rule in {"H04", "H12"}:
        return Because(rule, (who, round_))
    if rule == "H08":
        others = sorted(tables.people[foe].id for foe in tables.foes[person].intersection(crew.members()))
        return Because(rule, (who, ("other", others[0])))
    if rule == "H10":
        return Because(rule, (who, ("unit", tables.units[int(tables.home[person])].id), round_))
    if rule == "H11":
        return Because(
            rule, (who, ("area", tables.problem.areas[int(tables.person_area[person])].id), round_)
        )
    if rule == "H03":
        return Because(rule, (who, ("slot", tables.slots[slots[0]].id)))
    return Because(rule, (who, ("unit", tables.units[crew.units[0]].id)))
