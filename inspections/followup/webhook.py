"""Pushes new reminders to the county's own message robot. Off unless an address is set whose host is allowed.

Settings: `webhook_url` and `webhook_hosts`. Only https, or http on the loopback; a redirect is not followed.
A push names letter, day and place, and no word of the problem. Each carries the reminder's random name:
a receiver that was told twice can tell.
"""

import datetime as dt
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import orm, select

from inspections.database import now
from inspections.followup.models import Item, Reminder, ReminderPush
from inspections.site.refusal import Refusal

log = logging.getLogger(__name__)

SECONDS = 5.0
#: older reminders are not pushed any more; and so many at one run
MOST_DAYS, MOST = 7, 200
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where reminders are pushed to."""

    url: str

    @classmethod
    def of(cls, url: str, allowed: Iterable[str]) -> "Webhook | None":
        """The webhook of these settings, None where none is set. Raises Refusal for one not allowed."""
        if not url:
            return None
        hosts = {one.strip().lower() for one in allowed} - {""}
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if host not in hosts:
            raise Refusal(
                f"webhook_url 的主机 {host or '（空）'} 不在 webhook_hosts 所列主机中，没有启用消息推送。"
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
            raise Refusal("webhook_url 必须是 https 地址，没有启用消息推送。")
        return cls(url)

    def push(self, open_session: Callable[[], orm.Session]) -> int:
        """How many reminders were pushed now; what fails stays and is tried at the next run."""
        with open_session() as session:
            waiting = [(reminder.id, said(reminder)) for reminder in _waiting(session)]
        done = 0
        for own, body in waiting:
            if not self._send(body):
                break  # the receiver is away: the others wait too
            with open_session() as session:
                session.merge(ReminderPush(reminder_id=own, at=now()))
                session.commit()
            done += 1
        return done

    def _send(self, body: dict[str, str]) -> bool:
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": body["id"]}
        request = urllib.request.Request(self.url, data, headers, method="POST")  # noqa: S310 (checked in `of`)
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                return bool(200 <= answer.status < 300)
        except (urllib.error.URLError, OSError) as fault:
            log.warning("the webhook did not take a reminder: %s", fault)
            return False


def said(reminder: Reminder) -> dict[str, str]:
    """What a push says: no title and no text of the problem, for the robot may be anybody's."""
    item = reminder.item
    return {
        "id": str(reminder.uuid),
        "kind": reminder.name,
        "letter": item.letter,
        "place": item.township.name,
        "due": item.due.isoformat(),
        "text": f"{reminder.name}：{item.letter}交办{item.township.name}的 1 个问题，"
        f"整改时限 {item.due}，请登录系统办理。",
    }


def _waiting(session: orm.Session) -> list[Reminder]:
    """Reminders written by the system in the last days that have not been pushed, the oldest first."""
    pushed = select(ReminderPush.reminder_id)
    since = now() - dt.timedelta(days=MOST_DAYS)
    wanted = select(Reminder).where(
        Reminder.channel == "desk", Reminder.sent_at >= since, Reminder.id.not_in(pushed)
    )
    shown = orm.joinedload(Reminder.item).joinedload(Item.township)
    return list(session.scalars(wanted.options(shown).order_by(Reminder.id).limit(MOST)))
