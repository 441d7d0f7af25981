"""The editable companion of a paper as DOCX, from the same laid-out values that the PDF is printed from.

Measures of GB/T 9704-2012 in the word processor's own terms: A4, margins 37/35/28/26 mm, a line grid of 22
lines, 仿宋 16 pt for East Asian text. It is for editing and the county's files; what is issued is the PDF.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, cast

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from inspections.typesetting.layout import KINDS, Base, letter_paper
from inspections.typesetting.letter import Attendance, Letter

FANG, HEI, KAI, SONG, TITLE = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
BODY, TITLE_SIZE, SMALL = Pt(16), Pt(22), Pt(14)
#: 22 lines on 225 mm of type area, in points and in the grid's twentieths of a point
LINE = Pt(28.95)
PITCH = 579
#: 28 characters of 16 pt are wider than 156 mm: each a quarter of a point closer, in twentieths of a point
CLOSER = -5
RED = RGBColor(0xFF, 0x00, 0x00)
_FACES = {1: HEI, 2: KAI}
#: formats with a red mark at the head and 版记 at the foot
_MARKED = (Base.LETTER, Base.GENERAL, Base.MINUTES)
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
#: bytes that are the same for the same letter: no clock in the file
_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (python-docx writes it as it is)
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)


def word_file(kind: str, letter: Letter) -> bytes:
    """The DOCX of that letter; the same letter gives the same bytes. Raises NotReady as the PDF does."""
    values, base = cast(Mapping[str, Any], letter_paper(kind, letter).values), KINDS[kind].base
    document = Document()
    _page(document.sections[0], landscape=values["sideways"])
    _defaults(document)
    if base in _MARKED:
        _head(document, values, base)
    for words in values["title_lines"]:
        _line(document, words, TITLE, TITLE_SIZE, align="center")
    if base is Base.FORM:
        _line(document, f"编号：{values['number']}", size=SMALL)
    else:
        _line(document, "")
    if letter.to:
        _line(document, f"{values['to']}：")
    _blocks(document, values["blocks"])
    _keep(document)
    _annex_note(document, values["annex_names"])
    for at, present in enumerate(values["attendance"]):
        _attendance(document, present, first=at == 0)
    if base is not Base.MINUTES:
        _signature(document, values["signature"])
    if values["contact"] and base is not Base.MINUTES:
        _line(document, values["contact"], indent=2)
    for annex in values["annexes"]:
        _annex(document, annex)
    if base in _MARKED:
        _imprint(document, values, printed=base is not Base.LETTER)
    properties = document.core_properties
    properties.title, properties.author, properties.language = letter.title, letter.issuer, "zh-CN"
    properties.created = properties.modified = _EPOCH
    held = io.BytesIO()
    document.save(held)
    return _without_clock(held.getvalue())


def _page(section: Section, landscape: bool = False) -> None:
    """A4 with the margins of 5.2.1; a landscape annex is the same sheet, turned."""
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    sides = (Mm(28), Mm(26), Mm(37), Mm(35)) if landscape else (Mm(37), Mm(35), Mm(28), Mm(26))
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = sides
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(PITCH))


def _defaults(document: DocumentFile) -> None:
    """仿宋 16 pt on a fixed line; page numbers between dashes, outside on both pages."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, BODY
    letters = normal.element.get_or_add_rPr()
    letters.get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(CLOSER))
    letters.find(qn("w:sz")).addprevious(closer)
    _language(document)
    for level in range(1, 5):
        _heading_style(document, level)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = LINE
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = _ALIGN[align]
        _run(paragraph, "— ", SONG, SMALL)
        _field(paragraph, "PAGE")
        _run(paragraph, " —", SONG, SMALL)


def _language(document: DocumentFile) -> None:
    """East Asian text is Chinese, whatever the office program's own language."""
    letters = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = letters.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        letters.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _heading_style(document: DocumentFile, level: int) -> None:
    """标题 1 to 4: the size of the body, black, in the face of the level, never last on a page."""
    style = document.styles[f"Heading {level}"]
    style.font.name, style.font.size, style.font.color.rgb = LATIN, BODY, RGBColor(0, 0, 0)
    style.font.bold = style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), _FACES.get(level, FANG))
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.keep_with_next = True


