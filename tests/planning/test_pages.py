"""The pages of cycles and plans, as planners, leadership and members meet them."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.home import waiting
from inspections.planning import generate, publish
from inspections.rounds.models import Cycle, Plan
from tests import factories
from tests.planning.county import make_template, small_county

Browser = Callable[[User], FlaskClient]
Solve = Callable[[Cycle], Plan]


@pytest.fixture
def planner(session: orm.Session) -> User:
    make_template(session)
    return factories.make_user(session, "planner", name="王统筹")


def filled(cycle: Cycle, **given: str) -> dict[str, object]:
    """The form of a cycle as its page shows it."""
    boxes = sorted({f"{unit.area.uuid}:{unit.kind}" for unit in cycle.units})
    return {
        "seen": str(cycle.version), "name": cycle.name, "crossing": cycle.crossing,
        "template": cycle.template_name, "groups": boxes, **given,
    }  # fmt: skip


def dates_of(cycle: Cycle, **given: str) -> dict[str, str]:
    """The table of rounds as its page shows it, with an empty last row."""
    values = {"seen": str(cycle.version)}
    for n, round_ in enumerate(cycle.rounds):
        for name in ("code", "name", "start", "end", "release_on", "teams", "visits_per_team"):
            values[f"rounds-{n}-{name}"] = str(getattr(round_, name))
    return {**values, f"rounds-{len(cycle.rounds)}-code": "", **given}


def test_a_planner_sets_up_a_cycle_in_one_form(session: orm.Session, sign_in: Browser, planner: User) -> None:
    units = small_county(session).units
    township = units[0].area
    own = [unit for unit in units if unit.area is township]
    browser = sign_in(planner)
    assert f"{township.name}的村" in browser.get("/rounds/new").text
    answer = browser.post(
        "/rounds/new",
        data={
            "seen": "0", "name": "新的一轮", "crossing": "intra_township", "template": "1+2+N",
            "groups": [f"{township.uuid}:village"], "left_out": [str(own[0].uuid)],
            "count": "2", "start": "2027-03-01", "days": "5", "pause": "2", "teams": "3", "visits": "2",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    cycle = session.query(Cycle).filter_by(name="新的一轮").one()
    assert {unit.id for unit in cycle.units} == {unit.id for unit in own[1:]}
    assert [(round_.teams, round_.visits_per_team) for round_ in cycle.rounds] == [(3, 2), (3, 2)]
    assert "新的一轮：3 个单位分 2 轮驻点，镇内交叉" in browser.get(answer.location).text


def test_a_form_with_a_fault_keeps_what_was_typed_and_names_the_field(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    unit = factories.make_unit(session)
    data = {"name": "写到一半", "groups": [f"{unit.area.uuid}:village"], "count": "0", "start": "明天"}
    answer = sign_in(planner).post("/rounds/new", data=data)
    assert answer.status_code == 422
    assert 'value="写到一半"' in answer.text
    assert "应为 1 至 60 的整数" in answer.text
    assert "不是有效的日期值" in answer.text


def test_the_second_planner_gets_409_with_what_changed_and_keeps_the_typed_text(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    first, second = filled(cycle, name="第一人所改"), filled(cycle, name="第二人所改")
    address = f"/rounds/{cycle.uuid}/edit"
    browser = sign_in(planner)
    other = sign_in(factories.make_user(session, "planner", name="张统筹"))
    assert browser.post(address, data=first).status_code == 302
    answer = other.post(address, data=second)
    assert answer.status_code == 409
    assert "王统筹修改了周期设置" in answer.text
    assert "改为“第一人所改”" in answer.text
    assert 'value="第二人所改"' in answer.text
    session.expire_all()
    assert cycle.name == "第一人所改"


def test_two_planners_on_the_dates_of_the_rounds(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    address, first, second = (
        f"/rounds/{cycle.uuid}/dates",
        dates_of(cycle, **{"rounds-0-teams": "7"}),
        dates_of(cycle, **{"rounds-0-teams": "9"}),
    )
    browser = sign_in(planner)
    assert browser.post(address, data=first).status_code == 302
    answer = browser.post(address, data=second)
    assert answer.status_code == 409
    assert "第1轮组数由“4”改为“7”" in answer.text
    session.expire_all()
    assert cycle.rounds[0].teams == 7


def test_rounds_are_added_removed_and_checked_in_the_table(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    browser, address = sign_in(planner), f"/rounds/{cycle.uuid}/dates"
    wrong = browser.post(
        address, data=dates_of(cycle, **{"rounds-0-end": "2027-02-01", "rounds-1-teams": ""})
    )
    assert wrong.status_code == 422
    assert "请填写这一项" in wrong.text
    new = {"code": "", "name": "加一轮", "start": "2027-06-07", "end": "2027-06-11",
           "release_on": "2027-06-04", "teams": "2", "visits_per_team": "1"}  # fmt: skip
    data = dates_of(
        cycle, **{"rounds-0-drop": "y"}, **{f"rounds-3-{key}": value for key, value in new.items()}
    )
    assert browser.post(address, data=data).status_code == 302
    session.expire_all()
    assert [round_.name for round_ in cycle.rounds] == ["第2轮", "第3轮", "加一轮"]


def test_a_run_is_queued_shown_and_cancelled(
    app: Flask, session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    browser = sign_in(planner)
    answer = browser.post(f"/rounds/{cycle.uuid}/solve", data={"seen": "0", "seed": "5", "seconds": "20"})
    plan = cycle.plans[-1] if cycle.plans else session.query(Plan).filter_by(cycle_id=cycle.id).one()
    assert answer.location == f"/plans/{plan.uuid}"
    assert app.extensions["jobs"].taken == [("solve_plan", str(plan.uuid))]
    page = browser.get(answer.location).text
    assert "最多 20 秒" in page
    assert "<progress" in page
    told = browser.get(f"/plans/{plan.uuid}/progress").json
    assert told["ended"] is False
    assert told["limit"] == 20
    again = browser.post(f"/rounds/{cycle.uuid}/solve", data={"seen": "0", "seed": "5", "seconds": "20"})
    assert again.status_code == 409
    assert "王统筹排了第 1 版方案" in again.text
    browser.post(f"/plans/{plan.uuid}/stop", data={"keep": ""})
    assert browser.get(f"/plans/{plan.uuid}/progress").json["ended"] is True
    assert "已取消" in browser.get(answer.location).text


@pytest.mark.both_databases
def test_of_two_planners_who_start_a_run_from_the_same_page_the_second_gets_409(
    app: Flask, session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    first, second = sign_in(planner), sign_in(factories.make_user(session, "planner", name="张统筹"))
    for browser in (first, second):
        assert browser.get(f"/rounds/{cycle.uuid}").status_code == 200
    asked = {"seen": "0", "seed": "5", "seconds": "20"}
    assert first.post(f"/rounds/{cycle.uuid}/solve", data=asked).status_code == 302
    answer = second.post(f"/rounds/{cycle.uuid}/solve", data=asked)
    assert answer.status_code == 409
    assert "王统筹排了第 1 版方案" in answer.text
    assert session.query(Plan).filter_by(cycle_id=cycle.id).count() == 1
    assert len(app.extensions["jobs"].taken) == 1


def test_a_published_plan_that_the_roster_has_spoilt_since_says_so_beside_its_frozen_verdict(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    plan.state = "published"
    session.commit()
    browser = sign_in(planner)
    assert "按现在的数据" not in browser.get(f"/plans/{plan.uuid}").text
    team = plan.teams[0]
    day = team.round.start.isoformat()
    team.members[0].person.off = [[day, day]]
    session.commit()
    page = browser.get(f"/plans/{plan.uuid}").text
    assert "违规 0 处" in page
    assert "按现在的数据有 1 处不合规" in page
    assert team.members[0].person.name in page


def test_without_script_the_plan_page_offers_no_filter_that_does_nothing(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    page = sign_in(planner).get(f"/plans/{plan.uuid}").text
    for place in ("filters", "how"):
        (tag,) = re.findall(rf'<[^>]*id="{place}"[^>]*>', page)
        assert tag.endswith(" hidden>")


def test_teams_are_called_by_round_and_number(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    page = sign_in(planner).get(f"/plans/{plan.uuid}").text
    assert 'data-team="第1轮第1组"' in page
    assert "R1-01" not in re.sub(r' data-code="[^"]*"', "", page)


def test_cycles_and_rounds_are_never_called_by_the_same_word(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    browser = sign_in(planner)
    listing = " ".join(browser.get("/rounds").text.split())
    assert "共有 1 个周期，其中 0 个的方案已发布" in listing
    assert "新建周期" in listing
    assert "新建周期：选定单位" in browser.get("/rounds/new").text
    assert f"{cycle.name}：12 个单位分 3 轮" in browser.get(f"/rounds/{cycle.uuid}").text
    for path in ("/rounds/new", f"/rounds/{cycle.uuid}/edit", f"/rounds/{cycle.uuid}"):
        main = browser.get(path).text.partition("<main")[2]
        assert "轮次" not in main.replace('/rounds">轮次</a>', "")


def test_the_first_page_and_the_list_speak_of_the_same_plan(
    session: orm.Session, sign_in: Browser, planner: User
) -> None:
    cycle = small_county(session)
    for number, state in ((1, "approved"), (2, "cancelled")):
        session.add(Plan(cycle=cycle, number=number, state=state, seed=1, seconds=1, progress={}))
    session.flush()
    session.refresh(cycle)
    permissions = sign_in(planner).application.extensions["permissions"]
    (stage,) = [one for one in waiting.stages(session, permissions, planner) if one.cycle is cycle]
    assert stage.plan is cycle.leading_plan
    assert dict(stage.steps)["批准"] is True


def test_the_first_line_of_a_plan_says_what_the_referee_found(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    browser = sign_in(planner)
    page = " ".join(browser.get(f"/plans/{plan.uuid}").text.split())
    assert "12 个村（社区）、3 轮、每轮 4 组：违规 0 处，距理论最优" in page
    seats = sum(len(team["members"]) for team in plan.answer["teams"])  # type: ignore[index]
    assert f"平均每人 {seats / 42:.1f} 次" in page
    spoilt = json.loads(json.dumps(plan.answer))
    spoilt["teams"][0]["members"][0]["person"] = spoilt["teams"][1]["members"][0]["person"]
    plan.answer = spoilt
    session.commit()
    page = browser.get(f"/plans/{plan.uuid}").text
    assert "违规 0 处" not in page
    assert "一人一处" in page and not re.search(r"\b[HS]\d\d\b", page)


def test_a_plan_page_shows_every_seat_and_every_village(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    page = sign_in(planner).get(f"/plans/{plan.uuid}").text
    for team in plan.teams:
        for seat in team.members:
            assert f'data-p="{seat.person.code}"' in page
        assert team.postings[0].unit.name in page
    assert page.count('data-p="') == sum(len(team.members) for team in plan.teams)


def test_the_plan_is_handed_in_approved_and_published_on_its_page(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    address, browser = f"/plans/{plan.uuid}", sign_in(planner)
    leader = sign_in(factories.make_user(session, "leadership"))

    def act(client: FlaskClient, name: str, **typed: str) -> int:
        session.expire_all()
        return client.post(f"{address}/{name}", data={"seen": plan.version, **typed}).status_code

    assert "批准第 1 版方案" not in leader.get(address).text
    assert act(leader, "submit") == 403
    assert act(browser, "submit", note="请尽快") == 302
    assert "请尽快" in leader.get(address).text
    assert "批准第 1 版方案" in leader.get(address).text
    assert act(leader, "approve") == 302
    assert act(leader, "publish", typed="1") == 403
    assert leader.post(f"/rounds/{plan.cycle.uuid}/solve").status_code == 403
    assert "在那以前可以申请撤回" in browser.get(address).text
    assert act(browser, "publish", typed="一") == 422
    assert act(browser, "publish", typed="1") == 302
    session.expire_all()
    assert plan.state == "published"


def test_a_refused_act_is_told_on_the_plans_page_with_what_was_typed(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    publish.submit(session, plan, plan.version, "", planner)
    session.commit()
    seen = plan.version
    browser = sign_in(factories.make_user(session, "leadership", name="李书记"))
    said = "理由" * 260
    answer = browser.post(f"/plans/{plan.uuid}/send_back", data={"seen": seen, "reason": said})
    assert answer.status_code == 422
    assert "理由不能超过 500 字" in answer.text
    assert said in answer.text
    assert browser.post(f"/plans/{plan.uuid}/approve", data={"seen": seen}).status_code == 302
    answer = browser.post(f"/plans/{plan.uuid}/send_back", data={"seen": seen, "reason": "第二轮太密"})
    assert answer.status_code == 409
    assert "李书记批准了方案" in answer.text
    assert "第二轮太密</textarea>" in answer.text


def test_a_plan_can_be_taken_away_and_checked_without_the_application(
    session: orm.Session, sign_in: Browser, planner: User, solved: Solve
) -> None:
    plan = solved(small_county(session))
    browser = sign_in(planner)
    problem = generate.parse_problem(browser.get(f"/plans/{plan.uuid}/problem.json").json)
    answer = generate.parse_plan(browser.get(f"/plans/{plan.uuid}/answer.json").json, problem)
    assert generate.check(problem, answer).broken == ()


@pytest.mark.parametrize("role", ["leader", "member", "village", "recipient", "case_room", "auditor"])
def test_those_who_travel_or_receive_never_see_a_plan(
    session: orm.Session, sign_in: Browser, solved: Solve, role: str
) -> None:
    plan = solved(small_county(session, townships=3, villages=1, rounds=1))
    browser = sign_in(factories.make_user(session, role))
    for address in (
        f"/plans/{plan.uuid}",
        f"/plans/{plan.uuid}/answer.json",
        f"/rounds/{plan.cycle.uuid}",
        "/rounds",
    ):
        assert browser.get(address).status_code == 403


def test_an_unknown_plan_or_cycle_is_not_found(sign_in: Browser, planner: User) -> None:
    browser = sign_in(planner)
    assert browser.get(f"/plans/{uuid4()}").status_code == 404
    assert browser.get(f"/rounds/{uuid4()}").status_code == 404


def test_the_list_says_what_to_do_when_there_is_no_cycle_yet(sign_in: Browser, planner: User) -> None:
    assert "先在“单位”和“人员与回避”中导入名册" in sign_in(planner).get("/rounds").text
