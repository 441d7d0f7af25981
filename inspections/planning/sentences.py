"""What the planner found, in the words of the desk and for the eyes that look; no other file says it.

Names instead of codes, 组 instead of 队, and nothing that refers to a unit from which the account must stay
away, or to the team that goes there: by reference, whatever the unit is called and however it is named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import orm, select

from inspections.people.models import OFFICE_KINDS, SKILLS, RecusalKind
from inspections.rounds import apart
from inspections.rounds.models import Plan, team_words
from planners.problem import Person, Problem, Team, Unit
from planners.rulebook.table import CIRCLES, RULES, TERMS
from planners.rulebook.telling import BareNames, told_bar, told_broken, told_phrase, told_remark
from planners.rulebook.values import Bar, Broken, Facts, Ref, Remark, Said, refs_in

#: stands for a sentence that would name what the account must not see
UNSEEN = "涉及您须回避的单位，内容不予显示"


class DeskNames(BareNames):
    """Names as people say them; namesakes get their township, or their code where that is the same too."""

    crew = "组"

    def __init__(self, problem: Problem, teams: Iterable[Team], kinds: Mapping[str, str]) -> None:
        super().__init__(problem, teams)
        self.words = {"kind": kinds, "skill": SKILLS, "body": OFFICE_KINDS, "circle": CIRCLES, "term": TERMS}
        rows: list[Unit | Person] = [*problem.units, *problem.people]
        plain = Counter((type(row), row.name) for row in rows)
        self._called = {
            (type(row), row.id): row.name
            if plain[type(row), row.name] == 1
            else f"{row.name}（{self._where_from(row)}）"
            for row in rows
        }
        doubled = Counter(self._called.values())
        for row in rows:
            if doubled[self._called[type(row), row.id]] > 1:
                self._called[type(row), row.id] = f"{row.name}（{row.id}）"

    def _where_from(self, row: Unit | Person) -> str:
        if row.area is not None:
            return self.problem.area(row.area).name
        office = row.office if isinstance(row, Person) else None
        return self.problem.office(office).name if office is not None else row.id

    def __call__(self, ref: Ref, style: str = "") -> str:
        if ref.kind in self.words:
            return self.words[ref.kind].get(ref.id, ref.id)
        if ref.kind == "rule":
            return ""
        if ref.kind == "team":
            round_ = self.problem.round(self.round_of[ref.id]).name
            return team_words("" if style == "short" else round_, ref.id)
        record = {"unit": Unit, "person": Person}.get(ref.kind)
        if record is not None and ref.id:
            return self._called[record, ref.id]
        return super().__call__(ref, style)


class Wording:
    """Sentences about one plan for one account; `hidden` are codes of units that it must stay away from."""

    def __init__(
        self,
        problem: Problem,
        teams: Collection[Team],
        kinds: Mapping[str, str] | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        self.names = DeskNames(problem, teams, kinds or {})
        self.hidden = frozenset(hidden)
        self._units_of: dict[str, set[str]] = {}
        for team in teams:
            self._units_of.setdefault(team.id, set()).update(team.units)

    def units_in(self, facts: Facts) -> set[str]:
        """The units that the facts refer to, themselves or by their teams."""
        found: set[str] = set()
        for ref in refs_in(facts):
            found |= {ref.id} if ref.kind == "unit" else set()
            found |= self._units_of.get(ref.id, set()) if ref.kind == "team" else set()
        return found

    def sees(self, facts: Facts) -> bool:
        """Whether the account may be told this."""
        return not self.hidden & self.units_in(facts)

    def broken(self, fault: Broken) -> str:
        """不查本村（单位）：第1轮第1组的张三检查本人所在的上湾村, or that it cannot be said."""
        said = told_broken(fault, self.names) if self.sees(fault.refs) else UNSEEN
        return f"{RULES[fault.rule].name}：{said}"

    def coded(self, fault: Broken) -> str:
        """The same behind the rule's code, for who reads files."""
        said = told_broken(fault, self.names) if self.sees(fault.refs) else UNSEEN
        return f"{fault.rule} {said}"

    def bar(self, bar: Bar) -> str:
        """What bars somebody, or that it cannot be said."""
        return told_bar(bar, self.names) if self.sees(bar.refs) else UNSEEN

    def remarks(self, found: Iterable[Remark | Said]) -> list[str]:
        """The sentences that the account may be told; one more says so when there are others."""
        seen = [one for one in found if self.sees(_facts(one))]
        told = [
            told_remark(one, self.names) if isinstance(one, Remark) else told_phrase(one, self.names)
            for one in seen
        ]
        return told if len(told) == len(list(found)) else [*told, f"另有缺口{UNSEEN}。"]


def _facts(one: Remark | Said) -> Facts:
    return one.refs if isinstance(one, Remark) else one.facts


def wording(session: orm.Session, plan: Plan, problem: Problem, teams: Collection[Team]) -> Wording:
    """How the session's account may be told of a problem and teams of that plan."""
    kinds = {kind.code: kind.name for kind in session.scalars(select(RecusalKind))}
    return Wording(problem, teams, kinds, apart.hidden(session, plan))
