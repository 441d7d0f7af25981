"""The PDF as a file: its text, its properties, its fonts, and that the same letter gives the same bytes."""

import io
import subprocess
import sys

import pytest
from pypdf import PdfReader

from inspections.documents.fonts import uncovered
from inspections.documents.layout import letter_paper
from inspections.documents.letter import Heading, Paragraph, Status, texts
from inspections.documents.render import PaperError, RenderedPaper, render_pdf
from tests.papers.samples import feedback, handover, plain, printed


@pytest.fixture(scope="module")
def issued() -> RenderedPaper:
    return printed(handover())


@pytest.fixture(scope="module")
def reader(issued: RenderedPaper) -> PdfReader:
    return PdfReader(io.BytesIO(issued.data))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_text_of_the_pdf_is_what_was_said(reader: PdfReader) -> None:
    letter = handover()
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for block in letter.body:
        assert isinstance(block, Heading | Paragraph)
        # a page number may stand between the halves of a paragraph that two pages share
        assert squeezed(block.text) in text.replace("—2—", "").replace("—3—", ""), block.text
    for path, said in texts(letter):
        if not path.startswith(("body", "code", "annexes")):
            assert squeezed(said) in text, path


def test_title_author_language_and_bookmarks_are_set(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "关于交办清泉镇2026年第二轮驻点监督检查发现问题的函"
    assert reader.metadata.author == "清河县纪律检查委员会"
    assert reader.metadata.subject == "交办函"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    flat = str(reader.outline)
    for heading in ("一、交办事项", "（一）集体资产资源管理方面", "二、整改要求", "驻点监督检查发现问题清单"):
        assert heading in flat


def test_an_issued_letter_claims_pdf_a_3a_and_is_tagged(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert 'part="3"' in metadata and 'conformance="A"' in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"]


def test_a_draft_is_a_plain_pdf() -> None:
    root = PdfReader(io.BytesIO(printed(handover(Status.DRAFT)).data)).trailer["/Root"]
    assert "/OutputIntents" not in root
    assert root["/Lang"] == "zh-CN"


def test_every_font_is_embedded_and_its_file_is_named(issued: RenderedPaper, reader: PdfReader) -> None:
    embedded = 0
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            embedded += 1
    assert embedded
    assert issued.fonts and all(file.startswith("/") for file in issued.fonts.values())


def test_no_page_carries_a_link_a_script_or_an_attachment(reader: PdfReader) -> None:
    assert all("/Annots" not in page for page in reader.pages)
    assert not {"/AcroForm", "/OpenAction", "/AF"} & set(reader.trailer["/Root"])
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})


def test_the_same_letter_gives_the_same_bytes_in_another_process(issued: RenderedPaper) -> None:
    code = "from tests.papers.samples import handover, printed; print(printed(handover()).sha256)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "5"}
    )
    assert done.stdout.strip() == issued.sha256
    assert printed(feedback(), "feedback").sha256 != issued.sha256


def test_markup_in_a_fact_is_printed_as_it_was_typed() -> None:
    typed = "<b>租金</b>{{ 7*7 }}<img src='file:///etc/hosts'>&amp;"
    title = "关于<b>&amp;</title>的函"
    reader = PdfReader(io.BytesIO(printed(plain(1, title=title, body=(Paragraph(typed),))).data))
    assert squeezed(typed) in squeezed(reader.pages[0].extract_text())
    assert reader.metadata is not None and reader.metadata.title == title


def test_a_character_no_font_has_is_named_instead_of_printed_as_a_box() -> None:
    assert uncovered("县喆䶮☑") == ["☑"]
    with pytest.raises(PaperError, match="☑"):
        render_pdf(letter_paper("handover", plain(1, title="关于☑的函")))
