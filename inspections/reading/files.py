"""The bytes of a text file as text, and of a table as rows: whatever Excel, WPS or a text editor saved."""

import codecs
import csv
import io
from pathlib import Path

from inspections.reading.typed import EntryFault

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: of the characters beyond ASCII so many must be common ones, else the bytes were in another encoding
_COMMON_SHARE = 0.6
#: separators and line ends of one table; each cell costs fifty times its sign
MOST_SIGNS = 3_000_000
ENCODINGS = "UTF-8、GB18030（简体中文 Windows）或 UTF-16（Unicode 文本）"


def decoded(data: bytes) -> str:
    """The text of UTF-8, UTF-16, UTF-32 or GB18030 bytes, with or without a mark. Raises EntryFault."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _tried(data, encoding)
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        return _tried(data, "utf-16-be" if even > odd else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _tried(data, "gb18030")


def rows(data: bytes) -> list[list[str]]:
    """The rows of a table separated by commas, tabs or semicolons. Raises EntryFault."""
    if sum(map(data.count, (b",", b";", b"\t", b"\n"))) > MOST_SIGNS:
        raise EntryFault("行列过多，请检查有没有误填的内容，或分成几个文件")
    text = decoded(data)
    head = text.lstrip("\r\n").partition("\n")[0]
    sign = max(",\t;", key=head.count)
    if sign == "," and "," not in head and "，" in head:
        text = text.replace("，", ",")
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)]
    except csv.Error:
        raise EntryFault("不是完整的 CSV（引号不成对或含有非法字符）") from None


def own_rows(file: Path) -> list[dict[str, str]]:
    """The rows of one of the program's own CSV files, by column; cells without blanks around them."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(lines)]


def _tried(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise EntryFault(f"编码无法识别，应为 {ENCODINGS}") from None
    beyond = [sign for sign in text if sign > "\x7f"]
    common = sum(_is_common(sign) for sign in beyond)
    if "\0" in text or (beyond and common < _COMMON_SHARE * len(beyond)):
        raise EntryFault(f"编码无法识别，应为 {ENCODINGS}")
    return text.removeprefix("\ufeff")


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
