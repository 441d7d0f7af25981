"""The catalogue and the two rosters: counts, references and that make.py writes the same bytes again."""

import itertools
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from inspections.people.kin.kinship import relation
from inspections.people.kin.terms import steps_of
from tests.seeds.sheets import SEEDS, by_number, day_ranges, header, rows

COUNTIES = ("daye", "qinghe")
GENERATED = [
    f"{county}/{name}.csv" for county in COUNTIES for name in ("units", "offices", "people", "ties", "kin")
]
GENERATED.append("qinghe/answers.csv")
#: the sheets of the roster workbook, contracts section 5
HEADERS = {
    "units": "编号 名称 类型 所属乡镇 片区 经度 纬度 风险分 分级 停检日期 备注",
    "offices": "编号 名称 性质 所属乡镇 最少留守 最多外派",
    "people": "编号 姓名 机构 所在村 专长 不可用日期 全周期最多次数 已培训 备注",
    "ties": "人员编号 对象 关系 依据 起 止 硬性",
    "kin": "人员编号 亲属称谓 亲属姓名 任职单位编号 职务",
    "townships": "编号 名称 类型 上级编号 经度 纬度",
}
TOWNSHIP_KINDS = {"街道", "镇", "乡", "农场"}
#: derived from declared relatives, never declared themselves
FAMILY = {"RC-04", "RC-05", "RC-06", "RC-07"}
VISIBLE_KINDS = {f"RC-{number:02}" for number in range(1, 27)} - {"RC-08", "RC-09"}


@pytest.mark.parametrize(
    ("name", "count", "key"),
    [
        ("village", 153, "code"),
        ("department", 45, "code"),
        ("questionnaire", 16, "code"),
        ("recusal_kinds", 26, "code"),
        ("deadlines", 35, "code"),
    ],
)
def test_the_catalogue_is_complete_and_no_code_stands_twice(name: str, count: int, key: str) -> None:
    assert len(by_number(f"catalogue/{name}", key)) == count


def test_the_taxonomy_has_its_163_entries_and_every_parent_exists() -> None:
    entries = {(row["kind"], row["code"]): row for row in rows("catalogue/taxonomy")}
    assert len(entries) == len(rows("catalogue/taxonomy")) == 163
    for row in entries.values():
        assert not row["parent_code"] or ("category", row["parent_code"]) in entries


@pytest.mark.parametrize("name", ["village", "department"])
def test_every_checklist_item_names_a_category_and_a_severity_of_the_taxonomy(name: str) -> None:
    known = {(row["kind"], row["code"]) for row in rows("catalogue/taxonomy")}
    for item in rows(f"catalogue/{name}"):
        assert ("subcategory", item["category"]) in known, item["code"]
        assert ("severity", item["severity"]) in known, item["code"]
        assert item["basis_check"] in {"V", "S", "M"}
        assert item["answer_type"] in {"yes_no", "yes_no_na", "count", "days", "money", "ratio", "sample"}
        assert re.fullmatch(r"(eq:(yes|no)|(gt|lt|ne|ratio_gt):\d+(\.\d+)?)", item["trigger_expr"]), item[
            "code"
        ]


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make.py of a copy of the seeds as a clerk would."""
    return subprocess.run(
        [sys.executable, str(folder / "make.py"), *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the seeds that a test may spoil."""
    folder = tmp_path_factory.mktemp("county") / "seeds"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_generator_writes_every_generated_file_byte_for_byte_again(copy: Path) -> None:
    for name in GENERATED:
        (copy / name).unlink()
    done = make(copy)
    assert (done.returncode, done.stderr) == (0, "")
    for kept in SEEDS.rglob("*.csv"):
        again = copy / kept.relative_to(SEEDS)
        assert again.read_bytes() == kept.read_bytes(), again
    assert make(copy, "--check").returncode == 0


def test_the_generator_names_the_file_that_somebody_changed(copy: Path) -> None:
    path = copy / "qinghe" / "people.csv"
    kept = path.read_bytes()
    path.write_bytes(kept.replace("纪检".encode(), "纪监".encode(), 1))
    done = make(copy, "--check")
    path.write_bytes(kept)
    assert (done.returncode, done.stdout.split()) == (1, ["differs:", "qinghe/people.csv"])


