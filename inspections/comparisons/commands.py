"""`python -m inspections compare …`: the analyst's commands."""

import json
import sys
import uuid
from collections import Counter
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from inspections.comparisons import exercises, running
from inspections.comparisons.faults import BadInput, Fault
from inspections.comparisons.library import Model, library
from inspections.comparisons.lists.kinds import kinds
from inspections.comparisons.models import Exercise
from inspections.comparisons.result import GRADES
from inspections.site.refusal import Refusal

FORMAT = "comparisons.result/1"


@click.group("compare", help="数据比对：名单、模型、运行、报告。")
def compare() -> None:
    """The analyst's commands."""


@compare.command("lists", help="列出名单的种类和各自的表头。")
def lists() -> None:
    for kind in kinds().values():
        click.echo(f"{kind.name}（{kind.office}）：{'、'.join(column.name for column in kind.columns)}")


@compare.command("models", help="列出模型，或写出一个模型的说明和查询。")
@click.argument("code", required=False)
def models(code: str | None) -> None:
    if code is not None:
        click.echo(_chosen(code)[code].text)
        return
    for model in library().values():
        click.echo(f"{model.code} {model.name}：{'、'.join(model.lists)}（{model.means}）")


@compare.command("run", help="对文件夹 FOLDER 里的名单运行模型，命中写入 RESULT.json。")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="RESULT.json")
@click.option("--models", "codes", help="只运行这些模型，如 M01,M02。")
def run(folder: Path, out: Path, codes: str | None) -> None:
    try:
        chosen = _chosen(codes) if codes else library()
        outcome = running.run(folder, chosen, _progress)
        failed = [
            Fault(code, "model_failed", {"reason": FAILED[why]}) for code, why in outcome.failed.items()
        ]
        if failed:
            raise BadInput(failed)
    except BadInput as bad:
        click.echo(str(bad), err=True)
        sys.exit(2)
    written = {
        "format": FORMAT,
        "lists": [
            {"file": found["file"], "kind": found["kind"], "rows": found["rows"], "bad": found["bad"]}
            for found in outcome.lists
        ],
        "hits": [hit.as_json() for hit in outcome.hits],
    }
    part = out.with_name(out.name + ".part")
    part.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(out)
    for code, lacking in sorted(outcome.lacking.items()):
        click.echo(f"{code} 未运行：没有名单 {'、'.join(lacking)}", err=True)
    grades = Counter(hit.grade for hit in outcome.hits)
    click.echo(
        f"{len(outcome.hits)} 个命中（{'、'.join(f'{WORDS[g]} {grades[g]}' for g in GRADES)}）写入 {out}"
    )


@compare.command("exercise", help="用文件夹 FOLDER 里的名单完成一次已批准的比对；NAME 为页面地址里的编号。")
@click.argument("name", type=click.UUID)
@click.argument("folder", type=click.Path(path_type=Path))
@with_appcontext
def exercise(name: uuid.UUID, folder: Path) -> None:
    with current_app.extensions["sessions"]() as session:
        found = session.scalar(sa.select(Exercise).where(Exercise.uuid == name))
        if found is None:
            raise Refusal("没有这次比对，请核对页面地址里的编号。")
        try:
            count = exercises.compare(session, found, folder, _progress)
        except BadInput as bad:
            click.echo(str(bad), err=True)
            sys.exit(2)
        session.commit()
        click.echo(f"{count} 个命中已分到村；密钥 {found.key_id} 已随比对结束销毁。")


@compare.command("report", help="按模型和等级汇总 RESULT.json。")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def report(path: Path) -> None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError
        counts = Counter((hit["model"], hit["grade"]) for hit in found["hits"])
        amounts: Counter[str] = Counter()
        for hit in found["hits"]:
            amounts[hit["model"]] += hit.get("amount") or 0
    except (ValueError, KeyError, TypeError):
        click.echo(f"{path.name}：不是 {FORMAT} 的结果", err=True)
        sys.exit(2)
    for code in sorted({model for model, _ in counts}):
        name = library()[code].name if code in library() else ""
        each = "、".join(f"{WORDS[grade]} {counts[code, grade]}" for grade in GRADES)
        click.echo(f"{code} {name}：{each}，涉及 {amounts[code]:,.2f} 元")


WORDS = {"strong": "强", "fair": "中", "weak": "弱"}
FAILED = {
    "too_long": "超过时限",
    "too_large": "预计行数太多，请检查连接的键",
    "too_many": "命中太多",
    "memory": "超过内存限制",
    "columns": "缺少规定的列",
    "unknown_name": "有不存在的列或函数",
    "engine": "查询出错",
    "syntax": "语法错误",
    "one_select": "只能是一条 SELECT",
    "table": "用了不许用的表",
    "function": "用了不许用的函数",
}


def _chosen(codes: str) -> dict[str, Model]:
    """The models named, or BadInput with one fault for each that is none."""
    wanted = [code.strip() for code in codes.replace("、", ",").replace("，", ",").split(",") if code.strip()]
    unknown = [code for code in wanted if code not in library()]
    if unknown or not wanted:
        raise BadInput([Fault("--models", "unknown_model")] * max(1, len(unknown)))
    return {code: library()[code] for code in sorted(set(wanted))}


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{stage} {done}/{total}  ", err=True, nl=done == total)
