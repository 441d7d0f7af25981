"""Several tablets on one checklist: same answers join, different ones stay side by side, nothing is lost."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import orm

from inspections.fieldwork import answers
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from tests.fieldwork.team import COUNT, YES_NO, Stay
from tests.tablet import line as faults
from tests.tablet.conftest import Look, MakeTablet, Tablet
from tests.tablet.line import Line, on

Ledger = Callable[[], list[Operation]]


def test_f36_two_people_differ_offline_both_values_stay_and_the_leader_settles_f37_for_good(
    tablet: MakeTablet, ledger: Ledger, stay: Stay
) -> None:
    first, second, leader = tablet(stay.member), tablet(stay.village), tablet(stay.leader)
    late = tablet(stay.village)
    for each in (first, second, late):
        each.context.set_offline(True)
    first.fill(COUNT, "3")
    second.fill(COUNT, "5")
    late.fill(COUNT, "9")
    first.context.set_offline(False)
    first.all_delivered()
    second.context.set_offline(False)
    second.all_delivered()
    leader.send()
    held = leader.card(COUNT).locator(".held")
    expect(held).to_contain_text("填写不一致")
    expect(held).to_contain_text("3 项（次）")
    expect(held).to_contain_text("5 项（次）")
    held.get_by_role("button", name="以此为准").last.click()
    expect(leader.card(COUNT).locator(".fault")).to_contain_text("请先写明")
    held.get_by_label("以哪一种为准的理由").fill("与账册核对一致")
    held.get_by_role("button", name="以此为准").last.click()
    leader.all_delivered()
    assert (ledger()[-1].kind, ledger()[-1].reason) == ("resolve", "与账册核对一致")
    late.context.set_offline(False)
    late.all_delivered()
    for each in (first, second, leader):
        each.send()
        expect(each.card(COUNT).locator(".state")).to_contain_text("5 项（次）")
    expect(leader.card(COUNT).locator(".held")).to_contain_text("9 项（次）")
    assert [row.value for row in ledger()] == [3, 5, 5, 9]


def test_the_same_answer_from_two_people_is_no_conflict(
    tablet: MakeTablet, ledger: Ledger, stay: Stay
) -> None:
    first, second = tablet(stay.member), tablet(stay.leader)
    for each in (first, second):
        each.context.set_offline(True)
        each.choose(YES_NO, "否")
    for each in (first, second):
        each.context.set_offline(False)
        each.all_delivered()
    first.send()
    expect(first.card(YES_NO).locator(".held")).to_be_hidden()
    assert [row.value for row in ledger()] == ["no", "no"]


def test_what_a_colleague_answers_appears_while_the_page_is_open_and_is_no_conflict_when_changed(
    tablet: MakeTablet, ledger: Ledger, stay: Stay
) -> None:
    first, second = tablet(stay.member), tablet(stay.leader)
    first.fill(COUNT, "3")
    first.all_delivered()
    second.send()
    expect(second.card(COUNT).locator("[name=figure]")).to_have_value("3")
    second.fill(COUNT, "4")
    second.all_delivered()
    first.send()
    expect(first.card(COUNT).locator("[name=figure]")).to_have_value("4")
    expect(first.card(COUNT).locator(".held")).to_be_hidden()
    assert [row.value for row in ledger()] == [3, 4]


def a_paper_on_both(first: Tablet, second: Tablet) -> None:
    """A new paper of the first, delivered and known to the second."""
    page = first.page
    first.go(f"/visit/{first.visit}/paper/new")
    page.get_by_label("问题名称").fill("村务公开不及时")
    page.get_by_label("问题类别").select_option("A1")
    page.get_by_label("严重程度").select_option("S2")
    page.get_by_label("问题概述").fill("上季度没有公开。")
    page.get_by_role("button", name="完成，存入待传").click()
    first.all_delivered()
    second.send()


def test_two_people_change_different_fields_of_one_paper_and_both_stand(
    tablet: MakeTablet, look: Look, stay: Stay
) -> None:
    first, second = tablet(stay.member), tablet(stay.leader)
    a_paper_on_both(first, second)
    for each, label, words in ((first, "地点", "村委会公开栏"), (second, "发生时间", "2026年第三季度")):
        each.go(f"/visit/{each.visit}")
        each.page.get_by_role("link", name="村务公开不及时").click()
        expect(each.page.get_by_label("问题名称")).to_have_value("村务公开不及时")
        each.context.set_offline(True)
        each.page.get_by_label(label).fill(words)
        each.page.get_by_role("button", name="完成，存入待传").click()
    for each in (first, second):
        each.context.set_offline(False)
        each.all_delivered()
    with orm.Session(first.line.app.extensions["engine"]) as session:
        (paper,) = session.query(Finding).where(Finding.posting_id == stay.posting.id)
        assert (paper.current.place, paper.current.period) == ("村委会公开栏", "2026年第三季度")
        assert paper.current.n == 3


def test_a_refused_edit_of_a_paper_is_shown_put_right_and_delivered(tablet: MakeTablet, stay: Stay) -> None:
    first, second = tablet(stay.member), tablet(stay.leader)
    a_paper_on_both(first, second)
    for each, words in ((first, "甲的概述"), (second, "乙的概述")):
        each.go(f"/visit/{each.visit}")
        each.page.get_by_role("link", name="村务公开不及时").click()
        each.context.set_offline(True)
        if each is first:
            each.page.get_by_label("地点").fill("村委会公开栏")
        each.page.get_by_label("问题概述").fill(words)
        each.page.get_by_role("button", name="完成，存入待传").click()
    first.context.set_offline(False)
    first.all_delivered()
    second.context.set_offline(False)
    second.send()
    expect(second.page.locator("#needs")).to_have_text("需处理 1")
    second.page.locator("#needs").click()
    expect(second.page.locator(".refused")).to_contain_text("乙的概述")
    second.page.get_by_role("link", name="去改正").click()
    expect(second.page.locator(".notice")).to_contain_text("甲的概述")
    expect(second.page.get_by_label("地点")).to_have_value("村委会公开栏")
    second.page.get_by_label("问题概述").fill("甲乙两人的概述")
    second.page.get_by_role("button", name="完成，存入待传").click()
    second.all_delivered()
    expect(second.page.locator("#needs")).to_be_hidden()
    with orm.Session(first.line.app.extensions["engine"]) as session:
        (paper,) = session.query(Finding).where(Finding.posting_id == stay.posting.id)
        assert (paper.current.summary, paper.current.place) == ("甲乙两人的概述", "村委会公开栏")


ITEMS = 200


@pytest.fixture
def long_list(county: Flask, stay: Stay) -> list[str]:
    """The codes of a checklist with two hundred counts, under which the test's stay begins."""
    with orm.Session(county.extensions["engine"]) as session:
        checklist = session.get_one(Checklist, stay.checklist.id)
        texts = dict.fromkeys(("materials", "ask_whom", "trigger", "trigger_expr", "basis"), "")
        for n in range(ITEMS):
            checklist.items.append(
                ChecklistItem(
                    position=100 + n,
                    code=f"V-L-{n:03}",
                    group_code=f"L{n // 20}",
                    group="长清单",
                    question=f"第{n}问",
                    method="查阅",
                    answer_type="count",
                    basis_checked=False,
                    category="A1",
                    severity="S2",
                    assignee_role="discipline",
                    **texts,
                )
            )
        session.commit()
    return [f"V-L-{n:03}" for n in range(ITEMS)]


