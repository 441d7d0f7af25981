"""The forms of the papers: which to draft, what the office adds to it, what became of it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

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

from inspections.database import today
from inspections.documents.course.occasions import Occasion
from inspections.documents.models import KINDS, OF_VISITS, REPLIES, STEPS, Paper
from inspections.findings.models import Finding
from inspections.site import privacy


class DraftForm(FlaskForm):
    #: the draft's random name, made with the form: sent twice it is one draft
    name = HiddenField(default=lambda: str(uuid.uuid4()), validators=[UUID("表单已失效，请重新打开本页。")])
    kind = SelectField("文种", choices=[SelectChoice(kind, KINDS[kind]) for kind in OF_VISITS])
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
    to = StringField("主送", [Optional(), Length(max=60), no_private_number])
    signer = StringField("签发人", [Optional(), Length(max=20), no_private_number])
    held_on = DateField("会议日期", [Optional()])
    place = StringField("会议地点", [Optional(), Length(max=60), no_private_number])
    chair = StringField("主持人", [Optional(), Length(max=20), no_private_number])
    present = StringField(
        "出席", [Optional(), Length(max=500), no_private_number], description="多人用顿号分隔。"
    )
    guests = StringField(
        "列席", [Optional(), Length(max=500), no_private_number], description="多人用顿号分隔，可不填。"
    )
    appraisal = TextAreaField(
        "总体评价",
        [Optional(), Length(max=1000), no_private_number],
        description="仅反馈意见使用：先讲成绩，一段。",
    )
    causes = TextAreaField(
        "原因分析", [Optional(), Length(max=2000), no_private_number], description="一行一条。"
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
        """What the office adds, as the draft keeps it: only what the form of this kind asks."""
        found: dict[str, Any] = {
            field.name: _lines(field.data) if field.name in LINES else (field.data or "").strip()
            for field in self
            if field.name in (*TEXTS, *LINES)
        }
        for field in self:
            if field.name in DAYS:
                found[field.name] = field.data.isoformat() if field.data else None
            elif field.name in NAMES:
                found[field.name] = [name.strip() for name in (field.data or "").split("、") if name.strip()]
        return found

    @property
    def offers_findings(self) -> bool:
        """Whether the office may leave problems out."""
        return self.findings is not None


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


TEXTS = ("authority", "report_to", "to", "signer", "place", "chair", "appraisal")
LINES = ("causes", "suggestions")
NAMES = ("present", "guests", "cc")
DAYS = ("report_by", "held_on")
#: kind → the fields that its office fills beside cc, with the label where it differs
ASKED: dict[str, dict[str, str]] = {
    "handover": {"authority": "", "report_to": "", "report_by": "", "findings": ""},
    "feedback": {
        "authority": "",
        "report_to": "",
        "report_by": "",
        "appraisal": "",
        "suggestions": "",
        "findings": "",
    },
    "reminder": {"report_by": "完成时限", "appraisal": "补充说明", "findings": "督办的问题"},
    "transfer": {"to": "承办部门", "report_by": "办理时限", "appraisal": "办理要求"},
    "advice": {"to": "主送", "appraisal": "原因分析", "suggestions": "建议", "findings": "依据的底稿"},
    "bulletin": {"to": "主送", "appraisal": "补充说明", "suggestions": "下步要求"},
    "round_report": {
        "to": "主送",
        "signer": "",
        "appraisal": "主要做法",
        "causes": "",
        "suggestions": "下一步建议",
    },
    "minutes": {
        "held_on": "",
        "place": "",
        "chair": "",
        "present": "",
        "guests": "",
        "appraisal": "其他议定事项",
        "findings": "会审的底稿",
    },
}
HINTS = {
    "appraisal": "一段；可不填的由系统留空或写通用内容。",
    "suggestions": "一行一条。",
    "report_by": "",
    "to": "不填写的，按文种通行的写法。",
}


def wording_form(paper: Paper, offered: Sequence[Finding], report_days: int | None) -> WordingForm:
    """The form about this draft, with the fields of its kind, filled with what it says unless just sent."""
    said, asked = paper.wording, ASKED[paper.kind]
    form = WordingForm(
        seen=str(paper.version),
        **{name: said.get(name) for name in TEXTS},
        **{name: "\n".join(said.get(name, [])) for name in LINES},
        **{name: "、".join(said.get(name, [])) for name in NAMES},
        **{name: dt.date.fromisoformat(said[name]) if said.get(name) else None for name in DAYS},
        findings=[str(finding.uuid) for finding in paper.findings],
    )
    for name in (*TEXTS, *LINES, *NAMES, *DAYS, "findings"):
        if name not in asked and name != "cc":
            del form[name]
        elif asked.get(name):
            form[name].label.text = asked[name]
            form[name].description = HINTS.get(name, form[name].description)
    if paper.kind in OF_VISITS:
        form.report_by.description = (
            f"不填写的，自制发之日起 {report_days} 日。" if report_days is not None else ""
        )
    if form.offers_findings:
        form.findings.choices = [
            SelectChoice(str(each.uuid), f"{each.number} {each.posting.unit.name}：{each.current.title}")
            for each in offered
        ]
    return form


class OccasionForm(FlaskForm):
    #: as in DraftForm
    name = HiddenField(default=lambda: str(uuid.uuid4()), validators=[UUID("表单已失效，请重新打开本页。")])
    about = SelectField("起草什么", validators=[InputRequired("请选择要起草的文书。")], validate_choice=False)
    submit = SubmitField("起草")


def occasion_form(found: Sequence[Occasion], chosen: str | None = None) -> OccasionForm:
    """The form with one choice for each occasion, grouped by the kind of paper."""
    form = OccasionForm(prefix="occasion-", about=chosen)
    form.about.choices = [SelectChoice(one.key, one.words, optgroup=KINDS[one.kind]) for one in found]
    return form


class CourseForm(FlaskForm):
    what = SelectField("登记", choices=[SelectChoice(*one) for one in STEPS.items()])
    day = DateField("日期", [InputRequired("请填写日期。")], default=today)
    person = StringField("对方经办人", [InputRequired("请填写对方经办人。"), Length(max=20)])
    verdict = SelectField(
        "结论", choices=[SelectChoice(*one) for one in (("", "—"), *REPLIES.items())], default=""
    )
    text = TextAreaField("送达方式或回复内容", [Optional(), Length(max=1000), no_private_number])
    save = SubmitField("登记")


class FilingForm(FlaskForm):
    number = StringField("备案编号", [InputRequired("请填写备案编号。"), Length(max=40)])
    day = DateField("备案日期", [InputRequired("请填写备案日期。")], default=today)
    to = StringField("备案部门", [InputRequired("请填写备案部门。"), Length(max=60)])
    save = SubmitField("登记备案")
