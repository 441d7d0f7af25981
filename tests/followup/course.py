"""Takes a problem along its way, so that a test begins where its own question begins."""

import datetime as dt
from typing import Any

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.findings.sample_photo import draw_photo
from inspections.followup import rectification
from inspections.followup.models import Item
from inspections.followup.proofs import receive
from inspections.followup.rectification import Act
from tests.factories import make_user


def photos() -> tuple[Any, ...]:
    """A photograph before and one after."""
    return tuple(receive(what, f"{what}.jpg", draw_photo("road", what)) for what in ("before", "after"))


class Course:
    """The people around one item, and the steps that lead to a state."""

    def __init__(self, session: orm.Session, item: Item) -> None:
        self.session, self.item = session, item
        self.liaison: User = make_user(session, "recipient", township=item.township)
        self.planner: User = make_user(session, "planner")
        self.checker: User = make_user(session, "leader")
        self.leader: User = make_user(session, "leadership")

    def act(self, action: str, actor: User, **what: Any) -> Any:
        """The step, taken on what the item is now."""
        return rectification.act(self.session, self.item, action, actor, self.item.version, Act(**what))

    def to_plan(self) -> "Course":
        self.act("sign_receipt", self.liaison)
        day = min(self.item.due, today() + dt.timedelta(days=5))
        self.act("submit_plan", self.liaison, measures="逐户核对", persons="村会计", until=day)
        self.act("accept_plan", self.planner)
        return self

    def to_report(self) -> "Course":
        self.to_plan()
        self.act("report_done", self.liaison, text="已经改正", files=photos())
        return self

    def to_check(self) -> "Course":
        self.to_report()
        self.act("assign_check", self.planner, checker=self.checker)
        return self

    def to_close(self) -> "Course":
        self.to_check()
        self.act("rate_good", self.checker, text="现场查看，属实", files=photos()[1:])
        self.act("close", self.leader)
        return self
