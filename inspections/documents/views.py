"""Pages of the papers: the list, a draft with what it still lacks, the issue, the stored PDF."""

import datetime as dt
import io
import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import (
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from inspections import web
from inspections.documents import issue
from inspections.documents.facts import signed_findings, withheld_findings
from inspections.documents.letter import missing
from inspections.documents.models import KINDS, STATES, Paper
from inspections.findings.models import Finding
from inspections.rounds.models import Posting, Round, Team
from inspections.units.models import Area, Unit
from inspections.web import guarded

bp = Blueprint("documents", __name__)


class DraftForm(FlaskForm):
    kind = SelectField("文种", choices=[SelectChoice(kind, name) for kind, name in KINDS.items()])
    about = SelectField("轮次和乡镇", validators=[InputRequired("请选择轮次和乡镇。")])
    submit = SubmitField("起草")


class WordingForm(FlaskForm):
    seen = HiddenField()
    authority = StringField("检查依据", [InputRequired("请填写方案或会议名称。"), Length(max=120)])
    report_to = StringField("整改情况报送部门", [InputRequired("请填写接收部门。"), Length(max=60)])
    report_by = DateField("书面报告截止日期", [Optional()], description="不填写的，自制发之日起 15 日。")
    appraisal = TextAreaField(
        "总体评价", [Optional(), Length(max=1000)], description="仅反馈意见使用：先讲成绩，一段。"
    )
    suggestions = TextAreaField(
        "意见建议", [Optional(), Length(max=2000)], description="仅反馈意见使用：一行一条，三至五条。"
    )
    cc = StringField("抄送", [Optional(), Length(max=200)], description="多个单位用顿号分隔，可不填。")
    findings = SelectMultipleField(
        "列入的问题", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    save = SubmitField("保存草稿")

    def wording(self) -> dict[str, Any]:
        """What the office adds, as the draft keeps it."""
        return {
            "authority": self.authority.data.strip(),
            "report_to": self.report_to.data.strip(),
            "report_by": self.report_by.data.isoformat() if self.report_by.data else None,
            "appraisal": (self.appraisal.data or "").strip(),
            "suggestions": [
                line.strip() for line in (self.suggestions.data or "").splitlines() if line.strip()
            ],
            "cc": [name.strip() for name in (self.cc.data or "").split("、") if name.strip()],
        }


@bp.get("/papers")
@guarded("paper.read")
def listing() -> Any:
    state = request.args.get("state", "")
    wanted = web.rows(Paper).order_by(Paper.created_at.desc(), Paper.id.desc())
    papers = web.session().scalars(wanted).all()
    shown = [paper for paper in papers if not state or paper.state == state]
    return render_template(
        "documents/list.html", papers=papers, shown=shown, state=state, states=STATES, kinds=KINDS
    )


def _subjects() -> list[SelectChoice]:
    """Round and township pairs in which a finding has been signed, newest round first."""
    wanted = (
        select(Round, Area)
        .select_from(Finding)
        .join(Finding.posting)
        .join(Posting.team)
        .join(Team.round)
        .join(Unit, Unit.id == Posting.unit_id)
        .join(Unit.area)
        .where(Finding.state == "signed")
        .distinct()
        .order_by(Round.start.desc(), Area.code)
    )
    return [
        SelectChoice(f"{round_.uuid}/{area.uuid}", f"{round_.cycle.name} {round_.name} · {area.name}")
        for round_, area in web.session().execute(wanted)
    ]


@bp.route("/papers/new", methods=["GET", "POST"])
@guarded("paper.write")
def new() -> Any:
    form = DraftForm()
    form.about.choices = _subjects()
    if form.validate_on_submit():
        round_name, _, area_name = form.about.data.partition("/")
        paper = issue.draft(
            web.session(),
            form.kind.data,
            web.one(Round, uuid.UUID(round_name)),
            web.one(Area, uuid.UUID(area_name)),
            current_user,
        )
        web.session().commit()
        _print(paper)
        return redirect(url_for("documents.page", name=paper.uuid))
    return render_template("documents/new.html", form=form), 422 if form.errors else 200


def _print(paper: Paper) -> None:
    current_app.extensions["jobs"].enqueue(issue.RENDER_JOB, issue.job_key(paper))


@bp.get("/papers/<uuid:name>")
@guarded("paper.read")
def page(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    return _page(paper, _form(paper))


def _form(paper: Paper) -> WordingForm:
    """The form about this draft, filled with what it says unless it was just sent."""
    said = paper.wording
    form = WordingForm(
        seen=str(paper.version),
        authority=said.get("authority"),
        report_to=said.get("report_to"),
        report_by=dt.date.fromisoformat(said["report_by"]) if said.get("report_by") else None,
        appraisal=said.get("appraisal"),
        suggestions="\n".join(said.get("suggestions", [])),
        cc="、".join(said.get("cc", [])),
        findings=[str(finding.uuid) for finding in paper.findings],
    )
    signed = signed_findings(web.session(), paper.round, paper.township)
    form.findings.choices = [
        SelectChoice(str(each.uuid), f"{each.number} {each.posting.unit.name}：{each.current.title}")
        for each in signed
    ]
    return form


def _page(paper: Paper, form: WordingForm) -> Any:
    lacking, withheld = [], []
    if paper.state == "draft":
        # number and date come with the issue; everything else must be there before it
        lacking = missing(issue.trial(web.session(), paper))
        withheld = withheld_findings(web.session(), paper.round, paper.township)
    return render_template(
        "documents/page.html",
        paper=paper,
        form=form,
        lacking=lacking,
        withheld=withheld,
        kinds=KINDS,
        states=STATES,
    )


@bp.post("/papers/<uuid:name>")
@guarded("paper.write")
def revise(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    form = _form(paper)
    if not form.validate_on_submit():
        return _page(paper, form), 422
    only = {uuid.UUID(name) for name in form.findings.data}
    issue.revise(web.session(), paper, form.wording(), int(form.seen.data), current_user, only)
    web.session().commit()
    _print(paper)
    flash("草稿已保存，版面正在生成。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.post("/papers/<uuid:name>/issue")
@guarded("paper.issue")
def hand_out(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    issue.issue(web.session(), paper, request.form.get("seen", 0, int), current_user)
    web.session().commit()
    _print(paper)
    flash("文号已编定，正在制发。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.get("/papers/<uuid:name>.pdf")
@guarded("paper.read")
def download(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    if paper.file is None:
        abort(404)
    return send_file(
        io.BytesIO(paper.file.data),
        mimetype="application/pdf",
        download_name=f"{paper.title}.pdf",
        etag=paper.file.sha256,
        max_age=0,
    )
