"""The forms of the roster workbook: the upload, and the confirmation of what it would change."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SubmitField


class UploadForm(FlaskForm):
    file = FileField(
        "名册文件", [FileRequired("请选择名册文件。")], description="xlsx，或装有 CSV 的 zip，不超过 20 MB"
    )
    submit = SubmitField("检查并预览")


class ConfirmForm(FlaskForm):
    file_sha256 = HiddenField()
    seen = HiddenField()
    submit = SubmitField("确认导入")
