"""The commands `roster template`, `roster import` and `roster export` (contracts §5).

They read and write files and call what the pages call. Exit: 0 done, 1 refused, 2 bad input.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from inspections.people.catalogue import load_recusal_kinds
from inspections.roster import workbook_made
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import import_roster, preview


@click.group()
def roster() -> None:
    """The roster workbook: units, offices, people, ties, kin."""


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    """Ends the command with 2 when the file cannot be written."""
    try:
        yield
    except OSError as fault:
        click.echo(f"{out}：不能写入（{fault.strerror}）", err=True)
        sys.exit(2)


@roster.command("template")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="xlsx to write")
@with_appcontext
def template_command(out: Path) -> None:
    """Write an empty workbook with drop-downs and explanations."""
    with current_app.extensions["sessions"]() as session:
        load_recusal_kinds(session)
        session.commit()
        with _writable(out):
            workbook_made.template(out, session)
    click.echo(f"已写出名册模板：{out}")


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="show the differences and change nothing")
@click.option("--planning-only", is_flag=True, help="the units are real places: plans yes, findings never")
@with_appcontext
def import_command(file: Path, dry_run: bool, planning_only: bool) -> None:
    """Import FILE: an xlsx workbook, or a folder or zip of CSV files in UTF-8 or GB18030.

    Rows are added or changed by their code; rows that FILE does not name stay as they are.
    """
    with current_app.extensions["sessions"]() as session:
        load_recusal_kinds(session)
        try:
            if dry_run:
                differences = preview(session, file, planning_only)
                session.rollback()
            else:
                differences = import_roster(session, file, planning_only=planning_only)
                session.commit()
        except RosterFaults as bad:
            for word in bad.told:
                click.echo(str(word))
            for fault in bad.faults:
                click.echo(f"{fault}（{file.name}）", err=True)
            sys.exit(2)
    for word in differences.told:
        click.echo(str(word))
    if dry_run:
        for row in differences.rows:
            click.echo(str(row))
    for sheet, count in differences.counts().items():
        click.echo(f"{sheet}：" + "，".join(f"{word} {number}" for word, number in count.items()))
    click.echo("预演，没有改动任何内容。" if dry_run else "已导入；文件中未列入的记录保持原样。")


@roster.command("export")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="xlsx to write")
@with_appcontext
def export_command(out: Path) -> None:
    """Write the whole roster as a workbook that imports again unchanged."""
    with current_app.extensions["sessions"](reading=True) as session, _writable(out):
        counts = workbook_made.export(session, out)
    click.echo("，".join(f"{sheet} {number} 行" for sheet, number in counts.items()))
    click.echo(f"已导出名册：{out}")
