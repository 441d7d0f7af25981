"""The forms of a working paper: the paper itself, and the leader's decision.

They read what was typed and put each fault beside its field; what may be stored is decided in `drafting`.
"""

import os
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import orm, select
from wtforms import (
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import UUID, InputRequired
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from inspections.findings import drafting
from inspections.findings.drafting import LABELS, LONGEST, Said
from inspections.findings.evidence import (
    MOST_AT_ONCE,
    MOST_BYTES,
    MOST_TOGETHER,
    Picture,
    examine,
    surplus,
)
from inspections.findings.models import TaxonomyEntry
from inspections.reading.figures import figure
from inspections.site.refusal import Refusal

#: parts of the paper whose field has another name
BOXES = {"process": "course"}

PHOTO_LIMITS = (
    f"JPEG、PNG、WebP，每张不超过 {MOST_BYTES // 1024 // 1024} MB，"
    f"一次最多 {MOST_AT_ONCE} 张、合计 {MOST_TOGETHER // 1024 // 1024} MB"
)


class Methods(SelectMultipleField):
    """The ways of checking, each a box to tick; the paper keeps them as one text joined by 、."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _line(name: str, required: bool = False) -> StringField:
    validators = [InputRequired(f"请填写{LABELS[name]}。")] if required else []
    return StringField(LABELS[name], validators, render_kw={"maxlength": LONGEST[name]})


def _text(name: str, rows: int, required: bool = False) -> TextAreaField:
    validators = [InputRequired(f"请填写{LABELS[name]}。")] if required else []
    return TextAreaField(LABELS[name], validators, render_kw={"rows": rows})


def photo_field() -> MultipleFileField:
    """Where photographs are chosen; the page's script knows the limits from it and says so before sending."""
    limits = {"data-each": MOST_BYTES, "data-together": MOST_TOGETHER, "data-count": MOST_AT_ONCE}
    return MultipleFileField(
        "照片", render_kw={"accept": "image/jpeg,image/png,image/webp", "data-photos": "", **limits}
    )


class FindingForm(FlaskForm):
    """One problem, one paper. `name` makes sending it twice harmless; `seen` is the revision shown."""

    name = HiddenField(validators=[UUID("页面已失效，请刷新后重新填写。")])
    seen = IntegerField(widget=HiddenInput())
    item_code = HiddenField()
    title = _line("title", required=True)
    category = SelectField(LABELS["category"], [InputRequired("请选择问题类别。")], validate_choice=False)
    severity = SelectField(LABELS["severity"], [InputRequired("请选择严重程度。")], validate_choice=False)
    summary = _text("summary", 5, required=True)
    course = _text("process", 4)  # wtforms' own method has the name `process`
    method = Methods(LABELS["method"], validate_choice=False)
    place = _line("place")
    period = _line("period")
    amount = StringField(LABELS["amount"], render_kw={"inputmode": "decimal", "maxlength": 20})
    basis = _text("basis", 2)
    responsible = _line("responsible")
    evidence = _text("evidence", 3)
    statement = _text("statement", 3)
    photos = photo_field()
    submit = SubmitField("保存底稿")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be stored; each fault stands beside its field."""
        good = bool(super().validate(extra_validators))
        files = uploaded(self.photos.data)
        self.pictures: list[Picture] = []
        fault = surplus([size_of(file) for file in files])
        if not fault:
            self.pictures, fault = examined(files)
        if fault:
            self.photos.errors = [fault]
            good = False
        try:
            said = self.said()
        except ValueError:
            self.amount.errors = ["金额应为数字，例如 4860 或 12.5。"]
            return False
        for name, sentence in drafting.faults(said).items():
            if not self.box(name).errors:
                self.box(name).errors = [sentence]
                good = False
        return good

    def said(self) -> Said:
        """What was typed. Raises ValueError where the amount is no number."""
        texts = {
            name: (self.box(name).data or "").strip().replace("\r\n", "\n")
            for name in LABELS
            if name not in ("amount", "method")
        }
        return Said(**texts, method="、".join(self.method.data or ()), amount=yuan(self.amount.data))

    def box(self, name: str) -> Any:
        """The field in which that part of the paper is typed."""
        return self[BOXES.get(name, name)]

    def photo_name(self, picture: Picture) -> uuid.UUID:
        """The random name of that photograph in this form: sending it twice keeps one."""
        return uuid.uuid5(uuid.UUID(self.name.data), picture.sha256)


class DecisionForm(FlaskForm):
    """The leader's decision on the revision that was shown."""

    seen = IntegerField(widget=HiddenInput())
    reason = TextAreaField("退回原因", render_kw={"rows": 2})


def finding_form(session: orm.Session, **shown: Any) -> FindingForm:
    """The form with its choices, filled from the request or with `shown`."""
    shown = {"name": str(uuid.uuid4()), "seen": 0} | shown
    methods = [word for word in str(shown.pop("method", "")).split("、") if word]
    form = FindingForm(method=methods, **shown)
    entries = _taxonomy(session)
    names = {entry.code: entry.name for entry in entries if entry.kind == "category"}
    form.category.choices = [SelectChoice("", "请选择")] + [
        SelectChoice(entry.code, f"{entry.code} {entry.name}", optgroup=names.get(entry.parent_code))
        for entry in entries
        if entry.kind == "subcategory"
    ]
    form.severity.choices = [SelectChoice("", "请选择")] + [
        SelectChoice(entry.code, f"{entry.name}（{entry.code}）")
        for entry in entries
        if entry.kind == "severity"
    ]
    known = [entry.name for entry in entries if entry.kind == "check_method"]
    extra = [word for word in form.method.data or () if word not in known]
    form.method.choices = [SelectChoice(word, word) for word in (*known, *extra)]
    return form


def filled(session: orm.Session, said: Said, **hidden: Any) -> FindingForm:
    """The form that shows `said`."""
    shown = {BOXES.get(name, name): getattr(said, name) for name in LABELS}
    shown["amount"] = "" if said.amount is None else f"{said.amount:f}"
    return finding_form(session, **shown, **hidden)


def yuan(text: str | None) -> Decimal | None:
    """The amount typed (12,345.60, 1.2万元 too), None for nothing. Raises ValueError where it is none."""
    if not (text or "").strip():
        return None
    found = figure(text)
    if found.unit not in ("", "元"):
        raise ValueError(text)
    return found.value


def uploaded(files: Iterable[Any] | None) -> list[Any]:
    """The files that somebody chose: a browser sends an empty one where nothing was."""
    return [file for file in files or () if getattr(file, "filename", "")]


def size_of(file: Any) -> int:
    """Its bytes; it can be read from the start afterwards."""
    file.seek(0, os.SEEK_END)
    size: int = file.tell()
    file.seek(0)
    return size


def examined(files: Iterable[Any]) -> tuple[list[Picture], str]:
    """The pictures in these uploaded files, and the first refusal as a sentence with the file's name."""
    pictures = []
    for file in files:
        try:
            pictures.append(examine(file.read(MOST_BYTES * 4)))
        except Refusal as refusal:
            return [], f"“{file.filename[-40:]}”：{refusal}"
    return pictures, ""


def _taxonomy(session: orm.Session) -> Sequence[TaxonomyEntry]:
    kinds = ("category", "subcategory", "severity", "check_method")
    wanted = select(TaxonomyEntry).where(TaxonomyEntry.kind.in_(kinds))
    return session.scalars(wanted.order_by(TaxonomyEntry.position)).all()
