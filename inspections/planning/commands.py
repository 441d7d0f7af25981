"""The commands around plans: a cycle's problem as a file, and a plan from a file. They call what pages call.

Exit codes: 0 done, 1 refused (broken rules, one line each), 2 bad input (one line per fault, on stderr).
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import orm

from inspections.planning import generate
from inspections.rounds.models import Cycle


@click.group(help="排程文件：导出问题、导入方案。")
def plan() -> None:
    """The planning files of contracts §2."""


@plan.command("problem", help="把周期 CYCLE（名称或标识）的排程问题写成文件。")
@click.argument("cycle")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到哪个文件。")
@with_appcontext
def problem(cycle: str, out: Path) -> None:
    with current_app.extensions["sessions"](reading=True) as session:
        statement = generate.problem_of(session, _cycle(session, cycle))
    try:
        out.write_text(json.dumps(statement, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as fault:
        _bad_input([f"{out}: 无法写入：{fault.strerror or fault}"])
    click.echo(f"{out}：{len(statement['units'])} 个单位，{len(statement['people'])} 人")


@plan.command("import", help="把文件 PLAN.json 中的方案导入周期 CYCLE，成为待批准的新一版。")
@click.argument("cycle")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def import_(cycle: str, file: Path) -> None:
    with current_app.extensions["sessions"]() as session:
        try:
            made = generate.import_plan(session, _cycle(session, cycle), file, None)
        except generate.BadFile as fault:
            _bad_input(fault.lines)
        session.commit()
        shortages = len(made.answer["shortages"]) if made.answer else 0
        click.echo(
            f"第 {made.number} 版方案待批准" + (f"，缺口 {shortages} 处" if shortages else "，没有缺口")
        )


def _cycle(session: orm.Session, wanted: str) -> Cycle:
    """The cycle of that name or uuid; ends the command with 2 when there is none."""
    condition = Cycle.name == wanted
    with suppress(ValueError):  # it is a name
        condition |= Cycle.uuid == UUID(wanted)
    found = session.scalar(sa.select(Cycle).where(condition))
    if found is None:
        names = "、".join(session.scalars(sa.select(Cycle.name).order_by(Cycle.id))) or "（还没有周期）"
        _bad_input([f"CYCLE: 没有名为“{wanted}”的周期；现有：{names}"])
    return found


def _bad_input(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(2)
