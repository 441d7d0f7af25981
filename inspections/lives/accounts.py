"""Accounts of the people on the roster: one or many at once, one-time passwords anew, another role or person.

A one-time password is shown or printed once and stored nowhere; whoever signs in with it must change it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming, sessions
from inspections.accounts.duties import DUTIES
from inspections.accounts.duties import unfit as unfit_duty
from inspections.accounts.models import User
from inspections.accounts.permissions import ON_THE_ROSTER, ROLES, TEAM
from inspections.accounts.sign_in import hash_one_time, hash_password, one_time_password, printed_password
from inspections.database import whole
from inspections.naming.names import shown
from inspections.people.models import Office, Person
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit

#: so many slips a request: their hashes and the paper take about two seconds
MOST_AT_ONCE = 300
#: surnames that are not read as the word is
_SURNAMES: Mapping[str, str] = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "翟": "zhai",
    "盖": "ge", "任": "ren", "乐": "yue", "覃": "qin", "缪": "miao", "牟": "mou", "种": "chong", "冼": "xian",
    "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "单于": "chanyu", "夏侯": "xiahou", "华": "hua",
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """What an account is to be: whose, and what it may see. `login` empty: by the rule."""

    name: str
    role: str
    login: str = ""
    person: Person | None = None
    township: Area | None = None
    unit: Unit | None = None
    area: Area | None = None
    duty: str = ""


@dataclass(frozen=True)
class Slip:
    """What is handed to one person: shown once, stored nowhere."""

    user: User
    place: str
    secret: str


@dataclass(frozen=True)
class Proposal:
    """An account that would be made, or whose password would be made anew (`user`)."""

    account: Account
    place: str
    user: User | None = None


def login_of(name: str, taken: Iterable[str]) -> str:
    """The login by the rule: the name in pinyin, zhangsan, with a number behind where others have it."""
    import pypinyin  # its dictionary takes half a second, which every start of the program would wait for

    plain = re.sub(r"[^\w]", "", shown(name))
    front = next((_SURNAMES[plain[:n]] for n in (2, 1) if plain[:n] in _SURNAMES), "")
    rest = plain[2:] if front and plain[:2] in _SURNAMES else plain[1:] if front else plain
    said = front + "".join(pypinyin.lazy_pinyin(rest, errors=lambda part: part))
    letters = re.sub(r"[^a-z0-9]", "", said.lower().replace("ü", "v"))[:26] or "user"
    if not letters[0].isalpha():
        letters = f"u{letters}"
    known, login, number = set(taken), letters, 1
    while login in known or len(login) < 2:
        number += 1
        login = f"{letters}{number}"
    return login


def role_of(person: Person) -> str:
    """The role by the rule: village members, officers who lead, everybody else a member."""
    if "commissioner" in person.skills:
        return "village"
    return "leader" if "discipline" in person.skills else "member"


def proposals(session: orm.Session, people: Sequence[Person], townships: Sequence[Area]) -> list[Proposal]:
    """For each of these people and liaisons of townships the account to be made; none where one is in use.

    Whoever has never signed in stands there too, with the account: the slip may have been lost. Who leads or
    decides does not: those passwords are the administrator's to hand out, one by one.
    """
    users = list(session.scalars(select(User)))
    by_person = {user.person_id: user for user in users if user.person_id is not None}
    by_township = {user.township_id: user for user in users if user.role == "recipient"}
    taken = _taken(session)
    found = []
    for person in people:
        place = person.area.name if person.area else "县（市）直"
        user = by_person.get(person.id)
        login = user.login if user else login_of(person.name, taken)
        taken.add(login)
        if user is None or (user.must_change and user.active and user.role in TEAM):
            account = Account(person.name, user.role if user else role_of(person), login, person)
            found.append(Proposal(account, place, user))
    for township in townships:
        user = by_township.get(township.id)
        login = user.login if user else login_of(township.name, taken)
        taken.add(login)
        if user is None or (user.must_change and user.active):
            account = Account(f"{township.name}联络员", "recipient", login, township=township)
            found.append(Proposal(account, township.name, user))
    return found


def in_bulk(session: orm.Session, wanted: Sequence[Proposal], actor: User) -> list[Slip]:
    """A slip for each: new accounts, and new one-time passwords for those who never signed in.

    Raises Refusal for nobody, and for more than MOST_AT_ONCE.
    """
    if not wanted:
        raise Refusal("这里的人都已有账号并登录过，不需要发放。")
    if len(wanted) > MOST_AT_ONCE:
        raise Refusal(f"一次最多发放 {MOST_AT_ONCE} 个账号，请按机构或乡镇分几次发放。")
    secrets = [printed_password() for _ in wanted]
    hashes = [hash_one_time(secret) for secret in secrets]
    slips = []
    for each, secret, hashed in zip(wanted, secrets, hashes, strict=True):
        user = each.user
        if user is None:
            account = each.account
            user = User(
                login=account.login,
                name=account.name,
                role=account.role,
                must_change=True,
                password_hash=hashed,
                person=account.person,
                township=account.township,
                area_id=actor.area_id,
            )
            session.add(user)
            session.flush()
            journal.record(session, "account.create", user.uuid, actor, role=user.role, bulk=True)
        else:
            _renew(session, user, hashed, actor, "重新发放口令条")
        slips.append(Slip(user, each.place, secret))
    session.flush()
    return slips


def create(session: orm.Session, said: Account, actor: User) -> tuple[User, str]:
    """The new account and its one-time password. Raises Refusal for a taken login, and for a role without
    the person or the place that it answers for."""
    taken = _taken(session)
    if said.login in taken:
        raise Refusal(f"账号 {said.login} 已存在，请换一个。")
    _fits(session, said)
    secret = one_time_password()
    user = User(
        login=said.login or login_of(said.name, taken),
        name=said.name,
        role=said.role,
        password_hash=hash_password(secret),
        must_change=True,
        person=said.person,
        township=said.township,
        unit=said.unit,
        area=said.area,
        duty=said.duty,
    )
    if confirming.is_needed(session, user.role):
        user.active, user.awaits = False, True
    session.add(user)
    _flush_in_one_power(session, user)
    journal.record(session, "account.create", user.uuid, actor, role=user.role)
    return user, secret


def reset(session: orm.Session, user: User, reason: str, actor: User) -> str:
    """The new one-time password; every session of the account has ended.

    Nobody gives one to himself. An account that a leader had to confirm waits for one again: whoever hands
    the password out could use it. Raises Refusal without a reason, and for an account that is off.
    """
    if confirming.same_person(user, actor):
        raise Refusal("本人的密码请在“修改密码”中更改；本人的另一个账号请由另一位管理员重置。")
    if not user.active:
        raise Refusal("账号已停用或待确认，不能重置密码。")
    if actor.role != "admin" and user.role not in TEAM:
        raise Refusal("这个账号的密码由系统管理员重置。")
    confirming.require_another_leader(session, user)
    secret = printed_password()
    hashed = hash_password(secret)
    _renew(session, user, hashed, actor, _given(reason))
    if confirming.is_needed(session, user.role):
        user.active, user.awaits = False, True
    session.flush()
    return secret


def change(session: orm.Session, user: User, said: Account, reason: str, actor: User) -> list[str]:
    """What differs now, in words; the history stays in the journal, and every session has ended.

    A role that a leader has to confirm waits for one. Raises Refusal without a reason, for oneself, and as
    `create` does.
    """
    confirming.require_other_person(user, actor)
    if said.person is not None and said.person.id == actor.person_id:
        raise Refusal("不能把账号改到本人名下，请由另一位管理员更改。")
    _fits(session, said)
    told = []
    for name, label in (
        ("name", "姓名"),
        ("role", "角色"),
        ("duty", "职务"),
        ("person", "名册人员"),
        ("township", "乡镇"),
        ("unit", "单位"),
        ("area", "范围"),
    ):
        old, new = getattr(user, name), getattr(said, name)
        if old is not new and old != new:
            told.append(f"{label} {_words(old)} → {_words(new)}")
    if not told:
        return []
    reason = _given(reason)
    risen = said.role != user.role and confirming.is_needed(session, said.role)
    moved = (said.person is not user.person or said.duty != user.duty) and confirming.is_needed(
        session, said.role
    )
    if moved or said.role != user.role:
        confirming.require_another_leader(session, user)
    for name in ("name", "role", "duty", "person", "township", "unit", "area"):
        setattr(user, name, getattr(said, name))
    if risen or moved:
        user.active, user.awaits = False, True
    _flush_in_one_power(session, user)
    sessions.end_all(session, user)
    journal.record(session, "account.change", user.uuid, actor, changes=told, reason=reason)
    return told


def of_offices(session: orm.Session, offices: Iterable[Office]) -> list[Person]:
    """The people on the roster of these offices, by office and name code."""
    wanted = select(Person).where(
        Person.office_id.in_([office.id for office in offices]),
        Person.left_on.is_(None),
        Person.same_as_id.is_(None),
    )
    return list(session.scalars(wanted.order_by(Person.office_id, Person.code)))


def _taken(session: orm.Session) -> set[str]:
    """The logins of every county: one installation has each once."""
    with whole(session):
        return set(session.scalars(select(User.login)))


def _renew(session: orm.Session, user: User, hashed: str, actor: User, reason: str) -> None:
    user.password_hash, user.must_change = hashed, True
    sessions.end_all(session, user)
    journal.record(session, "account.reset", user.uuid, actor, reason=reason)


def _flush_in_one_power(session: orm.Session, user: User) -> None:
    with session.no_autoflush:
        user.person_id = user.person.id if user.person else None
        confirming.require_one_power(session, user)
    session.flush()


def _fits(session: orm.Session, said: Account) -> None:
    if why := unfit_duty(said.role, said.duty):
        raise Refusal(why)
    if said.role in ON_THE_ROSTER and said.person is None:
        raise Refusal("组长、组员和村纪检委员的账号须对应名册中的一名人员。")
    if said.role in confirming.DECIDING and said.person is None and _has_a_roster(session):
        raise Refusal(
            f"{ROLES[said.role]}的账号须对应名册中的一名人员，否则回避对其不起作用；"
            "不下村的干部请先登记入册，全周期最多次数填 0。"
        )
    if said.role == "recipient" and (said.township is None) == (said.unit is None):
        raise Refusal("联络员的账号须对应一个乡镇或一个单位，只填其中一项。")
    if said.role != "recipient" and (said.township is not None or said.unit is not None):
        raise Refusal("乡镇和单位只用于联络员的账号，其他角色请不要填写。")


def _has_a_roster(session: orm.Session) -> bool:
    """Whether anybody is on the roster: the first accounts of an installation are made before that."""
    with whole(session):
        return session.scalar(select(Person.id).limit(1)) is not None


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refusal("请写明理由。")
    return reason.strip()


def _words(value: object) -> str:
    if value is None or value == "":
        return "空"
    return (
        ROLES.get(value) or DUTIES.get(value, value)
        if isinstance(value, str)
        else str(getattr(value, "called", getattr(value, "name", value)))
    )
