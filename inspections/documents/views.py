"""Pages of the papers: the list, a draft with what it still lacks, the issue, the stored PDF."""

import datetime as dt
import io
import uuid
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
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
from wtforms.validators import UUID, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from inspections import privacy, web
from inspections.documents import issue
from inspections.documents.check import Element, NotReadable, check
from inspections.documents.facts import (
    REPORT,
    days_of,
    free_findings,
    named_people,
    withheld_findings,
)
from inspections.documents.layout import lacking as absent
from inspections.documents.models import KINDS, STATES, Paper
from inspections.documents.register import PAGE, register, subjects
from inspections.refusal import Refusal
from inspections.rounds.models import Round
from inspections.units.models import Area
from inspections.web import guarded
from inspections.wording import masked_name

bp = Blueprint("documents", __name__)


class DraftForm(FlaskForm):
    #: the draft's random name, made with the form: sent twice it is one draft
    name = HiddenField(default=lambda: str(uuid.uuid4()), validators=[UUID("表单已失效，请重新打开本页。")])
    kind = SelectField("文种", choices=[SelectChoice(kind, name) for kind, name in KINDS.items()])
    about = SelectField("轮次和乡镇", validators=[InputRequired("请选择轮次和乡镇。")])
    submit = SubmitField("起草")


def no_private_number(_form: FlaskForm, field: Any) -> None:
    """Raises ValidationError for an identity or card number."""
    if privacy.private_number(field.data or ""):
        raise ValidationError(privacy.SENTENCE)


class WordingForm(FlaskForm):
    seen = HiddenField()
    authority = StringField(
        "检查依据", [InputRequired("请填写方案或会议名称。"), Length(max=120), no_private_number]
    )
    report_to = StringField(
        "整改情况报送部门", [InputRequired("请填写接收部门。"), Length(max=60), no_private_number]
    )
    report_by = DateField("书面报告截止日期", [Optional()])
    appraisal = TextAreaField(
        "总体评价",
        [Optional(), Length(max=1000), no_private_number],
        description="仅反馈意见使用：先讲成绩，一段。",
    )
    suggestions = TextAreaField(
        "意见建议",
        [Optional(), Length(max=2000), no_private_number],
        description="仅反馈意见使用：一行一条，三至五条。",
    )
    cc = StringField(
        "抄送", [Optional(), Length(max=200), no_private_number], description="多个单位用顿号分隔，可不填。"
    )
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
    state = request.args.get("state", "")[:32]
    page = max(request.args.get("page", 1, int), 1)
    found = register(web.session(), web.rows(Paper), state, page)
    shown = {"state": state, "page": page, "size": PAGE, "states": STATES, "kinds": KINDS}
    return render_template("documents/list.html", found=found, **shown)


@bp.route("/papers/new", methods=["GET", "POST"])
@guarded("paper.write")
def new() -> Any:
    form = DraftForm()
    form.about.choices = [
        SelectChoice(f"{round_.uuid}/{area.uuid}", f"{round_.cycle.name} {round_.name} · {area.name}")
        for round_, area in subjects(web.session())
    ]
    drafted_before = _drafted_before(form)
    if drafted_before is not None:
        return redirect(url_for("documents.page", name=drafted_before.uuid))
    if form.validate_on_submit():
        try:
            paper = _draft(form)
            web.session().commit()
            _print(paper)
            return redirect(url_for("documents.page", name=paper.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    return render_template("documents/new.html", form=form), 422 if form.is_submitted() else 200


def _drafted_before(form: DraftForm) -> Paper | None:
    """The draft that this very form made when it was sent the first time; its subject may be used up now."""
    try:
        name = uuid.UUID(form.name.data)
    except ValueError:
        return None
    paper = web.session().scalar(web.rows(Paper).where(Paper.uuid == name)) if form.is_submitted() else None
    if paper is None or form.kind.data != paper.kind:
        return None
    return paper if form.about.data == f"{paper.round.uuid}/{paper.township.uuid}" else None


def _draft(form: DraftForm) -> Paper:
    """The draft that the form asks for. Raises Refusal."""
    round_name, _, area_name = form.about.data.partition("/")
    return issue.draft(
        web.session(),
        form.kind.data,
        web.one(Round, uuid.UUID(round_name)),
        web.one(Area, uuid.UUID(area_name)),
        current_user,
        name=uuid.UUID(form.name.data),
    )


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
    days = days_of(web.session(), REPORT)
    form.report_by.description = f"不填写的，自制发之日起 {days} 日。" if days is not None else ""
    free = free_findings(web.session(), paper.kind, paper.round, paper.township)
    offered = sorted({*free, *paper.findings}, key=lambda finding: finding.number)
    form.findings.choices = [
        SelectChoice(str(each.uuid), f"{each.number} {each.posting.unit.name}：{each.current.title}")
        for each in offered
    ]
    return form


@lru_cache(maxsize=256)
def _checked(_sha256: str, data: bytes) -> list[Element]:
    """The elements of the stored PDF with their measures; the same bytes are read once."""
    try:
        return check(data)
    except NotReadable:
        return []


def _page(paper: Paper, form: WordingForm) -> Any:
    lacking, withheld = [], []
    masked: list[str] = []
    unsure: list[str] = []
    if paper.state == "draft":
        # number and date come with the issue; everything else must be there before it
        lacking = absent(paper.kind, issue.trial(web.session(), paper))
        withheld = withheld_findings(web.session(), paper.round, paper.township)
        masked, unsure = named_people(paper)
    return render_template(
        "documents/page.html",
        paper=paper,
        form=form,
        lacking=lacking,
        checked=_checked(paper.file.sha256, paper.file.data) if paper.file else [],
        withheld=withheld,
        masked=[(name, masked_name(name)) for name in masked],
        unsure=unsure,
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
    issue.revise(web.session(), paper, form.wording(), _seen(form), current_user, only)
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


@bp.post("/papers/<uuid:name>/layout")
@guarded("paper.write")
def lay_out(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    issue.reprint(web.session(), paper, current_user)
    web.session().commit()
    _print(paper)
    flash("正在重新生成版面。")
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


def _seen(form: WordingForm) -> int:
    """The version that the office had before its eyes; 0, which no paper has, where none was sent."""
    sent = str(form.seen.data or "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0
