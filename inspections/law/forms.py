"""What a person enters in the law library: a rule of the county, an article as it was read."""

from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp


class RuleForm(FlaskForm):
    """A rule of the county with its number and its day."""

    code = StringField(
        "编号",
        [InputRequired("请填写编号。"), Regexp(r"^[A-Z0-9-]{2,20}$", message="编号用大写字母、数字和短横。")],
    )
    title = StringField("名称", [InputRequired("请填写名称。"), Length(max=80)], description="不带书名号。")
    number = StringField("文号", [Length(max=40)], description="例：清政办发〔2024〕11号。")
    since = DateField("施行日期", [InputRequired("请填写施行日期。")])


class ArticleForm(FlaskForm):
    """One article: its label and what it says in short."""

    label = StringField("条", [InputRequired("请填写条号，例：第八条。"), Length(max=20)])
    gist = TextAreaField("内容摘要", [InputRequired("请填写内容摘要。"), Length(max=300)])
