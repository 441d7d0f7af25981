"""The one way from a value to a Chinese sentence: words of the table, filled with the reader's names.
`FileNames` are the planner's own, name and id as its files have them; the desk has its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from planners.problem import Problem, Team
from planners.rulebook.lacking import CAUSES, PARTS, REMARKS
from planners.rulebook.table import CIRCLES, PHRASES, RULES
from planners.rulebook.values import Bar, Broken, Cause, Fact, Facts, Ref, Remark, Said

#: Names in one list of a sentence in the style "few"; more would bury the reason.
NAMED_AT_MOST = 6

_PLACE = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_BETWEEN = ("/", "；", "，")


class Names(Protocol):
    """How a reader calls records. `crew` is the reader's word for a team."""

    @property
    def crew(self) -> str: ...

    def __call__(self, ref: Ref, style: str = "") -> str:
        """The name of what is referred to. Styles: `name` never with its id; of teams `short` where the round
        was just named, `alone` where it was not; of a rule `after` inside a bracket; `id`."""


def told(words: str, facts: Facts, names: Names) -> str:
    """The words with `{fact}` or `{fact:style}` filled in, `{组}` by the reader's word."""
    known = dict(facts)

    def fill(found: re.Match[str]) -> str:
        return names.crew if found[1] == "组" else _said(known[found[1]], found[2] or "", names)

    return _PLACE.sub(fill, words)


def _said(fact: Fact | Cause, style: str, names: Names) -> str:
    if isinstance(fact, Ref):
        return names(fact, style)
    if isinstance(fact, Said):
        return told_phrase(fact, names)
    if isinstance(fact, Cause):
        return told_cause(fact, names)
    if isinstance(fact, tuple):
        few, between = style == "few", style if style in _BETWEEN else "、"
        inside = "" if few or style in _BETWEEN else style
        listed = [_said(one, inside, names) for one in (fact[:NAMED_AT_MOST] if few else fact)]
        rest = f"等{len(fact)}个" if few and len(fact) > NAMED_AT_MOST else ""
        return between.join(listed) + rest
    return str(fact)


def told_broken(fault: Broken, names: Names) -> str:
    """The sentence of a broken rule, without its code and without a full stop."""
    return told(RULES[fault.rule].broken[fault.case], fault.refs, names)


def told_bar(bar: Bar, names: Names) -> str:
    """The same of a bar."""
    return told(RULES[bar.rule].bars[bar.case], bar.refs, names)


def told_phrase(said: Said, names: Names) -> str:
    """What is no rule's own."""
    words = PARTS[said.phrase] if said.phrase in PARTS else PHRASES[said.phrase]
    return told(words, said.facts, names)


def told_cause(cause: Cause, names: Names) -> str:
    """`2人所在机构外派已满（H09）`, or what else keeps people away."""
    of_people = ("{n}人" if cause.count else "") + RULES[cause.rule].barred.get(cause.case, "") + "{rule}"
    words = CAUSES.get(f"{cause.rule} {cause.case}", of_people)
    known = (("n", cause.count), *cause.refs, ("rule", Ref("rule", cause.rule)))
    return told(words, known, names)


def told_remark(remark: Remark, names: Names) -> str:
    """A whole sentence."""
    words = REMARKS.get(f"{remark.rule} {remark.case}") or REMARKS[remark.case]
    return told(words, (*remark.refs, ("rule", Ref("rule", remark.rule))), names)


def lines(broken: Iterable[Broken], problem: Problem, teams: Iterable[Team]) -> list[str]:
    """A line for each broken rule as the commands print it: `H05 第1轮（R1）R1-01队的…`."""
    names = FileNames(problem, teams)
    return [f"{fault.rule} {told_broken(fault, names)}" for fault in broken]


class _Record(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def called(record: _Record) -> str:
    """The record's name with its id, as in 上湾村（V001）."""
    return record.id if record.name in ("", record.id) else f"{record.name}（{record.id}）"


class FileNames:
    """The names of a problem's records with their ids, codes as they stand in the files."""

    crew = "队"

    def __init__(self, problem: Problem, teams: Iterable[Team] = ()) -> None:
        self.problem = problem
        self.round_of = {team.id: team.round for team in teams}

    def __call__(self, ref: Ref, style: str = "") -> str:
        finders: Mapping[str, Callable[[str], _Record]] = {
            "unit": self.problem.unit,
            "person": self.problem.person,
            "office": self.problem.office,
            "area": self.problem.area,
            "round": self.problem.round,
            "slot": self.problem.slot,
        }
        find = finders.get(ref.kind)
        if find is not None:
            if not ref.id:
                return PHRASES[f"no {ref.kind}"]
            return self.record(find(ref.id), style)
        if ref.kind == "team":
            return self._team(ref.id, style)
        if ref.kind == "pin":
            return told(PHRASES["pin"], (("n", int(ref.id) + 1),), self)
        if ref.kind == "rule":
            return f"，{ref.id}" if style == "after" else f"（{ref.id}）"
        return CIRCLES[ref.id] if ref.kind == "circle" else ref.id

    def record(self, record: _Record, style: str) -> str:
        """What a record with a name is called."""
        plain = record.id if style == "id" else record.name or record.id
        return plain if style else called(record)

    def _team(self, team: str, style: str) -> str:
        if style == "id":
            return team
        round_ = "" if style in ("short", "alone") else called(self.problem.round(self.round_of[team]))
        return f"{round_}{team}{self.crew}"


class BareNames(FileNames):
    """The same without ids: what people call the records."""

    def record(self, record: _Record, style: str) -> str:
        return record.name or record.id
