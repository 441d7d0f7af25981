"""The form of one section of a checklist: a card an item, made from the checklist, read back as edits.

It turns what was typed into values and edits; whether an edit is accepted is the ledger's decision.
"""

import json
import uuid
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID, Optional
from wtforms.widgets import DateInput, HiddenInput

from inspections.fieldwork import values
from inspections.fieldwork.answers import Answer, Section
from inspections.fieldwork.entry.edits import MOST_SETTLED
from inspections.fieldwork.models import ChecklistItem, Operation
from inspections.fieldwork.typed_figures import typed_figure
from inspections.fieldwork.values import CHOICES, UNSEEN, Unfit
from inspections.findings.evidence import Picture, surplus
from inspections.findings.forms import examined, photo_field, size_of, uploaded

SEEN, WITHDRAWN = "seen", "withdrawn"


def _number(name: str) -> StringField:
    """A box for a figure as people write it: a browser's own number box would take 3.68万 for nothing."""
    return StringField(name, render_kw={"inputmode": "decimal", "autocomplete": "off"})


class ItemForm(Form):
    """One item: the answer, a reason where nothing was looked at, one's own note, photographs.

    `base` and `note_base` are the places in the ledger of what the page showed.
    """

    answer_type = ""
    #: the choices of the item, [{"code", "name"}]
    options: list[dict[str, str]] = []
    #: set by the section, which alone sees the photographs of all its cards
    surplus = ""

    verdict = RadioField("作答", validate_choice=False)
    reason = StringField("未查或无法查的原因", render_kw={"maxlength": values.LONGEST_REASON})
    note = TextAreaField("备注（本人）", render_kw={"rows": 2, "maxlength": values.LONGEST_NOTE})
    photos = photo_field()
    settle = BooleanField("以这次填写为准，结束不一致")
    why = StringField("理由", render_kw={"maxlength": values.LONGEST_REASON})
    base = IntegerField(validators=[Optional()], widget=HiddenInput())
    #: the places of all words that the page showed: what came since is not settled by whoever looks at it
    standing = HiddenField()
    note_base = IntegerField(validators=[Optional()], widget=HiddenInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the card can be saved; then `proposed`, `noted` and `pictures` say what it says."""
        good = bool(super().validate(extra_validators))
        files = uploaded(self.photos.data)
        self.pictures: list[Picture] = []
        fault = self.surplus if files else ""
        if not fault:
            self.pictures, fault = examined(files)
        self.proposed, self.noted = None, ""
        if fault:
            self.photos.errors = [fault]
            good = False
        try:
            self.proposed = values.canonical(self.answer_type, self.typed(), self.options)
            if self.settle.data and self.proposed is None:
                raise Unfit("要结束不一致，请先作答。")
            if self.settle.data and not (self.why.data or "").strip():
                raise Unfit("请写明以这一种为准的理由。")
        except Unfit as unfit:
            self.verdict.errors = [str(unfit)]
            good = False
        try:
            self.noted = values.text(self.note.data or "", values.LONGEST_NOTE, "备注")
        except Unfit as unfit:
            self.note.errors = [str(unfit)]
            good = False
        return good

    def settled(self) -> list[int]:
        """The places of the words that the page showed."""
        return [int(each) for each in (self.standing.data or "").split() if each.isdecimal()][:MOST_SETTLED]

    def typed(self) -> Any:
        """The answer as typed, not yet checked; None for none. Raises Unfit for what is no number."""
        if self.verdict.data in UNSEEN:
            if self._figures_typed():
                raise Unfit(f"已填写数字，又选了“{UNSEEN[self.verdict.data]}”，请只留一样。")
            return {"state": self.verdict.data, "reason": self.reason.data or ""}
        if self.verdict.data == WITHDRAWN:
            return None
        return self._answer()

    def _answer(self) -> Any:
        return self.verdict.data if self.verdict.data in CHOICES else None

    def _figures_typed(self) -> bool:
        return False


class FigureForm(ItemForm):
    """An item answered with one number: a count, days, yuan, or a share in percent."""

    figure = _number("数字")

    def _answer(self) -> Any:
        return typed_figure(self.answer_type, self.figure.data or "")

    def _figures_typed(self) -> bool:
        return bool((self.figure.data or "").strip())


class ChoiceForm(ItemForm):
    """An item answered with one of its own choices."""

    def _answer(self) -> Any:
        return self.verdict.data if self.verdict.data in [each["code"] for each in self.options] else None


class WrittenForm(ItemForm):
    """An item answered with a date or with words."""

    figure = StringField("填写")

    def _answer(self) -> Any:
        return (self.figure.data or "").strip() or None

    def _figures_typed(self) -> bool:
        return bool((self.figure.data or "").strip())


class SampleForm(ItemForm):
    """An item answered by looking at some of the cases: how many, how many were abnormal, and which."""

    #: the cases that a tablet listed one by one: this page keeps them as they are
    cases: list[dict[str, Any]] = []

    checked = _number("抽查数")
    abnormal = _number("异常数")
    detail = TextAreaField("异常明细（说明）", render_kw={"rows": 2, "maxlength": values.LONGEST_DETAIL})

    def _answer(self) -> Any:
        checked, abnormal = (self.checked.data or "").strip(), (self.abnormal.data or "").strip()
        if not checked and not abnormal:
            if (self.detail.data or "").strip():
                raise Unfit("请填写抽查数和异常数。")
            return None
        if not checked:
            raise Unfit("请填写抽查数。")
        found = typed_figure("sample", abnormal) or 0
        typed = {
            "checked": typed_figure("sample", checked),
            "abnormal": found,
            "detail": self.detail.data or "",
        }
        return typed | ({"cases": self.cases} if self.cases and len(self.cases) <= int(found) else {})

    def _figures_typed(self) -> bool:
        return bool((self.checked.data or "").strip() or (self.abnormal.data or "").strip())


class SectionForm(FlaskForm):
    """The cards of one section. `nonce` makes sending it twice harmless."""

    nonce = HiddenField(validators=[UUID("页面已失效，请刷新后重新填写。")])
    version = IntegerField(widget=HiddenInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be saved; more photographs than one form may bring are not even opened."""
        files = [file for _, card in self.cards() for file in uploaded(card.photos.data)]
        too_much = surplus([size_of(file) for file in files])
        for _, card in self.cards():
            card.surplus = too_much
        return bool(super().validate(extra_validators))

    def card(self, code: str) -> Any:
        """The card of that item."""
        return self[code].form

    def cards(self) -> list[tuple[str, Any]]:
        """(item code, card) in the order of the checklist."""
        return [(field.short_name, field.form) for field in self if isinstance(field, FormField)]

    def faults(self) -> list[tuple[str, str, str]]:
        """(item code, id of the field, sentence) of everything to put right."""
        found = []
        for code, card in self.cards():
            for field in card:
                found += [(code, field.id, error) for error in field.errors if isinstance(error, str)]
        return found


def section_form(section: Section, version: int, user_id: int, sent: bool = False) -> SectionForm:
    """The form of a section: as it was `sent` in this request, else with what the ledger says now.

    A form that was sent takes nothing from the ledger: a box left empty must stay empty, though somebody
    else may have answered meanwhile.
    """
    cards = {answer.item.code: FormField(_card(answer.item)) for answer in section.answers}
    shown: dict[str, Any] = {}
    if not sent:
        shown = {answer.item.code: _shown(answer, user_id) for answer in section.answers}
        shown |= {"nonce": str(uuid.uuid4()), "version": version}
    made: SectionForm = type("OneSectionForm", (SectionForm,), cards)(data=shown)
    for answer in section.answers:
        card = made.card(answer.item.code)
        card.verdict.choices = _choices(answer)
        if isinstance(answer.value, dict):
            card.cases = answer.value.get("cases", [])
        if not card.verdict.data:
            card.verdict.data = ""
    return made


def _card(item: ChecklistItem) -> type[ItemForm]:
    answer_type = item.answer_type
    base: type[ItemForm] = ItemForm
    extra: dict[str, Any] = {"options": item.options}
    if answer_type == "sample":
        base = SampleForm
    elif answer_type == "choice":
        base = ChoiceForm
    elif answer_type == "date":
        base, extra["figure"] = WrittenForm, StringField("日期", widget=DateInput())
    elif answer_type == "text":
        base = WrittenForm
        extra["figure"] = TextAreaField("填写", render_kw={"rows": 2, "maxlength": values.LONGEST_DETAIL})
    elif answer_type not in ("yes_no", "yes_no_na"):
        base = FigureForm
        name = {"count": "数量", "days": "天数", "money": "金额", "ratio": "比例"}[answer_type]
        extra["figure"] = _number(name)
    return type(f"{answer_type.title()}Card", (base,), {"answer_type": answer_type, **extra})


def _choices(answer: Answer) -> list[SelectChoice]:
    kinds = {"yes_no": ("yes", "no"), "yes_no_na": ("yes", "no", "na")}.get(answer.item.answer_type, ())
    own = {key: CHOICES[key] for key in kinds} or {each["code"]: each["name"] for each in answer.item.options}
    words = own or {SEEN: "已查"}
    words |= UNSEEN
    if own and answer.done:
        words[WITHDRAWN] = "撤回"
    return [SelectChoice(key, word) for key, word in words.items()]


def _shown(answer: Answer, user_id: int) -> dict[str, Any]:
    note = answer.note_of(user_id)
    value = answer.value
    shown: dict[str, Any] = {
        "base": answer.seq,
        "standing": " ".join(str(edit.seq) for edit in answer.merged.standing),
        "note": note.value if note else "",
        "note_base": note.seq if note else None,
    }
    if values.is_unseen(value):
        return shown | {"verdict": value["state"], "reason": value["reason"]}
    if answer.item.answer_type == "sample" and value is not None:
        figures = {key: str(value[key]) for key in ("checked", "abnormal")}
        return shown | figures | {"verdict": SEEN, "detail": value["detail"]}
    if answer.item.answer_type == "ratio" and value is not None:
        percent = f"{Decimal(value) * 100:f}"
        return shown | {
            "verdict": SEEN,
            "figure": percent.rstrip("0").rstrip(".") if "." in percent else percent,
        }
    if answer.item.answer_type == "choice" or (isinstance(value, str) and value in CHOICES):
        return shown | {"verdict": value}
    return shown | ({"verdict": SEEN, "figure": str(value)} if value is not None else {})


def changed(
    form: SectionForm, section: Section, user_id: int, edits: dict[int, Operation]
) -> list[dict[str, Any]]:
    """The operations (contracts §3) for what this form changes against what it showed; [] for nothing.

    `edits` are the posting's edits by seq. An operation's id comes from the form's nonce and its own
    content: sent twice it is the same edit, changed after going back it is another.
    """
    operations = []
    for answer in section.answers:
        card = form.card(answer.item.code)
        base = edits.get(card.base.data) if card.base.data else None
        settles = bool(card.settle.data)
        if settles or card.proposed != (base.value if base else None):
            kind = "resolve" if settles else "set"
            made = _operation(form, answer, "answer", kind, card.proposed, card.base.data)
            named = {"reason": card.why.data, "settles": card.settled()} if settles else {}
            operations.append(made | named)
        note_base = edits.get(card.note_base.data) if card.note_base.data else None
        before = note_base.value if note_base and note_base.author_id == user_id else ""
        if card.noted != before:
            operations.append(_operation(form, answer, "note", "set", card.noted, card.note_base.data))
    return operations


def _operation(
    form: SectionForm, answer: Answer, field: str, kind: str, value: Any, base: int | None
) -> dict[str, Any]:
    content = json.dumps([answer.item.code, field, kind, value, base], ensure_ascii=False, sort_keys=True)
    return {
        "id": str(uuid.uuid5(uuid.UUID(form.nonce.data), content)),
        "item": answer.item.code,
        "field": field,
        "kind": kind,
        "value": value,
        "base": base,
        "at": None,
        "template_version": form.version.data,
    }


def photo_name(form: SectionForm, code: str, picture: Picture) -> uuid.UUID:
    """The random name of that photograph in this form: sending it twice keeps one."""
    return uuid.uuid5(uuid.UUID(form.nonce.data), f"{code} {picture.sha256}")
