"""Lists go up by page, are hashed as they arrive, a worker compares them, and then key and rows are gone."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.comments import Comment
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.comparisons import course, exercises, holder, running
from inspections.comparisons.faults import BadInput
from inspections.comparisons.lists import workbook
from inspections.comparisons.lists.numbers import check_digit
from inspections.comparisons.models import Exercise
from inspections.database import today
from inspections.fieldwork.checks.models import CheckTask
from inspections.units.models import Unit
from tests.factories import make_unit, make_user

SignIn = Callable[[User], FlaskClient]


def number(n: int) -> str:
    first = f"6299991950010{1 + n % 9}{n:03}"
    return first + check_digit(first)


def approved(session: orm.Session) -> Exercise:
    said = ("春季比对", "查重复领取", "某法第一条", today())
    exercise = exercises.propose(session, make_user(session), *said)
    exercises.decide(session, exercise, make_user(session), True)
    session.commit()
    return exercise


def book(rows: list[list[Any]], hidden: list[list[Any]]) -> bytes:
    made = Workbook()
    first = made.active
    first.title = "隐藏"
    first.sheet_state = "hidden"
    for row in hidden:
        first.append(row)
    sheet = made.create_sheet("名单")
    for row in rows:
        sheet.append(row)
    sheet["A2"].comment = Comment(number(901), "某")
    made.active = 1
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def lists(unit: Unit) -> dict[str, bytes]:
    """The register, the dead and the payments of one village; person 7 is paid for five months after
    death."""
    place, town = unit.name, unit.area.name
    register = ["户号,村码,村,姓名,身份证号,与户主关系,性别,出生日期,乡镇"]
    paid = ["乡镇,村,姓名,身份证号,项目,所属月,发放日期,金额,账号,电话,备注"]
    for n in range(1, 9):
        register.append(f"H{n},{unit.code},{place},欧阳雪{n},{number(n)},户主,男,1950-01-01,{town}")
        months = range(1, 13) if n == 7 else range(1, 3)
        for m in months:
            paid.append(
                f"{town},{place},欧阳雪{n},{number(n)},城乡居民养老,2025-{m:02},2025-{m:02}-05,200,62000000{n:08},,"
            )
    dead = [["乡镇", "村", "姓名", "身份证号", "死亡日期", "登记日期"]]
    dead.append([town, place, "欧阳雪7", number(7), "2025-07-10", "2025-08-01"])
    hidden = [
        ["乡镇", "村", "姓名", "身份证号", "死亡日期"],
        [town, place, "欧阳雪1", number(1), "2024-01-01"],
    ]
    return {
        f"户籍-{number(902)}.csv": "\n".join(register).encode("gb18030"),
        "流水2025.csv.gz": gzip.compress("\n".join(paid).encode()),
        "死亡.xlsx": book(dead, hidden),
    }


def send(browser: FlaskClient, page: str, name: str, data: bytes) -> Any:
    from urllib.parse import quote

    headers = {"X-File-Name": quote(name), "Content-Type": "application/octet-stream"}
    return browser.post(f"{page}/lists", data=data, headers=headers)


def traces(*places: Path) -> list[str]:
    """Where a number, a name or an account of the lists is found."""
    wanted = [number(n).encode() for n in (1, 7, 901, 902)] + ["欧阳雪".encode(), b"6200000000000007"]
    found = []
    for place in places:
        for path in [place, *place.rglob("*")]:
            data = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
            found += [str(path) for each in wanted if each in data]
    return found


def test_lists_by_page_become_checks_in_the_village_and_nothing_of_them_stays(
    app: Flask, session: orm.Session, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    unit, planner, chief = make_unit(session), make_user(session), make_user(session, "leadership")
    exercise = approved(session)
    instance, name = Path(app.instance_path), exercise.uuid
    page, desk = f"/comparisons/{name}", sign_in(planner)
    database = Path(str(session.get_bind().engine.url.database)).parent  # type: ignore[union-attr]
    assert sign_in(chief).post(f"{page}/lists", data=b"x").status_code == 403
    assert desk.post(f"{page}/run").status_code == 422  # without a list
    for file, data, words in (
        ("别的.csv", b"x", "文件名应为"),
        ("死亡.csv", b"a,b\n1,2\n", "没有表头"),
        ("死亡.xlsx", b"PK\x03\x04 no book", "不是可读的 xlsx"),
        ("死亡.csv", f"姓名,身份证号,死亡日期\n某,{'1.2E+17'},2025-01-01\n".encode() * 1, "缺少"),
    ):
        refused = send(desk, page, file, data)
        assert refused.status_code == 422 and words in refused.json["error"], refused.json
    for file, data in lists(unit).items():
        taken = send(desk, page, file, data)
        assert taken.status_code == 200, taken.json
    assert taken.json == {"app": "inspections", "kind": "死亡", "rows": 1, "bad": 0}  # no hidden sheet
    key = holder.key_of(instance, name)
    assert (instance / holder.KEYS / str(name)).stat().st_mode & 0o077 == 0
    assert not traces(instance, database)
    shown = desk.get(page).text
    assert "名单 3 份" in shown and "开始比对" in shown and number(902) not in shown
    assert desk.post(f"{page}/run").status_code == 302
    assert app.extensions["jobs"].taken == [(course.JOB, str(name))]
    assert send(desk, page, "死亡.csv", b"x").status_code == 422  # too late
    # a worker was killed in the middle: the next one begins with the lists as they came
    (holder.lists_of(instance, name) / "linked").mkdir()
    session.expire_all()
    exercise.state = "running"
    session.commit()
    course.run(app.extensions["sessions"], instance, str(name))
    course.run(app.extensions["sessions"], instance, str(name))  # twice leaves one result
    session.expire_all()
    assert exercise.state == "done", exercise.trouble
    (check,) = session.scalars(sa.select(CheckTask).where(CheckTask.exercise_id == exercise.id))
    assert (check.unit_id, check.model, check.months, check.grade) == (unit.id, "M01", 5, "strong")
    assert ["死亡.xlsx", 2] in [list(row) for row in check.rows]
    assert not (instance / holder.KEYS / str(name)).exists() and not holder.lists_of(instance, name).exists()
    assert not traces(instance, database) and key.hex() not in caplog.text
    assert "销毁证明" in desk.get(page).text


def test_a_comparison_is_cancelled_and_begun_again_and_ends_with_its_last_day(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise, actor = approved(session), make_user(session)
    instance, sessions = Path(app.instance_path), app.extensions["sessions"]
    unit = make_unit(session)
    session.commit()
    (file, data), *_ = lists(unit).items()
    course.bring(session, exercise, actor, instance, file, io.BytesIO(data))
    session.commit()
    exercise = session.scalars(sa.select(Exercise)).one()
    for asked, fails, words in (
        (True, None, "已取消"),
        (False, BadInput([]), ""),
        (False, OSError(), "系统日志"),
    ):
        course.queue(session, exercise, actor)
        if asked:
            course.cancel(session, exercise, actor)
        session.commit()
        if fails:

            def broken(*_: Any, fault: Exception = fails) -> None:
                raise fault

            monkeypatch.setattr(running, "compare_received", broken)
        course.run(sessions, instance, str(exercise.uuid))
        session.expire_all()
        assert exercise.state == "approved" and words in exercise.trouble and not exercise.cancelled
    exercise.until = today().replace(year=2020)
    course.end_overdue(session, instance)
    assert exercise.state == "ended" and exercise.destroyed_at
    assert not (instance / holder.KEYS / str(exercise.uuid)).exists()


def test_a_workbook_is_read_as_it_is_stored_and_refused_when_it_is_none() -> None:
    data = book([["标题"], ["姓名", None, 6.29999e17], [], ["某\n某", True, "x"]], [])
    lines = b"".join(workbook.lines_of(io.BytesIO(data), "a.xlsx")).decode().split("\n")
    assert lines[0].startswith("标题") and lines[1] == "姓名,,6.29999e+17" and lines[3].startswith("某 某,1,")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", b"0" * 50_000_000)
    for wrong in (b"", b"PK", bomb.getvalue(), data[: len(data) // 2]):
        with pytest.raises(BadInput):
            list(workbook.lines_of(io.BytesIO(wrong), "a.xlsx"))
