"""The forms that close a visit and open it again."""

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, Length

from inspections.fieldwork.closing.acts import LONGEST_REASON
from inspections.rounds.forms import DeskForm


class CloseForm(DeskForm):
    """No field: who presses the button means it."""


class ReopenForm(DeskForm):
    """Until when, and why."""

    until = DateField("开放至（含当日）", [DataRequired("请填写开放至哪一天。")])
    reason = TextAreaField(
        "理由",
        [DataRequired("请写明重新开放的理由。"), Length(max=LONGEST_REASON)],
        description="如：第三节补查两户，须更正金额。",
    )
