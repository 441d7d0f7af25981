"""Files that nobody should be able to send: one sentence each, nothing half-written."""

import io
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from sqlalchemy import orm

from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Person
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import import_roster, preview

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def filled(sheets: int = 1, columns: int = 3, rows: int = 1) -> bytes:
    book = Workbook(write_only=True)
    for number in range(sheets):
        page = book.create_sheet(f"第{number}镇名单")
        page.append(["姓名", "机构", "专长", *(f"列{n}" for n in range(columns - 3))])
        for row in range(rows):
            page.append([f"甲{number}{row}", "县纪委", "纪检", *("x" for _ in range(columns - 3))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_macros() -> bytes:
    out = io.BytesIO(filled())
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/vbaProject.bin", OLE)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (filled(columns=2000), "列"),
        (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "密码"),
        (OLE + "Workbook".encode("utf-16-le") + b"\0" * 600, "另存为 .xlsx"),
        (with_macros(), "宏"),
        ("姓名,机构\n甲,乙\n".encode("shift_jis", "replace"), "xlsx"),
        (b"\xff" * 5000, "xlsx"),
        (b"", "xlsx"),
    ],
    ids=("2000 columns", "encrypted", "xls", "macros", "shift_jis", "no encoding", "empty"),
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    session: orm.Session, tmp_path: Path, data: bytes, said: str
) -> None:
    load_recusal_kinds(session)
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    with pytest.raises(RosterFaults) as told:
        import_roster(session, file)
    assert len(told.value.faults) == 1
    assert said in told.value.faults[0].sentence
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_sixty_sheets_of_one_kind_are_one_list(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    file = tmp_path / "a.xlsx"
    file.write_bytes(filled(sheets=60))
    assert preview(session, file).counts()["人员"]["新增"] == 60


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_of_any_program_is_read(session: orm.Session, tmp_path: Path, encoding: str) -> None:
    load_recusal_kinds(session)
    file = tmp_path / "a.csv"
    file.write_bytes("姓名,机构,专长\n甲一,县纪委,纪检\n".encode(encoding))
    assert preview(session, file).counts()["人员"]["新增"] == 1
