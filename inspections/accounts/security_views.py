"""Pages of what keeps an account its owner's: its sessions, and the second factor."""

import uuid
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask import session as cookie
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from inspections import journal, web
from inspections.accounts import brake, second_factor, sessions
from inspections.accounts.models import User
from inspections.accounts.sessions import UserSession
from inspections.accounts.sign_in import NAME, awaited, caller, held_up, open_session, proven
from inspections.accounts.views import same_site
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("security", __name__)


class CodeForm(FlaskForm):
    code = StringField(
        "动态口令",
        [InputRequired("请填写 6 位动态口令。"), Length(max=12)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    submit = SubmitField("登录")


class SecondFactorForm(FlaskForm):
    secret = HiddenField()
    code = StringField(
        "手机上显示的 6 位数字",
        [InputRequired("请填写 6 位数字。"), Length(max=12)],
        render_kw={"inputmode": "numeric"},
    )
    password = PasswordField("现用密码", [InputRequired("请填写现用密码。"), Length(max=256)])
    submit = SubmitField("启用动态口令")


@bp.route("/sign-in/code", methods=["GET", "POST"])
@guarded("session.sign_in")
def code() -> Any:
    """The second step of signing in, for whoever has a second factor."""
    opened, form = web.session(), CodeForm()
    owed = awaited(opened)
    if owed is None:
        return redirect(url_for("accounts.sign_in"))
    if form.validate_on_submit():
        told = _code_told(owed[0], form.code.data or "")
        if not told:
            return redirect(same_site(owed[1]))
        form.code.errors = [told]
    return render_template("accounts/code.html", form=form), 422 if form.errors else 200


def _code_told(user: User, typed: str) -> str:
    """Why the code does not open the session; empty where it does."""
    opened, asking = web.session(), caller(user.login)
    if seconds := brake.wait(opened, asking):
        return held_up(seconds)
    good = second_factor.fits(user, typed, current_app.config["SECRET_KEY"])
    if good:
        brake.succeeded(opened, asking)
        open_session(opened, user)
    else:
        brake.failed(opened, asking)
        journal.record(opened, "session.refused", user.uuid, user)
    opened.commit()
    return "" if good else "动态口令不对，请用最新的 6 位数字。"


@bp.route("/second-factor", methods=["GET", "POST"])
@guarded("session.second_factor")
def second_factor_page() -> Any:
    form = SecondFactorForm()
    if not second_factor.is_secret(form.secret.data or ""):
        form.secret.data = second_factor.new_secret()
    if form.validate_on_submit():
        user = web.myself()
        try:
            if not proven(web.session(), user, form.password.data or ""):
                web.session().commit()
                raise Refusal("现用密码不正确。")
            key = current_app.config["SECRET_KEY"]
            second_factor.set_up(web.session(), user, form.secret.data or "", form.code.data or "", key)
            web.session().commit()
            flash("动态口令已启用，下次登录须填写。")
            return redirect(url_for("home.home"))
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
    address = second_factor.address(web.myself(), form.secret.data or "")
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, omitsize=True)
    shown = Markup(drawn)  # noqa: S704 (drawn by segno from our own address)
    return render_template(
        "accounts/second_factor.html", form=form, code=shown
    ), 422 if form.is_submitted() else 200


@bp.post("/accounts/<uuid:name>/second-factor/remove")
@guarded("account.write")
def remove_second_factor(name: uuid.UUID) -> Any:
    """For whoever lost the phone: the account sets up another one."""
    user = web.one(User, name)
    second_factor.remove(web.session(), user, web.myself())
    web.session().commit()
    flash(f"账号 {user.login} 的动态口令已解除，其登录均已退出。")
    return redirect(url_for("accounts.listing"))


@bp.get("/sessions")
@guarded("session.list")
def listing() -> Any:
    lifetime = current_app.permanent_session_lifetime
    found = sessions.listed(web.session(), web.rows(UserSession), lifetime)
    return render_template("accounts/sessions.html", found=found, own=cookie.get(NAME))


@bp.post("/sessions/<uuid:name>/end")
@guarded("session.end")
def end(name: uuid.UUID) -> Any:
    opened = web.one(UserSession, name)
    sessions.end(web.session(), opened, web.myself())
    web.session().commit()
    flash(
        "这处登录已退出。" if opened.user_id == current_user.id else f"{opened.user.name} 的这处登录已退出。"
    )
    return redirect(url_for("security.listing"))
