"""The commands of whoever runs the machine; none of them needs the application."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from sqlalchemy import orm

from inspections import journal, migrations
from inspections.database import open_engine, session_factory
from inspections.jobs import Jobs, open_job_engine
from inspections.operations import backup as backups
from inspections.operations import move as moving
from inspections.operations import restore as restoring
from inspections.operations.checks import Machine, answers
from inspections.operations.upgrade import upgraded
from inspections.operations.verify import Damage, first_of_each, verified
from inspections.site import chain, settings
from inspections.site.chain import SEAL, Anchor
from inspections.site.refusal import Refusal
from inspections.site.settings import Settings


def chosen() -> Settings:
    """The settings of the application where there is one, else of file and environment."""
    if current_app:
        found: Settings = current_app.extensions["settings"]
        return found
    return settings.read()


@click.group("config", help="本机的设置：数据目录中的 inspections.toml 和 INSPECTIONS_* 环境变量。")
def config() -> None:
    """The typed configuration."""


@config.command("check", help="核对设置；有不认识的名称或不对的值，逐条说明，退出码 2。")
def config_check() -> None:
    read = chosen()
    click.echo(f"设置有效（{read.instance / settings.FILE}）。")


@config.command("show", help="列出现在生效的全部设置；口令、密钥不显示。")
def config_show() -> None:
    for name, value in settings.shown(chosen()):
        told = settings.about(name)
        click.echo(f"{name} = {value}  # {told.words}" + (f"，{told.unit}" if told.unit else ""))


def _passphrase(file: Path | None) -> Callable[[], bytes | None]:
    """A function: the words in that file without their line end; None without a file."""

    def read() -> bytes | None:
        if file is None:
            return None
        try:
            return file.read_bytes().rstrip(b"\r\n")
        except OSError as fault:
            raise Refusal(f"口令文件 {file} 读不出来（{fault.strerror}）。") from None

    return read


_file_with_passphrase = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="口令文件：第一行为口令，至少 12 个字符。"
)


@click.command("backup", help="备份数据库、照片、文书和设置到一个文件；系统运行时也可以做。")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="备份文件，不得已经存在。")
@click.option("--with-keys", is_flag=True, help="连同密钥、证书和完整设置；请加口令并妥善保管。")
@_file_with_passphrase
def backup(out: Path, with_keys: bool, passphrase_file: Path | None) -> None:
    made = backups.make(chosen(), out.resolve(), _passphrase(passphrase_file)(), with_keys)
    rows, size = sum(made.about.counts.values()), made.size / 1024 / 1024
    click.echo(f"已备份到 {made.file}：{rows} 行、{made.files} 个文件，{size:.1f} MB")
    click.echo(f"SHA-256 {made.sha256}，日志到第 {made.about.journal_head} 条")
    click.echo(f"留痕码 {made.about.chain_code}（第 {made.about.chain_place} 环），请抄记在本机以外")


@click.command("restore", help="把备份恢复到空目录（SQLite）或空数据库（PostgreSQL）；要么全部，要么不动。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", required=True, help="空目录，或 postgresql+psycopg://… 的空数据库。")
@_file_with_passphrase
def restore(file: Path, into: str, passphrase_file: Path | None) -> None:
    try:
        about = restoring.restore(file.resolve(), into, chosen(), _passphrase(passphrase_file))
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    shown = into if "://" not in into else into.rpartition("@")[2]
    click.echo(f"已恢复到 {shown}：{about.made_at[:16]} 的备份，{sum(about.counts.values())} 行")
    click.echo("平板账已换新周期：各平板下次联网时会把这里没有的内容重新上传。")
    if not about.keys:
        click.echo("备份不含密钥：首次启动会生成新的登录密钥，所有人须重新登录；证书须 tls init 后重装。")


@click.command("verify", help="核对数据库、引用、防改、照片、文书；每类指出第一处，没有问题时退出码 0。")
@click.option("--quick", is_flag=True, help="不读照片和文书的内容。")
@click.option("--code", default="", help="文书、底稿或备份上的留痕码：指出它是哪一环，没有这一环的退出码 1。")
def verify(quick: bool, code: str) -> None:
    read = chosen()
    engine = open_engine(read.database)
    try:
        migrations.require_current(engine)
        with orm.Session(engine.execution_options(reading=True)) as session:
            found = verified(session, read.instance, quick)
            at = chain.placed(session, code) if code else None
    except sa.exc.DatabaseError as fault:
        raise Refusal(f"数据库打不开，可能有损坏：{fault.orig}") from None
    finally:
        engine.dispose()
    for damage, count in first_of_each(found):
        click.echo(damage.sentence + (f"（同类共 {count} 处）" if count > 1 else ""), err=True)
    if code and at is None:
        click.echo(f"链条中没有留痕码 {code}：抄写有误，或者当时的记录已被换掉。", err=True)
    if found or (code and at is None):
        sys.exit(1)
    told = f"留痕码 {code} 是第 {at.place} 环，{at.kind} 第 {at.row} 号记录。" if at else ""
    click.echo(f"核对无误。{told}")


@click.command("drill", help="演练：把备份恢复到临时位置，逐行逐文件核对，记入日志；原数据不动。")
@click.argument("file", type=click.Path(path_type=Path))
@_file_with_passphrase
def drill(file: Path, passphrase_file: Path | None) -> None:
    read = chosen()
    found: list[Damage] = []

    def look(files: Path, engine: sa.Engine) -> None:
        with orm.Session(engine.execution_options(reading=True)) as session:
            found.extend(verified(session, files))

    about = restoring.rehearse(file.resolve(), _passphrase(passphrase_file), look)
    if found:
        raise Refusal(f"备份能恢复，但核对有 {len(found)} 处不符：{found[0].sentence}")
    engine = open_engine(read.database)
    with session_factory(engine, **{SEAL: Anchor(read.instance)})() as session:
        journal.record(session, "backup.drill", file=file.name, made_at=about.made_at)
        session.commit()
    engine.dispose()
    click.echo(
        f"演练成功：{about.made_at[:16]} 的备份可以恢复，{sum(about.counts.values())} 行和全部文件相符。"
    )


@click.command("upgrade", help="升级数据库：先留一份副本，再升级、核对；不成功则保持原状。")
def upgrade() -> None:
    read = chosen()
    engine = open_engine(read.database)
    try:
        with engine.execution_options(reading=True).connect() as connection:
            if migrations.refuse_foreign(connection) is None:
                raise Refusal("还没有数据库，请先运行 python -m inspections init。")
        copy = upgraded(engine, read.instance)
    except sa.exc.OperationalError as fault:
        raise Refusal(f"数据库打不开或正忙（{fault.orig}），没有升级。") from None
    finally:
        engine.dispose()
    click.echo(
        f"已升级到 {migrations.newest_revision()}，升级前的副本在 {copy}" if copy else "已是最新，不用升级。"
    )


@click.command("move", help="把数据库换到另一引擎：逐表写入，中断后可接着做，最后逐行核对；原数据库不动。")
@click.option("--to", required=True, help="空的 postgresql+psycopg://… 数据库，或 sqlite:///新文件。")
def move(to: str) -> None:
    read = chosen()
    try:
        found = moving.into(read.database, to, click.echo)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    rows = sum(each.rows for each in found.values())
    click.echo(f"已迁移并核对：{len(found)} 张表、{rows} 行，两边逐行相同。原数据库没有改动。")
    click.echo(f"现在把 {settings.FILE} 中的 database_url 改为新地址，再启动，并运行 verify 核对。")


@click.command("doctor", help="逐项检查系统运行情况；全部正常退出码 0，有要处理的 1。")
def doctor() -> None:
    read = chosen()
    if not (read.instance / "inspections.db").exists() and not read.database_url:
        raise Refusal(f"{read.instance} 中还没有数据库，请先运行 python -m inspections init。")
    engine = open_engine(read.database)
    jobs = Jobs(open_job_engine(read.database, read.instance))
    try:
        with orm.Session(engine.execution_options(reading=True)) as session:
            found = answers(Machine(read, session, jobs))
    finally:
        jobs.engine.dispose()
        engine.dispose()
    for answer in found:
        click.echo(
            f"{'正常　' if answer.fact.well else '要处理'} {answer.check.name}：{answer.fact.sentence}"
        )
    if not all(answer.fact.well for answer in found):
        sys.exit(1)


OPERATIONS: Iterable[click.Command] = (config, backup, restore, drill, verify, upgrade, move, doctor)
