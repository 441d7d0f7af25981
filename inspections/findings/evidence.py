"""Takes photographs in: looks whether they are pictures, sets them upright, strips where they were taken.

What is kept is encoded anew, so that no position, phone or hidden data stays in the file. It serves nothing.
"""

import hashlib
import io
import os
import secrets
import struct
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, ImageOps
from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.findings import team
from inspections.findings.models import STATES, Finding, Photo
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

MOST_BYTES = 15 * 1024 * 1024
#: what one form may bring: each picture costs this machine a second and a few megabytes
MOST_AT_ONCE = 12
MOST_TOGETHER = 100 * 1024 * 1024
#: what the web process reads at all, so that a form with too much is answered by the form
MOST_SENT = 2 * MOST_TOGETHER
#: a 100 megapixel phone is refused rather than given 400 MB of this machine's memory
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 4096
SMALL_SIDE = 480
LONGEST_CAPTION = 80
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


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


def examine(data: bytes) -> Picture:
    """The picture in these bytes, upright and without metadata. Raises Refusal with what is wrong."""
    if not data:
        raise Refusal("照片文件是空的，请重新选择。")
    if len(data) > MOST_BYTES:
        raise Refusal(
            f"照片 {len(data) / 1024 / 1024:.0f} MB，超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再传。"
        )
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Refusal("这是苹果手机的 HEIC 格式，请在相机设置中改为“兼容性最佳”或另存为 JPEG 后再传。")
    opened = _opened(data)
    try:
        return _upright(opened)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError):
        raise Refusal("照片不完整或已损坏，请重新拍摄或重新选择。") from None


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
) -> Photo:
    """The photograph's row; its bytes lie whole and synced in `photos_dir` under its random name.

    The same name with the same bytes again is the same photograph, with other bytes a Conflict. Raises
    Refusal for a real place, a stranger to the team, or a working paper that is no longer open.
    """
    team.require_member(posting, author)
    if finding is not None and finding.state not in ("draft", "returned"):
        raise Refusal(f"底稿{STATES[finding.state]}，不能再加照片。")
    if finding is None and item_code:
        finding = _only_open_paper(session, posting, item_code)
    caption = caption.strip()[:LONGEST_CAPTION]
    if privacy.private_number(caption):
        raise Refusal(privacy.SENTENCE)
    known = session.get(Photo, name) if name else None
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
        author_id=author.id,
    )
    try:
        with session.begin_nested():
            session.add(photo)
            session.flush()
    except exc.IntegrityError:  # the same form sent twice at once
        known = session.get(Photo, name)
        if known is None:
            raise
        return _same(known, posting, picture)
    # after the row: whoever loses the race for a name never touches the winner's file
    _write(path_of(photos_dir, photo.id), picture.data)
    _write(path_of(photos_dir, photo.id, small=True), picture.small)
    journal.record(session, "photo.accept", photo.id, author, sha256=photo.sha256)
    session.flush()
    return photo


def _only_open_paper(session: orm.Session, posting: Posting, item_code: str) -> Finding | None:
    """The open paper of that item, where there is just one: a photograph that comes late still joins it."""
    of_item = select(Finding).where(Finding.posting_id == posting.id, Finding.item_code == item_code)
    still = [each for each in session.scalars(of_item) if each.state in ("draft", "returned")]
    return still[0] if len(still) == 1 else None


def path_of(photos_dir: Path, name: uuid.UUID, small: bool = False) -> Path:
    """Where the bytes of that photograph lie, or those of its small JPEG."""
    return photos_dir / (f"{name}.small" if small else str(name))


def _opened(data: bytes) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError):
        raise Refusal("这个文件不是照片，只接受 JPEG、PNG、WebP。") from None
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()
    return opened


def _too_many_pixels() -> Refusal:
    return Refusal(f"照片像素过多，最多 {MOST_PIXELS // 10_000} 万像素，请降低分辨率后再传。")


def _upright(opened: Image.Image) -> Picture:
    kind = opened.format or "JPEG"
    # WeasyPrint turns this on for the whole process when it is imported: half a photograph would pass
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG far too large is decoded smaller
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if kind == "JPEG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    profile = upright.info.get("icc_profile")
    upright.info.clear()  # position, comments, XMP: all of it would be written out again
    small = upright.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    lossy = {} if kind == "PNG" else {"quality": 90}
    data = _encoded(upright, kind, icc_profile=profile, **lossy)
    return Picture(
        data=data,
        small=_encoded(_on_white(small), "JPEG", quality=80, icc_profile=profile),
        media_type=MEDIA_TYPES[kind],
        width=upright.width,
        height=upright.height,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparency, which a JPEG cannot hold."""
    if picture.mode in ("RGB", "L"):
        return picture
    opaque = Image.new("RGB", picture.size, "white")
    layered = picture.convert("RGBA")
    opaque.paste(layered, mask=layered.getchannel("A"))
    return opaque


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **{key: value for key, value in options.items() if value is not None})
    return out.getvalue()


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
