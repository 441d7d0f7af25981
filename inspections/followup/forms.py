"""The forms of the register: one step with what it may bring, a reminder, a sorting.

They read what was typed; whether it is enough is decided in `rectification`.
"""

from collections.abc import Collection
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectChoice,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from inspections.findings.forms import yuan
from inspections.followup.models import DISPATCHES, WAYS
from inspections.followup.proofs import MOST_BYTES, MOST_FILES, Received, receive_all
from inspections.followup.rectification import MOST_HOUSEHOLDS, Act

_IMAGES = "image/jpeg,image/png,image/webp"
_FILES = f"{_IMAGES},.pdf,.xlsx,.docx"
FILE_LIMITS = f"照片或 PDF、Word、Excel，每个不超过 {MOST_BYTES // 1024 // 1024} MB，一次最多 {MOST_FILES} 个"


def is_amount(_form: FlaskForm, field: Any) -> None:
    """Nothing; the field's amount is readable. Raises ValidationError."""
    try:
        yuan(field.data)
    except ValueError:
        raise ValidationError("金额应为数字，例如 4860 或 12.5。") from None


class ItemStepForm(FlaskForm):
    """One step: which, seen on which version, and what it brings."""

    action = HiddenField()
    seen = IntegerField(widget=HiddenInput(), default=0)
    text = TextAreaField("说明", [Length(max=2000, message="最多 2000 字。")], render_kw={"rows": 3})
    measures = TextAreaField("整改措施", [Length(max=2000, message="最多 2000 字。")], render_kw={"rows": 3})
    persons = StringField("责任人", [Length(max=200, message="最多 200 字。")])
    until = DateField("日期", [Optional()])
    recovered = StringField(
        "本次清退追缴兑付（元）", [Optional(), is_amount], render_kw={"inputmode": "decimal"}
    )
    households = IntegerField(
        "本次涉及户数", [Optional(), NumberRange(0, MOST_HOUSEHOLDS, "户数应为不小于 0 的整数。")]
    )
    checker = SelectField("核验人", validate_choice=False)
    before = MultipleFileField("整改前照片", render_kw={"accept": _IMAGES})
    after = MultipleFileField("整改后照片", render_kw={"accept": _IMAGES})
    documents = MultipleFileField("凭证材料", render_kw={"accept": _FILES}, description=FILE_LIMITS)

    def act(self, asked: Collection[str], checker: Any) -> Act:
        """What was said in the fields that the step asks for; others that were sent along say nothing.

        Raises Refusal for a file that cannot be kept.
        """
        said = {
            "text": (self.text.data or "").strip().replace("\r\n", "\n"),
            "measures": (self.measures.data or "").strip().replace("\r\n", "\n"),
            "persons": (self.persons.data or "").strip(),
            "until": self.until.data,
            "recovered": yuan(self.recovered.data),
            "households": self.households.data,
            "checker": checker,
        }
        wanted = {name: value for name, value in said.items() if name in asked}
        return Act(**wanted, files=self.files(asked))

    def files(self, asked: Collection[str]) -> list[Received]:
        """The files that came with it. Raises Refusal."""
        sent = [
            (what, file.filename, file.read(MOST_BYTES * 2))
            for what, field in (("before", self.before), ("after", self.after), ("document", self.documents))
            if field.name in asked
            for file in field.data or ()
            if getattr(file, "filename", "")
        ]
        return receive_all(sent)


class ReminderForm(FlaskForm):
    """A reminder that a person gave."""

    channel = SelectField(
        "方式",
        choices=[
            SelectChoice("phone", "电话提醒"),
            SelectChoice("face", "当面督促"),
            SelectChoice("letter", "书面督办"),
        ],
    )
    to = StringField("提醒对象", [InputRequired("请写明提醒了谁。"), Length(max=60)])
    text = TextAreaField(
        "提醒内容", [InputRequired("请写明提醒了什么。"), Length(max=500)], render_kw={"rows": 2}
    )
    save = SubmitField("登记")


class DispatchForm(FlaskForm):
    """领办, 转办, 督办."""

    how = SelectField("分办方式", choices=[SelectChoice(code, name) for code, name in DISPATCHES.items()])
    office = StringField("承办部门", [Optional(), Length(max=60)], description="转办时填写。")
    partners = StringField(
        "配合单位", [Optional(), Length(max=300)], description="与责任单位一起整改的单位，多个用顿号分隔。"
    )


class SortingForm(FlaskForm):
    """What becomes of a signed working paper."""

    disposal = SelectField("处置")
    way = SelectField("整改方式", choices=[SelectChoice(code, name) for code, name in WAYS.items()])
    category = SelectField("类别")
    severity = SelectField("程度")
    responsible = StringField("责任单位", [InputRequired("请填写责任单位。"), Length(max=60)])
    office = StringField("转往部门", [Optional(), Length(max=60)], description="转主管部门时填写。")
    into = SelectField("并入", description="同一单位的同一个问题写了两份底稿时，并入其中一份。")
    reason = StringField("理由", [Optional(), Length(max=300)], description="认定不成立或备查时必填。")
