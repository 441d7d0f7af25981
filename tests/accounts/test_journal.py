"""The journal as people read it: every act has its words, every record its kind and name."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.findings.models import STATES
from inspections.lives.models import PERSON_EVENTS, UNIT_EVENTS
from inspections.people.sheets import SHEETS
from tests import factories

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).parents[2] / "inspections"
#: acts that the code puts together: what stands before the dot, and what may stand behind it
MADE = {
    "finding.": set(STATES),
    "plan.": {"failed", "cancelled"},
    "person.": set(PERSON_EVENTS),
    "unit.": set(UNIT_EVENTS),
    ".change": {"area", "unit", "office", "person", "tie", "kin", "key_post"},
}


def calls() -> Iterator[ast.Call]:
    """Every call in the application that writes an entry, or hands an act on to what writes it."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("record", "_record", "change", "note_reading", "_note"):
                    yield node


def acts() -> set[str]:
    """The acts that stand in the code as words."""
    found = set()
    for call in calls():
        for argument in call.args:
            for node in ast.walk(argument):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                    found.add(node.value)
    return {act for act in found if all(part.replace("_", "").isalpha() for part in act.split("."))}


def test_every_act_of_the_code_has_its_words_in_the_journal() -> None:
    written = acts()
    assert {"session.open", "account.disable", "unit.change", "cycle.edit", "paper.issue"} <= written
    assert written - journal.ACTS.keys() == set()


def test_every_act_that_is_put_together_has_its_words_too() -> None:
    assert len(SHEETS) == len(MADE[".change"])
    made = {
        f"{front}{back}" if front.endswith(".") else f"{back}{front}"
        for front in MADE
        for back in MADE[front]
    }
    assert made - journal.ACTS.keys() == set()


def test_the_page_says_in_chinese_who_did_what_to_which_record(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    planner = factories.make_user(session, login="tongchou")
    finding = factories.make_finding(session)
    unit = factories.make_unit(session, name="柳树村")
    plan = finding.posting.team.plan
    for act, subject in (
        ("unit.change", unit.uuid),
        ("plan.approve", plan.uuid),
        ("finding.signed", finding.uuid),
        ("answer.record", finding.posting.uuid),
        ("roster.import", None),
    ):
        journal.record(session, act, subject, planner)
    journal.record(session, "session.refused")
    page = sign_in(factories.make_user(session, "auditor")).get("/journal").text
    cells = page.split("<tbody>")[1].replace("</td><td>", " ")
    assert "tongchou 修改了单位 单位 柳树村 <" in cells
    assert f"批准了方案 方案 {plan.cycle.name} 第{plan.number}版 <" in cells
    assert f"审签了底稿 底稿 {finding.number} <" in cells
    assert f"填写了清单 驻点 {finding.posting.unit.name} <" in cells
    assert "导入了名册  <" in cells
    assert "未知账号 登录未成  <" in cells


def test_a_record_that_is_gone_leaves_its_entry_readable(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    office = factories.make_office(session)
    journal.record(session, "office.change", office.uuid)
    session.flush()
    session.delete(office)
    session.flush()
    assert "修改了机构" in sign_in(factories.make_user(session, "auditor")).get("/journal").text
