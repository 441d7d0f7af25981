"""Pages of a campaign: why and how far for the county, the own task for a township."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import orm, select
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inspections import web
from inspections.findings.forms import yuan
from inspections.findings.models import TaxonomyEntry
from inspections.followup.campaigns import running
from inspections.followup.campaigns.models import TASK_STATES, CampaignProject, CampaignStep, CampaignTask
from inspections.followup.forms import is_amount
from inspections.followup.models import Campaign
from inspections.site.refusal import Conflict, Refusal
from inspections.units.meant import unit_meant
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("campaigns", __name__)


class BeginForm(FlaskForm):
    lead = StringField(
        "牵头部门",
        [InputRequired("请填写牵头部门。"), Length(max=60)],
        description="单位名册中的名称，如 农业农村局",
    )
    plan = TextAreaField(
        "治理方案", [InputRequired("请填写治理方案。"), Length(max=running.LONGEST)], render_kw={"rows": 5}
    )
    starts_on = DateField("开始", [InputRequired("请填写开始日期。")])
    ends_on = DateField(
        "结束", [InputRequired("请填写结束日期。")], description="各乡镇的完成日期，之后可以逐个调整"
    )


class ResultForm(FlaskForm):
    text = TextAreaField(
        "治理结果", [InputRequired("请写明治理结果。"), Length(max=running.LONGEST)], render_kw={"rows": 5}
    )
    problems = IntegerField(
        "自查发现问题（个）", [Optional(), NumberRange(0, running.MOST_COUNT, "应为不小于 0 的整数。")]
    )
    amount = StringField("清退追缴兑付（元）", [Optional(), is_amount], render_kw={"inputmode": "decimal"})
    households = IntegerField(
        "涉及户数", [Optional(), NumberRange(0, running.MOST_COUNT, "应为不小于 0 的整数。")]
    )

    def result(self) -> running.Result:
        """What was typed; an empty figure is none."""
        amount = yuan(self.amount.data) or running.Result("").amount
        return running.Result(
            self.text.data or "", self.problems.data or 0, amount, self.households.data or 0
        )


@bp.route("/campaigns/<uuid:name>/project", methods=["GET", "POST"])
@guarded("campaign.read")
def page(name: uuid.UUID) -> Any:
    """Why, how and how far; the county opens the project here."""
    campaign = web.session().scalar(select(Campaign).where(Campaign.uuid == name))
    project = running.project_of(web.session(), campaign) if campaign else None
    if campaign is None or (project is None and not _is_county()) or not _may_see(project):
        return web.error_page(404)
    form = BeginForm()
    if form.validate_on_submit() and web.permissions().allows(web.myself(), "campaign.run"):
        try:
            _begin(campaign, form)
            return redirect(url_for("campaigns.page", name=name))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown: dict[str, Any] = {"campaign": campaign, "project": project, "form": form, "states": TASK_STATES}
    shown |= {"evidence": running.evidence(web.session(), campaign.category), "towns": _towns()}
    shown |= {"kind": _kind(campaign), "totals": running.totals(project) if project else None}
    shown |= {"chosen": request.form.getlist("towns")}
    return render_template("followup/campaign.html", **shown), 422 if form.is_submitted() else 200


def _is_county() -> bool:
    return web.permissions().allows(web.myself(), "sorting.read")


def _may_see(project: CampaignProject | None) -> bool:
    """A bureau sees what it leads; the county everything."""
    if _is_county() or project is None:
        return _is_county()
    return web.session().scalar(web.rows(CampaignProject).where(CampaignProject.id == project.id)) is not None


def _begin(campaign: Campaign, form: BeginForm) -> None:
    lead = unit_meant(web.session(), form.lead.data or "")
    named = set(request.form.getlist("towns"))
    towns = [town for town in _towns() if str(town.uuid) in named]
    days = form.starts_on.data, form.ends_on.data
    running.begin(web.session(), campaign, lead, form.plan.data or "", days, towns, web.myself())
    web.session().commit()
    flash(f"已组织实施，{len(towns)} 个乡镇各有一项任务。")


def _towns() -> list[Area]:
    """The townships of the county that may be given a task; none for a reader who gives none."""
    if not web.permissions().allows(web.myself(), "campaign.run"):
        return []
    return list(web.session().scalars(select(Area).where(Area.kind == "township").order_by(Area.code)))


def _kind(campaign: Campaign) -> str:
    entry = web.session().get(TaxonomyEntry, ("subcategory", campaign.category))
    return entry.name if entry else campaign.category


@bp.post("/campaigns/projects/<uuid:name>/end")
@guarded("campaign.run")
def end(name: uuid.UUID) -> Any:
    project = web.one(CampaignProject, name)
    text = request.form.get("text", "").replace("\r\n", "\n")
    running.end(web.session(), project, web.seen(request.form.get("seen")), text, web.myself())
    web.session().commit()
    flash("专项治理已结束，总结已保存。")
    return redirect(url_for("campaigns.page", name=project.campaign.uuid))


@bp.route("/campaigns/tasks/<uuid:name>", methods=["GET", "POST"])
@guarded("campaign.read")
def task(name: uuid.UUID) -> Any:
    """One township's task; the township reports here."""
    steps = orm.selectinload(CampaignTask.steps).joinedload(CampaignStep.actor)
    given, form = web.one(CampaignTask, name, with_=(steps,)), ResultForm()
    if form.validate_on_submit() and web.permissions().allows(web.myself(), "campaign.report"):
        try:
            own = web.one(CampaignTask, name, "campaign.report")
            running.report(
                web.session(), own, web.seen(request.form.get("seen")), form.result(), web.myself()
            )
            web.session().commit()
            flash("治理结果已报告，待县里确认。")
            return redirect(url_for("campaigns.task", name=name))
        except Refusal as refusal:
            web.session().rollback()
            told = refusal.changes if isinstance(refusal, Conflict) else []
            form.form_errors.append("".join([str(refusal), *told]))
    shown = {"task": given, "form": form, "states": TASK_STATES, "kind": _kind(given.project.campaign)}
    return render_template("followup/campaign_task.html", **shown), 422 if form.is_submitted() else 200


@bp.post("/campaigns/tasks/<uuid:name>/answer")
@guarded("campaign.run")
def answer(name: uuid.UUID) -> Any:
    given, good = web.one(CampaignTask, name), request.form.get("good") == "1"
    said = web.seen(request.form.get("seen")), good, request.form.get("text", "")[: running.LONGEST]
    running.answer(web.session(), given, *said, web.myself())
    web.session().commit()
    flash("已确认完成。" if good else "已退回补充。")
    return redirect(url_for("campaigns.page", name=given.project.campaign.uuid))


@bp.post("/campaigns/tasks/<uuid:name>/day")
@guarded("campaign.run")
def set_day(name: uuid.UUID) -> Any:
    given = web.one(CampaignTask, name)
    day = request.form.get("due", type=dt.date.fromisoformat)
    running.set_day(web.session(), given, web.seen(request.form.get("seen")), day, web.myself())
    web.session().commit()
    flash(f"{given.township.name}的完成日期改为 {given.due}。")
    return redirect(url_for("campaigns.page", name=given.project.campaign.uuid))
