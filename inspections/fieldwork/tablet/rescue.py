"""Takes in the file that a tablet exported: what it could never send. The same file again changes nothing."""

import base64
import binascii
import itertools
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.fieldwork import finding_operations
from inspections.fieldwork.models import Operation
from inspections.fieldwork.tablet import protocol
from inspections.findings import evidence
from inspections.findings.models import Photo
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal

FORMAT = "inspections.field/1"


@dataclass
class Taken:
    """What became of the file: how many operations and photographs were new, known or refused, and why."""

    new: int = 0
    known: int = 0
    photos: int = 0
    refused: list[str] = field(default_factory=list)
    #: half-written answers and papers: they are counted, and stay in the file
    unfinished: int = 0


def opened(path: Path, kind: str, words: str) -> dict[str, Any]:
    """The JSON object in a file that was carried here. Raises Refusal where its `format` is not `kind`."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Refusal(f"{path.name}：不是{words}（应为 JSON）。") from None
    if not isinstance(said, dict) or said.get("format") != kind:
        raise Refusal(f"{path.name}：format 应为 {kind}。")
    return said


def read(path: Path) -> dict[str, Any]:
    """The file's content. Raises Refusal that names the place where it is no export of a tablet."""
    sent = opened(path, FORMAT, "平板导出的文件")
    for name in ("ops", "photos"):
        if not isinstance(sent.get(name), list) or not all(isinstance(each, dict) for each in sent[name]):
            raise Refusal(f"{path.name}：{name} 应为列表，每项为一个对象。")
    return sent


def take(session: orm.Session, sent: Mapping[str, Any], photos_dir: Path) -> Taken:
    """What became of it, flushed, not committed. Each operation goes in under its author, in order.

    The operations pass the same function as those of a page; what it refuses lies in quarantine.
    """
    taken, skew = Taken(), protocol.clock_ahead(sent.get("skew_ms"))
    for name, run in _runs(sent["ops"]):
        author = _author(session, name)
        if author is None:
            taken.refused += [f"{each.get('id')}：没有填写人 {name} 的账号。" for each in run]
            continue
        for ack in protocol.take(session, author, str(sent.get("device") or ""), run, sa.true(), skew):
            if ack.status == "refused":
                taken.refused.append(f"{ack.id}：{ack.sentence}")
            else:
                taken.known += ack.status == "dup"
                taken.new += ack.status != "dup"
    for number, photo in enumerate(sent["photos"], 1):
        try:
            taken.photos += _photo(session, photo, photos_dir)
        except (Refusal, Conflict) as refusal:
            taken.refused.append(f"第 {number} 张照片（{photo.get('id')}）：{refusal}")
    rest = sent.get("unfinished")
    if isinstance(rest, dict):
        taken.unfinished = sum(len(each) for each in rest.values() if isinstance(each, list))
    journal.record(session, "field.import", None, None, new=taken.new, photos=taken.photos)
    session.flush()
    return taken


def _runs(operations: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Author and operations that go in together: neighbours of one author."""
    for author, run in itertools.groupby(operations, lambda each: str(each.get("author"))):
        yield author, list(run)


def _author(session: orm.Session, name: str) -> User | None:
    try:
        return session.scalar(select(User).where(User.uuid == uuid.UUID(name)))
    except ValueError:
        return None


def _photo(session: orm.Session, photo: Mapping[str, Any], photos_dir: Path) -> bool:
    """Whether the photograph is new here. Raises Refusal for one whose operation is not in the ledger."""
    try:
        name = uuid.UUID(str(photo.get("id")))
        data = base64.b64decode(str(photo.get("bytes")), validate=True)
    except (ValueError, binascii.Error):
        raise Refusal("编号或内容不正确。") from None
    added = session.scalar(select(Operation).where(Operation.id == name, Operation.kind == "add"))
    if added is None:
        raise Refusal("没有登记这张照片的记录。")
    if session.get(Photo, name) is not None:
        return False
    evidence.accept(
        session,
        session.get_one(Posting, added.posting_id),
        session.get_one(User, added.author_id),
        data,
        photos_dir,
        name=name,
        item_code=added.item,
        finding=finding_operations.of_item(session, added.item),
        caption=added.value["caption"],
        named_by_operation=True,
    )
    return True
