"""doctor, 系统运行, the first page and monitoring tell the same facts; each failure is said in words."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import at, now
from inspections.jobs import Heartbeat, QueueState
from inspections.operations.checks import CHECKS, Machine, answers
from inspections.site import settings
from inspections.site.tls import make_certificates
from tests import factories
from tests.operations.conftest import County


@pytest.fixture
def machine(tmp_path: Path, session: orm.Session) -> Iterator[Machine]:
    """A machine on which all is well."""
    session.add(Heartbeat(executor="one", seen_at=now()))
    for act in ("backup.make", "backup.drill"):
        journal.record(session, act)
    session.flush()
    make_certificates(tmp_path / "tls", ["jw.local"])
    given = {"INSTANCE": tmp_path, "NAMES": ["jw.local"], "SPACE_WARN_MB": 1}
    yield Machine(settings.read(given, environment={}), session, None)


def wrong(machine: Machine) -> dict[str, str]:
    return {answer.check.key: answer.fact.sentence for answer in answers(machine) if not answer.fact.well}


def on(machine: Machine, **given: object) -> Machine:
    told = {name.upper(): value for name, value in given.items()}
    base = {"INSTANCE": machine.settings.instance, "NAMES": ["jw.local"], "SPACE_WARN_MB": 1}
    return Machine(settings.read(base | told, environment={}), machine.session, machine.jobs)


class Stuck:
    def state(self, _since: dt.datetime) -> QueueState:
        return QueueState(4, now() - dt.timedelta(hours=3), 2)


def test_all_is_well_on_a_machine_that_is_looked_after(app: Flask, machine: Machine) -> None:
    assert wrong(machine) == {}


def test_each_failure_is_one_sentence(app: Flask, machine: Machine) -> None:
    with at(now() + dt.timedelta(minutes=32)):
        assert wrong(machine)["worker"].startswith("后台进程已停 32 分钟")
    with at(now() + dt.timedelta(days=2)):
        assert "最近一次备份在" in wrong(machine)["backup"]
        assert "drill" not in wrong(machine)
    with at(now() + dt.timedelta(days=9)):
        assert "超过 8 天" in wrong(machine)["drill"]
    with at(now() + dt.timedelta(days=790)):
        assert "证书还有" in wrong(machine)["certificate"] and "--renew" in wrong(machine)["certificate"]
    with at(now() + dt.timedelta(days=900)):
        assert "过期" in wrong(machine)["certificate"]
    with at(now() - dt.timedelta(hours=3)):
        assert "本机时钟比日志中最近一条慢 2 小时" in wrong(machine)["clock"]
    assert "剩余" in wrong(on(machine, space_warn_mb=10**9))["space"]
    assert "没有写入 10.9.9.9" in wrong(on(machine, names=["10.9.9.9"]))["certificate"]
    stuck = Machine(machine.settings, machine.session, Stuck())  # type: ignore[arg-type]
    assert wrong(stuck)["queue"] == "等待和进行中 4 个，近 7 天出错 2 个；最早的已等 3 小时"
    bare = on(machine, instance=machine.settings.instance / "photos", listen=["0.0.0.0:8443"])
    bare.settings.instance.mkdir()
    assert "请运行 tls init" in wrong(bare)["certificate"]


def test_a_worker_that_never_ran_and_a_backup_that_was_never_made(app: Flask, session: orm.Session) -> None:
    found = wrong(Machine(app.extensions["settings"], session, None))
    assert "从未运行" in found["worker"]
    assert "还没有做过备份" in found["backup"] and "还没有做过恢复演练" in found["drill"]


def test_the_administrator_is_told_on_the_first_page(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    admin = sign_in(factories.make_user(session, "admin"))
    home = admin.get("/").text
    assert "项要处理：后台进程" in home and "今天没有等您办的事" not in home
    page = admin.get("/operations").text
    assert "后台进程从未运行" in page
    assert all(check.name in page for check in CHECKS)
    assert sign_in(factories.make_user(session, "member")).get("/operations").status_code == 403


def test_monitoring_sees_states_and_no_word_of_content(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").data) == (200, b"")
    assert client.get("/readyz").data == b""
    told = client.get("/metrics").text
    assert 'inspections_check_ok{check="worker"} 0' in told
    assert not any(ord(letter) > 127 for letter in told)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path, environ_base={"REMOTE_ADDR": "10.1.1.1"}).status_code == 404
    listed = settings.read({"INSTANCE": app.instance_path, "HEALTH_FROM": ["10.1.1.0/24"]}, environment={})
    monkeypatch.setitem(app.extensions, "settings", listed)
    assert client.get("/healthz", environ_base={"REMOTE_ADDR": "10.1.1.1"}).status_code == 200
    assert client.get("/healthz").status_code == 404


def test_a_site_is_ready_only_with_its_tables(tmp_path: Path) -> None:
    county = County(tmp_path / "instance")
    client = county.app.test_client()
    assert client.get("/readyz").status_code == 503
    county.fill()
    assert client.get("/readyz").status_code == 200
    with county.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9.0.0'"))
    assert client.get("/readyz").status_code == 503
    county.close()


def test_doctor_says_one_line_each_and_a_drill_makes_it_well(county: County, tmp_path: Path) -> None:
    first = county.run("doctor")
    assert first.exit_code == 1
    assert [line.split(" ")[0] for line in first.stdout.splitlines()].count("要处理") >= 2
    assert len(first.stdout.splitlines()) == len(list(CHECKS))
    file = tmp_path / "b.backup"
    assert county.run("backup", "--out", file).exit_code == 0
    drilled = county.run("drill", file)
    assert (drilled.exit_code, drilled.stderr) == (0, "") and "演练成功" in drilled.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["b.backup"]
    with county.session() as session:
        session.merge(Heartbeat(executor="one", seen_at=now()))
        session.commit()
    again = county.run("doctor")
    assert (again.exit_code, again.stderr) == (0, ""), again.stdout
    (county.folder / "photos" / "stray").write_bytes(b"")
    bad = tmp_path / "bad.backup"
    assert county.run("backup", "--out", bad).exit_code == 0
    failed = county.run("drill", bad)
    assert failed.exit_code == 1 and "stray" in failed.stderr
    (county.folder / "photos" / "stray").unlink()
