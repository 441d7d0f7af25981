"""Pages of the account: sign in and out, own password, the list of accounts, the permission table."""

import secrets
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from inspections import journal, web
from inspections.accounts import brake, confirming, strength
from inspections.accounts.models import User
from inspections.accounts.permissions import REACH_NAMES, ROLES
from inspections.accounts.sign_in import (
    authenticate,
    await_code,
    caller,
    end_session,
    hash_password,
    held_up,
    keep_browser,
    one_time_password,
    open_session,
    proven,
    set_password,
)
from inspections.people.models import Person
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit
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


class AccountForm(FlaskForm):
    login = StringField(
        "账号", [Regexp(r"^[a-z][a-z0-9_.-]{2,31}$", message="账号为 3 至 32 位小写字母、数字，以字母开头。")]
    )
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    role = SelectField("角色")
    person = StringField("人员编号", [Optional()], description="组长、组员、村纪检委员须填写名册中的编号。")
    township = StringField("乡镇编号或名称", [Optional()], description="乡镇的联络员须填写。")
    unit = StringField("单位编号", [Optional()], description="只联系一个单位的联络员须填写。")
    area = StringField(
        "范围（县或市的编号）", [Optional()], description="多县共用时填写：账号只看得到这个县（市）的内容。"
    )
    submit = SubmitField("新建账号")


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
            brake.succeeded(opened, asking)
            if user.totp_secret:
                opened.commit()
                await_code(user, form.next.data or "")
                return keep_browser(redirect(url_for("security.code")), asking.browser)
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
    users = web.session().scalars(web.rows(User).order_by(User.role, User.login)).all()
    return render_template("accounts/list.html", users=users)


@bp.route("/accounts/new", methods=["GET", "POST"])
@guarded("account.write")
def new() -> Any:
    form = AccountForm()
    form.role.choices = [SelectChoice(role, name) for role, name in ROLES.items() if role != "anonymous"]
    if form.validate_on_submit():
        try:
            user, secret = create(form)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            return render_template("accounts/created.html", user=user, secret=secret)
    return render_template("accounts/new.html", form=form), 422 if form.is_submitted() else 200


def create(form: AccountForm) -> tuple[User, str]:
    """The new account and its one-time password. Raises Refusal for a taken login or an unknown place."""
    opened = web.session()
    if opened.scalar(select(User.id).where(User.login == form.login.data)):
        raise Refusal(f"账号 {form.login.data} 已存在，请换一个。")
    person = township = unit = None
    if form.person.data:
        person = opened.scalar(select(Person).where(Person.code == form.person.data.strip()))
        if person is None:
            raise Refusal(f"名册中没有编号为 {form.person.data} 的人员。")
    if form.township.data:
        wanted = form.township.data.strip()
        township = opened.scalar(
            select(Area).where(Area.kind == "township", (Area.code == wanted) | (Area.name == wanted))
        )
        if township is None:
            raise Refusal(f"没有名为 {wanted} 的乡镇。")
    area = None
    if form.area.data:
        top = Area.kind.in_(("county", "city"))
        area = opened.scalar(select(Area).where(top, Area.code == form.area.data.strip()))
        if area is None:
            raise Refusal(f"没有编号为 {form.area.data} 的县或市。")
    if form.role.data in ("leader", "member", "village") and person is None:
        raise Refusal("组长、组员和村纪检委员的账号须对应名册中的一名人员。")
    if form.unit.data:
        unit = opened.scalar(select(Unit).where(Unit.code == form.unit.data.strip()))
        if unit is None:
            raise Refusal(f"没有编号为 {form.unit.data} 的单位。")
    if form.role.data == "recipient" and (township is None) == (unit is None):
        raise Refusal("联络员的账号须对应一个乡镇或一个单位，只填其中一项。")
    secret = one_time_password()
    user = User(
        login=form.login.data,
        name=form.name.data,
        role=form.role.data,
        password_hash=hash_password(secret),
        must_change=True,
        person=person,
        township=township,
        unit=unit,
        area=area,
    )
    if confirming.is_needed(opened, user.role):
        user.active, user.awaits = False, True
    opened.add(user)
    opened.flush()
    journal.record(opened, "account.create", user.uuid, current_user, role=user.role)
    return user, secret


@bp.post("/accounts/<uuid:name>/switch")
@guarded("account.write")
def switch(name: uuid.UUID) -> Any:
    user = web.one(User, name)
    if user.id == current_user.id:
        raise Refusal("不能停用自己的账号。")
    if user.awaits:
        raise Refusal("这个账号须先由领导确认，才能启用。")
    user.active = not user.active
    user.session_version += 1
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


@bp.get("/journal")
@guarded("journal.read")
def entries() -> Any:
    page = max(request.args.get("page", 1, int), 1)
    entry = journal.JournalEntry
    wanted = select(entry).order_by(entry.id.desc()).limit(101).offset(100 * (page - 1))
    found = list(web.session().scalars(wanted))
    return render_template(
        "accounts/journal.html",
        entries=found[:100],
        acts=journal.ACTS,
        names=journal.names(web.session(), found[:100]),
        page=page,
        more=len(found) > 100,
    )
