"""The offices of an import that has no sheet 机构: those whom the people's rows name and nobody knows yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from inspections.naming.names import key
from inspections.people.models import OFFICE_KINDS
from inspections.people.sheets import OFFICES
from inspections.roster.row import Row

#: words in an office's name → its kind, the more telling first
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("stationed", ("派驻", "派出")),
    ("village", ("村（社区）", "村(社区)", "村委", "社区", "村纪检")),
    ("discipline", ("纪委", "纪检", "监察")),
    ("finance", ("财政", "财经", "财务", "审计", "农经", "经管")),
    ("welfare", ("民政", "社会事务", "惠民", "人社", "医保", "残联")),
    ("room", ("室",)),
)
#: which skill somebody of such an office has, where the sheet has no column for it
SKILL_OF: Mapping[str, str] = {
    "discipline": "discipline",
    "finance": "finance",
    "welfare": "welfare",
    "village": "commissioner",
    "stationed": "discipline",
    "room": "discipline",
}


def new_offices(
    people: Iterable[Row],
    towns: Mapping[str, str],
    town_of: Callable[[Row], str],
    code_of: Callable[[str, str], str],
) -> list[Row]:
    """A row of the sheet 机构 for each office that these rows name, by name and township (code → name)."""
    made: dict[tuple[str, str], Row] = {}
    for row in people:
        name = row.values["office"]
        area = township_of(name, towns.items()) or town_of(row) or None
        known = (key(name), area or "")
        if known not in made:
            values = {"code": code_of(name, area or ""), "name": name, "kind": kind_of(name), "area": area}
            made[known] = Row(OFFICES, row.number, values | {"min_home": 0, "max_out": None}, {}, row.title)
    return list(made.values())


def said_of(made: Sequence[Row], towns: Mapping[str, str]) -> str:
    """What the clerk should look over: the offices that will be made, and in which township (code → name)."""
    named = "、".join(_called(row, towns) for row in made[:12])
    more = f"等 {len(made)} 个" if len(made) > 12 else ""
    return f"将新建机构{named}{more}；名称写错的请改正，性质不对的导入后修改"


def _called(row: Row, towns: Mapping[str, str]) -> str:
    name, town = row.values["name"], towns.get(row.values["area"] or "", "")
    return f"{'' if name.startswith(town) else town}{name}（{OFFICE_KINDS[row.values['kind']]}）"


def kind_of(name: str) -> str:
    """The kind of an office of that name; other where no word tells. A village's own name is a village."""
    if name.rstrip().endswith("村"):
        return "village"
    return next((kind for kind, words in _KINDS if any(word in name for word in words)), "other")


def kind_of_unit(name: str) -> str:
    """The kind of a unit of that name, where the sheet has no column for it."""
    ends = {
        "village": ("村", "村委会", "村民委员会"),
        "community": ("社区", "居委会"),
        "farm": ("农场", "林场"),
    }
    return next((kind for kind, words in ends.items() if name.endswith(words)), "department")


def township_of(name: str, townships: Iterable[tuple[str, str]]) -> str | None:
    """The code of the township, of (code, name), with whose name the office's begins; None without one."""
    said = key(name)
    found = [code for code, town in townships if said.startswith(key(town)) or said.startswith(_short(town))]
    return found[0] if len(found) == 1 else None


def _short(town: str) -> str:
    """柳河 of 柳河镇, where that says enough."""
    plain = key(town)
    for end in ("街道", "镇", "乡", "农场"):
        if plain.endswith(end) and len(plain) - len(end) > 1:
            return plain[: -len(end)]
    return plain
