# ruff: noqa: E501 - a spoilt style sheet is one line
"""Wrong prints of right papers: one thing spoilt in style sheet or markup each, as a clerk or program might."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import is_addressed, letter_paper
from inspections.typesetting.letter import Letter
from inspections.typesetting.paper import Printout
from inspections.typesetting.render import _environment, print_markup, stylesheets
from tests.typesetting.samples import handover

EXAMPLES = Path(__file__).parents[2] / "docs" / "schemas" / "examples"
Spoil = Callable[[str], str]


@dataclass(frozen=True)
class Wrong:
    """One spoilt print: of which paper, by which CSS or change of markup."""

    kind: str
    css: str = ""
    spoil: Spoil | None = None


def facts(kind: str) -> Letter:
    """The example of the kind; a handover letter with a long annex for `handover`."""
    if kind == "handover":
        return handover()
    return parse_facts((EXAMPLES / f"{kind}.json").read_bytes(), is_addressed(kind))


def print_with(kind: str, css: str = "", spoil: Spoil | None = None) -> bytes:
    """The PDF of the kind's paper with that CSS behind its own and its markup changed."""
    paper: Printout = letter_paper(kind, facts(kind))
    markup = _environment().get_template(paper.template).render(paper=paper, **paper.values)
    if spoil is not None:
        changed = spoil(markup)
        assert changed != markup, "this changes nothing"
        markup = changed
    return print_markup(markup, [*stylesheets(paper), css], paper.assets, archival=False).data


def swap(old: str, new: str, count: int = 1) -> Spoil:
    """A change of words."""
    return lambda markup: markup.replace(old, new, count)


def sub(pattern: str, new: str, count: int = 1) -> Spoil:
    """A change by a pattern."""
    return lambda markup: re.sub(pattern, new, markup, count=count, flags=re.S)


def moved_lines(shift: float) -> str:
    """The drawing of a letter's red lines, moved down by so many mm."""
    return (
        f'@page :first {{ background: url("asset:letter-lines.svg") -28mm {-34.5625 + shift}mm'
        " / 210mm 297mm no-repeat }"
    )


