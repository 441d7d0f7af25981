"""Pages of people, offices and the roster: lists, edits that keep what was typed, upload and confirmation."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.journal import history
from inspections.people import removals
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Kin, Person, Removal, Tie
from inspections.people.sheets import PEOPLE
from inspections.units.models import Unit
from tests import factories
from tests.roster.roster_files import roster, write_xlsx

Browser = Callable[[User], FlaskClient]


@pytest.fixture
def planner(session: orm.Session, sign_in: Browser) -> FlaskClient:
    load_recusal_kinds(session)
    return sign_in(factories.make_user(session))


def upload(client: FlaskClient, file: Path) -> tuple[int, str, str]:
    """Status, page and address after sending the file."""
    data = {"file": (io.BytesIO(file.read_bytes()), file.name)}
    answer = client.post("/roster", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def hidden(page: str) -> dict[str, str]:
    fields = re.findall(r'name="(file_sha256|seen)" type="hidden" value="([^"]*)"', page)
    return dict(fields)


def test_an_upload_shows_the_differences_and_imports_only_when_confirmed(
    planner: FlaskClient, session: orm.Session, app: object, tmp_path: Path
) -> None:
    status, _, address = upload(planner, write_xlsx(tmp_path / "a.xlsx", roster()))
    assert status == 302
    page = planner.get(address).text
    assert "将新增 16 条，变更 0 条，尚未导入" in page
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0
    assert planner.post(address, data=hidden(page)).status_code == 302
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 3
    assert planner.get(address).status_code == 422  # the upload is gone once imported


def test_a_faulty_upload_lists_every_cell_and_leaves_nothing_behind(
    planner: FlaskClient, session: orm.Session, app: object, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", roster({"人员!D3": "V9", "单位!H2": "多"}))
    status, _, address = upload(planner, file)
    assert status == 302
    page = planner.get(address).text
    assert "名册有 2 处错误" in page
    assert "单位!H2" in page and "人员!D3" in page
    assert planner.post(f"{address}/discard").status_code == 302
    folder = Path(planner.application.instance_path) / "uploads"
    assert list(folder.glob("*")) == []


def test_another_file_than_the_one_previewed_is_not_imported(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    _, _, address = upload(planner, write_xlsx(tmp_path / "a.xlsx", roster()))
    fields = hidden(planner.get(address).text)
    kept = Path(planner.application.instance_path) / "uploads" / f"{address.rsplit('/', 1)[1]}.roster"
    write_xlsx(kept.with_suffix(".xlsx"), roster({"单位!H2": 99})).rename(kept)
    assert planner.post(address, data=fields).status_code == 409
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0


def test_a_roster_changed_since_the_preview_is_previewed_again(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    _, _, address = upload(planner, write_xlsx(tmp_path / "a.xlsx", roster()))
    fields = hidden(planner.get(address).text)
    factories.make_area(session, code="T1", name="旧名镇", kind="township")
    session.commit()
    assert planner.post(address, data=fields).status_code == 409
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0


def test_an_upload_can_be_discarded(planner: FlaskClient, tmp_path: Path) -> None:
    _, _, address = upload(planner, write_xlsx(tmp_path / "a.xlsx", roster()))
    assert planner.post(f"{address}/discard").status_code == 302
    assert planner.get(address).status_code == 422


def test_template_and_export_are_workbooks(planner: FlaskClient) -> None:
    for address in ("/roster/template.xlsx", "/roster/export.xlsx", "/people.xlsx"):
        assert planner.get(address).data.startswith(b"PK")


def test_the_export_of_people_has_the_columns_of_the_roster_and_the_township(
    planner: FlaskClient, session: orm.Session
) -> None:
    office = factories.make_office(session, factories.make_area(session, name="柳河镇"), name="财政所")
    home = factories.make_unit(session, name="柳树村")
    given = {"skills": ["finance", "welfare"], "off": [["2026-03-02", "2026-03-04"]], "max_teams": 2}
    factories.make_person(session, office, code="P1", name="甲一", home_unit=home, **given)
    session.commit()
    book = load_workbook(io.BytesIO(planner.get("/people.xlsx").data))
    header, row = book["人员"].iter_rows(values_only=True)
    assert [word for word in header if word != "所属乡镇"] == [column.header for column in PEOPLE.columns]
    expected = ("P1", "甲一", "财政所", "柳河镇", "柳树村", "财务、惠民", "2026-03-02至2026-03-04", 2, "是")
    assert row[:9] == expected


def test_the_list_of_people_is_filtered_by_what_stands_in_the_address(
    planner: FlaskClient, session: orm.Session
) -> None:
    here = factories.make_office(session)
    factories.make_person(session, here, name="甲一", skills=["finance"])
    factories.make_person(session, here, name="乙二", trained=False)
    factories.make_person(session, name="丙三", skills=["finance", "welfare"])
    session.commit()
    assert "符合条件的人员 2 人" in planner.get("/people?skill=finance").text
    page = planner.get(f"/people?skill=finance&area={here.area.uuid}").text  # type: ignore[union-attr]
    assert "甲一" in page and "丙三" not in page
    assert "乙二" in planner.get("/people?trained=no").text
    assert "丙三" not in planner.get("/people?trained=no").text
    assert "没有符合条件的人员" in planner.get("/people?q=%25").text
    assert planner.get("/people?area=nonsense&page=nonsense").status_code == 200


def test_the_hundred_and_first_person_stands_on_the_second_page(
    planner: FlaskClient, session: orm.Session
) -> None:
    office = factories.make_office(session)
    for number in range(101):
        factories.make_person(session, office, code=f"ZZ{number:03}")
    session.commit()
    assert "ZZ100" not in planner.get("/people?q=ZZ").text
    assert "ZZ100" in planner.get("/people?q=ZZ&page=2").text
    assert "ZZ100" in planner.get("/people?q=ZZ&page=99").text


def test_a_person_is_changed_and_the_journal_says_from_what_to_what(
    planner: FlaskClient, session: orm.Session
) -> None:
    person = factories.make_person(session, name="旧名")
    session.commit()
    form = {"name": "新名", "office": str(person.office.uuid), "home_unit": "", "skills": ["welfare"]}
    answer = planner.post(f"/people/{person.uuid}/edit", data=form | {"off": "2026年5月1日至2026/5/3"})
    assert answer.status_code == 302
    session.refresh(person)
    assert (person.name, person.skills, person.trained) == ("新名", ["welfare"], False)
    assert person.off == [["2026-05-01", "2026-05-03"]]
    assert ["name", "旧名", "新名"] in history(session, person.uuid)[-1].detail["changes"]


def test_a_wrong_entry_is_told_beside_its_field_and_what_was_typed_stays(
    planner: FlaskClient, session: orm.Session
) -> None:
    person = factories.make_person(session, name="旧名")
    session.commit()
    form = {"name": "新名", "office": str(person.office.uuid), "skills": ["welfare"], "off": "五一前后"}
    answer = planner.post(f"/people/{person.uuid}/edit", data=form | {"note": "420281199001011234"})
    assert answer.status_code == 422
    assert 'value="五一前后"' in answer.text and "不是日期" in answer.text
    assert "不得录入身份证号" in answer.text
    session.refresh(person)
    assert person.name == "旧名"


def test_an_office_is_changed(planner: FlaskClient, session: orm.Session) -> None:
    office = factories.make_office(session)
    factories.make_person(session, office, name="甲一")
    session.commit()
    assert "在册 1 人" in planner.get(f"/offices/{office.uuid}").text
    form = {"name": "新名称", "kind": "room", "area": "", "min_home": "2", "max_out": ""}
    assert planner.post(f"/offices/{office.uuid}/edit", data=form).status_code == 302
    session.refresh(office)
    assert (office.name, office.kind, office.area, office.min_home, office.max_out) == (
        "新名称",
        "room",
        None,
        2,
        None,
    )
    assert "新名称" in planner.get("/offices?kind=room").text
    assert "新名称" not in planner.get("/offices?kind=village").text


def test_a_tie_is_declared_shown_with_its_basis_and_removed(
    planner: FlaskClient, session: orm.Session
) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session, name="柳树村")
    session.commit()
    form = {"object": "柳树村", "kind": "RC-17", "evidence": "本人申报", "valid_from": "", "hard": ""}
    assert planner.post(f"/people/{person.uuid}/ties/new", data=form).status_code == 302
    page = planner.get(f"/people/{person.uuid}").text
    assert "阜阳市监督执纪监察人员回避暂行规定" in page and "依据待核" in page and "一律不派" in page
    assert "1 人不能去柳树村" in planner.get(f"/units/{unit.uuid}/ties").text
    again = planner.post(f"/people/{person.uuid}/ties/new", data=form)
    assert again.status_code == 422 and "已经登记" in again.text
    tie = session.scalars(sa.select(Tie)).one()
    assert planner.post(f"/ties/{tie.uuid}/remove").status_code == 422  # no reason, no removal
    assert "须写明理由" in planner.get(f"/ties/{tie.uuid}/remove").text
    assert planner.post(f"/ties/{tie.uuid}/remove", data={"reason": "登记有误"}).status_code == 302
    removals.decide(session, session.scalars(sa.select(Removal)).one(), True, factories.make_user(session))
    assert session.scalar(sa.select(sa.func.count()).select_from(Tie)) == 0
    assert [entry.act for entry in history(session, person.uuid)] == ["tie.add", "removal.ask", "tie.remove"]
    assert history(session, person.uuid)[-1].detail["reason"] == "登记有误"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "RC-08"}, "请从列表中选择"),
        ({"kind": "RC-01", "hard": "no"}, "不可降级"),
        ({"object": "没有村"}, "没有单位或人员"),
        ({"evidence": ""}, "请填写依据"),
        ({"valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "早于"),
    ],
)
def test_a_tie_that_may_not_be_declared_is_refused_in_a_sentence(
    planner: FlaskClient, session: orm.Session, change: dict[str, str], said: str
) -> None:
    person = factories.make_person(session)
    factories.make_unit(session, name="柳树村")
    session.commit()
    form = {"object": "柳树村", "kind": "RC-17", "evidence": "本人申报", "hard": ""} | change
    answer = planner.post(f"/people/{person.uuid}/ties/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Tie)) == 0


def test_a_relative_is_registered_and_bars_the_unit(planner: FlaskClient, session: orm.Session) -> None:
    person = factories.make_person(session)
    unit = factories.make_unit(session, name="柳树村")
    session.commit()
    form = {"term": "堂兄", "relative_name": "曾长根", "unit": unit.code, "post": "村会计"}
    assert planner.post(f"/people/{person.uuid}/kin/new", data=form).status_code == 302
    page = planner.get(f"/units/{unit.uuid}/ties").text
    assert "1 人不能去柳树村" in page and "曾长根" not in page
    session.expire_all()
    (kin,) = session.get_one(Person, person.id).kin
    assert "本人—父亲—兄弟—儿子：堂兄" in planner.get(f"/people/{person.uuid}").text
    assert planner.post(f"/kin/{kin.uuid}/remove", data={"reason": "已不任职"}).status_code == 302
    removals.decide(session, session.scalars(sa.select(Removal)).one(), True, factories.make_user(session))
    session.commit()
    assert "没有登记任职的亲属" in planner.get(f"/people/{person.uuid}").text


@pytest.mark.parametrize("role", ["leadership", "recipient", "leader", "admin"])
def test_only_the_planner_sees_people_and_the_roster(
    session: orm.Session, sign_in: Browser, role: str
) -> None:
    person = factories.make_person(session)
    client = sign_in(factories.make_user(session, role))
    for address in ("/people", f"/people/{person.uuid}", "/offices", "/roster", "/roster/export.xlsx"):
        assert client.get(address).status_code == 403


def test_who_may_be_one_person_is_confirmed_on_a_page(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    units = factories.make_unit(session), factories.make_unit(session)
    for unit in units:
        session.add(
            Kin(person=factories.make_person(session), term="父亲", relative_name="肖有福", unit=unit)
        )
    session.flush()
    client = sign_in(factories.make_user(session))
    page = client.get("/people/doubles").text
    assert "有 1 对登记可能是同一人" in page and page.count("申报的父亲肖有福") == 2
    nodes = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("one", "other")}
    assert client.post("/people/doubles", data=nodes | {"same": ""}).status_code == 302
    assert "没有需要确认的同名登记" in client.get("/people/doubles").text
