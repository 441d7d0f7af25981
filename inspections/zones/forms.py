"""The forms of zones."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inspections.units.fields import choices
from inspections.zones.models import MEASURES

REQUIRED = "请填写这一项。"


class ProposeForm(FlaskForm):
    count = IntegerField(
        "片区数", [InputRequired(REQUIRED), NumberRange(1, 99, "请填写 1 至 99 的整数。")], default=4
    )
    measure = SelectField("各片区均衡的是", choices=choices(MEASURES))
    tolerance = IntegerField(
        "允许偏离平均（%）",
        [Optional(), NumberRange(0, 1000, "请填写 0 至 1000 的整数。")],
        default=25,
        description="留空为不限",
    )


class AdoptForm(FlaskForm):
    reason = TextAreaField("理由", [Length(max=500, message="不能超过 500 字。")])


class ChargeForm(FlaskForm):
    leader = StringField(
        "包片领导",
        [Length(max=30, message="不能超过 30 字。")],
        description="姓名和职务，如：李某某（县纪委常委）",
    )
    bodies = StringField(
        "联系纪检监察室、派驻组",
        [Length(max=100, message="不能超过 100 字。")],
        description="可填多个，用、分隔",
    )
