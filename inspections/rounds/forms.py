"""The forms of cycles, rounds and plans. Rules here are about single fields; `cycles.py` judges the whole."""

import datetime as dt
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from inspections.rounds.cycles import FIRST_YEAR, LAST_YEAR, MOST_ROUNDS, RoundSetting
from inspections.rounds.models import CROSSINGS, Round
from inspections.rounds.watch import LONGEST_SECONDS

REQUIRED = "请填写这一项。"


class InChinese:
    """Messages of the form library in Chinese."""

    def get_translations(self, form: Any) -> Any:
        return get_translations(["zh"])


class DeskForm(FlaskForm):
    class Meta(InChinese, FlaskForm.Meta):
        pass


def whole(label: str, least: int, most: int, default: int | None = None, **given: Any) -> IntegerField:
    """A required whole number from `least` to `most`."""
    rules = [InputRequired(REQUIRED), NumberRange(least, most, f"应为 {least} 至 {most} 的整数。")]
    return IntegerField(
        label, rules, default=default, render_kw={"min": least, "max": most, "inputmode": "numeric"}, **given
    )


class CycleForm(DeskForm):
    """What both the new and the changed cycle have. `seen` is the version that the planner looked at."""

    seen = HiddenField(default="0")
    name = StringField("名称", [DataRequired(REQUIRED), Length(max=60)], description="如“2027年驻点监督”。")
    crossing = SelectField(
        "交叉方式", choices=[SelectChoice(mode, words) for mode, words in CROSSINGS.items()]
    )
    template = SelectField("小组模板")
    looks_back = BooleanField("回头看", description="勾选后，以前驻点过某个单位的人员不再派往该单位。")
    # what is ticked is looked up among the county's units, see selection.py
    groups = SelectMultipleField("单位范围", choices=[], validate_choice=False)
    left_out = SelectMultipleField("不含的单位", choices=[], validate_choice=False)

    def validate_groups(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("请至少选一个乡镇的一类单位。")


class NewCycleForm(CycleForm):
    """A new cycle also says how its rounds begin; each can be changed afterwards."""

    count = whole("轮数", 1, MOST_ROUNDS, 4)
    start = DateField("第一轮开始日期", [InputRequired(REQUIRED)])
    days = whole("每轮天数", 1, 60, 5, description="含首尾两天。")
    pause = whole("两轮之间隔几天", 0, 60, 2)
    teams = whole("每轮组数", 1, 200, 4)
    visits = whole("每组走几个单位", 1, 20, 1, description="“一拖二”填 2。")


class RoundForm(Form):
    """One row of the table of rounds; the row of a new round may stay empty."""

    class Meta(InChinese, Form.Meta):
        pass

    code = HiddenField()
    name = StringField("名称", [Optional(), Length(max=40)])
    start = DateField("开始", [Optional()])
    end = DateField("结束", [Optional()])
    release_on = DateField("发布日期", [Optional()])
    teams = IntegerField("组数", [Optional(), NumberRange(1, 200, "应为 1 至 200 的整数。")])
    visits_per_team = IntegerField("每组单位数", [Optional(), NumberRange(1, 20, "应为 1 至 20 的整数。")])
    drop = BooleanField("删除")

    FILLED = ("name", "start", "end", "release_on", "teams", "visits_per_team")

    @property
    def is_blank_new_row(self) -> bool:
        return not self.code.data and not any(
            self[name].raw_data and self[name].raw_data[0] for name in self.FILLED
        )

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if self.drop.data or self.is_blank_new_row:
            return good
        for name in self.FILLED:
            field = self[name]
            if field.data in (None, "") and not field.errors:
                field.errors = [*field.errors, REQUIRED]
                good = False
        return good

    def setting(self) -> RoundSetting:
        return RoundSetting(code=self.code.data or "", **{name: self[name].data for name in self.FILLED})


class RoundsForm(DeskForm):
    """All rounds of a cycle and one empty row for another."""

    seen = HiddenField()
    rounds = FieldList(FormField(RoundForm))

    def settings(self) -> list[RoundSetting]:
        """What is to remain, in the order of the page."""
        rows = [entry.form for entry in self.rounds]
        return [row.setting() for row in rows if not row.drop.data and not row.is_blank_new_row]


def rows_of(rounds: list[Round]) -> list[dict[str, Any]]:
    """What the table of rounds shows first: the rounds as they are, then an empty row."""
    fields = ("code", *RoundForm.FILLED)
    return [{name: getattr(round_, name) for name in fields} for round_ in rounds] + [{}]


class SolveForm(DeskForm):
    """How to search. `seen` is the number of the newest plan on the page."""

    seen = HiddenField()
    seed = whole("随机种子", 0, 2**31 - 1, 1, description="同一种子、同样数据，排出的方案相同。")
    seconds = whole("时限（秒）", 1, LONGEST_SECONDS, 60, description="没有改进时提前结束。")


class ActForm(DeskForm):
    """A button that changes a plan; `seen` is the version that the page showed."""

    seen = HiddenField()


class MoveForm(ActForm):
    """What the acts on a plan ask for; `refused` names the act whose panel says why it was not done."""

    note = TextAreaField("给批准人的话", [Optional(), Length(max=500, message="送审的话不能超过 500 字。")])
    reason = TextAreaField("理由", [Optional(), Length(max=500, message="理由不能超过 500 字。")])
    typed = StringField("版本号", [Optional(), Length(max=20, message="请只输入版本号。")])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.refused = ""
        self.changes: list[str] = []


class RefitForm(ActForm):
    first = SelectField(
        "从哪一轮起可以改动",
        description="默认是尚未开始的第一轮；已在驻点的轮次也可选，换下的人随即看不到该驻点。",
    )
    reason = TextAreaField(
        "原因",
        [DataRequired("请写明补位的原因，如谁因何事不能参加。"), Length(max=500)],
        description="如：张三住院，第三轮起不能参加。",
    )


class StopForm(DeskForm):
    keep = HiddenField()


def next_monday(today: dt.date) -> dt.date:
    """The first Monday after today: what a new cycle proposes."""
    return today + dt.timedelta(days=7 - today.weekday())


class AmendForm(DeskForm):
    """A round that is put off or cancelled."""

    what = RadioField(
        "怎样改", choices=[SelectChoice("move", "改期"), SelectChoice("cancel", "取消这一轮")], default="move"
    )
    start = DateField("开始", [Optional()])
    end = DateField("结束", [Optional()])
    release_on = DateField("发布日期", [Optional()], description="发布日期以前，各组看不到本轮去哪个单位。")
    onward = BooleanField("其后各轮一并顺延同样的天数")
    reason = TextAreaField(
        "原因", [DataRequired("请写明原因。"), Length(max=500)], description="如：防汛，全县干部下沉。"
    )

    def validate_what(self, field: Any) -> None:
        # not with a date: an empty one ends its own checks
        if field.data != "move":
            return
        days = self.start.data, self.end.data, self.release_on.data
        if not all(days):
            raise ValidationError("改期要填写开始、结束和发布日期。")
        if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
            raise ValidationError(f"日期应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间。")


class DecideForm(DeskForm):
    answer = TextAreaField("意见", [Optional(), Length(max=500, message="意见不能超过 500 字。")])
    agreed = HiddenField()


class CopyForm(DeskForm):
    name = StringField("名称", [DataRequired(REQUIRED), Length(max=60)])
    start = DateField("第一轮开始日期", [InputRequired(REQUIRED)])

    def validate_start(self, field: Any) -> None:
        if field.data is not None and not FIRST_YEAR < field.data.year < LAST_YEAR - 10:
            raise ValidationError(f"应在 {FIRST_YEAR + 1} 年至 {LAST_YEAR - 11} 年之间。")
