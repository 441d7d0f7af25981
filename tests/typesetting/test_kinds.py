"""Every kind of paper is printed from its example and passes every element of its own check."""

import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pytest
from click.testing import CliRunner

from inspections.typesetting import render
from inspections.typesetting.check import NotReadable, check
from inspections.typesetting.commands import papers
from inspections.typesetting.facts_json import BadFacts, parse_facts
from inspections.typesetting.layout import KINDS, Base, NotReady, is_addressed, letter_paper
from inspections.typesetting.letter import Letter, Paragraph, Status, Table
from inspections.typesetting.render import render_pdf

#: with the lengths of the short test more than sixty sweeps in all
LONGER = [pytest.param(length, marks=pytest.mark.soak) for length in range(2, 34) if length % 5 != 1]
EXAMPLES = Path(__file__).parents[2] / "docs" / "schemas" / "examples"


def example(kind: str) -> Letter:
    return parse_facts((EXAMPLES / f"{kind}.json").read_bytes(), is_addressed(kind))


def test_there_is_an_example_of_every_kind_and_of_no_other() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.json")} == set(KINDS)


def test_the_kinds_of_the_contract_are_there() -> None:
    wanted = "handover feedback advice lead_transfer round_report bulletin notice problem_list working_paper"
    assert {*wanted.split(), "reminder", "assignment"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_passes_every_element_of_its_check(kind: str) -> None:
    printed = render_pdf(letter_paper(kind, example(kind)))
    found = check(printed.data)
    assert len(found) >= 10
    assert [f"{one.name}：{one.required}，{one.measured}" for one in found if not one.passed] == []


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_any_text_is_printed_as_text(kind: str) -> None:
    sign = '<b x="1">&甲'

    def marked(value: object) -> object:
        if isinstance(value, str):
            return f"{value}{sign}" if not value.startswith(("http", "20")) else value
        if isinstance(value, list):
            return [marked(each) for each in value]
        if isinstance(value, dict):
            kept = {"status", "date", "code", "align", "qr", "signer"}
            return {key: each if key in kept else marked(each) for key, each in value.items()}
        return value

    value = marked(json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8")))
    letter = parse_facts(json.dumps(value).encode(), is_addressed(kind))
    paper = letter_paper(kind, letter)
    markup = render._environment().get_template(paper.template).render(paper=paper, **paper.values)
    assert "<b x" not in markup
    assert "&lt;b" in markup


def test_an_addressed_kind_without_addressee_is_refused_and_a_form_is_not() -> None:
    with pytest.raises(NotReady, match="主送机关"):
        letter_paper("bulletin", replace(example("bulletin"), to=()))
    with pytest.raises(BadFacts):
        parse_facts((EXAMPLES / "receipt.json").read_bytes())
    letter_paper("receipt", example("receipt"))


@pytest.mark.parametrize(
    ("harm", "names"),
    [
        ("@page { margin-left: 29mm }", {"订口（版心左边）"}),
        (".line, .run { letter-spacing: 0 !important }", {"撑满版心（右边）"}),
        (".mark { margin-top: -3mm }", {"发文机关标志上边"}),
        ("h1:not(.annex-title) { text-align: left }", {"标题"}),
        (".signature { break-before: page }", {"落款不独立成页"}),
        ("body { line-height: 11mm }", {"行距"}),
        ("@page :right { @bottom-right { content: none } }", {"页码"}),
    ],
)
def test_the_check_sees_a_format_that_was_spoilt(harm: str, names: set[str]) -> None:
    letter = example("feedback")
    long = Paragraph(
        "检查组查阅资料、入户走访、个别谈话，了解村级权力运行、集体三资管理、惠民政策落实等情况。" * 12
    )
    paper = letter_paper("feedback", replace(letter, body=(*letter.body, long)))
    markup = render._environment().get_template(paper.template).render(paper=paper, **paper.values)
    sheets = render.stylesheets(paper)
    sound = render.print_markup(markup, sheets, {}, archival=True)
    assert all(one.passed for one in check(sound.data))
    spoilt = render.print_markup(markup, [*sheets, harm], {}, archival=True)
    assert names & {one.name for one in check(spoilt.data) if not one.passed}


def test_the_command_lists_each_element_and_ends_in_1_for_a_bad_paper(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(render_pdf(letter_paper("handover", example("handover"))).data)
    done = CliRunner().invoke(papers, ["check", str(file)])
    assert done.exit_code == 0, done.output
    assert "合格\t撑满版心（右边）" in done.stdout
    listed = json.loads(CliRunner().invoke(papers, ["check", str(file), "--json"]).stdout)
    assert {"name", "required", "measured", "passed"} == set(listed[0])
    file.write_bytes(b"no pdf")
    assert CliRunner().invoke(papers, ["check", str(file)]).exit_code == 2
    with pytest.raises(NotReadable):
        check(b"%PDF-1.7 broken")


@pytest.mark.parametrize("annexes", [False, True])
@pytest.mark.parametrize("kind", ["handover", "bulletin"])
@pytest.mark.parametrize(
    "length",
    [*range(1, 31, 5), *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 34) if n % 5 != 1)],
)
def test_the_signature_never_stands_alone(kind: str, annexes: bool, length: int) -> None:
    letter = example(kind)
    text = "检查发现村级财务公开不够及时，应当按月公开收支明细。"
    body = tuple(Paragraph(text * 2) for _ in range(length))
    annex = example("handover").annexes if annexes else ()
    printed = render_pdf(letter_paper(kind, replace(letter, body=body, annexes=annex)))
    wrong = [one for one in check(printed.data) if not one.passed]
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_draft_has_red_lines_where_its_format_has_them(kind: str) -> None:
    letter = replace(example(kind), status=Status.DRAFT)
    with pdfplumber.open(io.BytesIO(render_pdf(letter_paper(kind, letter)).data)) as pdf:
        page = pdf.pages[0]
        red = [
            line
            for line in [*page.lines, *page.rects, *page.curves]
            if line["width"] > 400 and line.get("height", 0) < 6
        ]
    assert bool(red) == (KINDS[kind].base in (Base.LETTER, Base.GENERAL, Base.MINUTES)), kind


@pytest.mark.parametrize("kind", ["handover", "round_report"])
def test_a_draft_passes_too_and_says_what_comes_with_the_signing(kind: str) -> None:
    draft = replace(example(kind), status=Status.DRAFT, number=None, date=None)
    found = {one.name: one for one in check(render_pdf(letter_paper(kind, draft)).data)}
    assert [one for one in found.values() if not one.passed] == []
    assert found["发文字号"].measured == found["成文日期"].measured == "签发时编定"


def test_the_check_sees_an_imprint_that_stands_loose() -> None:
    paper = letter_paper("bulletin", example("bulletin"))
    sheets = render.stylesheets(paper)
    markup = render._environment().get_template(paper.template).render(paper=paper, **paper.values)
    for harm in (".printed { line-height: 20mm }", "@page { @footnote { padding-bottom: 9mm } }"):
        spoilt = render.print_markup(markup, [*sheets, harm], {}, archival=True)
        assert [one.name for one in check(spoilt.data) if not one.passed] == ["版记"]


@pytest.mark.parametrize(
    "harm",
    [
        "@page sideways:right { @left-bottom { content: none } @bottom-right { content: '— 3 —' } }",
        "@page sideways:right { @left-bottom { transform: translate(11.3mm, -16mm) rotate(90deg) } }",
        "@page sideways:left { @left-top { transform: translate(11.3mm, 60mm) rotate(90deg) } }",
    ],
)
@pytest.mark.parametrize("kind", ["handover", "round_report", "minutes"])
def test_the_number_of_a_page_on_its_side_lies_on_those_of_the_others(kind: str, harm: str) -> None:
    [annex] = example("handover").annexes
    assert annex.table is not None
    long = replace(annex, table=replace(annex.table, rows=annex.table.rows * 9))
    paper = letter_paper(kind, replace(example(kind), annexes=(long,)))
    markup = render._environment().get_template(paper.template).render(paper=paper, **paper.values)
    sound = render.print_markup(markup, render.stylesheets(paper), {}, archival=True)
    assert [one for one in check(sound.data) if not one.passed] == []
    spoilt = render.print_markup(markup, [*render.stylesheets(paper), harm], {}, archival=True)
    assert [one.name for one in check(spoilt.data) if not one.passed] == ["页码"]


def test_a_date_in_a_narrow_cell_breaks_after_its_year() -> None:
    letter = example("register")
    [table] = [block for block in letter.body if isinstance(block, Table)]
    narrow = tuple(replace(column, width_mm=Decimal(18)) for column in table.columns)
    paper = letter_paper("register", replace(letter, body=(replace(table, columns=narrow),)))
    printed = render_pdf(paper)
    with pdfplumber.open(io.BytesIO(printed.data)) as document:
        cells = [cell or "" for row in document.pages[0].extract_table() or [] for cell in row]
    days = [cell.split("\n") for cell in cells if re.fullmatch(r"\d{4}年\d+月\d+日", cell.replace("\n", ""))]
    assert days
    assert all(len(lines) == 2 and lines[0].endswith("年") for lines in days), days


@pytest.mark.parametrize("kind", ["problem_list", "register"])
def test_a_list_on_its_side_has_its_title_on_the_first_of_its_pages(kind: str) -> None:
    printed = render_pdf(letter_paper(kind, example(kind)))
    with pdfplumber.open(io.BytesIO(printed.data)) as document:
        first = document.pages[0]
        assert first.width > first.height
        assert first.find_tables()
