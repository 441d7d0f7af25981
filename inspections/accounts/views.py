"""Pages of the account: sign in and out, own password, the list of accounts, the permission table."""

import secrets
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from inspections import journal, web
from inspections.accounts import brake, confirming, sessions, strength
from inspections.accounts.models import User
from inspections.accounts.permissions import REACH_NAMES, ROLES, TEAM
from inspections.accounts.sign_in import (
    authenticate,
    await_code,
    caller,
    end_session,
    hash_password,
    held_up,
    keep_browser,
    open_session,
    proven,
    set_password,
)
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("accounts", __name__)


class SignInForm(FlaskForm):
    login = StringField("账号", [InputRequired("请填写账号。"), Length(max=64)])
    password = PasswordField("密码", [InputRequired("请填写密码。"), Length(max=256)])
    next = HiddenField()
    submit = SubmitField("登录")


class PasswordForm(FlaskForm):
    old = PasswordField("现用密码", [InputRequired("请填写现用密码。")])
    new = PasswordField(
        "新密码",
        [Length(strength.LEAST_LENGTH, strength.LONGEST, f"新密码至少 {strength.LEAST_LENGTH} 位。")],
    )
    again = PasswordField("再次输入新密码", [EqualTo("new", "两次输入的新密码不一致。")])
    submit = SubmitField("修改密码")


def same_site(target: str) -> str:
    """The address to go on to; anything that leaves this site becomes the home page."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc
    return target if inside else url_for("home.home")


@bp.route("/sign-in", methods=["GET", "POST"])
@guarded("session.sign_in")
def sign_in() -> Any:
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        opened, asking = web.session(), caller(form.login.data)
        if seconds := brake.wait(opened, asking):
            form.password.errors = [held_up(seconds)]
            return render_template("accounts/sign_in.html", form=form), 429
        user = authenticate(opened, form.login.data, form.password.data)
        if user is None:
            brake.failed(opened, asking)
            opened.commit()
            form.password.errors = ["账号或密码不正确。"]
        else:
            asking = replace(asking, browser=asking.browser or secrets.token_urlsafe(18))
            if user.totp_secret:  # what was guessed is forgotten with the code only
                opened.commit()
                await_code(user, form.next.data or "")
                return keep_browser(redirect(url_for("security.code")), asking.browser)
            brake.succeeded(opened, asking)
            open_session(opened, user)
            opened.commit()
            return keep_browser(redirect(same_site(form.next.data or "")), asking.browser)
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@bp.post("/sign-out")
@guarded("session.sign_out")
def sign_out() -> Any:
    end_session(web.session(), current_app.permanent_session_lifetime)
    web.session().commit()
    return redirect(url_for("accounts.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@guarded("session.password")
def password() -> Any:
    form = PasswordForm()
    if form.validate_on_submit():
        user = web.myself()
        try:
            strength.require(form.new.data, user.login, user.name)
        except Refusal as weak:
            form.new.errors = [str(weak)]
            return render_template("accounts/password.html", form=form), 422
        try:
            hash_password(form.new.data)  # remembered: nothing is hashed once something is written
            if proven(web.session(), user, form.old.data):
                set_password(web.session(), user, form.new.data)
                open_session(web.session(), user)
                web.session().commit()
                flash("密码已修改，其他地方的登录均已退出。")
                return redirect(url_for("home.home"))
            web.session().commit()
            form.old.errors = ["现用密码不正确。"]
        except Refusal as held:
            form.old.errors = [str(held)]
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


@bp.get("/accounts")
@guarded("account.read")
def listing() -> Any:
    wanted = web.rows(User).order_by(User.role, User.login)
    whose = orm.selectinload(User.person), orm.selectinload(User.unit)
    users = web.session().scalars(wanted.options(*whose)).all()
    return render_template("accounts/list.html", users=users, team=TEAM)


@bp.post("/accounts/<uuid:name>/switch")
@guarded("account.write")
def switch(name: uuid.UUID) -> Any:
    user = web.one(User, name)
    confirming.require_other_person(user, web.myself())
    if user.awaits:
        raise Refusal("这个账号须先由领导确认，才能启用。")
    confirming.require_another_leader(web.session(), user)
    user.active = not user.active
    confirming.require_one_power(web.session(), user)
    sessions.end_all(web.session(), user)
    journal.record(
        web.session(), "account.enable" if user.active else "account.disable", user.uuid, current_user
    )
    web.session().commit()
    flash(f"账号 {user.login} 已{'启用' if user.active else '停用'}。")
    return redirect(url_for("accounts.listing"))


@bp.post("/accounts/<uuid:name>/confirm")
@guarded("account.confirm")
def confirm(name: uuid.UUID) -> Any:
    user = web.one(User, name, "account.read")
    confirming.confirm(web.session(), user, web.myself())
    web.session().commit()
    flash(f"账号 {user.login} 已确认，可以使用。")
    return redirect(url_for("accounts.listing"))


@bp.get("/permissions")
@guarded("permission.read")
def table() -> Any:
    return render_template(
        "accounts/permissions.html", permissions=web.permissions(), roles=ROLES, reaches=REACH_NAMES
    )