def work(tablets: list[Tablet], line: Line, codes: list[str], seed: int, edits: int) -> dict[str, str]:
    """Random edits amid offline spells, reloads, lost replies, dead servers, ended sessions: id → author."""
    dice = random.Random(seed)
    written: dict[str, str] = {}
    offline = dict.fromkeys(range(len(tablets)), False)
    people = [tablets[0].stay.member, tablets[0].stay.leader, tablets[0].stay.village]
    for _ in range(edits):
        n = dice.randrange(len(tablets))
        one, who = tablets[n], people[n % 3]
        written[one.edit(dice.choice(codes), dice.randrange(3), author=str(who.uuid))] = str(who.uuid)
        act = dice.random()
        if act < 0.06:
            offline[n] = not offline[n]
            one.context.set_offline(offline[n])
        elif act < 0.09:
            one.reload()
        elif act < 0.12:
            line.fault = on("POST /api/ops", faults.lost_reply, times=1)
        elif act < 0.14:
            line.fault = on("POST /api/ops", faults.status("500 Internal Server Error"), times=2)
        elif act < 0.16:
            stopping = threading.Thread(target=line.stop)
            stopping.start()
            stopping.join()
            one.page.wait_for_timeout(100)
            line.start()
        elif act < 0.18:
            one.sign_out()
            one.page.wait_for_timeout(50)
            one.sign_in(who)
        elif act < 0.4 and not offline[n]:
            one.page.evaluate("async () => { (await import('/static/tablet/sent/outbox.js')).drain(); }")
    line.fault = None
    for n, one in enumerate(tablets):
        one.context.set_offline(False)
        one.sign_in(people[n % 3])
    for _ in range(2):  # the second round brings everybody what the others sent last
        for one in tablets:
            one.send()
            one.all_delivered()
    return written


