"""The commands of the work in the field: a tablet's export comes in, a visit goes to a laptop and comes home.

Exit codes: 0 done, 1 something in the file was refused (one line each, the rest is in), 2 bad input.
"""

import json
import sys
import uuid
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import orm, select

from inspections.fieldwork import checklists, sheets
from inspections.fieldwork.models import CHECKLIST_KINDS
from inspections.fieldwork.tablet import package, rescue
from inspections.fieldwork.tablet.schema import tablet_schema
from inspections.rounds.models import Plan, Posting, Team
from inspections.site.refusal import Refusal
from inspections.units.models import Unit


@click.group(help="驻点数据：导入平板导出的文件，驻点包的导出与装入。")
def fieldwork() -> None:
    """Files between the county and a place without a network."""


@fieldwork.command("import", help="导入平板（或单机）导出的未上传文件；重复导入不会重复。")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def import_(file: Path) -> None:
    try:
        sent = rescue.read(file)
    except Refusal as refusal:
        _bad_input(str(refusal))
    with current_app.extensions["sessions"]() as session:
        taken = rescue.take(session, sent, _photos_dir())
        session.commit()
    click.echo(f"收入 {taken.new} 条、照片 {taken.photos} 张；原已收入 {taken.known} 条。")
    if taken.unfinished:
        click.echo(f"文件中另有 {taken.unfinished} 处未填完，没有收入，请填写人在平板上填完。")
    for line in taken.refused:
        click.echo(line, err=True)
    sys.exit(1 if taken.refused else 0)


@fieldwork.command("package", help="把驻点 VISIT（标识，或单位编号）写成驻点包，供不联网的单机使用。")
@click.argument("visit")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个文件。")
@with_appcontext
def package_(visit: str, out: Path) -> None:
    with current_app.extensions["sessions"](reading=True) as session:
        packed = package.pack(session, _posting(session, visit))
    _write(out, packed)
    click.echo(
        f"{out}：{packed['unit']['name']}，{len(packed['people'])} 人，{len(packed['checklist']['items'])} 项"
    )


@fieldwork.command("unpack", help="在单机上装入驻点包；给出各账号的一次性密码。")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def unpack(file: Path) -> None:
    try:
        packed = package.read(file)
        with current_app.extensions["sessions"]() as session:
            accounts = package.unpack(session, packed)
            session.commit()
    except Refusal as refusal:
        _bad_input(str(refusal))
    click.echo(f"已装入 {packed['unit']['name']}。账号与一次性密码（只显示这一次）：")
    for login, name, secret in accounts:
        click.echo(f"  {login}  {secret}  {name}")


@fieldwork.command("export", help="在单机上把驻点 VISIT 的全部填写和照片写成文件，交县里导入。")
@click.argument("visit")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个文件。")
@with_appcontext
def export(visit: str, out: Path) -> None:
    with current_app.extensions["sessions"](reading=True) as session:
        made = package.ledger_file(session, _posting(session, visit), _photos_dir())
    _write(out, made)
    click.echo(f"{out}：{len(made['ops'])} 条，照片 {len(made['photos'])} 张")


@fieldwork.group("checklist", help="清单工作簿（survey、choices、settings）：导出、检查、启用。")
def checklist() -> None:
    """Checklists as workbooks."""


@checklist.command("export", help="把 KIND（village 或 department）现用的清单写成工作簿。")
@click.argument("kind", type=click.Choice(list(CHECKLIST_KINDS)))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个文件。")
@with_appcontext
def checklist_export(kind: str, out: Path) -> None:
    with current_app.extensions["sessions"](reading=True) as session:
        newest = checklists.newest(session, kind)
        with out.open("wb") as file:
            sheets.write(file, newest)
    click.echo(f"{out}：第 {newest.version} 版，{len(newest.items)} 项")


@checklist.command("publish", help="检查工作簿并启用为新的一版；有错逐格列出，什么也不改。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="只检查。")
@with_appcontext
def checklist_publish(file: Path, dry_run: bool) -> None:
    with current_app.extensions["sessions"]() as session:
        try:
            sheet = sheets.read(file.read_bytes(), checklists.categories(session))
        except Refusal as refusal:
            _bad_input(f"{file.name}：{refusal}")
        for fault in sheet.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        if sheet.faults:
            sys.exit(2)
        if dry_run:
            click.echo(f"没有错误，{len(sheet.items)} 项。")
            return
        version = checklists.publish(session, sheet.kind, sheet.items, None)
        session.commit()
    click.echo(f"{CHECKLIST_KINDS[sheet.kind]}第 {version} 版，{len(sheet.items)} 项")


@fieldwork.command("schema", help="输出平板接口的 JSON Schema。")
def schema() -> None:
    click.echo(json.dumps(tablet_schema(), ensure_ascii=False, indent=2))


def _photos_dir() -> Path:
    return Path(current_app.instance_path) / "photos"


def _posting(session: orm.Session, wanted: str) -> Posting:
    """The published posting of that name, or the newest of that unit; ends the command with 2 without one."""
    published = select(Posting).join(Posting.team).join(Team.plan).where(Plan.state == "published")
    try:
        found = session.scalar(published.where(Posting.uuid == uuid.UUID(wanted)))
    except ValueError:
        of_unit = published.join(Posting.unit).where(Unit.code == wanted).order_by(Posting.id.desc())
        found = session.scalars(of_unit).first()
    if found is None:
        _bad_input(f"没有已发布的驻点 {wanted}，应为驻点标识或单位编号。")
    return found


def _write(out: Path, content: object) -> None:
    try:
        out.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as fault:
        _bad_input(f"{out}：不能写入（{fault.strerror}）。")


def _bad_input(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
