"""The gate: bombs and accidents are refused with a sentence, what is good comes through whole."""

import io
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from inspections.followup import proofs
from inspections.roster import workbook
from inspections.roster.faults import RosterFaults
from inspections.site import gate
from inspections.site.refusal import Refusal
from tests.site import bombs

ROOT = Path(__file__).parent.parent.parent


def bomb(kind: str, name: str) -> bytes:
    return next(data for each, data in bombs.MADE[kind]() if each == name)


@pytest.mark.parametrize(
    ("kind", "least"), [("workbook", 50), ("zip", 6), ("picture", 16), ("pdf", 8), ("document", 5)]
)
def test_bombs_are_refused_with_a_sentence_and_cost_this_process_nothing(kind: str, least: int) -> None:
    tried, faults = 0, []
    for name, data in bombs.MADE[kind]():
        tried += 1
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            bombs.OPENED[kind](data)
            faults.append(f"{name}: taken")
        except gate.Turned as turned:
            if not re.fullmatch(r".*[\u4e00-\u9fff].*。", str(turned)):
                faults.append(f"{name}: {turned}")
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before >= 64 * 1024:
            faults.append(f"{name}: this process grew by 64 MB and more")
    assert not faults
    assert tried >= least


def test_a_workbook_comes_through_with_what_values_alone_would_not_tell() -> None:
    made, out = Workbook(), io.BytesIO()
    page = made.active
    assert page is not None
    page.title = "人员"
    page.append(["编号", "姓名", 3, 1.5, True])
    page.append(["P1", "=1+1"])
    page.append(["P2"])
    page.merge_cells("A4:B5")
    page["A4"] = "合"
    page.row_dimensions[3].hidden = True
    made.save(out)
    sheet = gate.workbook(out.getvalue())["人员"]
    assert sheet.rows[0] == ["编号", "姓名", 3.0, 1.5, True]
    assert sheet.rows[1][0] == "P1"
    assert sheet.merged == [(4, 1, 5, 2)]
    assert sheet.hidden_rows == {3}
    assert [(lost.row, lost.column, lost.kind) for lost in sheet.lost] == [(2, 2, "formula")]


def test_blank_formatted_rows_are_no_content() -> None:
    made, out = Workbook(), io.BytesIO()
    page = made.active
    assert page is not None
    page["A1"] = "编号"
    page.cell(60_000, 3).number_format = "0.00"
    made.save(out)
    assert gate.workbook(out.getvalue())["Sheet"].rows == [["编号"]]


def test_a_photograph_comes_out_upright_and_without_what_was_hidden_in_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "someone"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    picture = gate.picture(out.getvalue() + b"PK\x03\x04 hidden")
    assert (picture.width, picture.height, picture.media_type) == (40, 60, "image/jpeg")
    assert b"someone" not in picture.data and b"hidden" not in picture.data
    assert gate.picture(out.getvalue()).sha256 == gate.picture(out.getvalue()).sha256


def test_a_zip_names_its_files_as_windows_in_china_does() -> None:
    data = bombs.zipped({"people.csv": b"1"}).replace(
        b"people.csv", "人员.csv".encode("gb18030").ljust(10, b"x")
    )
    assert list(gate.packed(data)) == ["人员.csvxx"]


def test_the_child_imports_nothing_of_the_application() -> None:
    said = "import sys; sys.path.append('inspections'); import gatehouse.door, gatehouse.papers, "
    said += "gatehouse.pictures, gatehouse.workbooks; print([n for n in sys.modules if 'inspections' in n])"
    done = subprocess.run([sys.executable, "-I", "-c", said], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_good_pdf_and_a_good_word_file_are_let_in() -> None:
    pdf, word = io.BytesIO(), io.BytesIO()
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(595, 842)
    writer.write(pdf)
    made = Document()
    made.add_paragraph("整改台账")
    made.save(word)
    assert gate.pdf(pdf.getvalue()) == 2
    gate.office(word.getvalue(), ".docx")


def test_the_child_is_held_to_its_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    greedy = tmp_path / "__main__.py"
    door = ROOT / "inspections" / "gatehouse" / "door.py"
    greedy.write_text(
        f"import sys; sys.path.append({str(door.parent.parent)!r})\n"
        "from gatehouse.door import limit\nlimit()\nx = bytearray(600 * 1024 * 1024)\n"
    )
    monkeypatch.setattr(gate, "_DOOR", greedy)
    with pytest.raises(gate.Turned) as turned:
        gate.pdf(b"%PDF-")
    assert turned.value.reason is gate.Reason.KILLED


def test_every_place_that_takes_a_workbook_asks_the_gate(tmp_path: Path) -> None:
    far = bomb("workbook", "far cell")
    file = tmp_path / "far.xlsx"
    file.write_bytes(far)
    with pytest.raises(RosterFaults) as faults:
        workbook.read(file)
    assert "50000 行" in faults.value.faults[0].sentence
    with pytest.raises(Refusal, match="50000 行"):
        proofs.receive("document", "台账.xlsx", far)
    with pytest.raises(Refusal, match="脚本"):
        proofs.receive("document", "凭证.pdf", bomb("pdf", "a PDF with a program"))


@pytest.mark.parametrize("word", ["openpyxl.load_workbook", "python_calamine", "Image.open(", "zipfile."])
def test_no_file_of_a_stranger_is_opened_elsewhere(word: str) -> None:
    allowed = {
        "inspections/documents/prints/working_paper.py",  # a photograph that was encoded anew when it came
        "inspections/documents/prints/batches.py",  # packs what was printed here
        "inspections/comparisons/lists/workbook.py",  # in a child of its own, which may keep hashes alone
        "inspections/typesetting/word_file.py",  # packs what was written here anew, with one day for all
    }
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "inspections").rglob("*.py")
        if word in file.read_text() and "gatehouse" not in file.parts
    }
    assert found <= allowed
