"""归档: a cycle that is over, or comes to nothing, is laid by; it can be fetched back."""

from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.rounds import watch
from inspections.rounds.models import Cycle
from inspections.site.refusal import Conflict, Refusal
from inspections.wording import date_words


def archive(session: orm.Session, cycle: Cycle, seen: int, user: User) -> None:
    """Nothing; the cycle is archived: nothing in it waits for anybody, its records stay readable.

    Raises Conflict when it changed since version `seen`; Refusal while teams of a published plan have still
    to go out and while a plan is computed.
    """
    _locked(session, cycle, seen)
    if cycle.archived_at is not None:
        raise Refusal(f"“{cycle.name}”已经归档。")
    last = max((round_.end for round_ in cycle.standing_rounds), default=None)
    if cycle.is_published and last is not None and last >= today():
        raise Refusal(
            f"已发布的方案要到 {date_words(last)}才驻点结束，结束以后再归档；"
            "还没有向各组公布而不再进行的，先撤回发布；已公布而不再进行的，请改期。"
        )
    if any(plan.state in watch.ACTIVE for plan in cycle.plans):
        raise Refusal("本周期有方案正在排程，等它结束或先取消它，再归档。")
    cycle.archived_at = now()
    session.flush()
    journal.record(session, "cycle.archive", cycle.uuid, user, version=cycle.version)


def restore(session: orm.Session, cycle: Cycle, seen: int, user: User) -> None:
    """Nothing; the cycle is at work again. Raises Conflict and Refusal like `archive`."""
    _locked(session, cycle, seen)
    if cycle.archived_at is None:
        raise Refusal(f"“{cycle.name}”没有归档。")
    cycle.archived_at = None
    session.flush()
    journal.record(session, "cycle.restore", cycle.uuid, user, version=cycle.version)


def _locked(session: orm.Session, cycle: Cycle, seen: int) -> None:
    session.refresh(cycle, with_for_update={"of": type(cycle)})
    if cycle.version != seen:
        raise Conflict("您打开页面后，本周期已被他人修改，没有归档或恢复。")
