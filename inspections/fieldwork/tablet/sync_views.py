"""The calls by which a tablet gives and takes: hello, visits, operations, changes, papers."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from inspections import web
from inspections.accounts.permissions import in_reach
from inspections.database import now
from inspections.fieldwork.tablet import epochs, protocol, rule_file
from inspections.fieldwork.tablet.sent import named_uuid, sent_object
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from inspections.web import guarded

bp = Blueprint("sync", __name__)

APP = {"app": "inspections"}
OTHER_EPOCH = "服务器已从备份恢复，平板将重新核对并补传。"
OTHER_USER = "登录的是另一位同志，请由填写人登录后上传。"


@bp.get("/api/hello")
@guarded("posting.read")
def hello() -> Any:
    return greeting()


def greeting() -> dict[str, Any]:
    """Who is signed in, with the token of the session, and which ledger this is."""
    user = web.myself()
    return APP | {
        "user": {"id": str(user.uuid), "name": user.name, "role": user.role},
        "user_id": str(user.uuid),
        "csrf": generate_csrf(),
        "time": now().isoformat(),
        "minimum_client": protocol.MINIMUM_CLIENT,
        "epoch": _epoch(),
        "newest": epochs.newest_place(web.session()),
        "limits": rule_file.rules_hash(),
        "keep_days": int(current_app.config["TABLET_KEEP_DAYS"]),
    }


@bp.get("/api/visits")
@guarded("posting.read")
def visits() -> Any:
    checks = web.permissions().allows(current_user, "check.read")
    if request.args.get("brief"):
        return APP | {"visits": protocol.brief_visits(web.session(), web.myself(), checks)}
    said = protocol.visits(web.session(), web.myself(), checks)
    return APP | {"visits": said, "vocabulary": protocol.vocabulary(web.session())}


@bp.post("/api/ops")
@guarded("answer.write")
def ops() -> Any:
    if (request.content_length or 0) > protocol.MOST_BYTES:
        return web.error_page(413, "一次上传的内容过大，请分批上传。")
    sent = sent_object(request.get_data(), "{device, ops}")
    operations = sent.get("ops")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        return web.error_page(422, "上传的内容应为 {device, ops} 格式的 JSON，ops 每条应为一个对象。")
    if len(operations) > protocol.MOST_OPS:
        return web.error_page(422, f"一次最多上传 {protocol.MOST_OPS} 条记录。")
    speaks_two = sent.get("protocol") == 2
    if speaks_two and (elsewhere := _elsewhere(sent)):
        return elsewhere, 409
    device, skew = str(sent.get("device") or ""), protocol.clock_ahead(sent.get("skew_ms"))
    settles = web.permissions().allows(current_user, "check.answer")
    writable = _papers("finding.write")
    acks = protocol.take(web.session(), web.myself(), device, operations, writable, skew, settles)
    web.session().commit()
    return APP | {"acks": [protocol.ack_json(ack, speaks_two) for ack in acks]}


@bp.get("/api/changes")
@guarded("posting.read")
def changes() -> Any:
    posting = _visit()
    since = min(max(request.args.get("since", 0, int), 0), 2**31 - 1)
    checks = web.permissions().allows(current_user, "check.read")
    found, seq = protocol.changes(web.session(), posting, since, _papers("finding.read"), checks)
    return APP | {"ops": found, "seq": seq}


@bp.get("/api/papers")
@guarded("posting.read")
def papers() -> Any:
    posting = _visit()
    return APP | {"papers": protocol.papers(web.session(), _papers("finding.read"), posting)}


def _elsewhere(sent: dict[str, Any]) -> dict[str, Any] | None:
    """What to answer a tablet that speaks to another ledger, or in another's name; None when all is well."""
    if sent.get("user_id") != str(current_user.uuid):
        return APP | {"error": OTHER_USER, "user_id": str(current_user.uuid)}
    epoch = _epoch()
    if sent.get("epoch") != epoch:
        newest = epochs.newest_place(web.session())
        return APP | {"error": OTHER_EPOCH, "epoch": epoch, "newest": newest}
    return None


def _epoch() -> str:
    """The ledger's word. The first tablet that asks may find none: then it is made on a session of its own: a
    page that only looks writes nothing."""
    known = epochs.current_epoch(web.session())
    if known is not None:
        return known
    web.pause()
    with current_app.extensions["sessions"]() as session:
        made = epochs.ensure_epoch(session)
        session.commit()
    return made


def _visit() -> Posting:
    """The visit named in the address, or 404."""
    return web.one(Posting, named_uuid(request.args.get("visit")) or abort(404))


def _papers(action: str) -> sa.ColumnElement[bool]:
    return in_reach(web.permissions(), current_user, action, Finding)
