"""What an edit says, in the form in which the ledger keeps it: `values` and the sheet's conditions decide."""

from typing import Any

from inspections.fieldwork import conditions, values
from inspections.fieldwork.entry.edits import Edit
from inspections.fieldwork.entry.reasons import EditRefused
from inspections.fieldwork.models import ChecklistItem


def fitting(item: ChecklistItem | None, edit: Edit) -> Any:
    """The canonical value; `item` is None for a working paper, its photographs, a check. Raises
    EditRefused."""
    try:
        if edit.field == "note":
            return values.text(edit.value, values.LONGEST_NOTE, "备注")
        if edit.field == "photos":
            return values.photo(edit.value) if edit.kind == "add" else values.photo_id(edit.value)
        if edit.field in ("paper", "outcome") or item is None:
            return edit.value
        value = values.canonical(item.answer_type, edit.value, item.options)
        _require_constraint(item, value)
        return value
    except values.Unfit as unfit:
        raise EditRefused("value", str(unfit)) from None


def require_reason(edit: Edit) -> None:
    """Nothing. Raises EditRefused where a resolution does not say why, or says too much."""
    try:
        said = values.text(edit.reason, values.LONGEST_REASON, "理由")
    except values.Unfit as unfit:
        raise EditRefused("value", str(unfit)) from None
    if not said:
        raise EditRefused("value", "请写明以这一种为准的理由。")


def _require_constraint(item: ChecklistItem, value: Any) -> None:
    """Nothing. Raises Unfit where the answer breaks the sheet's condition; 未查 breaks none."""
    if value is None or values.is_unseen(value) or not item.constraint:
        return
    if not conditions.holds(item.constraint, lambda _: value):
        raise values.Unfit(item.constraint_message or f"填写的内容应符合：{item.constraint}")