def _field(paragraph: WordParagraph, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = SMALL
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _run(
    paragraph: WordParagraph, text: str, face: str = FANG, size: Any = BODY, colour: RGBColor | None = None
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, LATIN
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    # quotes, dashes and dots stand in Latin fonts too, and come from there without the hint
    fonts.set(qn("w:hint"), "eastAsia")
    if colour is not None:
        run.font.color.rgb = colour


def _line(
    document: DocumentFile,
    text: str,
    face: str = FANG,
    size: Any = BODY,
    align: str = "",
    indent: int = 0,
    colour: RGBColor | None = None,
) -> WordParagraph:
    """A paragraph; `indent` in characters of 16 pt."""
    paragraph = document.add_paragraph()
    if align:
        paragraph.alignment = _ALIGN[align]
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
    if size > BODY:  # a larger line would be cut on the fixed grid
        paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.6)
    _run(paragraph, text, face, size, colour)
    return paragraph


def _head(document: DocumentFile, values: Mapping[str, Any], base: Base) -> None:
    """Mark, number and red line: a letter's number stands below the line at the right (10.1), that of the
    other formats above it (7.2.5, 7.2.7)."""
    mark = _line(document, values["mark"]["text"], TITLE, Pt(30), align="center", colour=RED)
    if base is Base.LETTER:
        for paragraph in (mark, _foot_of_first_page(document)):
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(-7)
        _rule(mark, "thickThinSmallGap", 24)
        _line(document, values["number"], align="right")
    else:
        _line(document, "")
        signer = f"　　　　签发人：{values['signer']}" if values["signer"] else ""
        _rule(_line(document, values["number"] + signer, align="center"))
    _line(document, "")


def _attendance(document: DocumentFile, present: Attendance, first: bool) -> None:
    """出席 in 黑体 one line below the body, the names behind it (10.3)."""
    if first:
        _line(document, "")
    paragraph = _line(document, f"{present.label}：", HEI)
    paragraph.paragraph_format.left_indent = Pt(16 * 5)
    paragraph.paragraph_format.first_line_indent = Pt(16 * -3)
    _run(paragraph, present.names)


def _foot_of_first_page(document: DocumentFile) -> WordParagraph:
    """The first page's lower double line, 20 mm above the edge; a number does not stand there (10.1)."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.first_page_footer.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(2)
    frame = OxmlElement("w:framePr")
    places = {"w": 170, "x": 21, "y": 275}
    for name, millimetres in places.items():
        frame.set(qn(f"w:{name}"), str(round(millimetres / 25.4 * 1440)))
    for name in ("hAnchor", "vAnchor"):
        frame.set(qn(f"w:{name}"), "page")
    paragraph._p.get_or_add_pPr().insert_element_before(
        frame, "w:widowControl", "w:pBdr", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    _rule(paragraph, "thinThickSmallGap", 24)
    return paragraph


def _rule(paragraph: WordParagraph, kind: str = "single", eighths: int = 12) -> None:
    """A red line below the paragraph, in eighths of a point."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", "1"), ("color", "FF0000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _blocks(document: DocumentFile, blocks: Sequence[Mapping[str, Any]]) -> None:
    for block in blocks:
        if block["kind"] == "heading":
            heading = _line(document, block["text"], _FACES.get(block["level"], FANG), indent=2)
            heading.style = document.styles[f"Heading {block['level']}"]
        elif block["kind"] == "para":
            _line(document, block["text"], indent=2)
        elif block["kind"] == "table":
            _table(document, block)
        else:
            bars = [(label, f"{number:f}") for label, number in block["bars"]]
            heads = [{"title": block["caption"], "align": "left"}, {"title": "数量", "align": "right"}]
            _table(document, {"caption": "", "columns": heads, "rows": bars})


def _table(document: DocumentFile, block: Mapping[str, Any]) -> None:
    if block["caption"]:
        _line(document, block["caption"], HEI, SMALL, align="center")
    columns = block["columns"]
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    shares = [float(column.get("percent", 100 / len(columns))) / 100 for column in columns]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(width * share)
    heads = [column["title"] for column in columns]
    for row in ([] if block.get("fields") else [heads]) + [*block["rows"]]:
        cells = table.add_row().cells
        if row is heads:
            _repeat(table.rows[0])
        for cell, text, column, share in zip(cells, row, columns, shares, strict=True):
            cell.width = int(width * share)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _ALIGN["center" if row is heads else column["align"]]
            paragraph.paragraph_format.line_spacing = Pt(18)
            _off_the_grid(paragraph)
            _run(paragraph, text, HEI if row is heads else FANG, Pt(12))


def _off_the_grid(paragraph: WordParagraph) -> None:
    """A table's lines stand closer than the page's grid of 22."""
    mark = OxmlElement("w:snapToGrid")
    mark.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().append(mark)


def _repeat(row: Any) -> None:
    """The head row stands on every page of the table."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _annex_note(document: DocumentFile, names: Sequence[str]) -> None:
    for at, name in enumerate(names):
        if at == 0:
            _line(document, "")
            _keep(document)
        _line(document, f"附件：{name}" if at == 0 else f"　　　{name}", indent=2)
        _keep(document)


def _keep(document: DocumentFile) -> None:
    """What was written last goes to the next page with what follows: no signature stands there alone."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _signature(document: DocumentFile, signature: Mapping[str, Any]) -> None:
    """Issuer and date on the right, kept together; the zone of the seal above stays empty."""
    _line(document, "")
    _keep(document)
    for text, right in ((signature["issuer"], 2), (signature["date"], 4)):
        paragraph = _line(document, text, align="right")
        paragraph.paragraph_format.right_indent = Pt(16 * right)
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = text is signature["issuer"]


def _annex(document: DocumentFile, annex: Mapping[str, Any]) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False  # the lines of a letter stand on its first page alone
    _page(section, landscape=annex["landscape"])
    _line(document, annex["label"], HEI)
    for words in annex["title_lines"]:
        _line(document, words, TITLE, TITLE_SIZE, align="center")
    _blocks(document, annex["blocks"])


def _imprint(document: DocumentFile, values: Mapping[str, Any], printed: bool) -> None:
    """抄送 and, except in a letter (10.1), who printed it and when, as a plain table at the end."""
    imprint, rows = values["imprint"], []
    if values["cc"]:
        rows.append((f"抄送：{values['cc']}。", ""))
    if printed:
        rows.append((imprint["by"], f"{imprint['on']}印发"))
    if not rows:
        return
    _line(document, "")
    table = document.add_table(rows=0, cols=2)
    for left, right in rows:
        cells = table.add_row().cells
        for cell, text, align in ((cells[0], left, "left"), (cells[1], right, "right")):
            cell.paragraphs[0].alignment = _ALIGN[align]
            _run(cell.paragraphs[0], text, FANG, SMALL)


def _without_clock(data: bytes) -> bytes:
    """The same archive with one date on every member."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()
