"""The forms of what becomes of people and units. Everybody is named by name; no form asks for a code."""

from functools import partial

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from inspections.people.models import OFFICE_KINDS, SKILLS
from inspections.people.sheets import person_name
from inspections.reading import days
from inspections.units import entries
from inspections.units.fields import EntryField, NoteField, choices, select_field
from inspections.units.models import UNIT_KINDS

_short = partial(entries.text, longest=60)
_names = partial(entries.text, longest=4000)
_BASIS = "如：任免文件及日期，可不填；不写事由"
_UNIT = "如 枫树村，同名的写 枫树村（柳河镇）；没有的不填"


def _day(label: str, said: str = "") -> EntryField:
    return EntryField(label, entries.day, required=True, description=said or entries.DAY_FORMS)


def _office() -> EntryField:
    given = {"list": "known-offices", "autocomplete": "off"}
    return EntryField("机构", _short, required=True, description="写机构名称，可从列表中选", render_kw=given)


def _home() -> EntryField:
    given = {"list": "known-units", "autocomplete": "off"}
    return EntryField("所在村（单位）", _short, empty="", description=_UNIT, render_kw=given)


class NewPersonForm(FlaskForm):
    name = EntryField("姓名", person_name, required=True)
    office = _office()
    home_unit = _home()
    skills = SelectMultipleField(
        "专长",
        [InputRequired("请至少选择一项专长。")],
        choices=choices(SKILLS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message="请从列表中选择。",
    )
    day = _day("从哪一天起")
    mark = EntryField("区分同名的标记", _short, empty="", description="如：大、女、1985 年生；不同名的不填")
    basis = EntryField("依据", _short, empty="", description=_BASIS)
    another = BooleanField("不是同一人", description="名册中已有同名的人，确是另一人时勾选")
    submit = SubmitField("新增")


class MoveForm(FlaskForm):
    office = _office()
    home_unit = _home()
    day = _day("调动日期", "从这一天起算新机构的人")
    former = NoteField(
        "原任职的单位",
        _names,
        empty="",
        description="登记为曾任职，三年内不派；多个用、分隔，没有的清空",
    )
    since = EntryField("原任职从何时起", days.since, description=f"{days.ABOUT_FORMS}，不清楚的不填")
    basis = EntryField("依据", _short, empty="", description=_BASIS)
    submit = SubmitField("登记调动")


class LendForm(FlaskForm):
    where = EntryField("借调到", _short, required=True, description="单位名称，如 市纪委、县巡察办")
    unit = EntryField(
        "其中的被检查单位",
        _short,
        empty="",
        description="借到本县要检查的单位时填写，登记为曾任职",
        render_kw={"list": "known-units", "autocomplete": "off"},
    )
    day = _day("从哪一天起")
    until = _day("到哪一天", "含当天；这段时间不派")
    basis = EntryField("依据", _short, empty="", description=_BASIS)
    submit = SubmitField("登记借调")


class LeaveForm(FlaskForm):
    day = _day("从哪一天起离开", "退休、辞职、调离本县等；从这一天起不派，账号停用。不写事由")
    basis = EntryField("依据", _short, empty="", description=_BASIS)
    submit = SubmitField("登记离开")


class ReturnForm(FlaskForm):
    day = _day("从哪一天起返回", "从这一天起可以再派；账号须另行启用")
    submit = SubmitField("登记返回")


class MergeForm(FlaskForm):
    other = EntryField(
        "另一条登记",
        _short,
        required=True,
        description="与本人是同一人的另一条，写姓名和机构，如 张三（柳河镇纪委）；并入后从名册上除去",
        render_kw={"list": "known-people", "autocomplete": "off"},
    )
    submit = SubmitField("并为一条")


class NewOfficeForm(FlaskForm):
    name = EntryField("名称", _short, required=True)
    kind = select_field("性质", OFFICE_KINDS)
    area = SelectField("所属乡镇", invalid_choice_message="请从列表中选择。")
    min_home = EntryField(
        "最少留守", partial(entries.whole, low=0, high=999), empty=0, description="每一轮至少留在机构的人数"
    )
    submit = SubmitField("新增")


class NewUnitForm(FlaskForm):
    name = EntryField("名称", _short, required=True)
    kind = select_field("类型", UNIT_KINDS)
    area = SelectField("所属乡镇", invalid_choice_message="请从列表中选择。")
    day = _day("从哪一天起")
    basis = EntryField("依据", _short, empty="", description="如：批复文号，可不填")
    submit = SubmitField("新增")


class RenameForm(FlaskForm):
    name = EntryField("新名称", _short, required=True)
    day = _day("从哪一天起", "此前的底稿、文书和统计仍用原名")
    basis = EntryField("依据", _short, empty="", description="如：批复文号，可不填")
    submit = SubmitField("更名")


class JoinForm(FlaskForm):
    into = EntryField(
        "并入",
        _short,
        required=True,
        description="同一乡镇的另一单位；新设的请先新增",
        render_kw={"list": "known-units", "autocomplete": "off"},
    )
    day = _day("从哪一天起", "从这一天起不再单独检查；原有的回避关系转到并入的单位")
    basis = EntryField("依据", _short, empty="", description="如：批复文号，可不填")
    submit = SubmitField("合并")


class DivideForm(FlaskForm):
    parts = EntryField(
        "拆分成", _short, required=True, description="新单位的名称，用、分隔，如 东湾村、西湾村"
    )
    day = _day("从哪一天起", "原有的回避关系转到每一个新单位")
    basis = EntryField("依据", _short, empty="", description="如：批复文号，可不填")
    submit = SubmitField("拆分")


class EndForm(FlaskForm):
    day = _day("从哪一天起", "从这一天起不再检查，历史记录保留")
    basis = EntryField("依据", _short, required=True, description="如：批复文号")
    submit = SubmitField("撤销")
