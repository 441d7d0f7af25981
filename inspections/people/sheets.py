"""The sheets of the roster workbook about people (contracts §5): headers, how each column is read and shown.

It opens no file and knows no table; look-ups (`refers`) are named here and done in roster_rows.
"""

from functools import partial
from typing import Any

from inspections.naming.names import shown
from inspections.people.kin.kinship import relation
from inspections.people.kin.terms import UnknownTerm, allowed_terms, path_words, steps_of
from inspections.people.models import OFFICE_KINDS, SKILLS
from inspections.reading import days
from inspections.units import entries
from inspections.units.entries import EntryFault
from inspections.units.sheets import (
    AREA,
    AREAS,
    CODE,
    DAYS_NOTE,
    NAME,
    NOTE,
    UNITS,
    Column,
    Sheet,
    choice_column,
    number_column,
    one_line,
    words_of,
    yes_no_column,
)


def person_name(value: Any) -> str:
    """A name as it is shown from now on: 赵　敏 → 赵敏. Raises EntryFault as `one_line` does."""
    return shown(one_line(value))


def kin_term(value: Any) -> str:
    """The word for a relative who counts, or a chain such as 母亲的兄弟. Raises EntryFault saying why not."""
    found = entries.narrow(value)
    try:
        steps = steps_of(found)
    except UnknownTerm:
        raise EntryFault(
            f"{entries.quoted(value)}不是登记的亲属称谓，可填：{allowed_terms()}；或如 母亲的兄弟"
        ) from None
    if relation(steps) is None:
        raise EntryFault(
            f"{entries.quoted(value)}（{path_words(steps)}）不在公务员回避规定第五条所列亲属之内；"
            "如需回避，请在“回避”中按 RC-16 登记"
        )
    return found


#: a row with a reason here is taken off the roster; a second import finds it gone and does nothing
_REMOVAL = Column(
    "删除原因",
    "removal",
    partial(entries.text, longest=200),
    empty="",
    width=20,
    note="填写后，导入时删除这一行的登记",
)
_PERSON = Column("人员编号", "person", entries.code, required=True, refers="person", width=14)

#: what other forms call the skills
_SKILL_WORDS = {
    "纪检干部": "discipline",
    "纪检监察": "discipline",
    "纪检监察干部": "discipline",
    "财政": "finance",
    "财经": "finance",
    "会计": "finance",
    "财会": "finance",
    "审计": "finance",
    "民政": "welfare",
    "惠民政策": "welfare",
    "村级纪检委员": "commissioner",
    "纪检委员": "commissioner",
    "村纪检": "commissioner",
}
OFFICES = Sheet(
    "机构",
    (
        CODE,
        NAME,
        choice_column("性质", "kind", OFFICE_KINDS, {}, required=True),
        AREA,
        number_column("最少留守", "min_home", 0, 999, empty=0, note="每一轮至少留在机构的人数"),
        number_column("最多外派", "max_out", 0, 999, note="每一轮最多派出的人数；不填为不限"),
    ),
    key=("code",),
    files=("机构", "offices"),
    further=(NOTE,),
)
PEOPLE = Sheet(
    "人员",
    (
        CODE,
        Column("姓名", "name", person_name, required=True),
        Column("机构", "office", entries.code, True, refers="office", width=16, note="机构的编号或名称"),
        Column("所在村", "home_unit", entries.code, refers="unit", width=14, note="单位的编号或名称"),
        Column(
            "专长",
            "skills",
            partial(entries.several, words=words_of(SKILLS), also=_SKILL_WORDS),
            required=True,
            empty=[],
            show=lambda value: "、".join(SKILLS[skill] for skill in value),
            words=tuple(SKILLS.values()),
            width=16,
            note="纪检、财务、惠民、村纪检委员，多个用、分隔",
        ),
        Column(
            "不可用日期", "off", entries.days, empty=[], show=entries.days_words, width=28, note=DAYS_NOTE
        ),
        number_column("全周期最多次数", "max_teams", 0, 99, note="不填为不限"),
        yes_no_column("已培训", "trained", empty=False, note="未培训的人员不参加排程"),
        NOTE,
    ),
    key=("code",),
    files=("人员", "people"),
)
TIES = Sheet(
    "回避",
    (
        _PERSON,
        Column("对象", "object", entries.code, True, refers="object", width=14, note="单位编号或人员编号"),
        Column("关系", "kind", entries.code, True, refers="kind", width=18, note="回避种类的代码或名称"),
        Column("依据", "evidence", entries.text, empty="", width=30, note="如：本人申报、任职文件"),
        Column("起", "valid_from", days.since, width=14, note=days.ABOUT_FORMS),
        Column("止", "valid_to", days.until, width=14, note=days.ABOUT_FORMS),
        yes_no_column("硬性", "hard", note="不填时按该种类的规定"),
    ),
    key=("person", "object", "kind"),
    files=("回避", "ties"),
    further=(
        Column("关系人", "through", one_line, empty="", note="只用于 RC-10：往来属于哪位近亲属，本人的留空"),
        NOTE,
        _REMOVAL,
    ),
)
KIN = Sheet(
    "亲属",
    (
        _PERSON,
        Column("亲属称谓", "term", kin_term, required=True, note="如：配偶、父亲、堂兄、岳父，或 母亲的兄弟"),
        Column("亲属姓名", "relative_name", person_name, empty=""),
        Column("任职单位编号", "unit", entries.code, True, refers="unit", width=16),
        Column("职务", "post", one_line, empty="", width=20),
    ),
    key=("person", "term", "relative_name", "unit"),
    files=("亲属", "kin"),
    further=(NOTE, _REMOVAL),
)

#: beyond the contract: who holds which key post, a unit's own register brought along when a county has it
KEY_POSTS = Sheet(
    "关键岗位",
    (
        Column("单位编号", "unit", entries.code, True, refers="unit", width=16),
        Column("职务", "post", one_line, required=True, width=24, note="如：村党支部书记、监委会主任、会计"),
        Column("姓名", "name", person_name, required=True),
        Column("起", "valid_from", days.since, width=14, note=days.ABOUT_FORMS),
        Column("止", "valid_to", days.until, width=14, note="不填为现任"),
    ),
    key=("unit", "post", "name"),
    files=("关键岗位", "key_posts"),
    required=False,
    further=(_REMOVAL,),
)

#: in the order in which rows refer backwards
SHEETS: tuple[Sheet, ...] = (AREAS, UNITS, OFFICES, PEOPLE, TIES, KIN, KEY_POSTS)
