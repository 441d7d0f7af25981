"""Pages of units: filters in the address, reach of a township, edits, export of what is seen."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.journal import history
from inspections.units.sheets import UNITS
from tests import factories

pytestmark = pytest.mark.both_databases

Browser = Callable[[User], FlaskClient]


def sheet_rows(data: bytes) -> list[tuple[object, ...]]:
    """The rows of an exported workbook; an empty cell is None."""
    rows = load_workbook(io.BytesIO(data))["单位"].iter_rows(values_only=True)
    return [tuple(cell or None for cell in row) for row in rows]


@pytest.fixture
def planner(session: orm.Session, sign_in: Browser) -> FlaskClient:
    return sign_in(factories.make_user(session))


def test_an_empty_list_says_what_to_do_next(planner: FlaskClient) -> None:
    page = planner.get("/units").text
    assert "还没有单位" in page and "/roster" in page


def test_units_are_filtered_by_county_zone_township_kind_tier_and_part_of_the_name(
    planner: FlaskClient, session: orm.Session
) -> None:
    county = factories.make_area(session, "county")
    zone = factories.make_area(session, "zone", parent=county)
    here = factories.make_area(session, parent=zone)
    factories.make_unit(session, here, name="甲村", tier="key")
    factories.make_unit(session, here, name="乙社区", kind="community")
    factories.make_unit(session, factories.make_area(session, parent=county), name="丙村")
    factories.make_unit(session, name="丁村")
    session.commit()

    def seen(query: str) -> str:
        page = planner.get(f"/units?{query}").text
        return "".join(name[0] for name in ("甲村", "乙社区", "丙村", "丁村") if f">{name}</a>" in page)

    assert seen("") == "甲乙丙丁"
    assert seen(f"area={county.uuid}") == "甲乙丙"
    assert seen(f"area={zone.uuid}") == "甲乙"
    assert seen(f"area={here.uuid}&kind=village") == "甲"
    assert seen("tier=key") == "甲"
    assert seen("q=丙") == "丙"
    assert seen("q=_") == ""
    assert "符合条件的单位 2 个：村 1 个，社区 1 个" in planner.get(f"/units?area={zone.uuid}").text


def test_the_export_holds_exactly_what_is_seen(planner: FlaskClient, session: orm.Session) -> None:
    factories.make_unit(session, name="甲村", note="=1+1")
    factories.make_unit(session, name="乙村")
    session.commit()
    book = load_workbook(io.BytesIO(planner.get("/units.xlsx?q=甲").data))
    rows = list(book["单位"].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["名称", "甲村"]
    assert rows[1][10] == "=1+1"


def test_a_township_sees_its_own_units_and_no_others(session: orm.Session, sign_in: Browser) -> None:
    township = factories.make_area(session)
    own = factories.make_unit(session, township, name="甲村")
    other = factories.make_unit(session, name="乙村")
    client = sign_in(factories.make_user(session, "recipient", township=township))
    page = client.get("/units").text
    assert "甲村" in page and "乙村" not in page and 'name="area"' not in page
    assert "乙村" not in client.get(f"/units?area={other.area.uuid}").text
    assert client.get(f"/units/{own.uuid}").status_code == 200
    assert client.get(f"/units/{other.uuid}").status_code == 404
    assert client.get(f"/units/{own.uuid}/edit").status_code == 403
    assert client.get(f"/units/{own.uuid}/ties").status_code == 403
    assert "谁不能来" not in client.get(f"/units/{own.uuid}").text


def test_a_township_learns_nothing_that_tells_which_village_is_visited_early(
    session: orm.Session, sign_in: Browser
) -> None:
    zone = factories.make_area(session, "zone", name="北片区")
    township = factories.make_area(session, name="柳河镇", parent=zone)
    secret = {"risk": 873, "tier": "key", "lng": 104.5, "lat": 39.25, "note": "多次信访"}
    closed = [["2026-03-02", "2026-03-04"]]
    unit = factories.make_unit(session, township, code="V1", name="甲村", closed=closed, **secret)
    factories.make_unit(session, township, code="V2", name="乙村")
    client = sign_in(factories.make_user(session, "recipient", township=township))
    planner = sign_in(factories.make_user(session))
    told = ("873", "重点", "104.5", "39.25", "多次信访", "2026-03-02", "北片区")
    for page in ("/units", f"/units/{unit.uuid}"):
        text = client.get(page).text
        assert "甲村" in text and "柳河镇" in text
        assert not [word for word in (*told, "风险分", "分级", "停检", "谁不能来") if word in text]
        assert "873" in planner.get(page).text
    rows = sheet_rows(client.get("/units.xlsx").data)
    assert rows == [
        ("编号", "名称", "类型", "所属乡镇"),
        ("V1", "甲村", "村", "柳河镇"),
        ("V2", "乙村", "村", "柳河镇"),
    ]
    # nor can it be found out by asking for one tier after the other
    assert "乙村" in client.get("/units?tier=key").text
    assert len(sheet_rows(client.get("/units.xlsx?tier=key").data)) == 3
    assert "乙村" not in planner.get("/units?tier=key").text


def test_the_export_has_the_columns_of_the_roster(planner: FlaskClient, session: orm.Session) -> None:
    zone = factories.make_area(session, "zone", name="北片区")
    township = factories.make_area(session, name="柳河镇", parent=zone)
    factories.make_unit(
        session, township, code="V1", name="甲村", risk=36, closed=[["2026-03-02", "2026-03-02"]]
    )
    header, row = sheet_rows(planner.get("/units.xlsx").data)
    assert header == tuple(column.header for column in UNITS.columns)
    assert row == ("V1", "甲村", "村", "柳河镇", "北片区", None, None, 36, "一般", "2026-03-02", None)


def test_leadership_sees_the_county_and_changes_nothing(session: orm.Session, sign_in: Browser) -> None:
    unit = factories.make_unit(session, name="甲村")
    client = sign_in(factories.make_user(session, "leadership"))
    assert "甲村" in client.get("/units").text
    assert client.get(f"/units/{unit.uuid}").status_code == 200
    assert client.post(f"/units/{unit.uuid}/edit").status_code == 403


def form_of(area: object, **given: str) -> dict[str, str]:
    values = {"name": "新名", "kind": "village", "area": str(area), "tier": "watch", "risk": "30"}
    return values | {"lng": "", "lat": "", "closed": "", "note": ""} | given


def test_a_unit_is_changed_and_the_journal_says_from_what_to_what(
    planner: FlaskClient, session: orm.Session
) -> None:
    unit, area = factories.make_unit(session, name="旧名"), factories.make_area(session)
    session.commit()
    before = unit.area.code
    form = form_of(area.uuid, lng="104.5", lat="39.25", closed="2026-3-2至2026-3-4")
    assert planner.post(f"/units/{unit.uuid}/edit", data=form).status_code == 302
    session.refresh(unit)
    assert (unit.name, unit.area, unit.tier, unit.risk) == ("新名", area, "watch", 30)
    assert (unit.lng, unit.lat, unit.closed) == (104.5, 39.25, [["2026-03-02", "2026-03-04"]])
    told = history(session, unit.uuid)[-1].detail["changes"]
    assert ["area", before, area.code] in told
    assert ["closed", "", "2026-03-02至2026-03-04"] in told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "请填写名称"),
        ({"risk": "高"}, "0 至 1000"),
        ({"lng": "104.5"}, "同时填写"),
        ({"kind": "x"}, "请从列表中选择"),
        ({"area": "x"}, "请从列表中选择"),
        ({"note": "卡号 6222021234567890123"}, "不得录入银行卡号"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(
    planner: FlaskClient, session: orm.Session, given: dict[str, str], said: str
) -> None:
    unit = factories.make_unit(session, name="旧名")
    session.commit()
    answer = planner.post(
        f"/units/{unit.uuid}/edit", data=form_of(unit.area.uuid, closed="2026-03-02") | given
    )
    assert answer.status_code == 422
    assert said in answer.text and 'value="2026-03-02"' in answer.text
    session.refresh(unit)
    assert unit.name == "旧名"


def test_a_refused_form_says_so_in_title_focus_and_field(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    """Case 21: the title begins 有误：, the summary takes the focus, the faulty field is aria-invalid."""
    unit = factories.make_unit(session)
    answer = sign_in(factories.make_user(session)).post(f"/units/{unit.uuid}/edit", data={"name": ""})
    assert answer.status_code == 422 and "<title>有误：" in answer.text
    assert 'id="form-errors" tabindex="-1" autofocus' in answer.text
    field = re.search(r'<input[^>]*id="name"[^>]*>', answer.text)
    assert field is not None and 'aria-invalid="true"' in field.group()
