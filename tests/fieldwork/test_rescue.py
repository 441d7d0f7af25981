"""Files between the county and a place without a network: a tablet's export, a visit for a laptop."""

import base64
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, orm, select

from inspections import create_app
from inspections.accounts.models import User
from inspections.database import Base
from inspections.fieldwork import answers, ledger
from inspections.fieldwork.models import Checklist, Operation, Quarantined
from inspections.findings.models import Finding, Photo
from inspections.rounds.models import Posting
from tests.fieldwork.team import COUNT, YES_NO, Stay, make_stay, op, taxonomy
from tests.findings import pictures


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    made = make_stay(session)
    session.commit()
    return made


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["fieldwork", *words])


def export(folder: Path, *operations: dict[str, Any], photos: list[dict[str, str]] | None = None) -> Path:
    sent = {"format": "inspections.field/1", "device": "T1", "ops": list(operations), "photos": photos or []}
    path = folder / "未上传.json"
    path.write_text(json.dumps(sent | {"unfinished": {"drafts": [{}], "papers": []}}), encoding="utf-8")
    return path


@pytest.mark.both_databases
def test_a_file_is_taken_in_twice_and_changes_nothing_the_second_time(
    app: Flask, session: orm.Session, stay: Stay, tmp_path: Path
) -> None:
    mine = {"visit": str(stay.posting.uuid), "author": str(stay.member.uuid)}
    other = mine | {"author": str(stay.leader.uuid)}
    picture = op(COUNT, {"caption": "账册"}, field="photos", kind="add") | mine
    data = base64.b64encode(pictures.jpeg()).decode()
    photos = [{"id": picture["id"], "bytes": data}]
    file = export(tmp_path, op(COUNT, 3) | mine, op(YES_NO, "no") | other, picture, photos=photos)
    first = run(app, "import", str(file))
    assert first.exit_code == 0, first.output
    assert "收入 3 条、照片 1 张；原已收入 0 条" in first.output
    assert "1 处未填完" in first.output
    second = run(app, "import", str(file))
    assert "收入 0 条、照片 0 张；原已收入 3 条" in second.output
    rows = list(session.scalars(select(Operation).where(Operation.posting_id == stay.posting.id)))
    assert {row.author_id for row in rows} == {stay.member.id, stay.leader.id}
    assert len(rows) == 3
    assert session.scalar(select(func.count()).select_from(Photo)) == 1


def test_what_is_refused_is_named_and_kept_and_the_rest_is_in(
    app: Flask, session: orm.Session, stay: Stay, tmp_path: Path
) -> None:
    mine = {"visit": str(stay.posting.uuid), "author": str(stay.member.uuid)}
    stranger = mine | {"author": str(uuid.uuid4())}
    lone = [{"id": str(uuid.uuid4()), "bytes": "AAAA"}, {"id": "x", "bytes": "!"}]
    file = export(tmp_path, op(COUNT, -1) | mine, op(COUNT, 3) | mine, op(COUNT, 4) | stranger, photos=lone)
    result = run(app, "import", str(file))
    assert result.exit_code == 1
    for words in ("收入 1 条", "数量应为 0 至 999999", "没有填写人", "第 1 张照片", "第 2 张照片"):
        assert words in result.output
    assert session.scalar(select(func.count()).select_from(Quarantined)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "x"}',
        '{"format": "inspections.field/1", "ops": 3}',
        '{"format": "inspections.field/1", "ops": [3], "photos": []}',
    ],
)
def test_a_file_that_is_no_export_is_bad_input(app: Flask, stay: Stay, tmp_path: Path, text: str) -> None:
    path = tmp_path / "坏.json"
    path.write_text(text, encoding="utf-8")
    result = run(app, "import", str(path))
    assert result.exit_code == 2
    assert "坏.json" in result.output


@pytest.fixture
def laptop(tmp_path: Path) -> Flask:
    """An installation of its own, empty but for the taxonomy."""
    made = create_app({"INSTANCE": tmp_path / "laptop", "TESTING": True, "WTF_CSRF_ENABLED": False})
    Base.metadata.create_all(made.extensions["engine"])
    with made.extensions["sessions"]() as session:
        taxonomy(session)
        session.commit()
    return made


