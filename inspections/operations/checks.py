"""What an IT officer asks of a running installation: one table, read by `doctor`, 系统运行, the first page
and /metrics. Each check is a fact with a sentence; none changes anything.
"""

import datetime as dt
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version

import pysqlite3
import sqlalchemy as sa
from cryptography import x509
from sqlalchemy import orm

from inspections import migrations
from inspections.database import now, sqlite_is_fixed, today
from inspections.jobs import Heartbeat, Jobs
from inspections.journal import JournalEntry
from inspections.site import tls
from inspections.site.refusal import Refusal
from inspections.site.settings import Settings, split_address
from inspections.typesetting.fonts import role_fonts
from inspections.wording import SHANGHAI
from inspections.workdays import lived

#: a worker that is silent for so long is dead; it says that it is alive every few seconds
SILENT = dt.timedelta(seconds=60)
#: a job that waits for so long, and how far back failures are counted
STUCK, LOOKED_BACK = dt.timedelta(hours=1), dt.timedelta(days=7)
SKEW = dt.timedelta(minutes=2)
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to look at."""

    settings: Settings
    session: orm.Session
    jobs: Jobs | None


@dataclass(frozen=True, slots=True)
class Fact:
    """How one thing stands: whether it is well, the sentence, a number for charts (unit by check)."""

    well: bool
    sentence: str
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the table: its name for machines and for people, what asks, and the unit of its number."""

    key: str
    name: str
    ask: Callable[[Machine], Fact]
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A check and how it stands."""

    check: Check
    fact: Fact


def answers(machine: Machine) -> list[Answer]:
    """Every check with its fact; one that could not be asked is not well, with a sentence."""
    return [Answer(check, _asked(check, machine)) for check in CHECKS]


def _asked(check: Check, machine: Machine) -> Fact:
    try:
        return check.ask(machine)
    except (sa.exc.SQLAlchemyError, OSError, ValueError, Refusal) as fault:
        machine.session.rollback()
        told = fault if isinstance(fault, Refusal) else f"查不出来：{getattr(fault, 'orig', None) or fault}"
        return Fact(False, str(told))


def versions(_: Machine) -> Fact:
    """The program and what it stands on."""
    parts = {name: version(name) for name in ("flask", "sqlalchemy", "ortools", "weasyprint", "dbos")}
    told = "，".join(f"{name} {number}" for name, number in parts.items())
    own = migrations.newest_revision()
    return Fact(True, f"本程序 {own}，Python {sys.version.split()[0]}，{told}")


def database(machine: Machine) -> Fact:
    """Reachable, of this program's revision, on an engine that loses nothing."""
    connection = machine.session.connection()
    if migrations.refuse_foreign(connection) != migrations.newest_revision():
        return Fact(False, "数据库需要升级，请运行 python -m inspections upgrade")
    if connection.dialect.name == "sqlite":
        number = str(pysqlite3.sqlite_version)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        size = pages * (connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)
        fixed = sqlite_is_fixed(tuple(pysqlite3.sqlite_version_info))
        return Fact(
            fixed, f"SQLite {number}{'' if fixed else '（有丢失提交的缺陷，请升级）'}，{_mb(size)}", size
        )
    server = connection.exec_driver_sql("SHOW server_version").scalar()
    size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0
    return Fact(True, f"PostgreSQL {server}，{_mb(size)}", size)


def worker(machine: Machine) -> Fact:
    """Somebody does the jobs."""
    beats = machine.session.scalars(sa.select(Heartbeat.seen_at)).all()
    if not beats:
        return Fact(False, "后台进程从未运行，排程、文书和提醒都不会做；请用 serve 启动", -1)
    silent = now() - max(beats)
    if silent > SILENT:
        return Fact(
            False, f"后台进程已停 {_span(silent)}，排程、文书和提醒都在等；请重启服务", silent.total_seconds()
        )
    alive = sum(now() - beat <= SILENT for beat in beats)
    return Fact(True, f"{alive} 个在运行", silent.total_seconds())


def queue(machine: Machine) -> Fact:
    """Jobs that wait, and those that ended in error."""
    if machine.jobs is None:
        return Fact(True, "还没有任务")
    state = machine.jobs.state(now() - LOOKED_BACK)
    words = f"等待和进行中 {state.waiting} 个，近 7 天出错 {state.failed} 个"
    waits = now() - state.oldest if state.oldest else dt.timedelta()
    if waits > STUCK:
        return Fact(False, f"{words}；最早的已等 {_span(waits)}", state.waiting)
    return Fact(
        state.failed == 0, words + ("（会自动重试，请查看系统日志）" if state.failed else ""), state.waiting
    )


