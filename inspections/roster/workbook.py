"""Opens a roster file (xlsx, a folder of CSV files or a zip of them) as sheets of raw cells.

It knows cells, not people: what they mean is told in roster_rows. It writes nothing.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
import python_calamine

from inspections.people.sheets import SHEETS
from inspections.reading import files as files_read
from inspections.reading.typed import EntryFault, tidy
from inspections.roster.faults import Fault, RosterFaults, cell
from inspections.site.privacy import private_number

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
NOT_A_WORKBOOK = "不是可读的 xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再导入"


@dataclass
class RawSheet:
    """Rows as they stand in the file; `rows[0]` is row 1."""

    name: str
    rows: list[list[Any]]
    faults: list[Fault] = field(default_factory=list)


def read(path: Path) -> dict[str, RawSheet]:
    """The sheets that belong to a roster, by name. Raises RosterFaults when the file itself is unusable.

    Faults of single cells (formulas without a value, merged cells, private numbers) wait in `faults`, so that
    they are reported together with the faults of the rows.
    """
    if path.is_dir():
        files = {file.name: file.read_bytes() for file in sorted(path.glob("*.csv"))}
        return _from_csv(files)
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(f"文件超过 {MOST_BYTES // 1024 // 1024} MB")
        data = path.read_bytes()
    except OSError:
        _refuse("找不到或不能读取这个文件")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                _refuse("文件解开后过大")
            if "[Content_Types].xml" in packed.namelist():
                return _from_xlsx(data, packed)
            files = {
                _entry_name(entry): packed.read(entry)
                for entry in packed.infolist()
                if entry.filename.lower().endswith(".csv")
            }
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
        EOFError,
        OSError,
    ):
        _refuse(NOT_A_WORKBOOK)
    if not files:
        _refuse(NOT_A_WORKBOOK)
    return _from_csv(files)


def _refuse(sentence: str) -> Any:
    raise RosterFaults([Fault("文件", sentence)])


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of a packed file; Chinese Windows packs names in GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    return PurePosixPath(name.replace("\\", "/")).name


def _from_csv(files: Mapping[str, bytes]) -> dict[str, RawSheet]:
    sheets: dict[str, RawSheet] = {}
    faults: list[Fault] = []
    names = {stem.casefold(): sheet.name for sheet in SHEETS for stem in sheet.files}
    for file, data in files.items():
        name = names.get(PurePosixPath(file).stem.strip().casefold())
        if name is None:
            continue  # other tables of the county may stand in the same folder
        if name in sheets:
            faults.append(Fault(name, f"有两个文件都是这张表（{file}）"))
            continue
        try:
            rows = files_read.rows(data)
        except EntryFault as fault:
            faults.append(Fault(name, f"{file} {fault}"))
            rows = []
        sheets[name] = RawSheet(name, [list(row) for row in rows])
    if faults:
        raise RosterFaults(faults)
    if not sheets:
        _refuse("没有找到名册的 CSV 文件，文件名应为 单位.csv、机构.csv、人员.csv、回避.csv、亲属.csv")
    return _checked(sheets)


def _from_xlsx(data: bytes, packed: zipfile.ZipFile) -> dict[str, RawSheet]:
    sheets: dict[str, RawSheet] = {}
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        for title in book.sheet_names:
            table = book.get_sheet_by_name(title)
            name = title.strip()
            if table.total_height > MOST_ROWS or table.total_width > MOST_COLUMNS:
                _refuse(f"工作表 {name} 超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列")
            sheet = RawSheet(name, table.to_python(skip_empty_area=False))
            for (top, left), (bottom, right) in table.merged_cell_ranges or []:
                last = cell(name, bottom + 1, right + 1).partition("!")[2]
                sentence = f"到 {last} 是合并单元格，请取消合并后逐格填写"
                sheet.faults.append(Fault(cell(name, top + 1, left + 1), sentence))
            sheets[name] = sheet
        for place, sentence in _lost_values(data, packed, sheets):
            sheets[place.partition("!")[0]].faults.append(Fault(place, sentence))
    except RosterFaults:
        raise
    except Exception:  # both readers raise whatever a damaged file makes them raise
        _refuse(NOT_A_WORKBOOK)
    return _checked(sheets)


def _lost_values(
    data: bytes, packed: zipfile.ZipFile, sheets: Mapping[str, RawSheet]
) -> Iterator[tuple[str, str]]:
    """Cells that the fast reader shows as blank although they hold a formula or an error value."""
    pages = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    if not any(sign in page for page in pages for sign in (b"<f>", b"<f ", b't="e"')):
        return
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for page in book.worksheets:
        rows = sheets[page.title.strip()].rows
        for line in page.iter_rows():
            for found in filter(lambda found: found.value is not None, line):
                row, column = int(found.row or 0), int(found.column or 0)
                if found.data_type == "e":
                    yield cell(page.title.strip(), row, column), f"是错误值 {found.value}，请改正"
                elif found.data_type == "f" and not tidy(_at(rows, row, column)):
                    yield cell(page.title.strip(), row, column), "是没有结果的公式，请粘贴为数值"


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""


def _checked(sheets: dict[str, RawSheet]) -> dict[str, RawSheet]:
    """The roster's own sheets; a private number on any other sheet is a fault of the whole file."""
    known = {sheet.name for sheet in SHEETS}
    for sheet in sheets.values():
        for number, row in enumerate(sheet.rows, 1):
            for position, value in enumerate(row, 1):
                short = (
                    len(value) < 15
                    if isinstance(value, str)
                    else not isinstance(value, float) or value < 1e14
                )
                private = None if short else private_number(tidy(value))
                if private:
                    sentence = f"含有疑似{private}的数字，不得录入{private}"
                    sheet.faults.append(Fault(cell(sheet.name, number, position), sentence))
    own = {name: sheet for name, sheet in sheets.items() if name in known}
    elsewhere = [
        fault
        for name, sheet in sheets.items()
        if name not in known
        for fault in sheet.faults
        if "不得录入" in fault.sentence
    ]
    if elsewhere and not own:
        raise RosterFaults(elsewhere)
    for sheet in list(own.values())[:1]:
        sheet.faults.extend(elsewhere)
    return own
