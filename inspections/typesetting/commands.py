"""Command line of the papers: render a letter from FACTS.json, list the kinds, check and install fonts.

It reads one file and writes one PDF; it never opens the database and gives no number.
"""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from inspections.site import settings
from inspections.typesetting import signature
from inspections.typesetting.check import NotReadable, check, is_draft
from inspections.typesetting.facts_json import BadFacts, facts_schema, parse_facts
from inspections.typesetting.fonts import (
    FontSetupError,
    install_fandol,
    install_own,
    report,
    role_fonts,
    uncovered,
)
from inspections.typesetting.layout import KINDS, NotReady, is_addressed, lacking, letter_paper
from inspections.typesetting.letter import Letter, texts
from inspections.typesetting.render import PaperError, render_pdf
from inspections.typesetting.shapes import Fault
from inspections.typesetting.word_file import word_file

REFUSED, BAD_INPUT = 1, 2


@click.group()
def papers() -> None:
    """公文：由事实文件生成 PDF，列出文种，检查字体。"""


@papers.command()
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option("--data", "source", required=True, type=click.Path(path_type=Path), help="FACTS.json")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), help="要写出的 PDF 文件")
@click.option("--docx", "word", type=click.Path(path_type=Path), help="另写出可编辑的 DOCX 文件")
def render(kind: str, source: Path, target: Path, word: Path | None) -> None:
    """按 FACTS.json 生成一份 KIND 公文；KIND 见 papers kinds。"""
    try:
        letter = parse_facts(source.read_bytes(), is_addressed(kind))
        _refuse_unprintable(letter)
        printed = render_pdf(letter_paper(kind, letter))
    except BadFacts as error:
        raise _ended(BAD_INPUT, [_line(source, fault) for fault in error.faults]) from error
    except (NotReady, PaperError) as error:
        raise _ended(REFUSED, [f"{source}: {error}"]) from error
    except OSError as error:
        raise _ended(BAD_INPUT, [f"{source}: 无法读取（{error.strerror}）"]) from error
    try:
        target.write_bytes(printed.data)
        if word is not None:
            word.write_bytes(word_file(kind, letter))
    except OSError as error:
        raise _ended(BAD_INPUT, [f"{error.filename}: 无法写入（{error.strerror}）"]) from error
    click.echo(f"{target}  {KINDS[kind].name}  {printed.pages} 页  sha256 {printed.sha256}")
    for family, file in printed.fonts.items():
        click.echo(f"  {family}  {file}")
    if gaps := lacking(kind, letter):
        click.echo(f"草稿缺少：{'、'.join(gaps)}")


@papers.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def check_file(file: Path, as_json: bool) -> None:
    """版式自检：重读 PDF，逐项列出要求和实测；有一项不合格即以 1 结束。"""
    try:
        found = check(file.read_bytes())
    except NotReadable as error:
        raise _ended(BAD_INPUT, [f"{file}: {error}"]) from error
    except OSError as error:
        raise _ended(BAD_INPUT, [f"{file}: 无法读取（{error.strerror}）"]) from error
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(f"{'合格' if one.passed else '不合格'}\t{one.name}\t{one.required}\t{one.measured}")
    failed = [one.name for one in found if not one.passed]
    if failed:
        raise _ended(REFUSED, [f"{file}: {len(failed)} 项不合格：{'、'.join(failed)}"])


@papers.command("sign")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--certificate", "key", required=True, type=click.Path(path_type=Path), help=".p12 证书")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), help=".p7s，或签名后的 .pdf")
def sign(file: Path, key: Path, target: Path) -> None:
    """用本机关自己的证书对已印发的 PDF 签名；这不是法律意义上的电子印章，页面上也不显示任何图样。

    输出 .p7s 时签名另存，原文件不变；输出 .pdf 时签名附在文件之内。口令取自环境变量
    INSPECTIONS_CERTIFICATE_PASSWORD。
    """
    try:
        data = file.read_bytes()
        if is_draft(data):
            raise NotReadable("这是草稿，不能签名；请用印发的文件。")
        if failed := [each.name for each in check(data) if not each.passed]:
            raise NotReadable(f"版面自检有 {len(failed)} 项不合格，不能签名：{'、'.join(failed)}。")
        signer = signature.certificate(key, settings.read().certificate_password.encode())
        made = signature.inside(data, signer) if target.suffix == ".pdf" else signature.beside(data, signer)
        target.write_bytes(made)
    except NotReadable as error:
        raise _ended(BAD_INPUT, [f"{file}: {error}"]) from error
    except signature.NotSigned as error:
        raise _ended(BAD_INPUT, [f"{key}: {error}"]) from error
    except OSError as error:
        raise _ended(BAD_INPUT, [f"{error.filename}: 无法读写（{error.strerror}）"]) from error
    click.echo(f"{target}  由“{signer.subject_name}”签名；不是法律意义上的电子印章。")


@papers.command()
def kinds() -> None:
    """列出可以生成的文种。"""
    for kind in KINDS.values():
        click.echo(f"{kind.word}\t{kind.name}")


@papers.command()
def schema() -> None:
    """输出 FACTS.json 的 JSON Schema。"""
    click.echo(json.dumps(facts_schema(), ensure_ascii=False, indent=2))


@click.group("fonts", help="字体：检查每种字体由哪个文件印出，安装自由字体和本县自己的字体。")
def fonts_group() -> None:
    """Which fonts print, and the county's own."""


@fonts_group.command("check", help="列出每种字体由哪个文件印出；有缺时以 1 结束。")
def fonts_check() -> None:
    found = role_fonts()
    click.echo("\n".join(report(found)))
    if any(font.family is None for font in found):
        raise _ended(REFUSED, ["缺少字体：请执行 python -m inspections fonts install"])


@fonts_group.command(
    "install", help="安装自由字体，以及放在 instance/fonts 文件夹中的本县字体（须自有授权）。"
)
@with_appcontext
def fonts_install() -> None:
    folder = Path(current_app.instance_path) / "fonts"
    try:
        copied = [*install_fandol(), *install_own(folder)]
    except FontSetupError as error:
        raise _ended(BAD_INPUT, [str(error)]) from error
    click.echo(f"已安装：{'、'.join(path.name for path in copied)}" if copied else "字体都已安装。")


def _refuse_unprintable(letter: Letter) -> None:
    faults = [
        Fault(path, f"没有字体可以印出：{' '.join(lost)}")
        for path, text in texts(letter)
        if (lost := uncovered(text))
    ]
    if faults:
        raise BadFacts(faults)


def _line(source: Path, fault: Fault) -> str:
    return f"{source}: {fault.path}: {fault.words}" if fault.path else f"{source}: {fault.words}"


def _ended(code: int, lines: list[str]) -> click.exceptions.Exit:
    for line in lines:
        click.echo(line, err=True)
    return click.exceptions.Exit(code)


if __name__ == "__main__":
    papers()
