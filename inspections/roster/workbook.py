"""Opens a roster file (xlsx, a folder of CSV files or a zip of them) as sheets of raw cells.

It knows cells, not people: what they mean is told in roster_rows. It writes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from openpyxl.utils.cell import coordinate_to_tuple

from inspections.gatehouse import MOST_ROWS
from inspections.people.sheets import SHEETS
from inspections.reading import files as files_read
from inspections.reading.typed import EntryFault, tidy
from inspections.roster.faults import Fault, RosterFaults, cell
from inspections.site import gate
from inspections.site.privacy import private_number

MOST_BYTES = 20 * 1024 * 1024
#: what a CSV file by itself is called
ONE_TABLE = "表格"
NOT_A_WORKBOOK = "不是可读的 xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再导入"


@dataclass
class RawSheet:
    """Rows as they stand in the file; `rows[0]` is row 1."""

    name: str
    rows: list[list[Any]]
    faults: list[Fault] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    #: (first row, column, last row) of cells merged downwards: each of them says what the first says
    filled: list[tuple[int, int, int]] = field(default_factory=list)


def read(path: Path) -> dict[str, RawSheet]:
    """Every sheet of the file by its name. Raises RosterFaults when the file itself is unusable.

    Faults of single cells (formulas without a value, merged cells, private numbers) wait in `faults`, so that
    they are reported together with the faults of the rows.
    """
    if path.is_dir():
        files = {file.name: file.read_bytes() for file in sorted(path.glob("*.csv"))}
        return _from_csv(files)
    data = _bytes(path)
    if not data.startswith((b"PK", b"\xd0\xcf")) and (rows := _one_table(data)):
        if len(rows) > MOST_ROWS:
            _refuse(f"超过 {MOST_ROWS} 行，请检查表格下方有没有误填的内容，或分成几个文件")
        return _checked({ONE_TABLE: RawSheet(ONE_TABLE, rows)})
    try:
        if gate.is_workbook(data):
            return _checked(_from_xlsx(data))
        packed = gate.packed(data).items()
    except gate.Turned as turned:
        _turned(turned)
    files = {_entry_name(name): part for name, part in packed if name.lower().endswith(".csv")}
    if not files:
        _refuse(NOT_A_WORKBOOK)
    return _from_csv(files)


def _one_table(data: bytes) -> list[list[Any]]:
    """The rows of a single CSV file that has one of our headings; none for anything else."""
    try:
        rows = [list(row) for row in files_read.rows(data)]
    except EntryFault:
        return []
    known = {column.header for sheet in SHEETS for column in sheet.columns} | {"工作单位", "村名"}
    heads = ({tidy(cell).rstrip("*") for cell in row} for row in rows[:15])
    return rows if any(len(head & known) > 1 for head in heads) else []


def raw_sheets(path: Path) -> dict[str, RawSheet]:
    """Every sheet of an xlsx workbook by name, whatever it holds. Raises RosterFaults as `read` does."""
    data = _bytes(path)
    try:
        if gate.is_workbook(data):
            sheets = _from_xlsx(data)
        else:
            _refuse(NOT_A_WORKBOOK)
    except gate.Turned as turned:
        _turned(turned)
    private = [
        fault for sheet in _checked(sheets).values() for fault in sheet.faults if "不得" in fault.sentence
    ]
    if private:
        raise RosterFaults(private)
    return sheets


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(f"文件超过 {MOST_BYTES // 1024 // 1024} MB")
        return path.read_bytes()
    except OSError:
        _refuse("找不到或不能读取这个文件")


def _turned(turned: gate.Turned) -> NoReturn:
    _refuse(NOT_A_WORKBOOK if turned.reason is gate.Reason.UNREADABLE else str(turned).rstrip("。"))


def _refuse(sentence: str) -> NoReturn:
    raise RosterFaults([Fault("文件", sentence)])


def _entry_name(name: str) -> str:
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


def _from_xlsx(data: bytes) -> dict[str, RawSheet]:
    sheets: dict[str, RawSheet] = {}
    for title, table in gate.workbook(data).items():
        name = title.strip()
        sheet = sheets[name] = RawSheet(name, table.squared(), hidden=table.hidden_rows)
        for top, left, bottom, right in table.merged:
            if left == right and tidy(_at(sheet.rows, top, left)):
                sheet.filled.append((top, left, bottom))
                for number in range(top + 1, min(bottom, len(sheet.rows)) + 1):
                    sheet.rows[number - 1][left - 1] = sheet.rows[top - 1][left - 1]
                continue
            last = cell(name, bottom, right).partition("!")[2]
            sentence = f"到 {last} 是合并单元格，请取消合并后逐格填写"
            sheet.faults.append(Fault(cell(name, top, left), sentence))
        for lost in table.lost:
            if lost.kind == "error":
                sentence = f"是错误值 {lost.text}，请改正"
            elif tidy(_at(sheet.rows, lost.row, lost.column)):
                continue
            else:
                sentence = "是没有结果的公式，请粘贴为数值"
            sheet.faults.append(Fault(cell(name, lost.row, lost.column), sentence))
    return sheets


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""


def _private(sheet: RawSheet) -> Iterator[Fault]:
    """A fault for each cell with a number that may not be stored."""
    for number, row in enumerate(sheet.rows, 1):
        for position, value in enumerate(row, 1):
            short = (
                len(value) < 15 if isinstance(value, str) else not isinstance(value, float) or value < 1e14
            )
            private = None if short else private_number(tidy(value))
            if private:
                sentence = f"含有疑似{private}的数字，不得录入{private}"
                yield Fault(cell(sheet.name, number, position), sentence)


def _checked(sheets: dict[str, RawSheet]) -> dict[str, RawSheet]:
    """The sheets; a number that may not be stored is a fault of its cell, whatever the sheet."""
    for sheet in sheets.values():
        sheet.faults += _private(sheet)
    return sheets


def mended(sheets: Mapping[str, RawSheet], mends: Mapping[str, str]) -> None:
    """Nothing; the cells named in `mends` (人员!D17) say what somebody put there on the page."""
    for place, said in mends.items():
        title, _, at = place.rpartition("!")
        sheet = sheets.get(title)
        if sheet is None:
            continue
        row, column = coordinate_to_tuple(at)
        if row <= len(sheet.rows):
            line = sheet.rows[row - 1]
            line.extend([None] * (column - len(line)))
            line[column - 1] = said or None
            sheet.faults = [fault for fault in sheet.faults if fault.place != place]
    for sheet in sheets.values():
        sheet.faults += [fault for fault in _private(sheet) if fault not in sheet.faults]
