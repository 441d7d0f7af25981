"""Loads the sample counties: rosters, accounts, letterheads and cycles. No fieldwork, no plan.

Whatever exists already is left as it is.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password, one_time_password
from inspections.documents.models import Letterhead
from inspections.law.models import Article, Instrument
from inspections.people.models import Person
from inspections.roster.roster import import_roster
from inspections.rounds.models import CROSSINGS, Cycle, Round, TeamTemplate
from inspections.sample.tables import SEEDS, rows
from inspections.units.models import Area, Unit

_CROSSING_CODES = {name: code for code, name in CROSSINGS.items()}
PASSWORDS = "demo-accounts.csv"


def load_rosters(session: orm.Session) -> None:
    """Nothing; both rosters went through the same import as a county's own workbook."""
    import_roster(session, SEEDS / "qinghe")
    import_roster(session, SEEDS / "daye", planning_only=True)
    for row in rows("letterheads.csv"):
        county = session.scalars(select(Area).where(Area.code == row["县编号"])).one()
        if session.get(Letterhead, county.id) is None:
            session.add(
                Letterhead(
                    area=county,
                    issuer=row["发文机关"],
                    code=row["机关代字"],
                    authority=row["依据"],
                    report_to=row["接收部门"],
                    contact_name=row["联系人"],
                    contact_phone=row["电话"],
                    hours=row["受理时段"],
                    box=row["意见箱"],
                )
            )
    _load_rules(session)
    session.flush()


def _load_rules(session: orm.Session) -> None:
    """The fictional county's own rules, entered by one person and checked by another as on the page."""
    for row in rows("qinghe/rules.csv"):
        if session.get(Instrument, row["编号"]) is None:
            rule = Instrument(
                code=row["编号"], title=row["名称"], short_title=row["名称"], number=row["文号"]
            )
            rule.in_force_from = dt.date.fromisoformat(row["施行日期"])
            rule.own, rule.kind, rule.state = True, "county", "in_force"
            rule.read = [Article(position=0, label=row["条"], gist=row["内容"], checked=True)]
            session.add(rule)


def load_accounts(session: orm.Session, instance: Path) -> list[dict[str, str]]:
    """The accounts to try: login, name, role, password (random, made once, kept in the instance folder)."""
    kept = instance / PASSWORDS
    known: dict[str, str] = {}
    if kept.exists():
        with kept.open(encoding="utf-8", newline="") as lines:
            known = {row["login"]: row["password"] for row in csv.DictReader(lines)}
    shown = []
    for row in rows("accounts.csv"):
        user = session.scalar(select(User).where(User.login == row["登录名"]))
        if user is None:
            known[row["登录名"]] = one_time_password()
            user = _account(session, row, known[row["登录名"]])
        if row["演示"] == "是":
            shown.append(
                {
                    "login": user.login,
                    "name": user.name,
                    "role": user.role_name,
                    "password": known[user.login],
                }
            )
    _keep(kept, known)
    session.flush()
    return shown


def _account(session: orm.Session, row: dict[str, str], password: str) -> User:
    person = session.scalar(select(Person).where(Person.code == row["人员编号"]))
    township = session.scalar(select(Area).where(Area.name == row["所属乡镇"], Area.kind == "township"))
    user = User(
        login=row["登录名"],
        name=row["显示名"],
        role=row["角色"],
        duty=row["职务"],
        person=person,
        township=township,
        password_hash=hash_password(password),
    )
    session.add(user)
    return user


def _keep(file: Path, passwords: dict[str, str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        file.chmod(0o600)
        writer = csv.writer(lines)
        writer.writerow(("login", "password"))
        writer.writerows(sorted(passwords.items()))


def load_cycles(session: orm.Session, county: str) -> None:
    """Nothing; the county's cycles and rounds of seeds/ exist, without plans."""
    for row in rows(f"{county}/cycles.csv"):
        if session.scalar(select(Cycle.id).where(Cycle.name == row["名称"])) is not None:
            continue
        template = session.scalars(select(TeamTemplate).where(TeamTemplate.name == row["模板"])).one()
        cycle = Cycle(
            name=row["名称"],
            crossing=_CROSSING_CODES[row["交叉方式"]],
            template_name=template.name,
            slots=template.slots,
            units=list(_units(session, county, row["范围"])),
        )
        for position, given in enumerate(r for r in rows(f"{county}/rounds.csv") if r["周期"] == row["名称"]):
            cycle.rounds.append(
                Round(
                    position=position,
                    code=given["编号"],
                    name=given["名称"],
                    start=dt.date.fromisoformat(given["开始"]),
                    end=dt.date.fromisoformat(given["结束"]),
                    release_on=dt.date.fromisoformat(given["发布日期"]),
                    teams=int(given["组数"]),
                    visits_per_team=int(given["每组单位数"]),
                )
            )
        session.add(cycle)
    session.flush()


def _units(session: orm.Session, county: str, scope: str) -> Iterable[Unit]:
    own = {row["编号"] for row in rows(f"{county}/units.csv")}
    wanted = select(Unit).order_by(Unit.code)
    if scope == "全部村（社区）":
        wanted = wanted.where(Unit.kind != "department")
    elif scope == "已驻点单位":
        own = {row["单位编号"] for row in rows(f"{county}/visits.csv")}
    else:
        wanted = wanted.join(Unit.area).where(Area.name == scope)
    return (unit for unit in session.scalars(wanted) if unit.code in own)
