"""Form fields that read entries as the workbook does, so that both accept and refuse the same."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from inspections.units.entries import EntryFault


class EntryField(StringField):
    """One line of text; after validation `value` is what `read` made of it, or `empty` for a blank line."""

    def __init__(
        self, label: str, read: Callable[[Any], Any], required: bool = False, empty: Any = None, **given: Any
    ) -> None:
        validators = [InputRequired(f"请填写{label}。")] if required else []
        super().__init__(label, validators, **given)
        self.read = read
        self.empty = empty
        self.value: Any = empty

    def pre_validate(self, form: FlaskForm) -> None:
        """Raises ValidationError with the sentence of the entry's fault."""
        if not str(self.data or "").strip():
            self.value = self.empty
            return
        try:
            self.value = self.read(self.data)
        except EntryFault as fault:
            raise ValidationError(f"{fault}。") from None


class NoteField(EntryField, TextAreaField):
    """The same with several lines."""


def choices(
    names: Mapping[str, str] | Iterable[tuple[str, str]], blank: str | None = None
) -> list[SelectChoice]:
    """What a select offers: value → label, headed by an empty choice when `blank` names one."""
    pairs = names.items() if isinstance(names, Mapping) else names
    offered = [SelectChoice(value=value, label=label) for value, label in pairs]
    return offered if blank is None else [SelectChoice(value="", label=blank), *offered]


def select_field(label: str, names: Mapping[str, str], blank: str | None = None, **given: Any) -> SelectField:
    """A select of fixed words."""
    return SelectField(
        label, choices=choices(names, blank), invalid_choice_message="请从列表中选择。", **given
    )
