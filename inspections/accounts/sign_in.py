"""Signing in: password hashes and the session. No pages here; the brake on guessing is `brake`."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import argon2
from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import orm, select
from werkzeug.wrappers import Response

from inspections import journal, web
from inspections.accounts import brake, sessions, strength
from inspections.accounts.models import User
from inspections.accounts.sessions import Standing
from inspections.database import now, today
from inspections.site.refusal import Refusal
from inspections.site.slowly import slow

login_manager = LoginManager()
_hasher = argon2.PasswordHasher()
_quick = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
#: how the hash of a printed password begins
_QUICK = "$argon2id$v=19$m=8192,t=1,p=1$"
#: one hash takes 64 MiB and 0.2 s: more at once would let a guesser starve the tablets
_hashing = threading.Semaphore(2)
#: verified when the login does not exist, so that the answer takes as long
_nobody = _hasher.hash(secrets.token_hex(16))

#: where the cookie has the name of its session, and the day on which it was last renewed
NAME = "session"
DAY = "day"
#: under this name a browser keeps its own, so that it is known the next time
BROWSER = "browser"
#: under this name the cookie says who gave the password and still owes the code, for so many seconds
PENDING, PATIENCE = "owes", 300


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises Refusal for a password that is too easy to guess."""
    strength.require(password)
    return _hashed(password)


@slow
def _hashed(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


@slow
def _verified(stored: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(stored, password)
        except argon2.exceptions.VerificationError:
            return False


def hash_one_time(password: str) -> str:
    """The hash of a printed password: it is random, so that one of them need not cost what a chosen one does,
    and a township's slips are made while the page waits. `matches` takes as long for either."""
    return _quick.hash(password)


def one_time_password() -> str:
    """A random password to hand over once."""
    return secrets.token_urlsafe(9)


#: letters that nobody mistakes for one another on paper
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"


def printed_password() -> str:
    """A random password for a slip, 59 bits: abcd-efgh-jkmn."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3))


def matches(user: User | None, password: str) -> bool:
    """Whether the password is this user's; takes as long when there is no such user."""
    stored = user.password_hash if user else _nobody
    good = _verified(stored, password)
    if stored.startswith(_QUICK):
        _verified(_nobody, password)
    return good and user is not None


def caller(account: str) -> brake.Caller:
    """Who asks in this request, for the brake."""
    known = request.cookies.get(BROWSER, "")[:64]
    secret = current_app.config["SECRET_KEY"]
    return brake.Caller(secret, plain_login(account)[:64], request.remote_addr or "", known)


def proven(
    session: orm.Session, user: User, password: str, second: Callable[[], bool] = lambda: True
) -> bool:
    """Whether the signed-in user's password is this one, and what is asked beside it good; failures of either
    count. Raises Refusal while held up."""
    asking = caller(user.login)
    if seconds := brake.wait(session, asking):
        raise Refusal(held_up(seconds))
    good = matches(user, password) and second()
    if good:
        brake.succeeded(session, asking)
    else:
        brake.failed(session, asking)
        journal.record(session, "password.refused", user.uuid, user)
    return good


def held_up(seconds: int) -> str:
    """The sentence for whoever guessed too often."""
    return f"密码错误次数过多，请 {seconds} 秒后再试；忘记密码的，请联系系统管理员。"


def plain_login(typed: str) -> str:
    """The account's name as it is stored: whoever looks it up, or counts guesses at it, asks here."""
    return typed.strip().lower()


def authenticate(session: orm.Session, login: str, password: str) -> User | None:
    """The active account with that name and password, or None; the attempt is in the journal either way.

    A name that no account has is not written down: it may be a password typed in the wrong box.
    """
    user = session.scalar(select(User).where(User.login == plain_login(login)))
    good = matches(user, password) and user is not None and user.active
    subject = user.uuid if user is not None else None
    journal.record(session, "session.open" if good else "session.refused", subject, user)
    return user if good else None


def set_password(session: orm.Session, user: User, password: str) -> None:
    """Nothing; the password is changed and every other session of the account ends."""
    user.password_hash = hash_password(password)
    user.must_change = False
    sessions.end_all(session, user)
    journal.record(session, "account.password", user.uuid, user)


def open_session(session: orm.Session, user: User) -> None:
    """Nothing; this browser is the user's from now on, under a session name of its own; flushed.

    The token of its forms is made here: were it made by the first page that asks, two that ask at once would
    make two, and the forms of one would be refused.
    """
    cookie.clear()
    login_user(user)
    cookie.permanent = True
    cookie[NAME] = sessions.begin(session, user, request.headers.get("User-Agent", ""))
    cookie[DAY] = today().isoformat()
    g.pop("csrf_token", None)  # that of the sign-in form
    generate_csrf()


def keep_browser(response: Response, name: str) -> Response:
    """The answer that leaves a browser its own name: no right, only a place that is known."""
    response.set_cookie(
        BROWSER,
        name,
        max_age=400 * 24 * 3600,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def await_code(user: User, target: str) -> None:
    """Nothing; this browser has given the password, and has `PATIENCE` to give the code."""
    cookie[PENDING] = [user.get_id(), int(now().timestamp()), target]


def awaited(session: orm.Session) -> tuple[User, str] | None:
    """Whose code this browser owes, and where it wanted to go; None for nobody's, or too late."""
    said = cookie.get(PENDING)
    if not isinstance(said, list) or now().timestamp() - said[1] > PATIENCE:
        return None
    identity, _, version = str(said[0]).partition(":")
    user = session.scalar(select(User).where(User.uuid == UUID(identity), User.active))
    return (user, str(said[2])) if user is not None and str(user.session_version) == version else None


def end_session(session: orm.Session, lifetime: dt.timedelta) -> None:
    """Nothing; the browser's session has ended, and so has every copy of its cookie."""
    sessions.forget(session, lifetime)
    if opened := sessions.of(session, cookie.get(NAME, "")):
        sessions.end(session, opened, None)
    logout_user()
    cookie.clear()


def init_app(app: Flask) -> None:
    """Mounts the session on the application."""
    login_manager.init_app(app)

    @login_manager.user_loader
    def load(name: str) -> User | None:
        identity, _, version = name.partition(":")
        try:
            user = web.session().scalar(select(User).where(User.uuid == UUID(identity)))
        except ValueError:
            return None
        if user is None or not user.active or str(user.session_version) != version:
            return None
        if own := cookie.get(NAME):
            opened = sessions.of(web.session(), own)
            if opened is None or opened.user_id != user.id:
                return None
            g.standing, g.opened = opened.standing(app.permanent_session_lifetime), opened
            return None if g.standing is Standing.ENDED else user
        return user

    @app.before_request
    def renew() -> None:
        """A session in use does not run out: it is written again, but once a day only (see its setting)."""
        if cookie.permanent and cookie.get(DAY) != today().isoformat():
            cookie[DAY] = today().isoformat()

    @app.before_request
    def first_password() -> Any:
        """An account that still has its one-time password can do nothing but choose another."""
        if (
            current_user.is_authenticated
            and current_user.must_change
            and request.endpoint
            not in ("accounts.password", "accounts.sign_out", "static", "bootstrap.static")
        ):
            if request.path.startswith("/api/"):  # a tablet would take a redirect for "no server"
                said = "请先在“我的账号”中修改一次性密码，再上传。"
                return {"app": "inspections", "error": said, "reason": "password"}, 403
            return redirect(url_for("accounts.password"))
        return None
