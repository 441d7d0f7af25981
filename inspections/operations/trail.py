"""What the auditor asks of the journal: which entries, as lines to read or to take away, and what alarms.

It changes nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions
from inspections.database import now
from inspections.journal import ACTS, JournalEntry
from inspections.reading.days import day
from inspections.reading.typed import EntryFault
from inspections.site.refusal import Refusal
from inspections.wording import SHANGHAI

#: what the auditor may narrow the journal to: code → (its name, beginnings of the acts)
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "read": ("查阅和下载", ("paper.read", "photo.read", "proof.read", "lead.read", "export.")),
    "refused": ("被拒绝和警报", ("probe.", "session.refused", "password.refused", "trace.")),
    "account": ("登录和账号", ("session.", "password.", "account.", "device.", "case_key.")),
    "keep": ("备份、核对和清理", ("backup.", "database.", "verify.", "retention.")),
}
#: "work" is everything else
WORK = "其他办理"
MOST_TAKEN = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: by account, kind of act, first and last day; None or empty: all."""

    login: str = ""
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Wanted":
        """What these words ask for. Raises Refusal naming the box and what was expected in it."""
        kind = said.get("kind", "")
        if kind not in ("", "work", *KINDS):
            raise Refusal("事项类别请从所列选项中选择。")
        since, until = _day(said, "since", "起始日期"), _day(said, "until", "截止日期")
        if since and until and until < since:
            raise Refusal("截止日期早于起始日期，请核对。")
        return cls(said.get("login", "").strip().lower()[:64], kind, since, until)

    @property
    def words(self) -> dict[str, str]:
        """The same as it stands in an address; what is not asked for is left out."""
        said = {"login": self.login, "kind": self.kind}
        said |= {"since": str(self.since or ""), "until": str(self.until or "")}
        return {name: value for name, value in said.items() if value}


class Line(NamedTuple):
    """An entry as it is read: number, time, account, act, record, and what it says more."""

    number: int
    at: dt.datetime
    who: str
    what: str
    record: str
    note: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the auditor should look at: the sentence, and which entries it rests on."""

    sentence: str
    wanted: Wanted


def entries(wanted: Wanted) -> sa.Select[JournalEntry]:
    """The entries asked for, the newest first."""
    found = (
        sa.select(JournalEntry).options(orm.joinedload(JournalEntry.actor)).order_by(JournalEntry.id.desc())
    )
    if wanted.login:
        found = found.where(JournalEntry.actor_id.in_(sa.select(User.id).where(User.login == wanted.login)))
    if wanted.kind:
        found = found.where(_of_kind(wanted.kind))
    if wanted.since:
        found = found.where(JournalEntry.at >= _midnight(wanted.since))
    if wanted.until:
        found = found.where(JournalEntry.at < _midnight(wanted.until + dt.timedelta(days=1)))
    return found


def lines(session: orm.Session, found: Sequence[JournalEntry], permissions: Permissions) -> list[Line]:
    """The entries in words; what a record is called stands there as far as it still exists."""
    names = journal.names(session, found)
    return [
        Line(
            entry.id,
            entry.at,
            entry.actor.login if entry.actor else ("未知账号" if entry.act == "session.refused" else "系统"),
            ACTS.get(entry.act, entry.act),
            names.get(entry.subject, "") if entry.subject else "",
            permissions.names.get(str(entry.detail.get("action")), ""),
        )
        for entry in found
    ]


def taken(session: orm.Session, wanted: Wanted, permissions: Permissions) -> list[Line]:
    """Everything asked for. Raises Refusal when that is more than a workbook is good for."""
    found = session.scalars(entries(wanted).limit(MOST_TAKEN + 1)).all()
    if len(found) > MOST_TAKEN:
        raise Refusal(f"所选日志超过 {MOST_TAKEN} 条，请缩小日期范围再导出。")
    return lines(session, found, permissions)


#: (acts, in how many days one account may do so, how often, the sentence after its login)
_TOO_OFTEN: tuple[tuple[tuple[str, ...], int, str, str], ...] = (
    (("probe.refused", "probe.beyond"), 5, "一天内 {} 次试图越权查看", "refused"),
    (("session.refused", "password.refused"), 10, "一天内输错密码 {} 次", "refused"),
    (
        ("paper.read", "photo.read", "proof.read", "lead.read", "export.take"),
        200,
        "一天内查阅、下载 {} 次",
        "read",
    ),
)
LOOKED_BACK = dt.timedelta(days=30)


def alarms(session: orm.Session) -> list[Alarm]:
    """What happened in the last thirty days that should not: altered files, prying, guessing, hoarding."""
    since = now() - LOOKED_BACK
    found = []
    broken = session.scalar(
        sa.select(sa.func.count())
        .select_from(JournalEntry)
        .where(JournalEntry.act == "trace.broken", JournalEntry.at >= since)
    )
    if broken:
        told = f"{broken} 次有人要取的文件或文书与入库时不同，已停止提供，请运行 verify 核对"
        found.append(Alarm(told, Wanted(kind="refused", since=_local(since))))
    for acts, most, words, kind in _TOO_OFTEN:
        at = sa.select(JournalEntry.actor_id, JournalEntry.at)
        rows = session.execute(at.where(JournalEntry.act.in_(acts), JournalEntry.at >= since)).all()
        counted = Counter((actor, _local(when)) for actor, when in rows if actor is not None)
        often = [(actor, on, n) for (actor, on), n in counted.items() if n >= most]
        who = sa.select(User.id, User.login).where(User.id.in_({actor for actor, _, _ in often}))
        logins: dict[int, str] = dict(session.execute(who).all())
        for actor, on, n in sorted(often, key=lambda each: (each[1], each[2]), reverse=True):
            told = f"账号 {logins.get(actor, '')} 在 {on} {words.format(n)}"
            found.append(Alarm(told, Wanted(logins.get(actor, ""), kind, on, on)))
    return found


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    if kind == "work":
        return sa.not_(sa.or_(*(_of_kind(each) for each in KINDS)))
    return sa.or_(*(JournalEntry.act.startswith(front, autoescape=True) for front in KINDS[kind][1]))


def _day(said: Mapping[str, str], name: str, called: str) -> dt.date | None:
    try:
        return day(said[name]) if said.get(name) else None
    except EntryFault:
        raise Refusal(f"{called}应写成 2026-03-02 这样的日期。") from None


def _midnight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), SHANGHAI)


def _local(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()
