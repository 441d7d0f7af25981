"""The one table of what may be done to a handed-over problem: (state, role, action) → next state.

Code, pages, help and tests read `seeds/rectification.csv`; whatever does not stand there is refused.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent.parent / "seeds" / "rectification.csv"

STATES = {
    "issued": "待签收",
    "received": "待报方案",
    "planned": "方案待审",
    "rectifying": "整改中",
    "reported": "已报完成",
    "checking": "现场核验",
    "checked": "待销号",
    "returned": "二次整改",
    "long_term": "长期坚持",
    "closed": "已销号",
    "reopened": "反弹重改",
    "withdrawn": "已撤销",
}
#: states in which the recipient owes the next step, and time runs against it
OWED = ("issued", "received", "planned", "rectifying", "returned", "reopened")
#: the place has reported: the county verifies and closes, and no time runs against the place
WITH_COUNTY = ("reported", "checking", "checked")
ENDED = ("closed", "withdrawn")
#: whose turn it is in each open state; a checker is the one who was sent
TURN = {
    **dict.fromkeys(("issued", "received", "rectifying", "returned", "long_term", "reopened"), "recipient"),
    "planned": "planner",
    "reported": "planner",
    "checking": "checker",
    "checked": "leadership",
}
SIDES = ("recipient", "planner", "checker", "leadership")
#: the four ratings of a verification on site; the last two mean: again (镇安: 一般、差的二次整改)
RATINGS = {"rate_good": "好", "rate_fair": "较好", "rate_weak": "一般", "rate_poor": "差"}
ACTIONS = {
    "sign_receipt": "签收",
    "submit_plan": "报送整改方案",
    "accept_plan": "同意方案",
    "return_plan": "退回方案",
    "report_progress": "报告进展",
    "ask_extension": "申请延期",
    "grant_extension": "同意延期",
    "refuse_extension": "不同意延期",
    "report_done": "报告完成",
    "send_back": "退回补充",
    "assign_check": "派人核验",
    **{action: f"核验为“{name}”" for action, name in RATINGS.items()},
    "mark_long_term": "转为长期坚持",
    "close": "批准销号",
    "recheck_held": "回头看未反弹",
    "recheck_failed": "回头看反弹",
    "reopen": "撤销销号",
    "withdraw": "撤销",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: who may do what in which state, and where it leads."""

    state: str
    action: str
    role: str
    next: str
    words: str


class Rulebook:
    """The table, asked by state and role."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self._next = {(rule.state, rule.role, rule.action): rule.next for rule in rules}

    def next_state(self, state: str, role: str, action: str) -> str | None:
        """The state that the action of that role leads to; None where the table does not allow it."""
        return self._next.get((state, role, action))

    def actions(self, state: str, role: str) -> Iterator[Rule]:
        """What that role may do in that state, in the order of the table."""
        return (rule for rule in self.rules if (rule.state, rule.role) == (state, role))


def read(path: Path = TABLE) -> Rulebook:
    """The table in a CSV file. Raises ValueError naming the line with an unknown word or a twin."""
    rules: list[Rule] = []
    seen: set[tuple[str, str, str]] = set()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            rule = Rule(row["state"], row["action"], row["role"], row["next"], row["说明"])
            key = (rule.state, rule.role, rule.action)
            if not {rule.state, rule.next} <= STATES.keys() or rule.action not in ACTIONS or key in seen:
                raise ValueError(f"{path.name}:{number}: unknown or repeated: {', '.join(key)}")
            seen.add(key)
            rules.append(rule)
    return Rulebook(rules)


@cache
def rulebook() -> Rulebook:
    """The county's table."""
    return read()
