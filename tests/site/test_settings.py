"""Settings: one typed table, and nothing else of the environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from inspections import create_app
from inspections.site import settings

ROOT = Path(__file__).parents[2]


def test_the_file_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text(
        'listen = ["0.0.0.0:8443"]\nweb_processes = 4\nnames = ["jw.local"]\n'
    )
    outside = {"INSPECTIONS_INSTANCE": str(tmp_path), "INSPECTIONS_WEB_PROCESSES": "2"}
    read = settings.read(environment=outside)
    assert (read.listen, read.web_processes, read.names) == (("0.0.0.0:8443",), 2, ("jw.local",))
    assert read.database == f"sqlite:///{tmp_path / 'inspections.db'}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("web_proceses = 2", "web_proceses：没有这项设置"),
        ('web_processes = "2"', "web_processes：应为 1 至 64 的整数（个）"),
        ("web_processes = true", "应为 1 至 64 的整数"),
        ("web_processes = 65", "应为 1 至 64 的整数"),
        ("session_days = 1.5", "应为 1 至 60 的整数（天）"),
        ('listen = "0.0.0.0:80"', "listen：应为文字的列表"),
        ('listen = ["jw.local:80"]', "应为“地址:端口”"),
        ('listen = ["::1:80"]', "应为“地址:端口”"),
        ('listen = ["[::1]:80000"]', "端口应在 0 至 65535 之间"),
        ("listen = []", "至少要有一个地址"),
        ('trusted_proxies = ["10.0.0.1/8"]', "应为地址或网段"),
        ('database_url = "mysql://x"', "database_url：应为 sqlite:///文件"),
        ('webhook_url = "ftp://x"', "应为 https:// 开头"),
        ("secure_cookies = 1", "应为 true 或 false"),
        ("names = [1]", "应为文字的列表"),
        ('instance = "/tmp"', "instance：没有这项设置"),
        ("listen = [", "不是有效的 TOML 文件"),
    ],
)
def test_a_setting_that_is_none_is_one_sentence(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / settings.FILE).write_text(line)
    with pytest.raises(settings.BadSetting) as fault:
        settings.read(environment={"INSPECTIONS_INSTANCE": str(tmp_path)})
    assert words in str(fault.value)
    assert str(fault.value).count("\n") == 0
    assert settings.FILE in str(fault.value)


def test_numbers_of_the_environment_are_numbers(tmp_path: Path) -> None:
    outside = {"INSPECTIONS_INSTANCE": str(tmp_path), "INSPECTIONS_SESSION_DAYS": "x"}
    with pytest.raises(settings.BadSetting, match="环境变量 INSPECTIONS_SESSION_DAYS：应为 1 至 60 的整数"):
        settings.read(environment=outside)
    assert settings.read(environment=outside | {"INSPECTIONS_SESSION_DAYS": "7"}).session_days == 7


def test_nothing_else_of_the_environment_is_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "INSPECTIONS_INSTANCE": str(tmp_path),
        "DATABASE_URL": "sqlite:////nowhere/x.db",
        "SECRET_KEY": "guess",
        "TESTING": "1",
        "WTF_CSRF_ENABLED": "",
        "FLASK_DEBUG": "1",
        "MAX_CONTENT_LENGTH": "5",
    }.items():
        monkeypatch.setenv(name, value)
    app = create_app()
    assert str(app.extensions["engine"].url) == f"sqlite:///{tmp_path / 'inspections.db'}"
    assert app.config["SECRET_KEY"] != "guess"
    assert not app.testing and not app.debug
    assert app.config.get("WTF_CSRF_ENABLED") is not False
    assert app.config["WTF_CSRF_ENABLED"]
    assert isinstance(app.config["MAX_CONTENT_LENGTH"], int)
    app.extensions["engine"].dispose()


def test_every_command_refuses_a_wrong_setting_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('web_threads = "many"')
    done = subprocess.run(
        [sys.executable, "-m", "inspections", "init"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "INSPECTIONS_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{tmp_path / settings.FILE} 的 web_threads：应为 1 至 256 的整数（个）。\n"
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]


def test_secrets_are_not_shown() -> None:
    read = settings.read(
        {"DATABASE_URL": "postgresql+psycopg://x:hidden@db/x", "WEBHOOK_URL": "https://r/key"}
    )
    text = repr(settings.shown(read))
    assert "hidden" not in text and "https://r/key" not in text


def test_the_reference_of_the_handbook_is_that_of_the_program() -> None:
    assert settings.reference() in (ROOT / "docs" / "operations.md").read_text("utf-8")
