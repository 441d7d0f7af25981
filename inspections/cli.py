"""The commands, each calling what a page calls: `python -m inspections …` and `flask --app inspections …`.

Exit codes: 0 done, 1 refused, 2 bad input. A refusal is one sentence on standard error, never a traceback.
"""

import copy
import functools
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from inspections import journal, migrations
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password, one_time_password
from inspections.comparisons.commands import compare
from inspections.fieldwork.commands import fieldwork
from inspections.operations.commands import OPERATIONS
from inspections.operations.upgrade import upgraded
from inspections.planning.commands import plan
from inspections.roster.commands import roster
from inspections.sample.catalogue import load_catalogue
from inspections.sample.demo import demo, half_year_report, sample_problem
from inspections.site import limits
from inspections.site.refusal import Refusal
from inspections.site.serve import serve as run_serve
from inspections.site.settings import BadSetting, split_address
from inspections.site.tls import hosts_of, make_certificates
from inspections.typesetting.commands import fonts_group, papers
from inspections.worker import worker


def first_account(app: Flask) -> str | None:
    """The one-time password of the new account `admin`, or None when there are accounts already."""
    with app.extensions["sessions"]() as session:
        if session.scalar(sa.select(User.id).limit(1)) is not None:
            return None
        secret = one_time_password()
        hashed = hash_password(secret)
        admin = User(login="admin", name="系统管理员", role="admin", password_hash=hashed, must_change=True)
        session.add(admin)
        session.flush()
        journal.record(session, "account.create", admin.uuid, role="admin")
        session.commit()
        return secret


@click.command("init", help="建立或升级数据库，装入目录；首次运行给出管理员的一次性密码。")
@with_appcontext
def init() -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    engine = app.extensions["engine"]
    with engine.execution_options(reading=True).connect() as connection:
        made_before = migrations.refuse_foreign(connection)
    if made_before is None:
        migrations.upgrade(engine)
    else:
        upgraded(engine, Path(app.instance_path))
    with app.extensions["sessions"]() as session:
        load_catalogue(session)
        session.commit()
    secret = first_account(app)
    if secret:
        click.echo(f"管理员账号 admin，一次性密码 {secret}（只显示这一次，首次登录须修改）")


@click.command("serve", help="启动网页服务和后台进程；默认使用 TLS。")
@click.option("--host", help="监听地址；默认取设置 listen 的第一个。")
@click.option("--port", type=click.IntRange(0, 65535), help="端口；默认取设置 listen 的第一个。")
@click.option("--name", "names", multiple=True, help="写入证书的主机名或地址，可多次给出。")
@click.option("--plain", is_flag=True, help="用 http，只供本机查看。")
@with_appcontext
def serve(host: str | None, port: int | None, names: tuple[str, ...], plain: bool) -> None:
    migrations.require_current(current_app.extensions["engine"])
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    chosen = app.extensions["settings"]
    set_host, set_port = split_address(chosen.listen[0])
    host, port = host or set_host, set_port if port is None else port
    names = (*chosen.names, *names)
    trusted = app.config["TRUSTED_PROXIES"]
    sizes = limits.patterns(app.url_map)
    power = chosen.web_processes, chosen.web_threads
    sys.exit(run_serve(Path(app.instance_path), host, port, list(names), plain, sizes, trusted, *power))


@click.group("tls", help="本县自己的证书：平板离线填写须用 https。")
def tls() -> None:
    """The county's own certificate authority."""


@tls.command("init", help="生成本县证书和服务器证书；已有的保留。NAME 为主机名或地址。")
@click.argument("names", nargs=-1)
@click.option("--renew", is_flag=True, help="用原来的本县证书重签服务器证书（换地址、快到期时）。")
@with_appcontext
def tls_init(names: tuple[str, ...], renew: bool) -> None:
    folder = Path(current_app.instance_path) / "tls"
    wanted = [*current_app.extensions["settings"].names, *names]
    made = make_certificates(folder, wanted, renew)
    click.echo(f"服务器证书 {made}，写有：{'、'.join(hosts_of(made))}")
    click.echo(f"平板要装的本县证书 {folder / 'ca.crt'}，也可在 /tablet/check 下载。")


COMMANDS: Iterable[click.Command] = (
    init,
    serve,
    worker,
    demo,
    sample_problem,
    half_year_report,
    tls,
    roster,
    plan,
    compare,
    fieldwork,
    papers,
    fonts_group,
)


def init_app(app: Flask) -> None:
    """Mounts the commands."""
    for command in COMMANDS:
        answer_refusals(command)
        app.cli.add_command(command)
    for command in OPERATIONS:
        answer_refusals(command)
        app.cli.add_command(_inside(command))


def _inside(command: click.Command) -> click.Command:
    """The command as `flask --app inspections` runs it: with this application and its settings."""
    made = copy.copy(command)
    if isinstance(made, click.Group):
        made.commands = {name: _inside(inner) for name, inner in made.commands.items()}
    elif made.callback is not None:
        made.callback = with_appcontext(made.callback)
    return made


def answer_refusals(command: click.Command) -> None:
    """Nothing; a refusal of the command is now a sentence and an exit code."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            answer_refusals(inner)
        return
    callback = command.callback
    if callback is None or hasattr(callback, "answers_refusals"):
        return

    @functools.wraps(callback)
    def answering(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except BadSetting as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(2)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(1)

    answering.answers_refusals = True  # type: ignore[attr-defined]
    command.callback = answering
