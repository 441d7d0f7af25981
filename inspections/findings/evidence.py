"""Takes photographs in: looks whether they are pictures, sets them upright, strips where they were taken.

What is kept is encoded anew, so that no position, phone or hidden data stays in the file. It serves nothing.
"""

import os
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import whole
from inspections.findings import team
from inspections.findings.models import STATES, Finding, Photo
from inspections.rounds.models import Posting
from inspections.site import gate, privacy
from inspections.site.gate import Picture
from inspections.site.refusal import Conflict, Refusal

MOST_BYTES = 15 * 1024 * 1024
#: what one form may bring: each picture costs this machine a second and a few megabytes
MOST_AT_ONCE = 12
MOST_TOGETHER = 100 * 1024 * 1024
LONGEST_CAPTION = 80


@dataclass(frozen=True, slots=True)
class SentBytes:
    """What a tablet sent before it was encoded anew: by it the tablet knows its own."""

    sha256: str
    size: int


def examine(data: bytes) -> Picture:
    """The picture in these bytes, upright and without metadata. Raises Refusal with what is wrong."""
    if not data:
        raise Refusal("照片文件是空的，请重新选择。")
    if len(data) > MOST_BYTES:
        raise Refusal(
            f"照片 {len(data) / 1024 / 1024:.0f} MB，超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再传。"
        )
    return gate.picture(data)


def surplus(sizes: Collection[int]) -> str:
    """Why photographs of these sizes (bytes) cannot come in one form, as a sentence; empty when they can."""
    if len(sizes) > MOST_AT_ONCE:
        return f"一次最多上传 {MOST_AT_ONCE} 张照片，现有 {len(sizes)} 张，请分几次保存。"
    if sum(sizes) > MOST_TOGETHER:
        together = f"{sum(sizes) / 1024 / 1024:.0f} MB"
        return f"照片合计 {together}，一次最多 {MOST_TOGETHER // 1024 // 1024} MB，请分几次保存。"
    return ""


def accept(
    session: orm.Session,
    posting: Posting,
    author: User,
    data: bytes,
    photos_dir: Path,
    **kept: Any,
) -> Photo:
    """The stored photograph of these bytes: `examine`, then `keep`, which says what else may be `kept`."""
    return keep(session, posting, author, examine(data), photos_dir, **kept)


def keep(
    session: orm.Session,
    posting: Posting,
    author: User,
    picture: Picture,
    photos_dir: Path,
    name: uuid.UUID | None = None,
    item_code: str | None = None,
    finding: Finding | None = None,
    caption: str = "",
    named_by_operation: bool = False,
    sent: SentBytes | None = None,
) -> Photo:
    """The photograph's row; its bytes lie whole and synced in `photos_dir` under its random name.

    The same name with the same bytes again is the same photograph, with other bytes a Conflict. Raises
    Refusal for a real place, a stranger to the team, or a working paper that is no longer open. One that is
    `named_by_operation` of the ledger is kept whoever sits in the team by now; where its paper was signed
    meanwhile, it stays beside it as evidence of the visit.
    """
    team.require_member(posting, author, had_seat=named_by_operation)
    if finding is not None and finding.state not in ("draft", "returned"):
        if not named_by_operation:
            raise Refusal(f"底稿{STATES[finding.state]}，不能再加照片。")
        finding = None
    if finding is None and item_code:
        finding = _only_open_paper(session, posting, item_code)
    caption = caption.strip()[:LONGEST_CAPTION]
    if privacy.private_number(caption):
        raise Refusal(privacy.SENTENCE)
    known = known_photo(session, name) if name else None
    if known is not None:
        return _same(known, posting, picture)
    photo = Photo(
        id=name or uuid.uuid4(),
        posting_id=posting.id,
        unit_id=posting.unit_id,
        finding_id=finding.id if finding else None,
        item_code=item_code,
        caption=caption,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.data),
        sha256=picture.sha256,
        small_sha256=picture.small_sha256,
        sent_sha256=sent.sha256 if sent else None,
        sent_size=sent.size if sent else None,
        author_id=author.id,
    )
    try:
        with session.begin_nested():
            session.add(photo)
            session.flush()
    except exc.IntegrityError:  # the same form sent twice at once
        known = known_photo(session, name) if name else None
        if known is None:
            raise
        return _same(known, posting, picture)
    # after the row: whoever loses the race for a name never touches the winner's file
    _write(path_of(photos_dir, photo.id), picture.data)
    _write(path_of(photos_dir, photo.id, small=True), picture.small)
    journal.record(session, "photo.accept", photo.id, author, sha256=photo.sha256)
    session.flush()
    return photo


def known_photo(session: orm.Session, name: uuid.UUID) -> Photo | None:
    """The photograph of that name, whoever may see it: its paper may be the case room's by now."""
    with whole(session):
        return session.get(Photo, name)


def _only_open_paper(session: orm.Session, posting: Posting, item_code: str) -> Finding | None:
    """The open paper of that item, where there is just one: a photograph that comes late still joins it."""
    of_item = select(Finding).where(Finding.posting_id == posting.id, Finding.item_code == item_code)
    still = [each for each in session.scalars(of_item) if each.state in ("draft", "returned")]
    return still[0] if len(still) == 1 else None


def path_of(photos_dir: Path, name: uuid.UUID, small: bool = False) -> Path:
    """Where the bytes of that photograph lie, or those of its small JPEG."""
    return photos_dir / (f"{name}.small" if small else str(name))


def _same(known: Photo, posting: Posting, picture: Picture) -> Photo:
    if known.posting_id != posting.id or known.sha256 != picture.sha256:
        raise Conflict("这个照片编号已用于另一张照片。")
    return known


def _write(path: Path, data: bytes) -> None:
    """Nothing; the whole file is on disk, or none of it is under that name."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
