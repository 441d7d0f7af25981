"""The PDF as a file: its text, its properties, its fonts, and that the same letter gives the same bytes."""

import bz2
import io
import subprocess
import sys

import pytest
from pypdf import PdfReader

from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.fonts import uncovered
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Heading, Paragraph, Status, texts
from inspections.typesetting.render import PaperError, RenderedPaper, render_pdf
from tests.typesetting.samples import feedback, handover, plain, printed


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


def test_an_issued_letter_brings_its_source_along_and_a_draft_does_not(reader: PdfReader) -> None:
    """PDF/A-3 with the data the letter was made from, as an associated file."""
    [data] = reader.attachments["facts.json"]
    assert parse_facts(data) == handover()
    files = {each.idnum: each.get_object() for each in reader.trailer["/Root"]["/AF"]}
    assert [file["/AFRelationship"] for file in files.values()] == ["/Source"]
    draft = printed(handover(Status.DRAFT))
    assert not PdfReader(io.BytesIO(draft.data)).attachments


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


def test_no_page_carries_a_link_or_a_script_and_nothing_but_its_source_is_attached(reader: PdfReader) -> None:
    assert all("/Annots" not in page for page in reader.pages)
    assert not {"/AcroForm", "/OpenAction"} & set(reader.trailer["/Root"])
    assert list(reader.attachments) == ["facts.json"]


def test_the_same_letter_gives_the_same_bytes_in_another_process(issued: RenderedPaper) -> None:
    code = "from tests.typesetting.samples import handover, printed; print(printed(handover()).sha256)"
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


#: rare characters of names on real rosters, papers.md §2.1
RARE = "䶮㛃𬭎𫖯喆堃昇頔翀珺燚镕犇骉祎玥禤邨赟弢翯"


def standard_characters() -> str:
    """The 8,105 characters of the 通用规范汉字表 (2013) in its order, from Unicode's Unihan database."""
    found = {}
    with bz2.open("/usr/share/unicode/Unihan_OtherMappings.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _, rest = line.partition("\tkTGH\t")
            if rest:
                found[int(rest.split()[0].partition(":")[2])] = chr(int(code[2:], 16))
    return "".join(found[number] for number in sorted(found))


def test_every_standard_character_and_rare_name_prints_and_the_fonts_are_on_record(
    printer_warnings: list[str],
) -> None:
    characters = standard_characters()
    assert len(characters) == 8105
    assert uncovered(characters + RARE) == []
    made = printed(plain(0, body=(Paragraph(characters), Heading(2, RARE), Heading(1, RARE))))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)
    assert set(characters + RARE) - set(text) == set()
    assert any("Fandol" in family for family in made.fonts)
    # HarfBuzz does not cut that many glyphs out of WenKai; the printer then asks fontTools
    assert [words for words in printer_warnings if "with HarfBuzz" not in words] == []
    printer_warnings.clear()
    assert len(made.fonts) >= 4  # what Fandol lacks was printed by another, and which one is kept
