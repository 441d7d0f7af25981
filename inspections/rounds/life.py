"""The one life of a plan: which act takes it from which state to which, and by whose right.

Every page, path and test reads this table; the acts themselves are done in `planning/publish.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from inspections.rounds.models import PLAN_STATES, Plan
from inspections.site.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Move:
    """One act: `words` on its button, the states it starts from, the state it leads to.

    `action` is the right it needs in seeds/permissions.csv; with `second`, whoever made the version may not.
    """

    act: str
    words: str
    before: frozenset[str]
    after: str
    action: str
    second: bool = False


MOVES: Mapping[str, Move] = {
    move.act: move
    for move in (
        Move("submit", "送审", frozenset({"ready", "returned", "lapsed"}), "submitted", "plan.submit"),
        Move("recall", "撤回送审", frozenset({"submitted"}), "ready", "plan.submit"),
        Move("send_back", "退回", frozenset({"submitted", "approved"}), "returned", "plan.approve", True),
        Move("approve", "批准", frozenset({"submitted"}), "approved", "plan.approve", True),
        Move("publish", "发布", frozenset({"approved"}), "published", "plan.publish"),
        Move("ask_withdrawal", "申请撤回发布", frozenset({"published"}), "published", "plan.publish"),
    )
}

#: versions from which another one may be made by hand, and those that may be repaired
MAY_BE_CHANGED = ("ready", "returned", "approved", "lapsed")
MAY_BE_REPAIRED = (*MAY_BE_CHANGED, "submitted", "published")


def check(plan: Plan, act: str) -> Move:
    """The move. Raises Refusal when the plan's state or its cycle's archive does not allow the act."""
    move = MOVES[act]
    if plan.cycle.archived_at is not None:
        raise Refusal(f"“{plan.cycle.name}”已归档，不能再{move.words}；先恢复本周期。")
    if plan.state not in move.before:
        wanted = "、".join(PLAN_STATES[state] for state in PLAN_STATES if state in move.before)
        is_now = PLAN_STATES[plan.state]
        raise Refusal(f"第 {plan.number} 版方案现在是“{is_now}”，只有“{wanted}”的方案可以{move.words}。")
    return move


def open_acts(plan: Plan) -> list[Move]:
    """The moves that the plan's state allows, whoever asks."""
    if plan.cycle.archived_at is not None:
        return []
    return [move for move in MOVES.values() if plan.state in move.before]
