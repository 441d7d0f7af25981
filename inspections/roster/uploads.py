"""Keeps an uploaded roster under a random name until its import is confirmed; deletes it afterwards.

It does not open the file. What nobody confirms within a day goes at the next upload.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from inspections.roster.row import Answer, Became
from inspections.roster.workbook import MOST_BYTES
from inspections.site.refusal import Conflict, Refusal

KEPT_SECONDS = 24 * 3600


def keep(folder: Path, stream: BinaryIO) -> UUID:
    """The random name under which the bytes now lie. Raises Refusal above 20 MB."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in (*folder.glob("*.roster"), *folder.glob("*.mends"), *folder.glob("*.answers")):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refusal(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，没有上传。")
    name = uuid4()
    where(folder, name).write_bytes(data)
    return name


def where(folder: Path, name: UUID) -> Path:
    """The place of the upload with that name, whether or not it is there."""
    return folder / f"{name}.roster"


def mends(folder: Path, name: UUID) -> dict[str, str]:
    """What was put right on the page: cell → what it says now."""
    file = folder / f"{name}.mends"
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def mend(folder: Path, name: UUID, cells: Mapping[str, str]) -> None:
    """Nothing; these cells of the upload say something else from now on. The file itself stays as it came."""
    file = folder / f"{name}.mends"
    file.write_text(json.dumps(mends(folder, name) | dict(cells), ensure_ascii=False), "utf-8")


def answers(folder: Path, name: UUID) -> dict[str, Answer]:
    """What was said of people on record elsewhere: place of the row → answer."""
    file = folder / f"{name}.answers"
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {place: Answer(Became(said[0]), *said[1:]) for place, said in found.items()}


def answer(folder: Path, name: UUID, said: Mapping[str, Answer]) -> None:
    """Nothing; these rows mean from now on whom somebody said they mean."""
    file = folder / f"{name}.answers"
    file.write_text(json.dumps(answers(folder, name) | dict(said), ensure_ascii=False), "utf-8")


def drop(folder: Path, name: UUID) -> None:
    """Nothing; the upload and what was put right in it are gone."""
    where(folder, name).unlink(missing_ok=True)
    (folder / f"{name}.mends").unlink(missing_ok=True)
    (folder / f"{name}.answers").unlink(missing_ok=True)


def kept(folder: Path, name: UUID, sha256: str | None = None) -> tuple[Path, str]:
    """The upload and its hash. Raises Refusal when it is gone, Conflict when it has another hash."""
    file = where(folder, name)
    if not file.exists():
        raise Refusal("上传的文件已导入或已过期，请重新上传。")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if sha256 is not None and found != sha256:
        raise Conflict("上传的文件与您预览的不是同一个文件，请重新上传。")
    return file, found
