"""Accounts from the roster: logins by rule, slips to print, resets with a reason, another role."""

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import sessions
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_one_time, matches
from inspections.database import today
from inspections.lives import accounts, people
from inspections.site.refusal import Refusal
from tests import factories

Browser = Callable[[User], FlaskClient]


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("张三", "zhangsan"),
        ("曾 勇", "zengyong"),
        ("吕桂枝", "lvguizhi"),
        ("单于小芳", "chanyuxiaofang"),
        ("单小芳", "shanxiaofang"),
        ("买买提·艾山", "maimaitiaishan"),
        ("Ｌi 明", "liming"),
        ("㐂", "user"),
    ],
)
def test_a_login_follows_from_the_name(name: str, login: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]{1,31}", accounts.login_of(name, []))
    if name != "㐂":
        assert accounts.login_of(name, []) == login
        assert accounts.login_of(name, [login, f"{login}2"]) == f"{login}3"


def text_of(data: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_a_township_gets_its_accounts_and_a_strip_for_each(session: orm.Session, sign_in: Browser) -> None:
    town = factories.make_area(session, name="柳河镇")
    office = factories.make_office(session, town, name="纪委")
    one = factories.make_person(session, office, name="张三", skills=["commissioner"])
    two = factories.make_person(session, office, name="张 三", skills=["discipline"])
    gone = factories.make_person(session, office, name="李四")
    people.leave(session, gone, today(), None)
    planner = sign_in(factories.make_user(session))
    page = planner.get(f"/accounts/bulk?whom={town.uuid}").text
    assert "将新建 2 个账号" in page and "zhangsan2" in page
    answer = planner.post("/accounts/bulk", data={"whom": str(town.uuid)})
    assert answer.mimetype == "application/pdf"
    made = {user.person_id: user for user in session.scalars(select(User).where(User.person_id.is_not(None)))}
    assert set(made) == {one.id, two.id}
    assert (made[one.id].role, made[two.id].role) == ("village", "leader")
    said = text_of(answer.data)
    assert "柳河镇" in said and "zhangsan2" in said
    secrets = re.findall(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", said)
    assert len(secrets) == 2
    assert {any(matches(user, secret) for secret in secrets) for user in made.values()} == {True}
    assert all(user.must_change for user in made.values())
    entries = session.scalars(
        select(journal.JournalEntry).where(journal.JournalEntry.act == "account.create")
    )
    assert not any(secret in str(entry.detail) for entry in entries for secret in secrets)


def test_a_lost_slip_is_made_anew_and_whoever_signed_in_keeps_the_password(session: orm.Session) -> None:
    office = factories.make_office(session)
    new, used = factories.make_person(session, office), factories.make_person(session, office)
    planner = factories.make_user(session)
    first = accounts.in_bulk(session, accounts.proposals(session, [new, used], []), planner)
    first[1].user.must_change = False
    again = accounts.in_bulk(session, accounts.proposals(session, [new, used], []), planner)
    assert [slip.user.person for slip in again] == [new]
    assert matches(again[0].user, again[0].secret) and not matches(again[0].user, first[0].secret)
    with pytest.raises(Refusal, match="不需要发放"):
        accounts.in_bulk(session, accounts.proposals(session, [used], []), planner)


def test_a_printed_password_takes_as_long_to_refuse_as_any_other(
    session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = factories.make_user(session, password_hash=hash_one_time("abcd-efgh-jkmn"))
    asked = []
    monkeypatch.setattr("inspections.accounts.sign_in._verified", lambda stored, _: asked.append(stored))
    matches(user, "wrong")
    assert len(asked) == 2 and asked[0] == user.password_hash


def test_a_planner_resets_a_members_password_with_a_reason_and_sessions_end(
    session: orm.Session, sign_in: Browser
) -> None:
    member, leader = factories.make_user(session, "member"), factories.make_user(session, "leadership")
    before = member.session_version
    planner = sign_in(factories.make_user(session))
    assert planner.post(f"/accounts/{member.uuid}/reset", data={"reason": ""}).status_code == 422
    page = planner.post(f"/accounts/{member.uuid}/reset", data={"reason": "本人忘记密码"}).text
    secret = re.search(r'class="secret">([^<]+)<', page)
    session.refresh(member)
    assert secret and matches(member, secret[1])
    assert member.must_change and member.session_version == before + 1
    assert "系统管理员" in planner.post(f"/accounts/{leader.uuid}/reset", data={"reason": "忘记"}).text
    assert planner.post(f"/accounts/{member.uuid}/change", data={}).status_code == 403


def test_an_administrator_alone_cannot_take_a_leaders_place(session: orm.Session, sign_in: Browser) -> None:
    factories.make_user(session, "leadership")
    leader, member = factories.make_user(session, "leadership"), factories.make_user(session, "member")
    admin = sign_in(factories.make_user(session, "admin"))
    page = admin.post(f"/accounts/{leader.uuid}/reset", data={"reason": "忘记密码"}).text
    assert "须由领导确认" in page
    told = {"name": member.name, "role": "leadership", "reason": "任命", "person": member.person.name}
    refused = admin.post(f"/accounts/{member.uuid}/change", data=told)
    assert refused.status_code == 422 and "领导的账号须选择职务" in refused.text
    told |= {"duty": "secretary"}
    assert admin.post(f"/accounts/{member.uuid}/change", data=told).status_code == 302
    session.expire_all()
    for user in (leader, member):
        assert user.awaits and not user.active


def test_another_role_and_person_stand_in_the_journal_with_what_was_before(
    session: orm.Session, sign_in: Browser
) -> None:
    member, other = factories.make_user(session, "member"), factories.make_person(session, name="王五")
    admin = sign_in(factories.make_user(session, "admin"))
    told = {"name": "王五", "role": "leader", "reason": "人员轮换", "person": "王五"}
    bad = admin.post(f"/accounts/{member.uuid}/change", data=told | {"person": "没有这人"})
    assert bad.status_code == 422 and "名册中没有“没有这人”" in bad.text
    assert admin.post(f"/accounts/{member.uuid}/change", data=told).status_code == 302
    session.refresh(member)
    assert (member.role, member.person_id) == ("leader", other.id)
    entry = journal.history(session, member.uuid)[-1]
    assert entry.detail["reason"] == "人员轮换"
    assert "角色 组员 → 组长" in entry.detail["changes"]


def test_a_new_account_takes_initials_of_two_letters_and_names_for_places(
    session: orm.Session, sign_in: Browser
) -> None:
    unit = factories.make_unit(session, name="枫树村")
    admin = sign_in(factories.make_user(session, "admin"))
    told = {"login": "zs", "name": "张三", "role": "recipient", "unit": "枫树村"}
    assert admin.post("/accounts/new", data=told).status_code == 200
    assert session.scalar(select(User.unit_id).where(User.login == "zs")) == unit.id


def test_a_leaders_password_is_on_no_planners_slip(session: orm.Session) -> None:
    office = factories.make_office(session)
    chief, member = factories.make_person(session, office), factories.make_person(session, office)
    factories.make_user(session, "leadership", person=chief, must_change=True)
    own = factories.make_user(session, "member", person=member, must_change=True)
    assert [each.user for each in accounts.proposals(session, [chief, member], [])] == [own]


def test_the_only_leader_in_use_stays_until_there_is_another(session: orm.Session, sign_in: Browser) -> None:
    leader = factories.make_user(session, "leadership")
    admin = sign_in(factories.make_user(session, "admin"))
    told = {"name": leader.name, "role": "planner", "reason": "调整"}
    for what in ("switch", "reset", "change"):
        answer = admin.post(f"/accounts/{leader.uuid}/{what}", data=told)
        assert answer.status_code == 422 and "唯一在用的领导账号" in answer.text, what
    session.refresh(leader)
    assert leader.active and leader.role == "leadership"
    factories.make_user(session, "leadership")
    session.commit()
    assert admin.post(f"/accounts/{leader.uuid}/switch").status_code == 302


def test_the_list_leads_to_what_each_may_do_with_an_account(session: orm.Session, sign_in: Browser) -> None:
    member, auditor = factories.make_user(session, "member"), factories.make_user(session, "auditor")
    planner = sign_in(factories.make_user(session)).get("/accounts").text
    admin = sign_in(factories.make_user(session, "admin")).get("/accounts").text
    for what, by_planner in (("reset", True), ("change", False)):
        assert (f"/accounts/{member.uuid}/{what}" in planner) is by_planner
        assert f"/accounts/{auditor.uuid}/{what}" not in planner
        assert f"/accounts/{member.uuid}/{what}" in admin and f"/accounts/{auditor.uuid}/{what}" in admin


def test_a_place_is_for_a_liaison_alone(session: orm.Session) -> None:
    admin, unit = factories.make_user(session, "admin"), factories.make_unit(session)
    with pytest.raises(Refusal, match="只用于联络员"):
        accounts.create(session, accounts.Account("张三", "planner", unit=unit), admin)


def test_a_new_password_leaves_no_session_in_the_list(session: orm.Session) -> None:
    member = factories.make_user(session, "member")
    name = sessions.begin(session, member, "")
    accounts.reset(session, member, "本人忘记密码", factories.make_user(session))
    session.expire_all()
    opened = sessions.of(session, name)
    assert opened is not None and opened.ended_at is not None
