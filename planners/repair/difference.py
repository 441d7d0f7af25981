"""What a repair changed, seat by seat in Chinese sentences, with the reason for each seat.
It compares two plans and repeats the rules that the repair met; it judges neither plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planners.problem import Plan, Problem, Team
from planners.repair.changes import Changes

#: Rules met by seats of the old plan once the changes are known: (unit, slot, person) → rule code.
Met = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One seat that changed hands, or one unit that changed its round.

    A seat: `before` and `after` are people, None for a seat that was or stays empty. A unit that moved has
    no slot; `before` and `after` are rounds, None for not visited. `rule` is the code that forced it, None
    when the seat was given up for another one.
    """

    round: str | None
    team: str | None
    units: tuple[str, ...]
    slot: str | None
    before: str | None
    after: str | None
    rule: str | None
    sentence: str

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"units": list(self.units)}


def differences(problem: Problem, old: Plan, new: Plan, changes: Changes, met: Met) -> tuple[Difference, ...]:
    """Units that moved, then seats, both in the order of the new plan. `problem` is the amended one."""
    words = _Words(problem, new, changes, met)
    then, now = _team_of(old), _team_of(new)
    rows = [
        words.moved(unit.id, then.get(unit.id), now.get(unit.id))
        for unit in problem.units
        if _round(then.get(unit.id)) != _round(now.get(unit.id))
    ]
    moved = {row.units[0] for row in rows}
    for team in new.teams:
        for slot in problem.template.slots:
            held = set(team.holders(slot.id))
            found: dict[tuple[str | None, str | None], list[str]] = {}
            for unit in team.units:
                previous = then.get(unit)
                was = set(previous.holders(slot.id)) if previous is not None else set()
                for pair in _pairs(sorted(was - held), sorted(held - was)):
                    found.setdefault(pair, []).append(unit)
            for (before, after), units in found.items():
                rows.append(
                    words.seat(team, tuple(units), slot.id, before, after, not moved.isdisjoint(units))
                )
    return tuple(rows)


def _pairs(lost: list[str], gained: list[str]) -> Iterable[tuple[str | None, str | None]]:
    for i in range(max(len(lost), len(gained))):
        yield (lost[i] if i < len(lost) else None, gained[i] if i < len(gained) else None)


def _team_of(plan: Plan) -> dict[str, Team]:
    return {unit: team for team in plan.teams for unit in team.units}


def _round(team: Team | None) -> str | None:
    return team.round if team is not None else None


class _Words:
    """Sentences with the names of the amended problem."""

    def __init__(self, problem: Problem, new: Plan, changes: Changes, met: Met) -> None:
        self.problem, self.new, self.changes, self.met = problem, new, changes, met

    def moved(self, unit: str, then: Team | None, now: Team | None) -> Difference:
        name = self.problem.unit(unit).name
        before, after = _round(then), _round(now)
        from_ = self.problem.round(before).name if before is not None else "未安排"
        to = self.problem.round(after).name if after is not None else "无人前往"
        closed = before is not None and before in self.problem.unit(unit).closed
        why = f"{from_}不能接受检查（H02）" if closed else "为使方案合法完整"
        return Difference(
            after,
            now.id if now is not None else None,
            (unit,),
            None,
            before,
            after,
            "H02" if closed else None,
            f"{name}：由{from_}改为{to}，原因：{why}。",
        )

    def seat(
        self,
        team: Team,
        units: tuple[str, ...],
        slot: str,
        before: str | None,
        after: str | None,
        moved: bool,
    ) -> Difference:
        rule = next(
            (self.met[u, slot, before] for u in units if before and (u, slot, before) in self.met), None
        )
        place = "、".join(self.problem.unit(unit).name for unit in units)
        round_name = self.problem.round(team.round).name
        where = f"{round_name}{team.id}队（{place}）“{self.problem.slot(slot).name}”"
        if before is None:
            change = f"增加{self._name(after)}"
        elif after is None:
            change = f"{self._name(before)}退出，暂缺"
        else:
            change = f"{self._name(before)}换为{self._name(after)}"
        why = self._why(team, units, rule, before, moved)
        sentence = f"{where}：{change}，原因：{why}。"
        return Difference(team.round, team.id, units, slot, before, after, rule, sentence)

    def _name(self, person: str | None) -> str:
        return "" if person is None else self.problem.person(person).name

    def _why(
        self, team: Team, units: tuple[str, ...], rule: str | None, before: str | None, moved: bool
    ) -> str:
        round_name = self.problem.round(team.round).name
        if before is None:
            return "随单位调整轮次" if moved else "补足缺额"
        who, name = self.problem.person(before), self._name(before)
        if rule == "H04" and team.round in who.off:
            return f"{name}已退出" if before in self.changes.withdrawn else f"{name}{round_name}缺勤"
        if rule == "H09" and who.office is not None:
            office = self.problem.office(who.office)
            return f"{office.name}{round_name}留守或外派超出规定（{self._quota(who.office)}，H09）"
        if rule is not None:
            return f"{_RULE_WORDS.get(rule, '不再符合规则')}（{rule}）"
        if moved:
            return "随单位调整轮次"
        goal = next(
            (
                t
                for t in self.new.teams
                if t.round == team.round and any(m.person == before for m in t.members)
            ),
            None,
        )
        if goal is None:
            return "让出名额以补足其他席位"
        return f"调往{goal.id}队补缺" if goal.id != team.id else "在本队改任其他席位"

    def _quota(self, office_id: str) -> str:
        office = self.problem.office(office_id)
        most = "" if office.max_out is None else f"，最多外派{office.max_out}人"
        return f"至少留守{office.min_home}人{most}"


_RULE_WORDS = {
    "H03": "专长或同席位人员来源不符合要求",
    "H04": "已满组次或不在岗",
    "H05": "不得检查本村本单位",
    "H06": "不符合交叉要求",
    "H07": "与被检查单位有回避关系",
    "H08": "与组内人员有回避关系",
    "H10": "本村当轮接受检查，须留村",
    "H11": "会形成两地互派组长",
    "H12": "被固定安排排除",
}
