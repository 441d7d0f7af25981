"""The editable companion: opened by LibreOffice it has the paper's words and about as many pages."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn

from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import KINDS, is_addressed, letter_paper
from inspections.typesetting.letter import Heading, Letter, Paragraph, texts
from inspections.typesetting.render import render_pdf
from inspections.typesetting.word_file import word_file
from tests.typesetting.samples import handover

EXAMPLES = Path(__file__).parents[2] / "docs" / "schemas" / "examples"


def example(kind: str) -> Letter:
    return parse_facts((EXAMPLES / f"{kind}.json").read_bytes(), is_addressed(kind))


def words_of(data: bytes) -> str:
    """Every word of the file, tables included, without spaces."""
    body = Document(io.BytesIO(data)).element.body
    return re.sub(r"\s", "", "".join(node.text or "" for node in body.iter(qn("w:t"))))


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_text_of_every_kind_stands_in_the_file(kind: str) -> None:
    letter = example(kind)
    said = words_of(word_file(kind, letter))
    for path, text in texts(letter):
        if path in ("code", "printed_by", "qr") or path.startswith("contact"):
            continue
        assert re.sub(r"\s", "", text) in said, path


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = example("handover")
    assert word_file("handover", letter) == word_file("handover", letter)


def test_the_page_is_that_of_the_standard() -> None:
    document = Document(io.BytesIO(word_file("handover", example("handover"))))
    first = document.sections[0]
    assert [round(side.mm) for side in (first.top_margin, first.bottom_margin)] == [37, 35]
    assert [round(side.mm) for side in (first.left_margin, first.right_margin)] == [28, 26]
    grid = first._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋"
    assert any(section.page_width > section.page_height for section in document.sections)


def test_markup_in_a_text_stays_text() -> None:
    facts = json.loads((EXAMPLES / "feedback.json").read_text("utf-8"))
    facts["body"][-1] = {"para": "<w:t>不是标记</w:t>&amp;<script>"}
    letter = parse_facts(json.dumps(facts).encode())
    assert "<w:t>不是标记</w:t>&amp;<script>" in words_of(word_file("feedback", letter))


def opened_by_libreoffice(kind: str, letter: Letter, folder: Path) -> Path:
    """The PDF that LibreOffice makes of the companion."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (libreoffice-writer-nogui) is not installed")
    file = folder / "paper.docx"
    file.write_bytes(word_file(kind, letter))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "paper.pdf"


def test_a_full_line_holds_the_28_characters_of_the_standard(tmp_path: Path) -> None:
    letter = replace(example("feedback"), body=(Paragraph("检查情况" * 40),))
    with pdfplumber.open(opened_by_libreoffice("feedback", letter, tmp_path)) as document:
        lines = [one for one in document.pages[0].extract_text_lines() if set(one["text"]) <= set("检查情况")]
    assert {len(line["text"]) for line in lines[1:-1]} == {28}
    assert all(183 < line["x1"] * 25.4 / 72 < 185 for line in lines[1:-1])


@pytest.mark.parametrize("kind", ["handover", "round_report", "bulletin"])
def test_libreoffice_opens_it_with_the_words_and_about_the_pages_of_the_pdf(
    kind: str, tmp_path: Path
) -> None:
    letter = example(kind)
    opened_in = opened_by_libreoffice(kind, letter, tmp_path)
    opened = pypdf.PdfReader(opened_in).pages
    own = pypdf.PdfReader(io.BytesIO(render_pdf(letter_paper(kind, letter)).data)).pages
    assert abs(len(opened) - len(own)) <= 1
    said = re.sub(r"\s", "", "".join(page.extract_text() for page in opened))
    assert re.sub(r"\s", "", letter.title) in said
    for path, text in texts(letter):
        if path.startswith("body") and path.endswith((".para", ".text")):
            assert re.sub(r"\s", "", text)[:20] in said, path


def xml_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(f"word/{name}").decode()


def test_quotes_and_dashes_are_chinese_and_headings_have_their_levels() -> None:
    said = "“先欠着”、‘口头约定’——未入账……；阿依古丽·买买提（化名）"
    letter = replace(handover(), body=(Heading(1, "交办事项"), Heading(2, "财务"), Paragraph(said)))
    body, styles = (xml_of(word_file("handover", letter), f"{name}.xml") for name in ("document", "styles"))
    runs = re.findall(r"<w:r>.*?</w:r>", body, re.S)
    assert any(said in run for run in runs)
    assert [run for run in runs if re.search("[一-龥]", run) and 'w:hint="eastAsia"' not in run] == []
    assert re.search(r'<w:docDefaults>.*?<w:lang[^>]*w:eastAsia="zh-CN"', styles, re.S)
    assert 'w:val="Heading1"' in body
    assert 'w:val="Heading2"' in body
    assert "Theme" not in re.search(r'w:styleId="Heading1".*?</w:style>', styles, re.S)[0]  # type: ignore[index]


def test_a_letter_has_both_double_lines_on_its_first_page_alone_and_keeps_its_signature() -> None:
    data = word_file("handover", handover())
    body = xml_of(data, "document.xml")
    assert body.count("thickThinSmallGap") == 1
    feet = [xml_of(data, f"footer{n}.xml") for n in (1, 2, 3)]
    assert sum("thinThickSmallGap" in foot for foot in feet) == 1
    assert body.count("<w:titlePg/>") == 1
    before = body[: body.index("2026年10月30日</w:t>")].split("<w:p>")[-7:]
    assert sum("<w:keepNext/>" in each for each in before) >= 4