WRONG: dict[str, Wrong] = {
    # sheet and type area
    "A5 paper": Wrong("handover", "@page { size: A5 }"),
    "letter paper": Wrong("handover", "@page { size: letter }"),
    "left margin 25 mm": Wrong("handover", "@page { margin-left: 25mm }"),
    "left margin 31 mm": Wrong("handover", "@page { margin-left: 31mm }"),
    "top margin 25 mm": Wrong("handover", "@page { margin-top: 25mm }"),
    "bottom margin 15 mm": Wrong("handover", "@page { margin-bottom: 15mm }"),
    "a blank page": Wrong(
        "handover", ".signature { break-before: page !important } h2 { break-before: page }"
    ),
    # running text
    "body in 楷体": Wrong("handover", "body { font-family: var(--font-kai) }"),
    "body in 宋体": Wrong("handover", "body { font-family: var(--font-song) }"),
    "body in 黑体": Wrong("handover", "p { font-family: var(--font-hei) }"),
    "body 14 pt": Wrong("handover", "p { font-size: 14pt }"),
    "body 18 pt": Wrong("handover", "p { font-size: 18pt }"),
    "body 12 pt": Wrong("handover", "p { font-size: 12pt }"),
    "bold body": Wrong("handover", "p { font-family: 'Noto Serif CJK SC'; font-weight: bold }"),
    "pitch 28 pt": Wrong("handover", "p { line-height: 28pt }"),
    "pitch 1.5": Wrong("handover", "p { line-height: 8.3mm }"),
    "no indent": Wrong("handover", "p { text-indent: 0 }"),
    "indent of four": Wrong("handover", "p { text-indent: 4em }"),
    "ragged lines": Wrong("handover", "p .line { letter-spacing: -0.02em !important }"),
    "a blank line between paragraphs": Wrong("handover", "p { margin-bottom: 5mm }"),
    "headings in 仿宋": Wrong("handover", "h2, h3 { font-family: var(--font-fang) }"),
    "first level in 楷体": Wrong("handover", "h2 { font-family: var(--font-kai) }"),
    "second level in 黑体": Wrong("handover", "h3 { font-family: var(--font-hei) }"),
    "second level not indented": Wrong("handover", "h3 { text-indent: 0 }"),
    "all text red": Wrong("handover", "body, table, h1, h2, h3 { color: #e60012 }"),
    "grey text": Wrong("handover", "p { color: #888888 }"),
    "blue headings": Wrong("handover", "h2 { color: #1f4e9e }"),
    # head
    "mark in 仿宋": Wrong("handover", ".mark { font-family: var(--font-fang) }"),
    "mark black": Wrong("handover", ".mark { color: #000 }"),
    "mark at the left": Wrong("handover", ".mark { text-align: left; margin-left: 0 }"),
    "mark 5 mm too low": Wrong("handover", ".mark { padding-top: 5mm }"),
    "mark as small as the title": Wrong("handover", ".mark { font-size: 20pt }"),
    "mark with 文件 on a letter": Wrong(
        "handover", "", sub('(class="mark".*?)清河县纪律检查委员会', r"\1清河县纪律检查委员会文件")
    ),
    "red lines 5 mm off": Wrong("handover", moved_lines(5)),
    "red lines 2 mm up": Wrong("handover", moved_lines(-2)),
    "no red lines": Wrong("handover", "@page :first { background: none }"),
    "number at the left": Wrong("handover", ".number { text-align: left }"),
    "number in 黑体": Wrong("handover", ".number { font-family: var(--font-hei) }"),
    "number far below the lines": Wrong("handover", ".number { padding-top: 4mm }"),
    "number in square brackets": Wrong("handover", "", sub("〔(20\\d\\d)〕", r"[\1]")),
    "number with 第": Wrong("handover", "", swap("〕18号", "〕第18号")),
    "number with a leading zero": Wrong("handover", "", swap("〕18号", "〕018号")),
    "title at the left": Wrong("handover", "h1 { text-align: left !important }"),
    "title 18 pt": Wrong("handover", "h1 { font-size: 18pt !important }"),
    "title in 黑体": Wrong("handover", "h1 { font-family: var(--font-hei) !important; font-weight: normal }"),
    "no blank lines around the title": Wrong("handover", "h1:not(.annex-title) { margin: 0 !important }"),
    "four blank lines above the title": Wrong(
        "handover", "h1:not(.annex-title) { margin-top: 42mm !important }"
    ),
    "no blank line below the title": Wrong(
        "handover", "h1:not(.annex-title) { margin-bottom: 0 !important }"
    ),
    "title lines far apart": Wrong("handover", "h1:not(.annex-title) { line-height: 15mm !important }"),
    "addressee indented": Wrong("handover", ".to { text-indent: 2em !important }"),
    "addressee with a half-width colon": Wrong("handover", "", swap("委员会：", "委员会:")),
    "general: no red rule": Wrong("bulletin", ".rule { border: none }"),
    "general: red rule short": Wrong("bulletin", ".rule { width: 120mm }"),
    "general: red rule 10 mm below the number": Wrong("bulletin", ".rule { margin-top: 8mm }"),
    "general: number at the left": Wrong("bulletin", ".number { text-align: left }"),
    "general: mark at 50 mm": Wrong("bulletin", ".mark { margin-top: 14mm }"),
    # tail
    "signature at the left edge": Wrong(
        "handover", ".issuer, .date { margin: 0 !important; text-align: left; padding: 0 !important }"
    ),
    "signature at the right edge": Wrong(
        "handover", ".date { padding-right: 0 !important; margin-right: 0 !important }"
    ),
    "issuer not over the date": Wrong("handover", ".issuer { text-align: left }"),
    "signature in 楷体": Wrong("handover", ".signature { font-family: var(--font-kai) }"),
    "signature on a page of its own": Wrong(
        "handover", ".signature { break-before: page } .annex-names { break-before: page }"
    ),
    "date with leading zeros": Wrong("bulletin", "", swap("2026年11月30日</", "2026年09月03日</")),
    "note of annexes at the edge": Wrong("handover", ".annex-names { margin-left: 0 !important }"),
    "note of annexes without a blank line": Wrong("handover", ".annex-names { margin-top: 0 !important }"),
    "附件 in 仿宋": Wrong("handover", ".annex-label { font-family: var(--font-fang) }"),
    "附件 centred": Wrong("handover", ".annex-label { text-align: center }"),
    "annex title at the left": Wrong("handover", ".annex-title { text-align: left !important }"),
    "annex on the letter's own page": Wrong(
        "round_report", ".annex { break-before: auto; page: auto } .sideways { page: auto }"
    ),
    "copies in 3号": Wrong("handover", ".copies { font-size: 16pt }"),
    "imprint in 3号": Wrong("bulletin", ".imprint { font-size: 16pt }"),
    "imprint at the edge": Wrong("bulletin", ".printed { padding: 0 }"),
    "imprint above the foot": Wrong("bulletin", "@page { @footnote { padding-bottom: 12mm } }"),
    # tables
    "table 5 pt": Wrong("handover", "table { font-size: 5pt }"),
    "table 8 pt": Wrong("handover", "table { font-size: 8pt }"),
    "table in 宋体": Wrong("handover", "td { font-family: var(--font-song) }"),
    "table text over the rules": Wrong("handover", "td { white-space: nowrap; overflow-wrap: normal }"),
    # page numbers and signs
    "page number on a letter's first page": Wrong(
        "handover", '@page :first { @bottom-right { content: "— " counter(page) " —" !important } }'
    ),
    "page numbers in the middle": Wrong(
        "handover",
        '@page :left { @bottom-left { content: none } @bottom-center { content: "— " counter(page) " —" } }',
    ),
    "page numbers 10 pt": Wrong("handover", "@page :left { @bottom-left { font-size: 10pt } }"),
    "page numbers 15 mm below": Wrong("handover", "@page :left { @bottom-left { padding-top: 8mm } }"),
    "page numbers without dashes": Wrong(
        "handover", "@page :left { @bottom-left { content: counter(page) } }"
    ),
    "ASCII commas": Wrong("handover", "", sub("(?<=[一-龥])，(?=[一-龥])", ",", 4)),
    "ASCII brackets": Wrong("handover", "", sub("（联系人", "(联系人")),
    "straight quotes": Wrong("handover", "", swap("“回头看”", '"回头看"')),
    "doubled ordinals": Wrong("handover", "", swap("二、整改要求", "二、二、整改要求")),
    "ordinals out of order": Wrong("handover", "", swap("二、整改要求", "三、整改要求")),
}
