"""The page of a county's letterhead: who writes, under which code, and whom to call."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inspections import journal, web
from inspections.documents.models import Letterhead
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("letterheads", __name__)


FIELDS = (
    "issuer",
    "code",
    "authority",
    "report_to",
    "contact_name",
    "contact_phone",
    "hours",
    "box",
    "public_address",
)


class LetterheadForm(FlaskForm):
    issuer = StringField("发文机关", [InputRequired("请填写发文机关全称。"), Length(max=40)])
    code = StringField(
        "机关代字",
        [Regexp(r"^[^\s〔〕\[\]【】第号\d]{1,20}$", message="只写代字，如“清纪函”，不含年份、括号和“号”。")],
    )
    authority = StringField("检查依据", [InputRequired("请填写方案或会议名称。"), Length(max=120)])
    report_to = StringField("整改情况报送部门", [InputRequired("请填写接收部门。"), Length(max=60)])
    contact_name = StringField("联系人", [InputRequired("请填写联系人。"), Length(max=20)])
    contact_phone = StringField(
        "联系电话", [Regexp(r"^[\d-]{7,14}$", message="电话为 7 至 14 位数字，可含连字符。")]
    )
    hours = StringField(
        "受理时段",
        [Optional(), Length(max=60)],
        description="印在监督检查公告上，如“工作日8:30至12:00，14:30至17:30”。",
    )
    box = StringField(
        "意见箱位置", [Optional(), Length(max=40)], description="印在监督检查公告上，如“村部门口”。"
    )
    public_address = StringField(
        "公开网址",
        [Optional(), Length(max=200), Regexp(r"^https://[^\s]+$", message="网址以 https:// 开头。")],
        description="印成公告上的二维码；不填写的，公告不印二维码。",
    )
    submit = SubmitField("保存")


@bp.route("/papers/letterheads/<code>", methods=["GET", "POST"])
@guarded("paper.write")
def edit(code: str) -> Any:
    opened = web.session()
    county = opened.scalar(web.rows(Area).where(Area.code == code, Area.kind == "county"))
    if county is None:
        return web.error_page(404)
    head = opened.get(Letterhead, county.id)
    form = LetterheadForm(obj=head)
    if form.validate_on_submit():
        if head is None:
            head = Letterhead(area_id=county.id)
            opened.add(head)
        for name in FIELDS:
            setattr(head, name, (form[name].data or "").strip())
        journal.record(opened, "letterhead.save", county.uuid, current_user, code=head.code)
        opened.commit()
        flash(f"{county.name}的文书版头已保存。")
        return redirect(url_for("letterheads.listing"))
    return render_template("documents/letterhead.html", form=form, county=county), 422 if form.errors else 200


@bp.get("/papers/letterheads")
@guarded("paper.write")
def listing() -> Any:
    counties = web.session().scalars(web.rows(Area).where(Area.kind == "county").order_by(Area.code)).all()
    heads = {head.area_id: head for head in web.session().scalars(select(Letterhead))}
    return render_template("documents/letterheads.html", counties=counties, heads=heads)
