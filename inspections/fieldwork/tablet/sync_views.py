"""The calls of the tablet: hello, visits, operations, changes, papers, photographs, what it still holds."""

import hashlib
import json
import threading
import uuid
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, make_response, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from inspections import web
from inspections.accounts.permissions import in_reach
from inspections.database import now
from inspections.fieldwork import finding_operations
from inspections.fieldwork.models import Operation
from inspections.fieldwork.tablet import devices, protocol
from inspections.findings import evidence
from inspections.findings.models import Finding
from inspections.findings.views import photos_dir
from inspections.rounds.models import Posting
from inspections.web import guarded

bp = Blueprint("sync", __name__)

APP = {"app": "inspections"}
DEVICE_COOKIE = "tablet"
#: photographs are looked at two at a time, and the others are told to come later: answers go before them
_examining = threading.BoundedSemaphore(2)
PHOTO_PATIENCE = 1.0


@bp.get("/api/hello")
@guarded("posting.read")
def hello() -> Any:
    user = {"id": str(current_user.uuid), "name": current_user.name, "role": current_user.role}
    return APP | {
        "user": user,
        "csrf": generate_csrf(),
        "time": now().isoformat(),
        "minimum_client": protocol.MINIMUM_CLIENT,
    }


@bp.get("/api/visits")
@guarded("posting.read")
def visits() -> Any:
    said = protocol.visits(web.session(), web.myself())
    return APP | {"visits": said, "vocabulary": protocol.vocabulary(web.session())}


@bp.post("/api/ops")
@guarded("answer.write")
def ops() -> Any:
    if (request.content_length or 0) > protocol.MOST_BYTES:
        return web.error_page(413, "一次上传的内容过大，请分批上传。")
    sent = request.get_json(silent=True)
    if not _plain(sent) or not isinstance(sent, dict) or not isinstance(sent.get("ops"), list):
        return web.error_page(422, "上传的内容应为 {device, ops} 格式的 JSON。")
    operations = sent["ops"]
    if len(operations) > protocol.MOST_OPS or not all(isinstance(each, dict) for each in operations):
        return web.error_page(422, f"一次最多上传 {protocol.MOST_OPS} 条记录，每条应为一个对象。")
    acks = protocol.take(
        web.session(), web.myself(), str(sent.get("device") or ""), operations, _papers("finding.write")
    )
    web.session().commit()
    return APP | {"acks": [protocol.ack_json(ack) for ack in acks]}


@bp.get("/api/changes")
@guarded("posting.read")
def changes() -> Any:
    posting = _visit()
    since = min(max(request.args.get("since", 0, int), 0), 2**31 - 1)
    found, seq = protocol.changes(web.session(), posting, since, _papers("finding.read"))
    return APP | {"ops": found, "seq": seq}


@bp.get("/api/papers")
@guarded("posting.read")
def papers() -> Any:
    posting = _visit()
    return APP | {"papers": protocol.papers(web.session(), _papers("finding.read"), posting)}


@bp.put("/api/device")
@guarded("answer.write")
def device() -> Any:
    """What the tablet still holds; the cookie remembers its name where its storage does not."""
    sent = request.get_json(silent=True)
    said = sent if isinstance(sent, dict) else {}
    name, waiting, client = _uuid(said.get("device")), _count(said.get("waiting")), _count(said.get("client"))
    if name is None or waiting is None or client is None:
        return web.error_page(422, "应说明平板编号、待传条数和程序版本。")
    persisted = said.get("persisted")
    before = _uuid(request.cookies.get(DEVICE_COOKIE))
    lost = devices.report(
        web.session(),
        web.myself(),
        name,
        waiting,
        client,
        persisted if isinstance(persisted, bool) else None,
        before,
    )
    web.session().commit()
    response = make_response(APP | {"lost": lost})
    response.set_cookie(
        DEVICE_COOKIE,
        str(name),
        max_age=400 * 24 * 3600,
        path="/api/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@bp.put("/api/photos/<uuid:name>")
@guarded("answer.write")
def photo(name: uuid.UUID) -> Any:
    """The photograph's bytes; its id is that of the operation that added it, which comes first."""
    _added(name)
    data = request.get_data()
    web.pause()  # decoding a photograph takes seconds
    if not _examining.acquire(timeout=PHOTO_PATIENCE):
        return web.error_page(429, "服务器正忙，照片稍后自动上传。")
    try:
        picture = evidence.examine(data)
    finally:
        _examining.release()
    added, author = _added(name), web.myself()
    posting = web.session().get_one(Posting, added.posting_id)
    evidence.keep(
        web.session(),
        posting,
        author,
        picture,
        photos_dir(),
        name,
        item_code=added.item,
        finding=finding_operations.of_item(web.session(), added.item),
        caption=added.value["caption"],
    )
    web.session().commit()
    return APP | {"id": str(name), "sha256": hashlib.sha256(data).hexdigest()}


def _visit() -> Posting:
    """The visit named in the address, or 404."""
    return web.one(Posting, _uuid(request.args.get("visit")) or abort(404))


def _uuid(said: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(said))
    except ValueError:
        return None


def _count(said: Any) -> int | None:
    return said if type(said) is int and 0 <= said < 2**31 else None


def _added(name: uuid.UUID) -> Operation:
    """The user's own operation that announced the photograph, or 404."""
    mine = select(Operation).where(Operation.id == name, Operation.author_id == current_user.id)
    found = web.session().scalar(mine.where(Operation.kind == "add", Operation.field == "photos"))
    return found if found is not None else abort(404)


def _plain(sent: Any) -> bool:
    """Whether every database can keep it: no NaN, no half of a character, not nested without end."""
    try:
        json.dumps(sent, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _papers(action: str) -> sa.ColumnElement[bool]:
    return in_reach(web.permissions(), current_user, action, Finding)
