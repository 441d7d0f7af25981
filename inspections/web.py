"""What every page needs: the guard, the request's session, rows in reach, error pages, safe headers.

Views import it; business modules never do.
"""

import datetime as dt
import errno
import functools
import gzip
import hashlib
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import orm
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from inspections import journal, wording
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, in_reach
from inspections.database import Base, Overtaken, whole
from inspections.site import chain, limits, room, slowly
from inspections.site.refusal import Conflict, Refusal

#: what is sent gzipped over a village's line. Pages are not, for beside their token they repeat what was
#: asked for, and its length would give the token away (BREACH); but a plan's, which repeat nothing
COMPRESSED = {
    "static",
    "bootstrap.static",
    "tablet.shell",
    "tablet.worker",
    "sync.visits",
    "sync.changes",
    "sync.papers",
    "tablet.rules",
    "rounds.plan_page",
    "adjusting.page",
}

#: what is taken away when it is opened: each is written down with who took it
TAKEN = {
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/csv",
}

View = TypeVar("View", bound=Callable[..., Any])
M = TypeVar("M")

SENTENCES = {
    400: "请求不完整或已过期，请返回上一页重试。",
    403: "您的账号没有这项权限。",
    404: "没有找到这条记录，或它不在您的范围内。",
    405: "这个地址不支持这种操作。",
    409: "内容已被他人修改，请核对后重新提交。",
    413: "上传的文件过大。",
    422: "提交的内容有误。",
    429: "操作过于频繁，请稍后再试。",
    507: "服务器磁盘空间不足，暂时不能上传照片和文件；请联系系统管理员，您填写的内容请先不要关闭。",
    503: "系统正忙，您刚才提交的内容没有保存，请稍后再试。",
    500: "系统出现故障，已记录。您刚才提交的内容没有保存。",
}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(), payment=()",
}


def guarded(action: str) -> Callable[[View], View]:
    """A view that answers only those whom the permission table allows `action`; the action is its name.

    Nobody signed in → the sign-in page (401 for JSON); a role without the action → 403.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if not permissions().allows(current_user, action):
                if current_user.is_authenticated:
                    journal.record(session(), "probe.refused", None, current_user, action=action)
                    session().commit()
                    abort(403)
                if request.path.startswith("/api/"):
                    return {"app": "inspections", "error": "请先登录。"}, 401
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            if current_user.is_authenticated and "sighted" not in g:
                current_app.extensions["sight"](session(), current_user)
                g.sighted = True
            g.action = action
            with slowly.remembered():
                try:
                    return view(*args, **kwargs)
                except Overtaken:
                    _look_again()
                    return view(*args, **kwargs)

        wrapper.action = action  # type: ignore[attr-defined]
        return wrapper  # type: ignore[return-value]

    return decorate


def refuse_unguarded(app: Flask) -> None:
    """Nothing, or RuntimeError naming each URL whose view has no action known to the permission table."""
    known = app.extensions["permissions"].table
    bare = []
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], "action", None)
        if action not in known:
            bare.append(f"{rule.rule} ({rule.endpoint}: {action})")
    if bare:
        raise RuntimeError("no action of seeds/permissions.csv guards: " + "; ".join(sorted(bare)))


def permissions() -> Permissions:
    """The permission table of this application."""
    table: Permissions = current_app.extensions["permissions"]
    return table


def session() -> orm.Session:
    """The request's database session; it keeps nobody from writing before its own first write."""
    if "session" not in g:
        g.session = current_app.extensions["sessions"](reading=True)
    opened: orm.Session = g.session
    return opened


def myself() -> User:
    """The signed-in user as a row of this request's session."""
    return session().get_one(User, current_user.id)


