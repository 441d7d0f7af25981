"""Nobody is asked for a code that he does not know: names are enough, namesakes are told apart by place."""

import re
from pathlib import Path

import pytest
from sqlalchemy import orm

from inspections.people.meant import person_meant
from inspections.site.refusal import Refusal
from inspections.units.meant import unit_meant
from tests import factories

ROOT = Path(__file__).parents[2]
#: what a person cannot know and was asked for
_ASKS = re.compile(
    r"请填(?:写)?(?:名册中的)?(?:人员|单位|机构)编号|请填编号|Field\(\"(?:替补)?(?:人员|单位)编号"
)


def test_a_person_is_meant_by_name_and_namesakes_by_office(session: orm.Session) -> None:
    one, two = (factories.make_person(session, name="张 三") for _ in range(2))
    two.office.name, one.office.name = "县财政局", "柳河镇纪委"
    assert person_meant(session, one.code) is one
    with pytest.raises(Refusal, match=r"有 2 人叫“张三”，请写明机构：张三（柳河镇纪委.*张三（县财政局"):
        person_meant(session, "张三")
    assert person_meant(session, "张　三（县财政局）") is two
    with pytest.raises(Refusal, match="没有“李四”"):
        person_meant(session, "李四")


def test_a_unit_is_meant_by_name_and_namesakes_by_township(session: orm.Session) -> None:
    one, two = (factories.make_unit(session, name="枫树村") for _ in range(2))
    one.area.name, two.area.name = "柳河镇", "青石镇"
    session.flush()
    with pytest.raises(Refusal, match="请写明乡镇：枫树村（柳河镇）、枫树村（青石镇）"):
        unit_meant(session, "枫 树村")
    assert unit_meant(session, "枫树村（青石镇）") is unit_meant(session, "青石镇枫树村") is two
    assert unit_meant(session, one.code) is one
    with pytest.raises(Refusal, match=r"没有名为“枫树”的单位，是不是枫树村（"):
        unit_meant(session, "枫树")


def test_no_message_asks_for_a_code() -> None:
    """Accounts are made by people with the roster open; their own page still takes its codes."""
    asking = []
    for file in (ROOT / "inspections").rglob("*.py"):
        if file.parent.name != "accounts":
            lines = (line.strip() for line in file.read_text().splitlines())
            asking += [f"{file.name}: {line}" for line in lines if _ASKS.search(line)]
    assert asking == []
