"""Enters what the villagers of the fictional county asked for, and what became of it.

Every step carries its own day (`database.at`); entering it again changes nothing.
"""

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.demands import handling
from inspections.demands.models import CHANNELS, SATISFACTION, TOPICS, Demand
from inspections.rounds.models import Plan, Posting, Team
from inspections.sample.tables import moment, rows
from inspections.units.models import Unit

_TOPICS = {words: code for code, words in TOPICS.items()}
_CHANNELS = {words: code for code, words in CHANNELS.items()}
_ANSWERS = {words: code for code, words in SATISFACTION.items()}


def load(session: orm.Session) -> None:
    """Nothing; the demands of seeds/qinghe/demands.csv are in the register, unless there are some already."""
    if session.scalar(select(Demand.id).limit(1)) is not None:
        return
    users = {user.login: user for user in session.scalars(select(User))}
    planner, liaisons = (
        users["planner"],
        {user.township_id: user for user in users.values() if user.township_id},
    )
    for row in rows("qinghe/demands.csv"):
        unit = session.scalars(select(Unit).where(Unit.code == row["单位编号"])).one()
        visit = select(Posting).join(Posting.team).join(Team.plan).where(Plan.state == "published")
        posting = session.scalars(visit.where(Posting.unit_id == unit.id)).first()
        with at(moment(row["日期"], "15:00")):
            kind = _TOPICS[row["类别"]], _CHANNELS[row["来源"]]
            demand = handling.hear(session, unit, *kind, row["诉求"], users[row["登记人"]], posting)
        if row["分流日期"]:
            with at(moment(row["分流日期"], "10:00")):
                handling.assign(session, demand, demand.version, row["承办单位"], None, planner)
        if row["答复日期"]:
            with at(moment(row["答复日期"], "10:00")):
                liaison = liaisons[demand.township_id]
                handling.reply(session, demand, demand.version, row["答复"], liaison)
        if row["回访日期"]:
            with at(moment(row["回访日期"], "10:00")):
                handling.ask_again(session, demand, demand.version, _ANSWERS[row["回访"]], "", planner)