@pytest.mark.parametrize("county", COUNTIES)
def test_the_roster_has_the_sheets_of_the_workbook_and_every_reference_exists(county: str) -> None:
    for name, columns in HEADERS.items():
        assert header(f"{county}/{name}") == columns.split(), name
    townships = {row["名称"]: row for row in by_number(f"{county}/townships").values()}
    assert len(townships) == len(rows(f"{county}/townships"))
    units, offices = by_number(f"{county}/units"), by_number(f"{county}/offices")
    people, kinds = by_number(f"{county}/people"), by_number("catalogue/recusal_kinds", "code")
    for unit in units.values():
        assert unit["类型"] in {"村", "社区", "农场", "单位"}
        assert unit["所属乡镇"] in townships
        assert (
            unit["片区"] == "" or townships[unit["片区"]]["编号"] == townships[unit["所属乡镇"]]["上级编号"]
        )
        assert 0 <= int(unit["风险分"]) <= 60
        assert unit["分级"] in {"重点", "关注", "一般"}
        assert all(first <= last for first, last in day_ranges(unit["停检日期"]))
        assert (unit["经度"] == "") == (unit["纬度"] == "")
    for office in offices.values():
        assert office["性质"] in {"纪检", "财政", "民政", "村", "派驻", "室", "其他"}
        assert office["所属乡镇"] in {"", *townships}
    for person in people.values():
        assert person["机构"] in offices
        assert person["所在村"] in {"", *units}
        assert set(person["专长"].split("、")) <= {"纪检", "财务", "惠民", "村纪检委员"}
        assert all(first <= last for first, last in day_ranges(person["不可用日期"]))
        assert person["已培训"] in {"是", "否"}
    for tie in rows(f"{county}/ties"):
        assert tie["人员编号"] in people
        assert tie["对象"] in (units.keys() | people.keys()) - {tie["人员编号"]}
        assert tie["硬性"] in {"是", "否"}
        assert tie["硬性"] == "否" or kinds[tie["关系"]]["strength_default"] != "soft"
        assert not (tie["起"] and tie["止"]) or tie["起"] <= tie["止"]
    for kin in rows(f"{county}/kin"):
        assert kin["人员编号"] in people
        assert kin["任职单位编号"] in units


@pytest.mark.parametrize("county", COUNTIES)
def test_areas_form_a_tree_below_one_county(county: str) -> None:
    areas = by_number(f"{county}/townships")
    assert [row["类型"] for row in areas.values() if not row["上级编号"]] == ["县"]
    for area in areas.values():
        seen = set()
        while area["上级编号"]:
            assert area["编号"] not in seen
            seen.add(area["编号"])
            area = areas[area["上级编号"]]


def test_the_numbers_of_both_counties_fit_into_one_database() -> None:
    for name in ("townships", "units", "offices", "people"):
        assert not by_number(f"daye/{name}").keys() & by_number(f"qinghe/{name}").keys()


@pytest.mark.parametrize("county", COUNTIES)
def test_every_village_has_one_commissioner_whose_home_it_is(county: str) -> None:
    homes = Counter(row["所在村"] for row in rows(f"{county}/people") if row["专长"] == "村纪检委员")
    assert homes == Counter(row["编号"] for row in rows(f"{county}/units") if row["类型"] != "单位")


@pytest.mark.parametrize("county", COUNTIES)
def test_every_office_has_more_people_than_it_must_keep_at_home(county: str) -> None:
    staff = Counter(row["机构"] for row in rows(f"{county}/people"))
    for office in rows(f"{county}/offices"):
        assert staff[office["编号"]] > int(office["最少留守"]), office["名称"]
        assert office["最多外派"] == "" or 2 <= int(office["最多外派"]) < staff[office["编号"]]


def test_daye_has_its_427_villages_and_communities_in_17_townships() -> None:
    assert Counter(row["类型"] for row in rows("daye/units")) == {"村": 355, "社区": 72}
    assert sum(row["类型"] in TOWNSHIP_KINDS for row in rows("daye/townships")) == 17
    assert not any(
        "委会" in row["名称"] or "虚拟" in row["名称"] or "生产队" in row["名称"]
        for row in rows("daye/units")
    )


def test_daye_has_about_860_plainly_invented_people_who_can_staff_24_rounds_of_18_teams() -> None:
    assert 850 <= len(rows("daye/people")) <= 870
    assert all(re.fullmatch(r".演\d{3}", row["姓名"]) for row in rows("daye/people"))
    rounds = [row for row in rows("daye/rounds") if row["周期"] == "2027年大冶市全域驻点"]
    assert [row["组数"] for row in rounds] == ["18"] * 24
    for kind in ("纪检", "财政", "民政"):
        offices = [
            row for row in rows("daye/offices") if row["性质"] == kind and row["所属乡镇"] != "市直单位"
        ]
        assert len(offices) == 17
        assert sum(int(row["最多外派"]) for row in offices) >= 18


