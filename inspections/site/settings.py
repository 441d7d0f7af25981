"""What a county may set: one table, read from `inspections.toml` in its own folder and from INSPECTIONS_*.

Nothing else of the environment is configuration. An unknown name or a value that is none refuses to start.
"""

import dataclasses
import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inspections.site.refusal import Refusal

ROOT = Path(__file__).parents[2]
FILE = "inspections.toml"
PREFIX = "INSPECTIONS_"
#: what stands in place of a secret wherever settings are shown
HIDDEN = "（已设，不显示）"


class BadSetting(Refusal):
    """One or more settings are unknown or ill-typed: a sentence a line with place and what was expected."""


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """What the reference says of a setting, and what its value must keep to."""

    words: str
    unit: str = ""
    least: int = 0
    most: int = 10**9
    secret: bool = False
    #: raises ValueError with the rest of a sentence for a value that cannot be
    proof: Callable[[Any], None] | None = None


def _set(default: Any, words: str, **more: Any) -> Any:
    return dataclasses.field(default=default, metadata={"about": About(words, **more)})


def _address(values: tuple[str, ...]) -> None:
    for value in values:
        try:
            host, port = split_address(value)
            ipaddress.ip_address(host)
        except ValueError:
            raise ValueError(f"应为“地址:端口”，如 0.0.0.0:8443 或 [::]:8443，现为“{value}”") from None
        if not 0 <= port <= 65535:
            raise ValueError(f"端口应在 0 至 65535 之间，现为 {port}")
    if not values:
        raise ValueError("至少要有一个地址")


def _networks(values: tuple[str, ...]) -> None:
    for value in values:
        try:
            value == "socket" or ipaddress.ip_network(value)
        except ValueError:
            raise ValueError(f"应为地址或网段，如 10.1.2.3、10.9.0.0/16，现为“{value}”") from None


def _database(value: str) -> None:
    if value and not re.match(r"sqlite:///.|postgresql(\+psycopg)?://", value):
        raise ValueError("应为 sqlite:///文件 或 postgresql+psycopg://用户:密码@主机/数据库")


def _web_address(value: str) -> None:
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise ValueError("应为 https:// 开头的地址")


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this installation; outside the file in capitals after INSPECTIONS_."""

    instance: Path = dataclasses.field(
        default=ROOT / "instance", metadata={"about": About("本县的数据目录；只能用环境变量指定")}
    )
    database_url: str = _set(
        "", "数据库；空为数据目录中的 SQLite。多台主机用 PostgreSQL 15 以上", secret=True, proof=_database
    )
    listen: tuple[str, ...] = _set(("127.0.0.1:8000",), "网页服务的监听地址", proof=_address)
    names: tuple[str, ...] = _set((), "平板和电脑访问本服务所用的主机名、地址；写入服务器证书")
    allowed_hosts: tuple[str, ...] = _set(
        (), "只回答写着这些主机名、地址（不带端口）的请求；空为不限。“.jw.local”含其下各级"
    )
    trusted_proxies: tuple[str, ...] = _set(
        (), "本县自己的代理（地址、网段），其转告的来访地址可信", proof=_networks
    )
    health_from: tuple[str, ...] = _set(
        ("127.0.0.1", "::1"), "可查看 /healthz、/readyz、/metrics 的地址、网段", proof=_networks
    )
    secure_cookies: bool = _set(False, "只经 https 使用；serve 用 TLS 时自动打开，代理另做 TLS 的须自己打开")
    second_factor_required: bool = _set(
        False, "县统筹、领导、案管室、审计、系统管理员登录须用动态口令；其他人可自愿启用"
    )
    web_processes: int = _set(1, "网页进程数", unit="个", least=1, most=64)
    web_threads: int = _set(16, "每个网页进程的线程数", unit="个", least=1, most=256)
    session_days: int = _set(14, "登录最长保持（覆盖一次驻点加一周）", unit="天", least=1, most=60)
    tablet_keep_days: int = _set(14, "驻点结束并上传后，内容在平板上再留", unit="天", least=0, most=366)
    webhook_url: str = _set("", "消息机器人的地址；空为不推送", secret=True, proof=_web_address)
    webhook_hosts: tuple[str, ...] = _set((), "允许推送到的主机名")
    backup_max_age_hours: int = _set(26, "最近一次备份超过这么久即告警", unit="小时", least=1, most=8784)
    drill_max_age_days: int = _set(8, "最近一次恢复演练超过这么久即告警", unit="天", least=1, most=366)
    certificate_warn_days: int = _set(30, "服务器证书剩余不足这么久即告警", unit="天", least=1, most=365)
    space_warn_mb: int = _set(2048, "数据目录所在磁盘剩余不足这么多即告警", unit="MB", least=1)
    certificate_password: str = _set("", "papers sign 所用 .p12 证书的口令；只宜用环境变量", secret=True)

    @property
    def database(self) -> str:
        """The database's URL: the one set, else SQLite in the county's folder."""
        return (
            re.sub(r"^postgresql:", "postgresql+psycopg:", self.database_url)
            or f"sqlite:///{self.instance / 'inspections.db'}"
        )


FIELDS: Mapping[str, dataclasses.Field[Any]] = {field.name: field for field in dataclasses.fields(Settings)}


def about(name: str) -> About:
    """What the reference says of the setting."""
    found: About = FIELDS[name].metadata["about"]
    return found


def split_address(value: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8000` or `[::1]:8000`. Raises ValueError for anything else."""
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or (":" in host) != (host[:1] + host[-1:] == "[]"):
        raise ValueError(value)
    return host.strip("[]"), int(port)


