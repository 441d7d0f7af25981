"""The calls that bring a photograph's bytes, whole or in pieces: bound to the operation that names it.

Whether the visit is open, the seat still the author's or the paper signed by now has been decided when that
operation was taken in.
"""

import hashlib
import threading
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.fieldwork import finding_operations
from inspections.fieldwork.models import Operation, Quarantined
from inspections.fieldwork.tablet import pieces
from inspections.fieldwork.tablet.sync_views import APP, OTHER_USER
from inspections.findings import evidence
from inspections.findings.views import photos_dir
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("photo_views", __name__)

#: photographs are looked at two at a time, and the others are told to come later: answers go before them
_examining = threading.BoundedSemaphore(2)
PHOTO_PATIENCE = 1.0


@bp.route("/api/photos/<uuid:name>", methods=["HEAD"])
@guarded("answer.write")
def photo_progress(name: uuid.UUID) -> Any:
    """How many of its bytes are here, in headers: a tablet goes on from there."""
    if isinstance(missing := _refused_user() or _added(name), tuple):
        return missing
    kept = evidence.known_photo(web.session(), name)
    here = pieces.progress(_parts(), name)
    if kept is not None:
        here = pieces.Progress(kept.sent_size or kept.size, kept.sent_size or kept.size)
    answer = Response(mimetype="application/json")
    answer.headers["Upload-Offset"], answer.headers["Upload-Length"] = str(here.offset), str(here.length)
    answer.headers["Upload-Complete"] = "?0" if kept is None else "?1"
    return answer


@bp.put("/api/photos/<uuid:name>")
@guarded("answer.write")
def photo(name: uuid.UUID) -> Any:
    """The photograph's bytes; its id is that of the operation that added it, which comes first."""
    if isinstance(missing := _refused_user() or _added(name), tuple):
        return missing
    in_pieces = "Upload-Length" in request.headers or "Upload-Offset" in request.headers
    if not in_pieces:
        return _kept(name, request.get_data())
    kept = evidence.known_photo(web.session(), name)
    if kept is not None and kept.sent_sha256:  # the answer to its last piece was lost
        return APP | {"id": str(name), "sha256": kept.sent_sha256, "offset": kept.sent_size}
    web.pause()  # a slow line holds no lock
    try:
        offset, length = (int(request.headers.get(each, "")) for each in ("Upload-Offset", "Upload-Length"))
    except ValueError:
        return web.error_page(422, "应在 Upload-Offset、Upload-Length 中说明位置和长度。")
    try:
        here = pieces.add_piece(_parts(), name, offset, length, request.get_data())
    except pieces.WrongOffset as wrong:
        return APP | {"error": "这一段照片接不上，请从已到的位置续传。", "offset": wrong.offset}, 409
    if here.offset < here.length:
        return APP | {"id": str(name), "offset": here.offset}
    try:
        answer = _kept(name, pieces.whole(_parts(), name))
    except Refusal:  # no picture: what came is of no use to anybody
        pieces.forget(_parts(), name)
        raise
    if isinstance(answer, dict):
        pieces.forget(_parts(), name)
        answer |= {"offset": here.length}
    return answer


def _kept(name: uuid.UUID, data: bytes) -> Any:
    """The answer when the photograph is kept; 429 where this machine looks at others just now."""
    web.pause()  # decoding a photograph takes seconds
    if not _examining.acquire(timeout=PHOTO_PATIENCE):
        return web.error_page(429, "服务器正忙，照片稍后自动上传。")
    try:
        picture = evidence.examine(data)
    finally:
        _examining.release()
    added, sha256 = _added(name), hashlib.sha256(data).hexdigest()
    if isinstance(added, tuple):
        return added
    evidence.keep(
        web.session(),
        web.session().get_one(Posting, added.posting_id),
        web.myself(),
        picture,
        photos_dir(),
        name,
        item_code=added.item,
        finding=finding_operations.of_item(web.session(), added.item),
        caption=added.value["caption"],
        named_by_operation=True,
        sent=evidence.SentBytes(sha256, len(data)),
    )
    web.session().commit()
    return APP | {"id": str(name), "sha256": sha256}


def _refused_user() -> Any:
    """The 409 for a tablet that sends in another name (`X-User`) than the cookie's; else None."""
    myself = str(current_user.uuid)
    if request.headers.get("X-User", myself) == myself:
        return None
    return APP | {"error": OTHER_USER, "user_id": myself}, 409


def _added(name: uuid.UUID) -> Any:
    """The user's own operation that announced the photograph; else the 404 that says whether it waits for the
    county (`quarantined`) or never came (`unknown`)."""
    mine = select(Operation).where(Operation.id == name, Operation.author_id == current_user.id)
    found = web.session().scalar(mine.where(Operation.kind == "add", Operation.field == "photos"))
    if found is not None:
        return found
    kept = select(Quarantined.id).where(
        Quarantined.operation_id == name, Quarantined.author_id == current_user.id
    )
    waits = web.session().scalar(kept.limit(1)) is not None
    sentence = "这张照片的记录待县统筹核对，照片请留在平板上。" if waits else "没有登记这张照片的记录。"
    return APP | {"error": sentence, "reason": "quarantined" if waits else "unknown"}, 404


def _parts() -> Path:
    """Where the pieces of photographs lie until they are whole."""
    return Path(current_app.instance_path) / "photo_parts"
