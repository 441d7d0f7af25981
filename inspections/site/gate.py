"""The one way by which a file of somebody else is opened: in a child process with little memory and time.

A far cell, a bomb or a picture without end kills the child; this process and its other requests go on.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspections import gatehouse
from inspections.gatehouse import Reason
from inspections.site.refusal import Refusal
from inspections.site.slowly import slow

#: the longest that anybody waits; a child over its processor time is ended before
SECONDS = 30
#: how many files are opened at once: one processor stays for the pages
TOGETHER = 2
_places = threading.BoundedSemaphore(TOGETHER)
_DOOR = Path(gatehouse.__file__).with_name("__main__.py")

_WORKBOOK = "请用 Excel 或 WPS 另存为 .xlsx 后再上传"
SENTENCES: Mapping[Reason, str] = {
    Reason.UNREADABLE: "文件不完整、已损坏或内容与扩展名不符，请重新导出。",
    Reason.ENCRYPTED: "文件加了密码，请取消密码后再上传。",
    Reason.OLD: f"这是旧格式的文件，不是可读的 xlsx 工作簿，{_WORKBOOK}。",
    Reason.MACROS: "文件含有宏，请另存为不含宏的 .xlsx 或 .docx 后再上传。",
    Reason.SCRIPTS: "文件含有脚本、附件或指向外部的内容，请重新导出为普通文件后再上传。",
    Reason.TOO_MANY_FILES: f"压缩包里的文件过多，最多 {gatehouse.MOST_MEMBERS} 个。",
    Reason.TOO_LARGE: f"文件解开后过大，最多 {gatehouse.MOST_UNPACKED >> 20} MB，请删去无关内容后再上传。",
    Reason.TOO_MANY_ROWS: f"超过 {gatehouse.MOST_ROWS} 行，请检查表格远处有没有误填的内容，或分成几个文件。",
    Reason.TOO_MANY_COLUMNS: f"超过 {gatehouse.MOST_COLUMNS} 列，请检查表格右侧远处有没有误填的内容。",
    Reason.TOO_MANY_CELLS: "内容过多或有一格远离其他内容，请检查表格远处有没有误填的内容，或分成几个文件。",
    Reason.TOO_MANY_MERGED: f"合并单元格超过 {gatehouse.MOST_MERGED} 处，请取消合并后再上传。",
    Reason.TOO_MANY_PIXELS: "照片像素过多，最多 6400 万像素（WebP 最多 2500 万），请降低分辨率后再传。",
    Reason.TOO_MANY_PAGES: f"文件超过 {gatehouse.MOST_PAGES} 页，请分成几个文件。",
    Reason.ENTITIES: f"文件里有不该有的定义（DTD），不能打开，{_WORKBOOK}。",
    Reason.NO_PICTURE: "这个文件不是照片，只接受 JPEG、PNG、WebP。",
    Reason.BROKEN_PICTURE: "照片不完整或已损坏，请重新拍摄或重新选择。",
    Reason.HEIC: "这是苹果手机的 HEIC 格式，请在相机设置中改为“兼容性最佳”或另存为 JPEG 后再传。",
    Reason.TWO_KINDS: "文件同时是两种格式，不能打开，请重新导出。",
    Reason.KILLED: f"文件打开时用的内存或时间过多，请删去无关内容后重试，或{_WORKBOOK[1:]}。",
}


class Turned(Refusal):
    """The gate turned the file away for `reason`."""

    def __init__(self, reason: Reason, place: str = "", kind: str = "") -> None:
        sentence = SENTENCES[reason]
        if reason is Reason.UNREADABLE and kind in ("workbook", "zip", ".xlsx"):
            sentence = f"不是可读的 xlsx 工作簿，{_WORKBOOK}。"
        super().__init__((f"工作表 {place}：" if place else "") + sentence)
        self.reason, self.place = reason, place


@dataclass(frozen=True, slots=True)
class Lost:
    """A cell whose value a reader of values would not see: a formula without result, or an error value."""

    row: int
    column: int
    kind: str
    text: str


@dataclass(slots=True)
class Sheet:
    """One sheet; `rows[0]` is row 1, blank cells at the end of a row are cut off, numbers count from 1."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()

    def squared(self) -> list[list[Any]]:
        """The rows, all as long as the longest, blank cells as empty text."""
        width = max(map(len, self.rows), default=0)
        return [row + [""] * (width - len(row)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph ready to be kept: encoded bytes, a small JPEG of it, and what it is."""

    data: bytes
    small: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def small_sha256(self) -> str:
        return hashlib.sha256(self.small).hexdigest()


def workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets of an xlsx workbook by name, in its order. Raises Turned."""
    said, _ = _opened("workbook", data)
    return {
        each["name"]: Sheet(
            each["name"],
            [[_value(value) for value in row] for row in each["rows"]],
            [tuple(corners) for corners in each["merged"]],
            [Lost(*lost) for lost in each["lost"]],
            frozenset(each["hidden"]),
        )
        for each in said
    }


def is_workbook(data: bytes) -> bool:
    """Whether the zip calls itself an office file; a zip of tables does not."""
    return b"[Content_Types].xml" in data[:4096] or b"[Content_Types].xml" in data[-65536:]


def packed(data: bytes) -> dict[str, bytes]:
    """The files of a zip by name, folders left out. Raises Turned.

    Chinese Windows packs names in GBK without saying so: they are read as such.
    """
    said, parts = _opened("zip", data)
    return {_name(name, unicode): part for (name, unicode), part in zip(said, parts, strict=True)}


def picture(data: bytes) -> Picture:
    """The photograph, upright and without metadata. Raises Turned."""
    said, (encoded, small) = _opened("picture", data)
    return Picture(encoded, small, said["media_type"], said["width"], said["height"])


def pdf(data: bytes) -> int:
    """The number of pages of a PDF that holds no program. Raises Turned."""
    said, _ = _opened("pdf", data)
    return int(said)


def office(data: bytes, suffix: str) -> None:
    """Nothing; the bytes are a whole file of that kind (.docx, .xlsx) without programs. Raises Turned."""
    _opened(suffix, data)


@slow
def _opened(kind: str, data: bytes) -> tuple[Any, list[bytes]]:
    """What the child says of the file: a plain value, and the bytes beside it."""
    command = [sys.executable, "-I", str(_DOOR), kind]
    bare = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    with _places:
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=bare)
        except subprocess.TimeoutExpired:
            raise Turned(Reason.KILLED) from None
    if done.returncode:
        raise Turned(Reason.KILLED)
    head, _, rest = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if "turned" in answer:
        raise Turned(Reason(answer["turned"]), answer["place"], kind)
    parts, start = [], 0
    for length in answer["parts"]:
        parts.append(rest[start : start + length])
        start += length
    return answer["value"], parts


def _value(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    ((kind, text),) = said.items()
    if kind == "seconds":
        return dt.timedelta(seconds=text)
    if kind == "datetime":
        return dt.datetime.fromisoformat(text)
    return dt.date.fromisoformat(text) if kind == "date" else dt.time.fromisoformat(text)


def _name(name: str, unicode: bool) -> str:
    if not unicode:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return name
    return name