def read(given: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings: what is `given` (in capitals, by tests), else the environment, the file, defaults.

    Raises BadSetting with a sentence for each name that is unknown and each value that is none.
    """
    faults: list[str] = []
    typed: dict[str, Any] = {}
    outside = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(PREFIX)
    }
    chosen = {key.lower(): value for key, value in (given or {}).items()}
    instance = Path(chosen.pop("instance", outside.pop("instance", ROOT / "instance"))).expanduser().resolve()
    file = instance / FILE
    for place, found, text in (
        (str(file), _file(file), False),
        ("环境变量", outside, True),
        ("create_app", chosen, False),
    ):
        for key, value in found.items():
            where = f"环境变量 {PREFIX}{key.upper()}" if text else f"{place} 的 {key}"
            if key not in FIELDS or key == "instance":
                faults.append(f"{where}：没有这项设置，可用的见 python -m inspections config show。")
                continue
            try:
                typed[key] = _typed(key, value, text)
            except ValueError as fault:
                faults.append(f"{where}：{fault}。")
    if faults:
        raise BadSetting("\n".join(faults))
    return Settings(instance=instance, **typed)


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as fault:
        raise BadSetting(
            f"{path}：不是有效的 TOML 文件（{_place(str(fault))}），请核对引号和等号。"
        ) from None
    except UnicodeDecodeError:
        raise BadSetting(f"{path}：应为 UTF-8 编码的文本文件。") from None
    except OSError as fault:
        raise BadSetting(f"{path}：读不出来（{fault.strerror}）。") from None


def _place(fault: str) -> str:
    """第 3 行，第 5 列, out of the parser's own English."""
    digits = [word.strip(",)") for word in fault.split() if word.strip(",)").isdecimal()]
    return f"第 {digits[-2]} 行第 {digits[-1]} 列" if len(digits) >= 2 else "文件末尾"


def _typed(key: str, value: Any, text: bool) -> Any:
    """The value as its setting has it. Raises ValueError with what was expected."""
    told, kind = about(key), FIELDS[key].type
    read_: Any
    if kind is bool:
        read_ = _yes_or_no(value, text)
    elif kind is int:
        read_ = _whole(value, text, told)
    elif kind is str:
        if not isinstance(value, str):
            raise ValueError("应为加引号的文字")
        read_ = value.strip()
    else:
        listed = [part.strip() for part in value.split(",") if part.strip()] if text else value
        if isinstance(listed, str) or not all(isinstance(part, str) for part in _many(listed)):
            raise ValueError('应为文字的列表，如 ["10.1.2.3", "jw.local"]')
        read_ = tuple(listed)
    if told.proof is not None:
        told.proof(read_)
    return read_


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [None]


def _yes_or_no(value: Any, text: bool) -> bool:
    words = {"true": True, "1": True, "false": False, "0": False}
    if text and str(value).strip().lower() in words:
        return words[str(value).strip().lower()]
    if isinstance(value, bool):
        return value
    raise ValueError("应为 true 或 false")


def _whole(value: Any, text: bool, told: About) -> int:
    limits = f"应为 {told.least} 至 {told.most} 的整数" + (f"（{told.unit}）" if told.unit else "")
    if text and str(value).strip().isdecimal() and len(str(value)) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not told.least <= value <= told.most:
        raise ValueError(limits)
    return value


def shown(settings: Settings) -> list[tuple[str, str]]:
    """(name, value) of every setting as a line of the file says it; secrets are only said to be set."""
    lines = []
    for name in FIELDS:
        value = getattr(settings, name)
        hidden = about(name).secret and value
        lines.append((name, HIDDEN if hidden else written(value)))
    return lines


def written(value: Any) -> str:
    """The value as the file says it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(written(each) for each in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def reference() -> str:
    """The table of `docs/operations.md`: a row a setting."""
    rows = ["| 设置 | 环境变量 | 默认 | 单位 | 说明 |", "| --- | --- | --- | --- | --- |"]
    for name, field in FIELDS.items():
        told = about(name)
        default = '"instance"' if name == "instance" else written(field.default)
        own = "（只能用环境变量）" if name == "instance" else f"`{name}`"
        words = told.words + ("；保密" if told.secret else "")
        rows.append(f"| {own} | `{PREFIX}{name.upper()}` | `{default}` | {told.unit} | {words} |")
    return "\n".join(rows)
