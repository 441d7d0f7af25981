"""Gets the fictional county ready for its next cycle: blackouts, answers, training, leave, requests.

Every act carries its own day (`database.at`); entering it again changes nothing.
"""

import datetime as dt

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.people import absences
from inspections.people.models import Person
from inspections.planning.statement import people_of
from inspections.recusal import declaring, readiness, requests
from inspections.recusal.models import ReadinessRule, RecusalRequest
from inspections.rounds.models import Cycle
from inspections.sample.tables import moment, rows, several
from inspections.units.models import UNIT_KINDS, Area, Blackout, Unit

CYCLE = "2027年驻点监督"
_KINDS = {word: kind for kind, word in UNIT_KINDS.items()}


def load(session: orm.Session) -> None:
    """Nothing; the cycle asks for answers and training, and most of its people have given and had them."""
    cycle = session.scalars(select(Cycle).where(Cycle.name == CYCLE)).one()
    if session.get(ReadinessRule, cycle.id) is not None:
        return
    users = {user.login: user for user in session.scalars(select(User))}
    people = {person.code: person for person in session.scalars(select(Person))}
    _blackouts(session)
    _requests(session, users)
    for row in rows("qinghe/absences.csv"):
        days = (dt.date.fromisoformat(row["起"]), dt.date.fromisoformat(row["止"]))
        with at(moment("2026-11-16", "11:00")):
            absences.be_absent(session, people[row["人员编号"]], *days, users[row["登记账号"]])
    readiness.begin(session, cycle.id)
    _answers(session, cycle, users)


def _blackouts(session: orm.Session) -> None:
    for row in rows("qinghe/blackouts.csv"):
        area = session.scalars(select(Area).where(Area.name == row["区域"])).one()
        days = {"start": dt.date.fromisoformat(row["起"]), "end": dt.date.fromisoformat(row["止"])}
        kinds = [_KINDS[word] for word in several(row["类型"])]
        session.add(Blackout(name=row["名称"], area=area, kinds=kinds, **days))
    session.flush()


def _answers(session: orm.Session, cycle: Cycle, users: dict[str, User]) -> None:
    """One training for all but those who missed it; answers on the own account, else from paper."""
    silent = {row["人员编号"] for row in rows("qinghe/readiness.csv") if row["还没有申报"]}
    missed = {row["人员编号"] for row in rows("qinghe/readiness.csv") if row["没有参加培训"]}
    people = people_of(session, cycle)
    own = {user.person_id: user for user in users.values() if user.person_id is not None}
    with at(moment("2026-11-18", "17:00")):
        came = [person for person in people if person.code not in missed]
        day = dt.date(2026, 11, 18)
        told = (came, day, "驻点监督业务培训（政策依据、底稿制作、工作纪律）", 8)
        readiness.train(session, cycle.id, cycle.uuid, *told, users["planner"])
    for number, person in enumerate(person for person in people if person.code not in silent):
        actor = own.get(person.id, users["planner"])
        with at(moment("2026-11-19", "09:00") + dt.timedelta(minutes=2 * number)):
            nil = not declaring.said_by(person)
            paper = person.id not in own
            declaring.answer(session, cycle.id, cycle.uuid, person, actor, nil, on_paper=paper)


def _requests(session: orm.Session, users: dict[str, User]) -> None:
    made: dict[str, RecusalRequest] = {}
    for row in rows("qinghe/requests.csv"):
        number, actor = row["申请号"], users[row["账号"]]
        with at(moment(row["日期"])):
            if row["步骤"] == "applied":
                unit = session.scalars(select(Unit).where(Unit.code == row["单位编号"])).one()
                told = (row["种类"], row["提出方"], row["申请谁回避"], row["理由"])
                made[number] = requests.apply(session, unit, *told, actor)
            else:
                said = requests.Step(row["结论"] == "是", row["理由"], person=row["人员编号"])
                requests.take_step(session, made[number], made[number].version, row["步骤"], said, actor)