def seen(sent: object) -> int:
    """The version that was on the page which was submitted; 0, which no record has, for nonsense or none."""
    text = str(sent or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _look_again() -> None:
    """Nothing; the view may run once more, as a writer from its start: what took long is remembered."""
    session().rollback()
    session().bind = current_app.extensions["engine"]
    for file in request.files.values():
        file.stream.seek(0)


def pause() -> None:
    """Nothing; the request's transaction ends, and the next look at the database begins another.

    Called before slow work (decoding photographs), so that what is decided rests on how things are after it.
    """
    session().rollback()


def intact(data: bytes, sha256: str, subject: uuid.UUID, *rows: Base) -> bytes:
    """The bytes, when they are those that were taken in and no one of the rows that say so was changed.

    Else nothing is served and the auditor is told.
    """
    if hashlib.sha256(data).hexdigest() == sha256:
        hold_to_chain(subject, *rows)
        return data
    return _alarm(subject)


def hold_to_chain(subject: uuid.UUID, *rows: Base) -> None:
    """Nothing, when the rows are as the chain says; else they are not shown and the auditor is told."""
    if not all(chain.holds(session(), row) for row in rows):
        _alarm(subject)


def _alarm(subject: uuid.UUID) -> NoReturn:
    session().rollback()
    _note("trace.broken", subject)
    abort(make_response(error_page(500, "这份文件与入库时不同，已停止提供，并已记入日志交审计核查。")))


def note_reading(act: str, subject: uuid.UUID) -> None:
    """Nothing; that this account has read the record stands in the journal."""
    _note(act, subject)
    g.noted = True


def _note(act: str, subject: uuid.UUID | None = None, **detail: Any) -> None:
    journal.record(session(), act, subject, current_user, **detail)
    session().commit()


def _note_taking(response: Response) -> None:
    """Nothing; that this account took a file away stands in the journal, once, whichever page gave it."""
    taken = response.mimetype in TAKEN and request.method == "GET" and response.status_code == 200
    if not taken or g.get("noted") or not current_user.is_authenticated:
        return
    subject = (request.view_args or {}).get("name")
    of = subject if isinstance(subject, uuid.UUID) else None
    try:
        _note("export.take", of, action=g.action)
    except Overtaken:
        _look_again()
        _note("export.take", of, action=g.action)


def page_number() -> int:
    """The page asked for in the address, counted from 1; anything odd is the first."""
    return min(max(request.args.get("page", 1, int), 1), 100_000)


def rows(model: type[M], action: str | None = None) -> sa.Select[M]:
    """A select of `model` narrowed to what the user reaches with the page's action (or the named one)."""
    return sa.select(model).where(in_reach(permissions(), current_user, action or g.action, model))


def one(
    model: type[M], name: uuid.UUID, action: str | None = None, with_: Sequence[ExecutableOption] = ()
) -> M:
    """The row of that random name, read together `with_` what hangs on it; 404 when there is none in reach:
    the two look the same from outside."""
    column: Any = getattr(model, "uuid", None)
    if column is None:  # a photograph's own key is its random name
        column = model.id  # type: ignore[attr-defined]
    found = session().scalar(rows(model, action).where(column == name).options(*with_))
    if found is not None:
        return found
    with whole(session()):
        there = session().scalar(sa.select(sa.func.count()).select_from(model).where(column == name))
    if there and current_user.is_authenticated:
        session().rollback()
        _note("probe.beyond", name, action=action or g.action)
    return abort(404)


def error_page(code: int, sentence: str | None = None, changes: list[str] | None = None) -> tuple[Any, int]:
    """The page (or JSON, under /api/) that says in one sentence what went wrong."""
    if "session" in g:  # a failed flush would fail the error page too
        g.session.rollback()
    sentence = sentence or SENTENCES.get(code, SENTENCES[500 if code >= 500 else 400])
    if request.path.startswith("/api/"):
        return {"app": "inspections", "error": sentence}, code
    return render_template("errors/error.html", code=code, sentence=sentence, changes=changes or []), code


def hold_bodies(app: Flask) -> None:
    """Nothing; from now on a body is read up to the limit of its address only, and of whoever sends it."""

    @app.before_request
    def hold() -> Any:
        request.max_content_length = limits.most(request.endpoint, current_user.is_authenticated)
        if room.is_for_words_alone(Path(app.instance_path), request.endpoint, request.content_length or 0):
            return error_page(507)
        return None


def init_app(app: Flask) -> None:
    """Mounts the session's end, the error pages, the headers and what templates may ask."""

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        opened = g.pop("session", None)
        if opened is not None:
            opened.close()

    @app.errorhandler(Conflict)
    def conflict(refusal: Conflict) -> Any:
        return error_page(409, str(refusal), refusal.changes)

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Any:
        return error_page(422, str(refusal))

    @app.errorhandler(orm.exc.StaleDataError)
    def stale(_: Exception) -> Any:
        return error_page(409)

    @app.errorhandler(sa.exc.IntegrityError)
    def taken(fault: sa.exc.IntegrityError) -> Any:
        """A number or login that another county uses, which this account cannot see, or two at one moment."""
        app.logger.warning("a record clashes with another: %s", fault.orig)
        return error_page(409, "与已有的记录冲突（编号或账号可能已在别处使用），没有保存，请换一个再试。")

    @app.before_request
    def no_nul() -> Any:
        """PostgreSQL cannot even compare with the character NUL, and nobody means it."""
        said = [*request.args.values(), *(request.view_args or {}).values()]
        return error_page(400) if any("\0" in str(each) for each in said) else None

    @app.errorhandler(sa.exc.OperationalError)
    def busy(fault: sa.exc.OperationalError) -> Any:
        if "disk is full" in str(fault.orig):
            return full(fault)
        if "locked" not in str(fault.orig):
            return broken(fault)
        return error_page(503)

    @app.errorhandler(SecurityError)
    def another_host(_: SecurityError) -> Any:
        """No page: what names this site wrongly gets no address of it."""
        return Response("请求的主机名不是本系统的，请核对网址。\n", 400, mimetype="text/plain")

    @app.errorhandler(OSError)
    def full(fault: Exception) -> Any:
        """Nothing fits any more: the ballast goes, so that the next words do."""
        if isinstance(fault, OSError) and fault.errno != errno.ENOSPC:
            return broken(fault)
        room.throw_off(Path(app.instance_path))
        app.logger.error("the disk is full; the ballast was thrown off")
        return error_page(507, "服务器磁盘已满，您刚才提交的内容没有保存，请稍后再交一次，并联系系统管理员。")

    @app.errorhandler(CSRFError)
    def forged(_: CSRFError) -> Any:
        return error_page(400, "页面已过期，请返回上一页重新提交；您填写的内容没有保存。")

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Any:
        return error_page(fault.code or 500)

    @app.errorhandler(Exception)
    def broken(fault: Exception) -> Any:
        if app.testing:
            raise fault
        app.logger.exception("unhandled fault on %s", request.endpoint)
        return error_page(500)

    @app.after_request
    def refused_form(response: Response) -> Response:
        """What was refused says so in the title, which is read out first."""
        if response.status_code == 422 and response.mimetype == "text/html" and not response.is_streamed:
            response.set_data(response.get_data(as_text=True).replace("<title>", "<title>有误：", 1))
        return response

    @app.after_request
    def headers(response: Response) -> AnyResponse:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint not in ("static", "bootstrap.static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return compressed(response) if request.endpoint in COMPRESSED else response

    @app.after_request
    def take(response: Response) -> Response:
        _note_taking(response)
        return response

    @app.context_processor
    def for_templates() -> dict[str, Any]:
        return {"may": lambda action: permissions().allows(current_user, action)}

    app.add_template_filter(wording.date_words, "date_words")
    app.add_template_filter(wording.money_words, "money_words")
    app.add_template_filter(local_time)


def compressed(response: Response) -> Response:
    """The answer gzipped for whoever takes it so; a picture, or a word of one line, stays as it is."""
    media = response.mimetype or ""
    text = media.startswith("text/") or media in ("application/json", "image/svg+xml")
    if response.status_code != 200 or not text or "gzip" not in request.accept_encodings:
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


def local_time(instant: dt.datetime | None) -> str:
    """2026-10-30 17:05 in the county's own time; empty for None."""
    return instant.astimezone(wording.SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else ""
