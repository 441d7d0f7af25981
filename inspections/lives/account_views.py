"""Pages that make accounts: one, many at once with slips to print, a new one-time password, another role."""

import io
import uuid
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inspections import web
from inspections.accounts.duties import DUTIES, fitting
from inspections.accounts.models import User
from inspections.accounts.permissions import ROLES
from inspections.lives import accounts
from inspections.lives.slips import slips_paper
from inspections.people.meant import person_meant, qualified
from inspections.people.models import Office
from inspections.site.refusal import Refusal
from inspections.typesetting.render import render_pdf
from inspections.units import entries
from inspections.units.fields import EntryField, NoteField, choices
from inspections.units.lists import areas_in_order
from inspections.units.meant import qualified as qualified_unit
from inspections.units.meant import unit_meant
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("team_accounts", __name__)

_LOGIN = "账号为 2 至 32 位小写字母、数字，以字母开头。"
_CHOOSE = "请从列表中选择。"


class AccountForm(FlaskForm):
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    role = SelectField("角色", invalid_choice_message=_CHOOSE)
    duty = SelectField(
        "职务",
        default="",
        description="领导须选择；文书由谁核稿、会签、签发，按职务",
        invalid_choice_message=_CHOOSE,
    )
    person = StringField(
        "名册中的姓名",
        [Optional(), Length(max=64)],
        description="联络员不填，其他都须填写（导入名册前的账号除外）；同名的写明机构，如 张三（柳河镇纪委）",
    )
    township = SelectField(
        "乡镇", default="", description="乡镇的联络员须选择", invalid_choice_message=_CHOOSE
    )
    unit = StringField(
        "单位", [Optional(), Length(max=64)], description="只联系一个单位的联络员填写，如 枫树村（柳河镇）"
    )
    area = SelectField(
        "范围",
        default="",
        description="多县共用时选择：账号只看得到这个县（市）的内容",
        invalid_choice_message=_CHOOSE,
    )

    def said(self) -> accounts.Account:
        """What the account is to be. Raises Refusal for a person or a place that is not known."""
        session = web.session()
        person = person_meant(session, self.person.data) if self.person.data else None
        unit = unit_meant(session, self.unit.data) if self.unit.data else None
        known = {str(area.uuid): area for area, _ in areas_in_order(session)}
        where = known.get(self.township.data or ""), unit, known.get(self.area.data or "")
        return accounts.Account(
            self.name.data or "",
            self.role.data,
            "",
            person,
            *where,
            duty=fitting(self.role.data, self.duty.data or ""),
        )


class ChangeForm(AccountForm):
    reason = NoteField("理由", partial(entries.text, longest=200), required=True)
    submit = SubmitField("保存更改")


class NewAccountForm(AccountForm):
    login = StringField(
        "账号",
        [Optional(), Regexp(r"^[a-z][a-z0-9_.-]{1,31}$", message=_LOGIN)],
        description="不填的按姓名拼音编",
    )
    submit = SubmitField("新建账号")

    def said(self) -> accounts.Account:
        """The same, with the login as it was chosen."""
        plain = super().said()
        return accounts.Account(
            plain.name,
            plain.role,
            self.login.data or "",
            plain.person,
            plain.township,
            plain.unit,
            plain.area,
            plain.duty,
        )


class BulkForm(FlaskForm):
    whom = SelectField("发给谁", invalid_choice_message=_CHOOSE)
    submit = SubmitField("生成账号和口令条")


class ResetForm(FlaskForm):
    reason = EntryField(
        "理由", partial(entries.text, longest=200), required=True, description="如：本人忘记密码"
    )
    submit = SubmitField("重置密码")


def _offer(form: AccountForm) -> None:
    areas = areas_in_order(web.session())
    form.role.choices = choices((role, name) for role, name in ROLES.items() if role != "anonymous")
    form.duty.choices = choices(DUTIES.items())
    towns = ((str(area.uuid), area.name) for area, _ in areas if area.kind == "township")
    form.township.choices = choices(towns, "不是乡镇联络员")
    tops = ((str(area.uuid), area.name) for area, _ in areas if area.kind in ("county", "city"))
    form.area.choices = choices(tops, "不限")


