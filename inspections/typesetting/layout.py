"""Lays a letter out for its template: ordinals, official dates, title lines, signature, column widths.

It measures in characters and millimetres and adds no fact; breaking lines and pages is the printer's work.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial

import segno
from markupsafe import Markup

from inspections.site.privacy import private_number
from inspections.typesetting.chart import drawings
from inspections.typesetting.columns import column_widths
from inspections.typesetting.composer import Line, compose
from inspections.typesetting.facts_json import dump_facts
from inspections.typesetting.fonts import advance, family_list
from inspections.typesetting.letter import (
    Annex,
    Block,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Pictures,
    Status,
    Table,
    gap,
    missing,
    texts,
)
from inspections.typesetting.paper import Asset, Printout
from inspections.typesetting.title import title_lines
from inspections.wording import date_words, document_number, ordinal

PORTRAIT_MM, LANDSCAPE_MM = Decimal(156), Decimal(225)  # width of the type area, GB/T 9704-2012, 5.2.1
MARK_MM = Decimal("10.583")  # one character of the issuer's mark: 30 pt


#: characters of a line, and by how many a paragraph is indented
CHARACTERS, INDENT = 28.0, 2.0


class NotReady(Exception):
    """The letter must not be printed as it is; `reasons` says why, in Chinese, one fact each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


class Base(StrEnum):
    """The formats of GB/T 9704-2012 and the county's own forms; each has a template and a style sheet."""

    LETTER = "letter"  # 信函格式, 10.1
    GENERAL = "general"  # 通用格式, 7
    MINUTES = "minutes"  # 纪要格式, 10.3
    NOTICE = "notice"  # a notice on the wall
    FORM = "form"  # lists and forms


@dataclass(frozen=True)
class Kind:
    """A kind of paper this module can lay out: its word on the command line, its name and its format."""

    word: str
    name: str
    base: Base


KINDS: dict[str, Kind] = {
    kind.word: kind
    for kind in (
        Kind("handover", "交办函", Base.LETTER),
        Kind("feedback", "反馈意见", Base.LETTER),
        Kind("advice", "纪检监察建议书", Base.LETTER),
        Kind("lead_transfer", "问题线索移送函", Base.LETTER),
        Kind("reminder", "督办单", Base.LETTER),
        Kind("round_report", "轮次综合报告", Base.GENERAL),
        Kind("bulletin", "月通报", Base.GENERAL),
        Kind("minutes", "会商纪要", Base.MINUTES),
        Kind("notice", "监督检查公告", Base.NOTICE),
        Kind("problem_list", "问题清单", Base.FORM),
        Kind("task_list", "任务清单", Base.FORM),
        Kind("duty_list", "责任清单", Base.FORM),
        Kind("register", "整改台账", Base.FORM),
        Kind("working_paper", "工作底稿", Base.FORM),
        Kind("transfer", "转办单", Base.FORM),
        Kind("assignment", "分组方案", Base.FORM),
        Kind("receipt", "签收回执", Base.FORM),
        Kind("acceptance", "整改验收单", Base.FORM),
        Kind("closing", "销号审批表", Base.FORM),
    )
}
#: words after the issuer's name in the mark of a paper
_MARK_SUFFIX = {Base.GENERAL: "文件", Base.MINUTES: "纪要"}


def is_addressed(kind: str) -> bool:
    """Whether a paper of this kind is addressed to somebody: forms, minutes and notices are not."""
    return KINDS[kind].base in (Base.LETTER, Base.GENERAL)


def lacking(kind: str, letter: Letter) -> list[str]:
    """The names of the facts that a paper of this kind lacks, each once."""
    return [words for words in missing(letter) if is_addressed(kind) or words != "主送机关"]


def letter_paper(kind: str, letter: Letter, assets: Mapping[str, Asset] | None = None) -> Printout:
    """The paper of one letter. Raises NotReady when an issued letter lacks a fact or any carries a secret.

    Raises KeyError for a kind that does not exist.
    """
    issued = letter.status is Status.ISSUED
    reasons = [f"缺少{words}" for words in lacking(kind, letter)] if issued else []
    reasons += [
        f"{path} 疑似含{private}" for path, text in texts(letter) if (private := private_number(text))
    ]
    if reasons:
        raise NotReady(reasons)
    base = KINDS[kind].base
    return Printout(
        template=f"{base}.html",
        title=letter.title,
        author=letter.issuer,
        subject=KINDS[kind].name,
        day=letter.date,
        issued=issued,
        values={
            "issued": issued,
            "sideways": base is Base.FORM and _opens_sideways(letter),
            "mark": _mark(letter.issuer + _MARK_SUFFIX.get(base, "")),
            "signer": letter.signer,
            "imprint": {
                "by": letter.printed_by or letter.issuer,
                "on": date_words(letter.date) if letter.date else gap("印发日期"),
            },
            "qr": _square_code(letter.qr),
            "number": _number(letter),
            "title": letter.title,
            "title_lines": title_lines(letter.title),
            "to": "、".join(letter.to) or gap("主送机关"),
            "blocks": _blocks(letter.body) or [{**_text("para", gap("正文")), "lines": _lines(gap("正文"))}],
            "annex_names": _annex_names(letter.annexes),
            "annexes": _annexes(letter.annexes),
            "signature": _signature(letter),
            "attendance": letter.attendance,
            "contact": f"（联系人：{letter.contact.name}，联系电话：{letter.contact.phone}）"
            if letter.contact
            else "",
            "cc": "，".join(letter.cc),
        },
        assets=dict(assets or {}),
        source=_source(letter),
    )


