"""Takes what the fictional county's round left behind along its way: problems of letters, and demands.

Every step carries its own day (`database.at`); entering it again changes nothing.
"""

import datetime as dt
from decimal import Decimal

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.findings.models import Finding
from inspections.findings.sample_photo import draw_photo
from inspections.followup import rectification
from inspections.followup.models import Item
from inspections.followup.proofs import KINDS, Received, receive
from inspections.followup.rectification import Act
from inspections.followup.rulebook import ACTIONS
from inspections.sample import demanded, polled
from inspections.sample.tables import moment, rows, several

_ACTIONS = {words: action for action, words in ACTIONS.items()}
_KINDS = {words: kind for kind, words in KINDS.items()} | {"凭证照片": "document"}


def load(session: orm.Session) -> None:
    """Nothing; the steps of seeds/qinghe/rectification.csv are taken (unless an item has gone on), demands
    and a questionnaire entered."""
    demanded.load(session)
    polled.load(session)
    found = session.execute(select(Item, Finding.number).join(Item.finding)).all()
    items = {number: item for item, number in found}
    begun = {number for number, item in items.items() if len(item.steps) > 1}
    users = {user.login: user for user in session.scalars(select(User))}
    for row in rows("qinghe/rectification.csv"):
        item = items[row["底稿编号"]]
        if row["底稿编号"] in begun:
            continue
        with at(moment(row["日期"], "16:00")):
            action, actor = _ACTIONS[row["步骤"]], users[row["账号"]]
            rectification.act(session, item, action, actor, item.version, _act(row, users))


def _act(row: dict[str, str], users: dict[str, User]) -> Act:
    return Act(
        text=row["说明"],
        measures=row["整改措施"],
        persons=row["责任人"],
        until=dt.date.fromisoformat(row["期限"]) if row["期限"] else None,
        recovered=Decimal(row["金额"]) if row["金额"] else None,
        households=int(row["户数"]) if row["户数"] else None,
        checker=users[row["核验人"]] if row["核验人"] else None,
        files=[_file(words) for words in several(row["材料"])],
    )


def _file(words: str) -> Received:
    what, _, picture = words.partition(":")
    return receive(_KINDS[what], f"{what}.jpg", draw_photo(picture, what))