def states(one: Tablet, codes: list[str]) -> dict[str, object]:
    """What that tablet shows of every item: the value that holds and those beside it."""
    script = """async ([visit, codes, me]) => {
      const store = await import('/static/tablet/kept/store.js');
      const rules = await import('/static/tablet/rules/rules.js');
      const at = rules.fold(await store.known(me, visit));
      return codes.map(code => [at(code).current?.value ?? null, at(code).held.map(each => each.value)]);
    }"""
    found = one.page.evaluate(script, [one.visit, codes, one.person])
    return dict(zip(codes, found, strict=True))


@dataclass
class Outcome:
    """What six devices wrote, what the ledger holds, what each device and the server show of every item."""

    written: set[str]
    rows: list[Operation]
    shown: list[dict[str, object]]
    server: dict[str, object]

    @property
    def groundless(self) -> list[Operation]:
        """Conflicts behind which there are no two people who said different things."""
        return [edit for edit in self._held() if not self._contested(edit)]

    def _held(self) -> list[Operation]:
        by_item: dict[str, list[Operation]] = {}
        for row in self.rows:
            by_item.setdefault(row.item, []).append(row)
        return [edit for edits in by_item.values() for edit in answers.merge(edits).held]

    def _contested(self, edit: Operation) -> bool:
        before = [row for row in self.rows if row.item == edit.item and row.seq < edit.seq]
        return any(row.value != edit.value and row.author_id != edit.author_id for row in before)


def six_devices(
    tablet: MakeTablet, line: Line, stay: Stay, codes: list[str], ledger: Ledger, seed: int, edits: int
) -> Outcome:
    people = [stay.member, stay.leader, stay.village] * 2
    tablets = [tablet(who) for who in people]
    written = work(tablets, line, codes, seed, edits)
    with orm.Session(line.app.extensions["engine"]) as session:
        sheet = answers.sheet(session, session.get_one(Posting, stay.posting.id))
        server: dict[str, object] = {
            each.item.code: [each.value, [edit.value for edit in each.merged.held]]
            for each in sheet.answers
            if each.item.code in codes
        }
    return Outcome(set(written), ledger(), [states(one, codes) for one in tablets], server)


def test_six_devices_lose_nothing_and_come_to_the_same(
    tablet: MakeTablet, line: Line, stay: Stay, long_list: list[str], ledger: Ledger
) -> None:
    outcome = six_devices(tablet, line, stay, long_list, ledger, seed=1, edits=50)
    assert sorted(str(row.id) for row in outcome.rows) == sorted(outcome.written)
    assert outcome.shown == [outcome.server] * 6
    assert outcome.groundless == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_six_devices_over_many_seeds(
    tablet: MakeTablet, line: Line, stay: Stay, long_list: list[str], ledger: Ledger, seed: int
) -> None:
    outcome = six_devices(tablet, line, stay, long_list, ledger, seed=seed, edits=300)
    assert sorted(str(row.id) for row in outcome.rows) == sorted(outcome.written)
    assert outcome.shown == [outcome.server] * 6
    assert outcome.groundless == []