def test_a_visit_goes_to_a_laptop_and_its_work_comes_home(
    app: Flask, session: orm.Session, stay: Stay, laptop: Flask, tmp_path: Path
) -> None:
    there, back = tmp_path / "驻点包.json", tmp_path / "带回.json"
    packed = run(app, "package", stay.posting.unit.code, "--out", str(there))
    assert packed.exit_code == 0, packed.output
    assert "password" not in there.read_text(encoding="utf-8")
    unpacked = run(laptop, "unpack", str(there))
    assert unpacked.exit_code == 0, unpacked.output
    assert stay.member.login in unpacked.output
    assert run(laptop, "unpack", str(there)).exit_code == 2

    with laptop.extensions["sessions"]() as own:
        name, uuid_ = (
            own.scalars(select(User.uuid).where(User.login == stay.member.login)).one(),
            stay.posting.uuid,
        )
        assert name == stay.member.uuid
        member = own.scalars(select(User).where(User.uuid == name)).one()
        member.must_change = False
        own.commit()
        identity = member.get_id()
    browser = laptop.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = identity, True
    (visit,) = browser.get("/api/visits").json["visits"]
    assert visit["id"] == str(uuid_)
    paper = op(
        f"finding:{uuid.uuid4()}",
        {"title": "账实不符", "category": "A1", "severity": "S2", "summary": "少记 3 笔", "seen": None},
        field="paper",
    )
    picture = op(COUNT, {}, field="photos", kind="add")
    sent = [{"visit": visit["id"]} | each for each in (op(COUNT, 3), op(COUNT, 4), paper, picture)]
    acks = browser.post("/api/ops", json={"device": "L", "ops": sent}).json["acks"]
    assert [ack["status"] for ack in acks] == ["ok"] * 4
    assert browser.put(f"/api/photos/{picture['id']}", data=pictures.jpeg()).status_code == 200
    made = run(laptop, "export", stay.posting.unit.code, "--out", str(back))
    assert made.exit_code == 0, made.output
    laptop.extensions["engine"].dispose()

    home = run(app, "import", str(back))
    assert home.exit_code == 0, home.output
    assert "收入 4 条、照片 1 张" in home.output
    assert "收入 0 条、照片 0 张；原已收入 4 条" in run(app, "import", str(back)).output
    session.expire_all()
    posting = session.get_one(Posting, stay.posting.id)
    assert answers.sheet(session, posting).answer(COUNT).value == 4  # type: ignore[union-attr]
    assert session.scalars(select(Finding.created_by_id)).one() == stay.member.id


def test_what_somebody_saw_on_the_laptop_is_known_at_home_too(
    app: Flask, session: orm.Session, stay: Stay, laptop: Flask, tmp_path: Path
) -> None:
    there, back = tmp_path / "驻点包.json", tmp_path / "带回.json"
    run(app, "package", str(stay.posting.uuid), "--out", str(there))
    run(laptop, "unpack", str(there))
    with laptop.extensions["sessions"]() as own:
        posting = own.scalars(select(Posting)).one()
        member, leader = (
            own.scalars(select(User).where(User.login == user.login)).one()
            for user in (stay.member, stay.leader)
        )
        (first,) = ledger.record(own, posting, member, [op(COUNT, 3)])
        (second,) = ledger.record(own, posting, leader, [op(COUNT, 4, base=first.seq)])
        (third,) = ledger.record(own, posting, member, [op(COUNT, 5, base=second.seq)])
        assert [first.status, second.status, third.status] == ["ok"] * 3
        own.commit()
    run(laptop, "export", str(stay.posting.uuid), "--out", str(back))
    laptop.extensions["engine"].dispose()
    for words in ("收入 3 条", "原已收入 3 条"):
        said = run(app, "import", str(back))
        assert words in said.output, said.output
    session.expire_all()
    answer = answers.sheet(session, session.get_one(Posting, stay.posting.id)).answer(COUNT)
    assert answer is not None
    assert (answer.value, answer.merged.held) == (5, ())


def test_a_package_with_another_checklist_of_the_same_number_is_refused(
    app: Flask, session: orm.Session, stay: Stay, laptop: Flask, tmp_path: Path
) -> None:
    there = tmp_path / "驻点包.json"
    run(app, "package", str(stay.posting.uuid), "--out", str(there))
    with laptop.extensions["sessions"]() as own:
        own.add(Checklist(kind="village", version=stay.checklist.version))
        own.commit()
    result = run(laptop, "unpack", str(there))
    assert result.exit_code == 2
    assert "另一份" in result.output
    with laptop.extensions["sessions"]() as own:
        assert own.scalar(select(func.count()).select_from(Posting)) == 0
    laptop.extensions["engine"].dispose()


def test_a_visit_that_is_not_there_is_bad_input(app: Flask, stay: Stay, tmp_path: Path) -> None:
    result = run(app, "package", "没有", "--out", str(tmp_path / "x"))
    assert result.exit_code == 2
    assert "没有已发布的驻点" in result.output
