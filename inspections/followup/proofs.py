"""Takes in the files that prove a rectification: looks what they are, strips photographs, refuses the rest.

It keeps nothing; `rectification.act` stores what comes out together with the step that it proves.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from inspections.findings.evidence import examine
from inspections.site import gate, privacy
from inspections.site.refusal import Refusal

KINDS = {"before": "整改前照片", "after": "整改后照片", "document": "凭证材料"}
MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 12
LONGEST_NAME = 80
#: how a file of that kind begins: the name alone proves nothing
_BEGINNINGS = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".xlsx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file fit to be kept; `what` is a key of KINDS."""

    what: str
    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def receive(what: str, name: str, data: bytes) -> Received:
    """The file, a photograph upright and without metadata. Raises Refusal naming the file and its fault."""
    name = PurePosixPath(name.replace("\\", "/")).name[-LONGEST_NAME:] or "未命名"
    if privacy.private_number(name):
        raise Refusal(f"“{name}”：{privacy.SENTENCE}")
    if what not in KINDS:
        raise Refusal(f"“{name}”：没有这类材料。")
    if not data:
        raise Refusal(f"“{name}”是空文件，请重新选择。")
    suffix = PurePosixPath(name).suffix.lower()
    beginning, media_type = _BEGINNINGS.get(suffix, (b"", ""))
    if what == "document" and media_type:
        if len(data) > MOST_BYTES:
            raise Refusal(f"“{name}”超过 {MOST_BYTES // 1024 // 1024} MB，请压缩或分开上传。")
        if not data.startswith(beginning):
            raise Refusal(f"“{name}”的内容与扩展名不符，不能打开，请重新导出。")
        try:
            if suffix == ".pdf":
                gate.pdf(data)
            else:
                gate.office(data, suffix)
        except Refusal as refusal:
            raise Refusal(f"“{name}”：{refusal}") from None
        return Received(what, name, media_type, data)
    try:
        picture = examine(data)
    except Refusal as refusal:
        expected = "" if what != "document" else "（材料可以是 PDF、Word、Excel 文件或照片）"
        raise Refusal(f"“{name}”：{refusal}{expected}") from None
    return Received(what, name, picture.media_type, picture.data)


def receive_all(sent: Iterable[tuple[str, str, bytes]]) -> list[Received]:
    """Every file of one form as (what, name, bytes). Raises Refusal for too many or for the first bad one"""
    files = list(sent)
    if len(files) > MOST_FILES:
        raise Refusal(f"一次最多上传 {MOST_FILES} 个文件，现有 {len(files)} 个，请分几次报送。")
    return [receive(*file) for file in files]