def test_nothing_but_planning_data_is_ever_attached_to_a_real_place() -> None:
    assert {path.stem for path in (SEEDS / "daye").iterdir()} == {
        *HEADERS,
        "places",
        "cycles",
        "rounds",
    }
    assert rows("daye/kin") == []
    assert all("抽签" in row["备注"] for row in rows("daye/units"))


def test_no_file_of_the_fictional_county_names_a_real_township() -> None:
    real = {row["名称"] for row in rows("daye/townships")} - {"第一片区", "第二片区"} | {"大冶"}
    for path in (SEEDS / "qinghe").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in real if name in text], path.name


def test_qinghe_has_eight_townships_ninety_villages_two_zones_and_six_departments() -> None:
    kinds = Counter(row["类型"] for row in rows("qinghe/townships"))
    assert (sum(kinds[kind] for kind in TOWNSHIP_KINDS), kinds["片区"]) == (8, 2)
    units = Counter(row["类型"] for row in rows("qinghe/units"))
    assert (units["单位"], sum(units.values())) == (6, 96)
    assert units["农场"] >= 1 and units["社区"] >= 2
    assert 220 <= len(rows("qinghe/people")) <= 250
    names = [row["姓名"] for row in rows("qinghe/people")]
    assert len(set(names)) == len(names)
    assert all(row["经度"] for row in rows("qinghe/units"))


def test_every_kind_of_recusal_a_planner_may_see_stands_in_qinghe_and_informants_never() -> None:
    assert {row["关系"] for row in rows("qinghe/ties")} == VISIBLE_KINDS - FAMILY


def test_relatives_of_every_kind_are_declared_and_what_follows_stands_in_no_file() -> None:
    found = {relation(steps_of(row["亲属称谓"])) for row in rows("qinghe/kin")}
    assert {one.kind for one in found if one} == FAMILY
    assert not FAMILY & {row["关系"] for row in rows("qinghe/ties")}


@pytest.mark.parametrize("county", COUNTIES)
def test_every_cycle_has_rounds_with_room_for_all_its_units(county: str) -> None:
    templates = {row["模板"] for row in rows("templates")}
    cycles = by_number(f"{county}/cycles", "名称")
    assert {row["周期"] for row in rows(f"{county}/rounds")} == cycles.keys()
    townships = {row["名称"] for row in rows(f"{county}/townships")}
    for name, cycle in cycles.items():
        assert cycle["模板"] in templates
        assert cycle["交叉方式"] in {"全县交叉", "跨片区交叉", "片区内交叉", "镇内交叉"}
        if cycle["范围"] == "已驻点单位":
            units = len(rows(f"{county}/visits"))
        elif cycle["范围"] == "全部村（社区）":
            units = sum(row["类型"] != "单位" for row in rows(f"{county}/units"))
        else:
            assert cycle["范围"] in townships
            units = sum(row["所属乡镇"] == cycle["范围"] for row in rows(f"{county}/units"))
        rounds = [row for row in rows(f"{county}/rounds") if row["周期"] == name]
        assert len({row["编号"] for row in rounds}) == len(rounds)
        assert sum(int(row["组数"]) * int(row["每组单位数"]) for row in rounds) >= units
        days = [(row["发布日期"], row["开始"], row["结束"]) for row in rounds]
        assert all(released < first <= last for released, first, last in days)
        assert days == sorted(days)
        assert all(before[2] < after[1] for before, after in itertools.pairwise(days))


def test_the_three_team_templates_add_up_to_their_names() -> None:
    sizes: Counter[str] = Counter()
    for slot in rows("templates"):
        assert 1 <= int(slot["最少"]) <= int(slot["目标"]) <= int(slot["最多"])
        assert set(slot["专长"].split("、")) <= {"纪检", "财务", "惠民", "村纪检委员"}
        assert slot["互异"] in {"", "所在村", "机构"}
        sizes[slot["模板"]] += int(slot["目标"])
    assert sizes == {"1+2+N": 6, "2+1+3": 6, "2+5": 7}
    assert [row["岗位"] for row in rows("templates")].count("leader") == 3
