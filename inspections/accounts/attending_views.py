"""Whether somebody is still there: a session that was left is locked, and what was typed in it is kept.

The page that asks for the password carries the form that was sent; with the password the form goes on.
"""

import contextlib
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from inspections import web
from inspections.accounts import second_factor, sessions
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.accounts.sessions import Standing
from inspections.accounts.sign_in import open_session, proven
from inspections.database import now
from inspections.site.refusal import Refusal

#: in the form of the lock: the password, the code of the second factor, and that a page was asked for only
PASSWORD, CODE, ONLY_A_PAGE = "unlock_password", "unlock_code", "unlock_page"


def locked(user: User, opened: sessions.UserSession) -> Any:
    """None where the password was given: the request goes on in a new session; else what asks for it."""
    if request.path.startswith("/api/"):
        return {"app": "inspections", "error": "离开时间过长，请重新登录。"}, 401
    told = ""
    if PASSWORD in request.form:
        told = _unlocked(user, opened)
        if not told:
            only_page = ONLY_A_PAGE in request.form
            return redirect(request.full_path.rstrip("?")) if only_page else None
    return render_template("accounts/locked.html", kept=_kept(), told=told, **_names()), 401


def _unlocked(user: User, opened: sessions.UserSession) -> str:
    """Why the session stays locked, as a sentence; empty when it goes on under another name."""
    session = web.session()
    key, code = current_app.config["SECRET_KEY"], request.form.get(CODE, "")
    try:
        good = proven(session, user, request.form[PASSWORD], lambda: second_factor.fits(user, code, key))
    except Refusal as held:
        return str(held)
    if good:
        sessions.end(session, opened, None)
        open_session(session, user)
    session.commit()
    if good:
        return ""
    return "密码或动态口令不正确。" if user.totp_secret else "密码不正确。"


def _kept() -> list[tuple[str, str]] | None:
    """The fields of the form that was sent; None for a page, and for one that holds passwords."""
    ours = (PASSWORD, CODE, ONLY_A_PAGE)
    secret = request.endpoint in ("accounts.password", "security.second_factor_page")
    if request.method != "POST" or ONLY_A_PAGE in request.form or secret:
        return None
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ours]


def _names() -> dict[str, str]:
    return {"password": PASSWORD, "code": CODE, "only_a_page": ONLY_A_PAGE}


def is_for_anybody() -> bool:
    """Whether the page asked for is shown to strangers too, or ends the session."""
    view = current_app.view_functions.get(request.endpoint or "")
    reaches = web.permissions().table.get(getattr(view, "action", ""), {})
    return request.endpoint == "accounts.sign_out" or reaches.get("anonymous", Reach.NEVER) is not Reach.NEVER


def somebody_asks() -> bool:
    """Whether a person is behind the request: a page that looks for news by itself is nobody."""
    return request.method != "GET" or request.headers.get("Sec-Fetch-Dest", "document") != "empty"


def init_app(app: Flask) -> None:
    """Mounts both questions on the application, after `sign_in`."""

    @app.before_request
    def attend() -> Any:
        """Whoever left the desk gives the password again; that somebody is there is written down."""
        if not current_user.is_authenticated or "opened" not in g:
            return None
        if g.standing is Standing.LOCKED and not is_for_anybody():
            return locked(web.myself(), g.opened)
        name, seen_at = g.opened.name, g.opened.seen_at
        if g.standing is Standing.OPEN and somebody_asks() and now() - seen_at >= sessions.EVERY:
            web.pause()
            with contextlib.suppress(OperationalError), app.extensions["sessions"]() as own_session:
                sessions.seen(own_session, name)  # where others write for long it is noted the next time
                own_session.commit()
        return None

    @app.before_request
    def second_factor_first() -> Any:
        """Where the county asks for a second factor, whoever decides sets it up before anything else."""
        needed = app.extensions["settings"].second_factor_required
        if (
            current_user.is_authenticated
            and not current_user.must_change
            and second_factor.is_missing(current_user, needed)
            and request.endpoint
            not in ("security.second_factor_page", "accounts.sign_out", "static", "bootstrap.static")
        ):
            return redirect(url_for("security.second_factor_page"))
        return None
