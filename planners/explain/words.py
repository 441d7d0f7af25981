"""The planner's own sentences about seats and people, as the command `explain` prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from planners.explain.seats import Candidate, SeatAccount, Verdict
from planners.problem import Problem, Team
from planners.rulebook.telling import FileNames, called, told_bar


class ExplainedWords:
    """Sentences about one plan, with the names and ids of its problem."""

    def __init__(self, problem: Problem, teams: Iterable[Team]) -> None:
        self.problem, self.names = problem, FileNames(problem, teams)

    def seat(self, seat: SeatAccount) -> str:
        """甲村（V1）“财务”：方四（F1）；与此席位空缺相比，目标值-10（…）。"""
        place = f"{called(self.problem.unit(seat.unit))}“{self.problem.slot(seat.slot).name}”"
        who = called(self.problem.person(seat.person))
        return f"{place}：{who}；与此席位空缺相比，目标值{seat.price.words()}。"

    def candidate(self, one: Candidate) -> str:
        """换为方四（F1），目标值+12（…）。"""
        verb = "换为" if one.instead_of is not None else "增加"
        return f"{verb}{called(self.problem.person(one.person))}，目标值{one.price.words()}。"

    def verdict(self, verdict: Verdict) -> str:
        """白八（M4）未任丙村（V3）“村纪检委员”：第3轮不在岗（H04）。"""
        who, unit = self.problem.person(verdict.person), self.problem.unit(verdict.unit)
        start = f"{called(who)}未任{called(unit)}“{self.problem.slot(verdict.slot).name}”："
        if verdict.price is None:
            bars = "；".join(f"{told_bar(bar, self.names)}（{bar.rule}）" for bar in verdict.bars)
            return f"{start}{bars}。"
        instead = verdict.instead_of
        whom = f"替换{called(self.problem.person(instead))}" if instead is not None else "增加此人"
        return f"{start}规则允许，{whom}则目标值{verdict.price.words()}。"

    def seat_row(self, seat: SeatAccount) -> dict[str, object]:
        """The account as plain JSON values."""
        following = [
            {"person": one.person, "price": asdict(one.price), "sentence": self.candidate(one)}
            for one in seat.next
        ]
        return {**asdict(seat), "next": following, "sentence": self.seat(seat)}

    def verdict_row(self, verdict: Verdict) -> dict[str, object]:
        """The verdict as plain JSON values."""
        bars = [{"rule": bar.rule, "sentence": told_bar(bar, self.names)} for bar in verdict.bars]
        return {**asdict(verdict), "bars": bars, "sentence": self.verdict(verdict)}
