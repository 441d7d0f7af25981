"""The calls by which a tablet says what it holds, signs a person in again, and is handed back."""

import uuid
from typing import Any

from flask import Blueprint, current_app, make_response, request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from inspections import web
from inspections.accounts import brake
from inspections.accounts.sign_in import NAME, caller, open_session
from inspections.fieldwork.models import Device
from inspections.fieldwork.tablet import devices, handing_back, renewal
from inspections.fieldwork.tablet.sent import counted, named_list, named_uuid, sent_object
from inspections.fieldwork.tablet.sync_views import APP, greeting
from inspections.web import guarded

bp = Blueprint("handover_views", __name__)

DEVICE_COOKIE = "tablet"
#: set in a session that a token opened and no password
RENEWED = "renewed"
BURNED = "这台平板上的续登凭证已失效，请用密码登录。"


@bp.put("/api/device")
@guarded("answer.write")
def device() -> Any:
    """What the tablet still holds; the cookie remembers its name where its storage does not."""
    said = sent_object(request.get_data(), "{device, waiting, client, persisted}")
    name, waiting, client = (
        named_uuid(said.get("device")),
        counted(said.get("waiting")),
        counted(said.get("client")),
    )
    if name is None or waiting is None or client is None:
        return web.error_page(422, "应说明平板编号、待传条数和程序版本。")
    persisted = said.get("persisted")
    told = devices.Report(
        name, waiting, client, persisted if isinstance(persisted, bool) else None, _people(said)
    )
    before = named_uuid(request.cookies.get(DEVICE_COOKIE))
    lost = devices.report(web.session(), web.myself(), told, before)
    devices.open_on(web.session(), name, cookie.get(NAME, ""))
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


@bp.put("/api/token")
@guarded("answer.write")
def token() -> Any:
    """The hash of the token by which this person is signed in on this tablet next time."""
    said = sent_object(request.get_data(), "{device, next}")
    name = named_uuid(said.get("device"))
    if name is None:
        return web.error_page(422, "应说明平板编号。")
    renewal.keep_token(web.session(), web.myself(), name, str(said.get("next")))
    web.session().commit()
    return APP


@bp.get("/api/renew")
@guarded("session.renew")
def before_renewal() -> Any:
    """The token of a form, for whoever is not signed in yet."""
    return APP | {"csrf": generate_csrf()}


@bp.post("/api/renew")
@guarded("session.renew")
def renew() -> Any:
    """The person is signed in on this tablet again; 401 where the token does not count."""
    said = sent_object(request.get_data(), "{device, user_id, token, next}")
    name, user = named_uuid(said.get("device")), named_uuid(said.get("user_id"))
    if name is None or user is None:
        return web.error_page(422, "应说明平板编号和人员。")
    asking = caller(f"renew {user}")
    if seconds := brake.wait(web.session(), asking):
        return web.error_page(429, f"续登失败次数过多，请 {seconds} 秒后再试。")
    person = renewal.renewed(web.session(), name, user, str(said.get("token")), str(said.get("next")))
    (brake.failed if person is None else brake.succeeded)(web.session(), asking)
    if person is None:
        web.session().commit()
        return APP | {"error": BURNED}, 401
    open_session(web.session(), person)
    cookie[RENEWED] = True
    devices.open_on(web.session(), name, cookie[NAME])
    web.session().commit()
    return greeting()


@bp.put("/api/recovery")
@guarded("answer.write")
def keep_recovery() -> Any:
    """What opens this person's store on this tablet, together with the tablet, when the PIN is forgotten."""
    said = sent_object(request.get_data(), "{device, secret}")
    name = named_uuid(said.get("device"))
    if name is None:
        return web.error_page(422, "应说明平板编号。")
    renewal.keep_secret(web.session(), web.myself(), name, str(said.get("secret")))
    web.session().commit()
    return APP


@bp.get("/api/recovery")
@guarded("answer.write")
def recovery() -> Any:
    """The secret, for a session that the password opened: a renewed one would need the forgotten PIN."""
    if cookie.get(RENEWED):
        return APP | {"error": "请退出后用密码登录，再重设平板的 PIN。", "reason": "password"}, 403
    name = named_uuid(request.args.get("device"))
    return APP | {"secret": renewal.kept_secret(web.session(), web.myself(), name) if name else None}


@bp.post("/api/have")
@guarded("answer.write")
def have() -> Any:
    """Which operations and photographs of those named the server lacks."""
    found = _held(sent_object(request.get_data(), "{device, ops, photos}"))
    return found if isinstance(found, tuple) else APP | _told(found)


@bp.post("/api/handback")
@guarded("answer.write")
def hand_back() -> Any:
    """As `have`; where nothing is missing the tablet is off the county's list and may be wiped."""
    said = sent_object(request.get_data(), "{device, ops, photos}")
    found = _held(said)
    if isinstance(found, tuple):
        return found
    known = web.session().scalar(select(Device).where(Device.id == named_uuid(said.get("device"))))
    if known is None:
        return web.error_page(404, "这台平板还没有登记，请先联网一次。")
    if found.whole:
        handing_back.hand_back(web.session(), known, web.myself())
        web.session().commit()
    return APP | _told(found) | {"handed_back": found.whole}


def _held(said: dict[str, Any]) -> Any:
    """What the server has of what the tablet names, or the answer to what is no such list."""
    operations = named_list(said.get("ops"), handing_back.MOST_IDS)
    photos = named_list(said.get("photos"), handing_back.MOST_IDS)
    if operations is None or photos is None:
        return web.error_page(422, f"ops、photos 应为编号的列表，各不超过 {handing_back.MOST_IDS} 个。")
    return handing_back.held(web.session(), str(said.get("device") or ""), operations, photos)


def _told(found: handing_back.Held) -> dict[str, Any]:
    return {
        "missing_ops": [str(each) for each in found.missing_operations],
        "quarantined": [str(each) for each in found.quarantined],
        "missing_photos": [str(each) for each in found.missing_photos],
        "operations": found.operations,
        "photographs": found.photographs,
    }


def _people(said: dict[str, Any]) -> dict[uuid.UUID, int]:
    """How much of whom waits on the tablet; what cannot be read is left out."""
    told = said.get("people")
    pairs = [(named_uuid(key), counted(each)) for key, each in told.items()] if isinstance(told, dict) else []
    return {key: each for key, each in pairs[:50] if key is not None and each is not None}
