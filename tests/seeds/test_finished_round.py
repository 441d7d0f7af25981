"""The finished round of 清河县: its teams are lawful, and answers, findings, letters and accounts agree."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.seeds.sheets import SEEDS, Row, by_number, rows

CYCLE, ROUND = "2026年驻点监督", "R1"
ROLES = {"planner", "leader", "member", "village", "leadership", "recipient", "case_room", "auditor", "admin"}
SLOT_ROLES = {"leader": "leader", "finance": "member", "welfare": "member", "member": "village"}
#: what a working paper must say, papers section 6.9
PAPER_FIELDS = (
    *("标题", "问题概述", "发现过程", "检查方法", "地点", "发生时间"),
    *("定性依据", "责任单位", "支撑材料", "单位意见"),
)


def teams() -> dict[str, dict[str, list[str]]]:
    """Team → slot → people."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows("qinghe/teams"):
        assert (row["周期"], row["轮次"]) == (CYCLE, ROUND)
        found[row["小组"]][row["岗位"]].append(row["人员编号"])
    return found


def visited() -> dict[str, list[str]]:
    """Team → units in the order of the visits."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows("qinghe/visits"):
        found[row["小组"]].append(row["单位编号"])
        assert int(row["顺序"]) == len(found[row["小组"]])
    return found


def triggers(item: Row, answer: Row) -> bool:
    """Whether the answer is one that the checklist calls abnormal."""
    comparison, limit = item["trigger_expr"].split(":")
    if answer["未查原因"] or answer["结果"] == "不适用":
        return False
    if comparison == "eq":
        return answer["结果"] == {"yes": "是", "no": "否"}[limit]
    if comparison == "ratio_gt":
        return int(answer["异常数"]) / int(answer["抽查数"]) > float(limit)
    value = float(answer["异常数"] if item["answer_type"] == "sample" else answer["结果"])
    return {"gt": value > float(limit), "lt": value < float(limit), "ne": value != float(limit)}[comparison]


def test_every_team_fills_the_slots_of_its_template_with_trained_and_skilled_people() -> None:
    people = by_number("qinghe/people")
    slots = {row["岗位"]: row for row in rows("templates") if row["模板"] == "1+2+N"}
    assert sorted(teams()) == sorted(visited()) == ["01", "02", "03", "04"]
    for seats in teams().values():
        assert seats.keys() == slots.keys()
        for slot, members in seats.items():
            assert int(slots[slot]["最少"]) <= len(members) <= int(slots[slot]["最多"])
            assert all(slots[slot]["专长"] in people[code]["专长"].split("、") for code in members)
        homes = [people[code]["所在村"] for code in seats["member"]]
        assert len(set(homes)) == len(homes)
        assert all(people[code]["已培训"] == "是" for members in seats.values() for code in members)


def test_nobody_sits_in_two_teams_and_no_office_lends_more_than_it_may() -> None:
    people, offices = by_number("qinghe/people"), by_number("qinghe/offices")
    staff = Counter(row["机构"] for row in people.values())
    members = [row["人员编号"] for row in rows("qinghe/teams")]
    assert len(set(members)) == len(members) == 24
    for office, out in Counter(people[code]["机构"] for code in members).items():
        assert offices[office]["最多外派"] == "" or out <= int(offices[office]["最多外派"])
        assert staff[office] - out >= int(offices[office]["最少留守"])


def test_officers_cross_townships_and_commissioners_never_visit_or_host_at_home() -> None:
    people, offices, units = (by_number(f"qinghe/{name}") for name in ("people", "offices", "units"))
    hosts = {unit for team in visited().values() for unit in team}
    assert len(hosts) == len(rows("qinghe/visits")) == 6
    for team, seats in teams().items():
        townships = {units[unit]["所属乡镇"] for unit in visited()[team]}
        for slot in ("leader", "finance", "welfare"):
            assert all(offices[people[code]["机构"]]["所属乡镇"] not in townships for code in seats[slot])
        assert not {people[code]["所在村"] for code in seats["member"]} & hosts


def test_no_two_leaders_inspect_each_others_townships() -> None:
    people, offices, units = (by_number(f"qinghe/{name}") for name in ("people", "offices", "units"))
    goes = set()
    for team, seats in teams().items():
        home = offices[people[seats["leader"][0]]["机构"]]["所属乡镇"]
        goes |= {(home, units[unit]["所属乡镇"]) for unit in visited()[team]}
    assert not [pair for pair in goes if pair[::-1] in goes]


def test_no_hard_tie_binds_a_member_to_a_visited_unit_or_to_another_member_of_the_team() -> None:
    for tie in rows("qinghe/ties"):
        if tie["硬性"] == "是":
            for team, seats in teams().items():
                members = {code for codes in seats.values() for code in codes}
                assert not (tie["人员编号"] in members and tie["对象"] in members | set(visited()[team])), tie


def test_the_visits_lie_inside_the_round_one_after_another() -> None:
    [period] = [row for row in rows("qinghe/rounds") if row["周期"] == CYCLE]
    assert len(teams()) <= int(period["组数"])
    left: dict[str, str] = {}
    for visit in rows("qinghe/visits"):
        assert period["开始"] <= visit["进点日期"] <= visit["离点日期"] <= period["结束"]
        assert left.get(visit["小组"], "") < visit["进点日期"]
        left[visit["小组"]] = visit["离点日期"]
    assert all(len(units) <= int(period["每组单位数"]) for units in visited().values())


def test_answers_have_the_type_of_their_item_and_come_from_the_team_during_its_visit() -> None:
    items = by_number("catalogue/village", "code")
    visits = {row["单位编号"]: row for row in rows("qinghe/visits")}
    seen = set()
    for answer in rows("qinghe/answers"):
        unit, item = answer["单位编号"], items[answer["条目"]]
        assert (unit, answer["条目"]) not in seen
        seen.add((unit, answer["条目"]))
        visit = visits[unit]
        assert answer["小组"] == visit["小组"]
        assert answer["填写人"] in {code for codes in teams()[visit["小组"]].values() for code in codes}
        assert visit["进点日期"] <= answer["填写时间"][:10] <= visit["离点日期"]
        result, sample = answer["结果"], (answer["抽查数"], answer["异常数"])
        if answer["未查原因"]:
            assert (result, *sample) == ("", "", "")
        elif item["answer_type"] == "sample":
            assert result == ""
            assert 0 <= int(sample[1]) <= int(sample[0])
            assert item["sample_min"] == "all" or int(sample[0]) >= int(item["sample_min"])
        else:
            allowed = {"yes_no": "是|否", "yes_no_na": "是|否|不适用", "money": r"\d+(\.\d\d)?"}
            allowed |= {"ratio": r"0\.\d+", "count": r"\d+", "days": r"\d+"}
            assert re.fullmatch(allowed[item["answer_type"]], result), answer
            assert sample == ("", "")


def test_a_village_is_answered_to_the_last_of_the_147_items_and_every_visit_has_answers() -> None:
    given = Counter(row["单位编号"] for row in rows("qinghe/answers"))
    assert given.keys() == {row["单位编号"] for row in rows("qinghe/visits")}
    assert given["QHV101"] == 147
    reasons = {row["未查原因"] for row in rows("qinghe/answers")} - {""}
    assert len(reasons) >= 3


def test_a_community_is_not_asked_what_only_villages_are_asked() -> None:
    items = by_number("catalogue/village", "code")
    units = by_number("qinghe/units")
    for answer in rows("qinghe/answers"):
        if units[answer["单位编号"]]["类型"] == "社区":
            assert items[answer["条目"]]["applies_to"] != "village"


def test_every_abnormal_answer_has_its_finding_and_every_finding_its_abnormal_answer() -> None:
    items = by_number("catalogue/village", "code")
    abnormal = {
        (row["单位编号"], row["条目"]) for row in rows("qinghe/answers") if triggers(items[row["条目"]], row)
    }
    assert abnormal == {(row["单位编号"], row["条目"]) for row in rows("qinghe/findings")}


def test_findings_are_numbered_as_the_system_numbers_them_and_notes_cite_numbers_that_exist() -> None:
    starts = {(row["周期"], row["编号"]): row["开始"][:4] for row in rows("qinghe/rounds")}
    given: Counter[str] = Counter()
    for row in rows("qinghe/findings"):
        place = f"{starts[row['周期'], row['轮次']]}{row['轮次']}-{row['小组']}-{row['单位编号']}"
        given[place] += 1
        assert row["编号"] == f"{place}-{given[place]:03}"
    cited = re.findall(r"底稿(\S+)", "\n".join(row["说明"] for row in rows("qinghe/answers")))
    assert sorted(cited) == sorted(by_number("qinghe/findings"))


def test_findings_say_what_a_working_paper_must_say_in_the_words_of_the_catalogue() -> None:
    items = by_number("catalogue/village", "code")
    methods = {row["name"] for row in rows("catalogue/taxonomy") if row["kind"] == "check_method"}
    findings = by_number("qinghe/findings")
    assert 14 <= len(findings) <= 16
    assert {row["状态"] for row in findings.values()} == {"signed", "reviewed", "draft"}
    for finding in findings.values():
        item = items[finding["条目"]]
        assert all(finding[field] for field in PAPER_FIELDS), finding["编号"]
        assert finding["类别"] == item["category"]
        assert finding["定性依据"].startswith("《")  # whether it holds on the day: tests/law
        assert finding["严重程度"] == item["severity"]
        assert finding["检查方法"] in methods
        assert not finding["涉及金额"] or float(finding["涉及金额"]) > 0
        amounts = re.findall(r"([\d.]+)元", finding["问题概述"])
        assert not finding["涉及金额"] or not amounts or float(finding["涉及金额"]) in map(float, amounts)


def test_a_finding_is_drawn_up_reviewed_and_signed_in_this_order_inside_its_team() -> None:
    visits = {row["单位编号"]: row for row in rows("qinghe/visits")}
    for finding in rows("qinghe/findings"):
        visit, seats = visits[finding["单位编号"]], teams()[finding["小组"]]
        members = {code for codes in seats.values() for code in codes}
        assert finding["小组"] == visit["小组"]
        assert visit["进点日期"] <= finding["发现日期"] <= visit["离点日期"]
        assert finding["编制人"] in members
        reviewed, signed = finding["状态"] in {"reviewed", "signed"}, finding["状态"] == "signed"
        assert reviewed == (finding["复核人"] in members - {finding["编制人"]}) == bool(finding["复核日期"])
        assert signed == (finding["审签人"] in seats["leader"]) == bool(finding["审签日期"])
        assert not reviewed or finding["发现日期"] <= finding["复核日期"]
        assert not signed or finding["复核日期"] <= finding["审签日期"]


def test_letters_carry_signed_findings_of_their_township_and_never_a_lead() -> None:
    findings, units = by_number("qinghe/findings"), by_number("qinghe/units")
    for letter in by_number("qinghe/letters").values():
        numbers = letter["底稿编号"].split("、")
        assert letter["种类"] in {"handover", "feedback"}
        assert len(set(numbers)) == len(numbers) >= 1
        for number in numbers:
            finding = findings[number]
            assert finding["状态"] == "signed"
            assert finding["严重程度"] != "S4"
            assert units[finding["单位编号"]]["所属乡镇"] == letter["收文乡镇"]
            assert letter["日期"] == "" or letter["日期"] > finding["审签日期"]


def test_issued_letters_are_numbered_without_a_gap_and_drafts_have_no_number() -> None:
    letters = rows("qinghe/letters")
    issued = [row for row in letters if row["状态"] == "issued"]
    assert [(row["代字"], row["年"], row["序号"]) for row in issued] == [
        ("清纪函", "2026", str(number)) for number in range(1, len(issued) + 1)
    ]
    assert {row["种类"] for row in issued} == {"handover", "feedback"}
    assert [row["日期"] for row in issued] == sorted(row["日期"] for row in issued)
    drafts = [row for row in letters if row["状态"] == "draft"]
    assert len(issued) + len(drafts) == len(letters)
    assert all(row["代字"] == row["年"] == row["序号"] == row["日期"] == "" for row in drafts)


def test_photographs_belong_to_findings_and_were_taken_by_the_team_when_the_problem_was_found() -> None:
    findings = by_number("qinghe/findings")
    assert len(by_number("qinghe/photos")) >= 6
    for photo in rows("qinghe/photos"):
        finding = findings[photo["底稿编号"]]
        assert photo["说明"]
        assert photo["拍摄人"] == finding["编制人"]
        assert photo["拍摄时间"][:10] == finding["发现日期"]


def test_there_is_an_account_for_every_role_and_for_every_member_of_a_team_but_no_password() -> None:
    accounts, people = by_number("accounts", "登录名"), by_number("qinghe/people")
    assert list(rows("accounts")[0]) == ["登录名", "显示名", "角色", "人员编号", "所属乡镇", "演示", "职务"]
    assert {row["角色"] for row in accounts.values()} == ROLES
    roster = {row["人员编号"]: row for row in accounts.values() if row["人员编号"]}
    assert {code: row["显示名"] for code, row in roster.items()} == {
        code: people[code]["姓名"] for code in roster
    }
    for row in rows("qinghe/teams"):
        assert roster[row["人员编号"]]["角色"] == SLOT_ROLES[row["岗位"]]
    shown = Counter(row["角色"] for row in accounts.values() if row["演示"] == "是")
    assert shown.keys() == ROLES
    assert min(shown["leader"], shown["member"], shown["recipient"]) >= 2


def test_two_recipients_answer_for_two_townships_that_received_letters() -> None:
    recipients = [row for row in rows("accounts") if row["角色"] == "recipient"]
    townships = {row["所属乡镇"] for row in recipients}
    assert len(townships) == len(recipients) >= 2
    assert townships <= {row["收文乡镇"] for row in rows("qinghe/letters") if row["状态"] == "issued"}
    assert townships <= {row["名称"] for row in rows("qinghe/townships")}


@pytest.mark.parametrize(
    "path", sorted(SEEDS.rglob("*.csv")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_no_seed_file_holds_an_identity_card_or_telephone_number(path: Path) -> None:
    """Only the area code 0000, which nobody has, may stand before an invented telephone number."""
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\d{11,}|\d{17}[\dXx]|\b(?!0000-)\d{3,4}-\d{7,8}", text)


def test_findings_name_no_villager_and_no_person_of_the_roster() -> None:
    names = {row["姓名"] for row in rows("qinghe/people")} | {row["亲属姓名"] for row in rows("qinghe/kin")}
    surnames = "".join(sorted({name[0] for name in names}))
    for finding in rows("qinghe/findings"):
        text = "".join(finding[field] for field in PAPER_FIELDS)
        assert not [name for name in names if name in text]
        assert not re.findall(f"(?:村民|承包户|承租户|信访人)[{surnames}](?!某)", text)