def space(machine: Machine) -> Fact:
    """Room on the disk of the county's folder."""
    usage = shutil.disk_usage(machine.settings.instance)
    least = machine.settings.space_warn_mb
    well = usage.free >= least * 1024 * 1024
    share = usage.free / usage.total
    return Fact(
        well, f"剩余 {_mb(usage.free)}（{share:.0%}）" + ("" if well else f"，不足 {least} MB"), usage.free
    )


def certificate(machine: Machine) -> Fact:
    """The server's certificate: in time, and for the names by which it is called."""
    file = machine.settings.instance / "tls" / "server.crt"
    if not file.exists():
        abroad = [each for each in machine.settings.listen if split_address(each)[0] not in LOOPBACK]
        return Fact(not abroad, "没有服务器证书" + ("，请运行 tls init" if abroad else "，只供本机查看"))
    ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    days = (ends - now()).days
    missing = sorted(set(machine.settings.names) - set(tls.hosts_of(file)))
    if ends <= now():
        return Fact(False, f"服务器证书已于 {_day(ends)} 过期，请运行 tls init --renew", days)
    if days < machine.settings.certificate_warn_days:
        return Fact(False, f"服务器证书还有 {days} 天过期，请运行 tls init --renew", days)
    if missing:
        return Fact(False, f"服务器证书没有写入 {'、'.join(missing)}，请运行 tls init --renew", days)
    return Fact(True, f"服务器证书还有 {days} 天，写有 {'、'.join(tls.hosts_of(file))}", days)


def clock(machine: Machine) -> Fact:
    """This machine's clock against the newest entry of the journal, and against the database server's."""
    newest = machine.session.scalar(sa.select(JournalEntry.at).order_by(JournalEntry.id.desc()).limit(1))
    ahead = newest - now() if newest else dt.timedelta()
    if machine.session.get_bind().dialect.name == "postgresql":
        told = machine.session.scalar(sa.text("SELECT clock_timestamp()"))
        if told is not None and abs(told - now()) > SKEW:
            return Fact(False, f"本机时钟与数据库服务器相差 {_span(abs(told - now()))}，请校准")
    if ahead > SKEW:
        return Fact(False, f"本机时钟比日志中最近一条慢 {_span(ahead)}，请校准", ahead.total_seconds())
    if lived.is_doubtful(machine.session) and not lived.may_follow(machine.session, today()):
        last = lived.newest_day(machine.session)
        return Fact(
            False, f"本机日期比上次运行（{last}）晚太多，新的驻点暂不公布；请校准，或由县统筹在工作日历中确认"
        )
    return Fact(True, f"{now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}（北京时间）", ahead.total_seconds())


def backups(machine: Machine) -> Fact:
    """How old the last backup is."""
    most = dt.timedelta(hours=machine.settings.backup_max_age_hours)
    return _last(machine, "backup.make", most, "备份", "请运行 backup")


def drills(machine: Machine) -> Fact:
    """How old the last proof is that a backup restores."""
    most = dt.timedelta(days=machine.settings.drill_max_age_days)
    return _last(machine, "backup.drill", most, "恢复演练", "请运行 drill")


def fonts(_: Machine) -> Fact:
    """Every kind of type has a font."""
    missing = [font.role for font in role_fonts() if font.family is None]
    told = f"缺少 {'、'.join(missing)}，请运行 fonts install" if missing else "齐全"
    return Fact(not missing, told, len(missing))


def _last(machine: Machine, act: str, most: dt.timedelta, name: str, how: str) -> Fact:
    made = sa.select(JournalEntry.at).where(JournalEntry.act == act).order_by(JournalEntry.id.desc()).limit(1)
    at = machine.session.scalar(made)
    if at is None:
        return Fact(False, f"还没有做过{name}，{how}", -1)
    age = now() - at
    told = f"最近一次{name}在 {_day(at)}，{_span(age)}前"
    return Fact(
        age <= most, told + ("" if age <= most else f"，超过 {_span(most)}，{how}"), age.total_seconds()
    )


def _mb(size: float) -> str:
    return f"{size / 1024**3:.1f} GB" if size >= 1024**3 else f"{size / 1024**2:.1f} MB"


def _day(instant: dt.datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _span(time: dt.timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 2880 else f"{minutes // 1440} 天"


CHECKS: Iterable[Check] = (
    Check("worker", "后台进程", worker, "seconds"),
    Check("queue", "任务", queue, "jobs"),
    Check("database", "数据库", database, "bytes"),
    Check("space", "磁盘", space, "bytes"),
    Check("certificate", "证书", certificate, "days"),
    Check("clock", "时钟", clock, "seconds"),
    Check("backup", "备份", backups, "seconds"),
    Check("drill", "恢复演练", drills, "seconds"),
    Check("fonts", "字体", fonts, "missing"),
    Check("versions", "版本", versions, ""),
)
