"""The forms of people, offices, ties, relatives and the roster upload."""

from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from inspections.people.kin.kinship import KIN_SETS
from inspections.people.models import OFFICE_KINDS, SKILLS, Office, Person
from inspections.people.sheets import kin_term, person_name
from inspections.reading import days
from inspections.units import entries
from inspections.units.fields import EntryField, NoteField, choices, select_field

_short = partial(entries.text, longest=60)


class PersonForm(FlaskForm):
    name = EntryField("姓名", person_name, required=True)
    office = SelectField("机构", invalid_choice_message="请从列表中选择。")
    home_unit = SelectField("所在村（单位）", invalid_choice_message="请从列表中选择。")
    skills = SelectMultipleField(
        "专长",
        [InputRequired("请至少选择一项专长。")],
        choices=choices(SKILLS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message="请从列表中选择。",
    )
    off = EntryField(
        "不可用日期",
        entries.days,
        empty=[],
        description="如 2026-03-02至2026-03-13，多段用、分隔；不写事由",
    )
    max_teams = EntryField("全周期最多次数", partial(entries.whole, low=0, high=99), description="不填为不限")
    trained = BooleanField("已培训", description="未培训的人员不参加排程")
    note = NoteField("备注", entries.text, empty="")
    submit = SubmitField("保存")

    @classmethod
    def of(cls, person: Person) -> "PersonForm":
        """The form as the person stands in the roster."""
        names = ("name", "skills", "max_teams", "trained", "note")
        return cls(
            data={name: getattr(person, name) for name in names}
            | {
                "office": str(person.office.uuid),
                "home_unit": str(person.home_unit.uuid) if person.home_unit else "",
                "off": entries.days_words(person.off),
            }
        )

    def values(self, offices: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
        """What the form says, by field of the person."""
        return {
            "name": self.name.value,
            "office": offices[self.office.data],
            "home_unit": units.get(self.home_unit.data),
            "skills": [skill for skill in SKILLS if skill in self.skills.data],
            "off": self.off.value,
            "max_teams": self.max_teams.value,
            "trained": self.trained.data,
            "note": self.note.value,
        }


class OfficeForm(FlaskForm):
    name = EntryField("名称", _short, required=True)
    kind = select_field("性质", OFFICE_KINDS)
    area = SelectField("所属乡镇", invalid_choice_message="请从列表中选择。")
    min_home = EntryField(
        "最少留守", partial(entries.whole, low=0, high=999), empty=0, description="每一轮至少留在机构的人数"
    )
    max_out = EntryField(
        "最多外派", partial(entries.whole, low=0, high=999), description="每一轮最多派出的人数；不填为不限"
    )
    note = NoteField("备注", entries.text, empty="")
    submit = SubmitField("保存")

    @classmethod
    def of(cls, office: Office) -> "OfficeForm":
        """The form as the office stands in the roster."""
        names = ("name", "kind", "min_home", "max_out", "note")
        now = {name: getattr(office, name) for name in names}
        return cls(data=now | {"area": str(office.area.uuid) if office.area else ""})

    def values(self, areas: dict[str, Any]) -> dict[str, Any]:
        """What the form says, by field of the office."""
        read = {name: self[name].value for name in ("name", "min_home", "max_out", "note")}
        return read | {"kind": self.kind.data, "area": areas.get(self.area.data)}


class TieForm(FlaskForm):
    object = EntryField(
        "对象",
        entries.code,
        required=True,
        description="单位名称或姓名，同名的写明乡镇或机构",
    )
    kind = SelectField("关系", invalid_choice_message="请从列表中选择。")
    evidence = EntryField(
        "依据",
        partial(entries.text, longest=200),
        required=True,
        description="如：本人申报、任职文件、批示编号",
    )
    valid_from = EntryField("起", days.since, description=f"{days.ABOUT_FORMS}，可不填")
    valid_to = EntryField("止", days.until, description="可不填；不填为至今")
    hard = select_field(
        "硬性",
        {"": "按该种类的规定", "yes": "是：一律不派", "no": "否：尽量不派"},
        description="RC-01 不可降级",
    )
    through = EntryField(
        "关系人",
        _short,
        empty="",
        description="只用于“经济利害关系”（RC-10）：往来属于哪位近亲属，如 配偶；本人的不填",
    )
    submit = SubmitField("登记")

    def values(self) -> dict[str, Any]:
        """What the form says, as edits.add_tie takes it."""
        names = ("object", "evidence", "valid_from", "valid_to", "through")
        read = {name: self[name].value for name in names}
        return read | {"kind": self.kind.data, "hard": {"yes": True, "no": False}.get(self.hard.data)}


class OwnTieForm(TieForm):
    """The same, said of oneself: how hard it is follows from its kind."""

    hard = None  # wtforms leaves a field out that way

    def values(self) -> dict[str, Any]:
        """What the form says, as declaring.declare_tie takes it."""
        names = ("object", "evidence", "valid_from", "valid_to", "through")
        return {name: self[name].value for name in names} | {"kind": self.kind.data}


class KinForm(FlaskForm):
    term = EntryField(
        "亲属称谓",
        kin_term,
        required=True,
        description="如 配偶、父亲、舅父、堂兄、岳父；也可写成 母亲的兄弟、妻子的姐姐的丈夫",
        render_kw={"list": "kin-terms", "autocomplete": "off"},
    )
    relative_name = EntryField("亲属姓名", person_name, empty="", description="可不填")
    unit = EntryField(
        "任职单位", entries.code, required=True, description="如 枫树村，同名的写 枫树村（柳河镇）"
    )
    post = EntryField(
        "职务",
        _short,
        empty="",
        description="如：村会计。两委、监委会、会计、集体经济组织、单位班子、财务、采购为关键岗位",
    )
    submit = SubmitField("登记")

    def values(self) -> dict[str, Any]:
        """What the form says, as edits.add_kin takes it."""
        read = {name: self[name].value for name in ("relative_name", "unit", "post")}
        return read | {"term": self.term.value}


class ReasonForm(FlaskForm):
    """Why something that was registered is taken off."""

    reason = NoteField("理由", partial(entries.text, longest=200), required=True)
    submit = SubmitField("删除")


class KeyPostForm(FlaskForm):
    post = EntryField("职务", _short, required=True, description="如：村党支部书记、监委会主任、会计、理事")
    name = EntryField("姓名", person_name, required=True)
    valid_from = EntryField("起", days.since, description=f"{days.ABOUT_FORMS}，可不填")
    valid_to = EntryField("止", days.until, description="可不填；不填为现任")
    submit = SubmitField("登记")

    def values(self) -> dict[str, Any]:
        """What the form says, as edits.add_key_post takes it."""
        return {name: self[name].value for name in ("post", "name", "valid_from", "valid_to")}


class KinSetForm(FlaskForm):
    chosen = select_field("亲属范围", KIN_SETS)
    reason = NoteField("理由", partial(entries.text, longest=200), required=True)
    submit = SubmitField("保存")
