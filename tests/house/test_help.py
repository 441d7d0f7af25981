"""What the help pages promise, against what the program does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.findings.evidence import MOST_AT_ONCE, MOST_BYTES, MOST_TOGETHER
from inspections.site.privacy import private_number
from tests import factories

HELP = Path(__file__).parents[2] / "templates" / "help"


def help_of(page: str) -> str:
    return (HELP / f"{page}.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("110101199003070011", "身份证号"),
        ("110101900307001", "身份证号"),
        ("6222021234567890", "银行卡号"),
        ("4111111111111111", "银行卡号"),
        ("4111111111111112", None),
        ("25112000000012345678", None),
    ],
)
def test_the_numbers_that_the_help_names_are_refused_and_other_long_ones_are_not(
    number: str, kind: str | None
) -> None:
    assert private_number(f"单据 {number}") == kind
    told = help_of("page")
    assert "15 位以上" not in told
    for words in ("18 位，或旧式 15 位", "16 至 19 位", "62 开头或校验位相符", "发票号等其他长数字可以保存"):
        assert words in told


def test_the_help_of_the_village_commissioner_names_everybody_who_reads_a_paper(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    own = factories.make_user(session, "village")
    people = {role: factories.make_user(session, role) for role in ("leader", "member", "village")}
    seats = {people["leader"].person: "leader", people["member"].person: "finance"}
    seats |= {people["village"].person: "member", own.person: "member"}
    paper = factories.make_finding(session, factories.make_posting(session, seats), author=own)
    for role in ("planner", "case_room", "leadership", "recipient"):
        people[role] = factories.make_user(session, role)
    open_to = {
        role
        for role, user in people.items()
        if sign_in(user).get(f"/findings/{paper.uuid}").status_code == 200
    }
    assert open_to == {"leader", "member", "planner", "case_room"}
    told = help_of("village")
    assert "只有本组能看" not in told
    assert "本组组长和财务、惠民组员看得到，县统筹和案管室也看得到" in told


def test_the_help_leads_to_the_template_of_the_roster(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    assert "导入与导出名册”，下载空白模板" in help_of("planner")
    planner = sign_in(factories.make_user(session))
    found = re.search(r'<a href="([^"]+)"[^>]*>导入与导出名册</a>', planner.get("/people").text)
    assert found
    assert ">空白模板</a>" in planner.get(found[1]).text


def test_the_help_says_how_many_photographs_one_form_takes() -> None:
    told = help_of("member")
    mega = 1024 * 1024
    assert (
        f"单张不超过 {MOST_BYTES // mega} MB，一次最多 {MOST_AT_ONCE} 张、合计 {MOST_TOGETHER // mega} MB"
        in told
    )


def test_the_help_of_the_leader_uses_the_words_of_the_pages() -> None:
    told = help_of("leader")
    section = (HELP.parent / "fieldwork" / "section.html").read_text("utf-8")
    assert "填写不一致" in told and "填写不一致" in section
    assert "有分歧" not in told and "左侧是清单各部分" not in told
