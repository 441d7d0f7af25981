"""The forms of absences, of requests for recusal, and of a cycle's declarations and trainings."""

from functools import partial

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from inspections.recusal.models import RAISED_BY
from inspections.units import entries
from inspections.units.entries import DAY_FORMS
from inspections.units.fields import EntryField, NoteField, select_field

_short = partial(entries.text, longest=60)
_reason = partial(entries.text, longest=300)

NAMED = "名册中的姓名；同名的写明机构，如 张三（县财政局）"


class OwnAbsenceForm(FlaskForm):
    start = EntryField("起", entries.day, required=True, description=DAY_FORMS)
    end = EntryField("止", entries.day, required=True, description="含当天；只登记日期，不写事由")
    submit = SubmitField("登记")


class AbsenceForm(OwnAbsenceForm):
    person = EntryField("姓名", entries.code, required=True, description=NAMED)


class RequestForm(FlaskForm):
    unit = EntryField("单位", entries.code, required=True, description="如 枫树村，同名的写 枫树村（柳河镇）")
    person_words = EntryField(
        "申请谁回避", _short, required=True, description="姓名和单位；核实时再对应到名册"
    )
    raised_by = select_field("提出方", RAISED_BY)
    kind = SelectField("回避种类", invalid_choice_message="请从列表中选择。")
    ground = NoteField("理由", _reason, required=True, description="只写关系，不写检举控告人的任何信息")
    submit = SubmitField("提出申请")


class RequestStepForm(FlaskForm):
    seen = HiddenField()
    step = HiddenField()
    agreed = select_field("结论", {"yes": "是", "no": "否"})
    person = EntryField("姓名", entries.code, empty="", description=f"{NAMED}；否时可不填")
    substitute = EntryField("替补人员", entries.code, empty="", description=f"{NAMED}；不需要替补的不填")
    reason = NoteField("理由", _reason, required=True)
    submit = SubmitField("提交")


class RuleForm(FlaskForm):
    declarations = BooleanField("没有作回避申报的人员不派")
    training = BooleanField("没有参加本周期培训的人员不派")
    reason = NoteField("更改的理由", partial(entries.text, longest=200), required=True)
    submit = SubmitField("保存要求")


class StandInForm(FlaskForm):
    checked = BooleanField(
        "我已逐人核对本人签字的纸质申报表",
        [InputRequired("请逐人核对后勾选。")],
        description="没有登记任何关系的人将代录为“无”；表上写有关系的，请先在人员页登记再代录",
    )
    submit = SubmitField("代录所选的人")


class TrainingForm(FlaskForm):
    day = EntryField("培训日期", entries.day, required=True, description=DAY_FORMS)
    topic = EntryField("内容", partial(entries.text, longest=60), required=True)
    hours = EntryField("学时", partial(entries.whole, low=0, high=200), empty=0)
    whom = SelectField("参加人员", invalid_choice_message="请从列表中选择。")
    left_out = EntryField(
        "其中缺席的人员",
        partial(entries.text, longest=1000),
        empty="",
        description="多个用、分隔，可不填",
    )
    submit = SubmitField("登记培训")


class AnswerForm(FlaskForm):
    submit = SubmitField("提交申报")


class WaiverForm(FlaskForm):
    person = StringField("姓名", [DataRequired("请填写姓名。"), Length(max=64)])
    goal = StringField("单位，或同组另一人的姓名", [DataRequired("请填写单位名称或姓名。"), Length(max=64)])
    reason = TextAreaField(
        "理由",
        [DataRequired("请写明申请豁免的理由。"), Length(max=500, message="不能超过 500 字。")],
        description="为什么没有别人可派，怎样防止影响公正",
    )


class WaiverDecisionForm(FlaskForm):
    seen = HiddenField()
    reason = TextAreaField(
        "理由", [DataRequired("请写明理由。"), Length(max=500, message="不能超过 500 字。")]
    )
