"""Fills the questionnaire of one visit of the sample round with a dozen sheets, some of which hint."""

import datetime as dt
import random
import uuid

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.questionnaire import polling
from inspections.questionnaire.sheet import Question, questions
from inspections.rounds.models import Plan, Posting, Team
from inspections.sample.tables import moment
from inspections.units.models import Unit

UNIT, SHEETS, QUOTA = "QHV101", 12, 60
REMARKS = ("希望把账目写得明白些。", "渠道清淤以后下雨不淹了。", "路灯坏了两盏。")


def load(session: orm.Session) -> None:
    """Nothing; the questionnaire was handed out, filled and followed, unless it was before."""
    wanted = select(Posting).join(Posting.unit).join(Posting.team).join(Team.plan)
    posting = session.scalars(wanted.where(Unit.code == UNIT, Plan.state == "published")).first()
    if posting is None or polling.poll_of(session, posting) is not None:
        return
    draw = random.Random(7)  # noqa: S311 (no secret is drawn)
    seats = [seat.person_id for seat in posting.team.members]
    leader = session.scalars(select(User).where(User.role == "leader", User.person_id.in_(seats))).one()
    with at(moment(posting.team.round.start.isoformat(), "09:00")):
        poll = polling.open_poll(session, posting, QUOTA, leader)
    for number in range(SHEETS):
        said = {question.code: _answer(question, draw) for question in questions()}
        said["Q16"] = REMARKS[number] if number < len(REMARKS) else ""
        with at(moment((posting.team.round.start + dt.timedelta(days=2)).isoformat(), "16:00")):
            polling.take(session, poll, uuid.UUID(int=draw.getrandbits(128), version=4), said)
    with at(moment((posting.team.round.start + dt.timedelta(days=4)).isoformat(), "17:00")):
        polling.follow(session, poll, leader)


def _answer(question: Question, draw: random.Random) -> object:
    """The better options mostly, as villagers answer."""
    numbers = [str(number) for number in range(1, len(question.options) + 1)]
    if question.type == "multi":
        return draw.sample(numbers, 2)
    return draw.choices(numbers, [6, 3, *[1] * (len(numbers) - 2)])[0] if numbers else ""