def _opens_sideways(letter: Letter) -> bool:
    """A list whose table lies on its side: so does its title, or it would stand on a page alone."""
    first = letter.body[0] if letter.body else None
    return isinstance(first, Table) and first.landscape


def _source(letter: Letter) -> bytes:
    """What the letter says as JSON; photographs stand in its list of evidence, by name and hash."""
    words = tuple(block for block in letter.body if not isinstance(block, Pictures))
    facts = dump_facts(replace(letter, body=words)) | ({"serial": letter.serial} if letter.serial else {})
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _square_code(address: str) -> Markup:
    """The address as an SVG drawing of its QR code (ISO/IEC 18004), empty for none."""
    if not address:
        return Markup("")
    drawing = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True)
    return Markup(drawing)  # noqa: S704 (drawn here, and the address is not part of the markup)


def width_em(text: str) -> Decimal:
    """Width in characters of the text's own size: full-width signs one, figures and Latin letters half."""
    return sum(
        (Decimal(1) if unicodedata.east_asian_width(char) in "WFA" else Decimal("0.5") for char in text),
        Decimal(0),
    )


def _number(letter: Letter) -> str:
    if letter.serial:
        return letter.serial
    if letter.number is None:
        return f"{letter.code}〔{letter.year}〕{gap('序号')}号"
    return document_number(letter.code, letter.year, letter.number)


def _mark(issuer: str) -> dict[str, object]:
    """A short name is spaced out; a long one is condensed sideways and keeps its height (papers.md §1.2)."""
    plain = width_em(issuer) * MARK_MM
    if plain * Decimal("1.12") <= PORTRAIT_MM:
        return {"text": issuer, "spacing_em": "0.12", "scale": "1"}
    return {"text": issuer, "spacing_em": "0", "scale": str(min(Decimal(1), round(PORTRAIT_MM / plain, 4)))}


def _signature(letter: Letter) -> dict[str, object]:
    """Places in characters (GB/T 9704-2012, 7.3.5): date 4 from the right and issuer centred on it."""
    day = date_words(letter.date) if letter.date else gap("成文日期")
    date_em, issuer_em = width_em(day), width_em(letter.issuer)
    # An issuer too long to stay inside the type area pushes the common centre to the left.
    band_em = max(date_em + 8, issuer_em)
    return {
        "issuer": letter.issuer,
        "date": day,
        "seal_zone": letter.seal_zone,
        "band_em": str(band_em),
        "date_right_em": str((band_em - date_em) / 2),
    }


def _annex_names(annexes: tuple[Annex, ...]) -> list[str]:
    if len(annexes) == 1:
        return [annexes[0].title]
    return [f"{at}.{annex.title}" for at, annex in enumerate(annexes, 1)]


def _annexes(annexes: tuple[Annex, ...]) -> list[dict[str, object]]:
    return [
        {
            "label": "附件" if len(annexes) == 1 else f"附件{at}",
            "title": annex.title,
            "title_lines": title_lines(annex.title, 26 if annex.table and annex.table.landscape else 19),
            "landscape": bool(annex.table and annex.table.landscape),
            "blocks": _blocks(annex.body) if annex.table is None else [_table(annex.table, nested=True)],
        }
        for at, annex in enumerate(annexes, 1)
    ]


def _blocks(blocks: tuple[Block, ...]) -> list[dict[str, object]]:
    counts = [0, 0, 0, 0, 0]
    laid = []
    for block in blocks:
        match block:
            case Heading(level, text):
                counts[level:] = [counts[level] + 1, *[0] * (4 - level)]
                words = ordinal(level, counts[level]) + text
                laid.append({**_text("heading", words), "level": level, "lines": _lines(words, level)})
            case Paragraph(text):
                laid.append({**_text("para", text), "lines": _lines(text)})
            case Table():
                laid.append(_table(block))
            case Figure(caption, bars):
                drawn = drawings(caption, bars, family_list("fang"), partial(advance, "fang"))
                laid.append({"kind": "figure", "caption": caption, "bars": bars, "drawings": drawn})
            case Pictures(pictures):
                pairs = [pictures[at : at + 2] for at in range(0, len(pictures), 2)]
                laid.append({"kind": "pictures", "pairs": pairs})
    return laid


#: the font role of a heading's level; running text and the lower levels stand in 仿宋
_HEADING_ROLES = {1: "hei", 2: "kai"}


def _lines(text: str, level: int = 0) -> list[Line]:
    """The paragraph as lines of 28 characters, the first indented by two (GB/T 9704-2012, 5.2.2, 7.3.3)."""
    width = partial(advance, _HEADING_ROLES.get(level, "fang"))
    return compose(text, CHARACTERS, CHARACTERS - INDENT, width)


def _text(kind: str, text: str) -> dict[str, object]:
    return {"kind": kind, "text": text}


def _table(table: Table, nested: bool = False) -> dict[str, object]:
    """`nested` says that the pages around the table already lie on their side."""
    full = LANDSCAPE_MM if table.landscape else PORTRAIT_MM
    widths = column_widths(table, full)
    return {
        "kind": "table",
        "caption": table.caption or "",
        "landscape": table.landscape and not nested,
        "columns": [
            {
                "title": column.title,
                "align": column.align,
                "percent": f"{width.millimetres / full * 100:.3f}",
                "whole": width.whole,
            }
            for column, width in zip(table.columns, widths, strict=True)
        ],
        "rows": table.rows,
        "fields": table.fields,
    }