@bp.route("/accounts/new", methods=["GET", "POST"])
@guarded("account.write")
def new() -> Any:
    form = NewAccountForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            user, secret = accounts.create(web.session(), form.said(), web.myself())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            return render_template("accounts/created.html", user=user, secret=secret)
    return render_template("accounts/new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/accounts/<uuid:name>/change", methods=["GET", "POST"])
@guarded("account.write")
def change(name: uuid.UUID) -> Any:
    user = web.one(User, name)
    given = {
        "name": user.name,
        "role": user.role,
        "duty": user.duty,
        "person": qualified(user.person) if user.person else "",
        "township": str(user.township.uuid) if user.township else "",
        "unit": qualified_unit(user.unit) if user.unit else "",
        "area": str(user.area.uuid) if user.area else "",
    }
    form = ChangeForm(data=given)
    _offer(form)
    if form.validate_on_submit():
        try:
            told = accounts.change(web.session(), user, form.said(), form.reason.value, web.myself())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            waits = "，须由领导确认后才能使用" if user.awaits else ""
            flash(f"账号 {user.login} 已更改：{'；'.join(told)}{waits}。" if told else "没有改动。")
            return redirect(url_for("accounts.listing"))
    page = render_template("accounts/change.html", form=form, user=user)
    return page, 422 if form.is_submitted() else 200


@bp.route("/accounts/<uuid:name>/reset", methods=["GET", "POST"])
@guarded("account.team")
def reset(name: uuid.UUID) -> Any:
    user, form = web.one(User, name, "account.read"), ResetForm()
    if form.validate_on_submit():
        try:
            secret = accounts.reset(web.session(), user, form.reason.value, web.myself())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            return render_template("accounts/created.html", user=user, secret=secret, renewed=True)
    page = render_template("accounts/reset.html", form=form, user=user)
    return page, 422 if form.is_submitted() else 200


def _groups() -> dict[str, tuple[str, list[Office], list[Area]]]:
    """Whom slips are made for: a township with its offices, one office, the liaisons of all townships."""
    offices = list(web.session().scalars(web.rows(Office, "account.team").order_by(Office.code)))
    towns = [area for area, _ in areas_in_order(web.session()) if area.kind == "township"]
    found: dict[str, tuple[str, list[Office], list[Area]]] = {"": ("请选择", [], [])}
    found["liaisons"] = (f"各乡镇联络员（{len(towns)} 个乡镇）", [], towns)
    for town in towns:
        here = [office for office in offices if office.area_id == town.id]
        if here:
            found[str(town.uuid)] = (f"{town.name}全部机构（{len(here)} 个）", here, [])
    for office in offices:
        found[str(office.uuid)] = (office.called, [office], [])
    return found


@bp.route("/accounts/bulk", methods=["GET", "POST"])
@guarded("account.team")
def bulk() -> Any:
    """The people of an office or a township who have no account, and their slips as a PDF."""
    groups = _groups()
    form = BulkForm(whom=request.args.get("whom", ""))
    form.whom.choices = choices((key, group[0]) for key, group in groups.items())
    _, offices, towns = groups.get(form.whom.data or "", groups[""])
    people = accounts.of_offices(web.session(), offices)
    wanted = accounts.proposals(web.session(), people, towns)
    if form.validate_on_submit():
        try:
            slips = accounts.in_bulk(web.session(), wanted, web.myself())
            web.session().commit()  # nobody waits while it is drawn; a slip that is lost is made anew
            paper = render_pdf(slips_paper(slips, request.host_url))
            return send_file(
                io.BytesIO(paper.data), "application/pdf", as_attachment=True, download_name="账号口令条.pdf"
            )
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    page = render_template(
        "accounts/bulk.html", form=form, wanted=wanted, roles=ROLES, chosen=bool(offices or towns)
    )
    return page, 422 if form.is_submitted() else 200
