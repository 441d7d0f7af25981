"""What 交办函 and 反馈意见 say: sections, sums, masked names, neutral words, and never a lead."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from inspections.documents.wording import content
from inspections.documents.wording.content import (
    Demands,
    FindingFacts,
    feedback_letter,
    handover_letter,
    neutral,
)
from inspections.typesetting.letter import Heading, Letter, Paragraph, missing, texts
from tests.typesetting.samples import (
    APPRAISAL,
    DEMANDS,
    FINDINGS,
    SENDER,
    SUGGESTIONS,
    VISITS,
    feedback,
    handover,
)


def headings(letter: Letter, level: int) -> list[str]:
    return [block.text for block in letter.body if isinstance(block, Heading) and block.level == level]


def whole_text(letter: Letter) -> str:
    return "\n".join(text for _, text in texts(letter))


def test_a_handover_has_matters_by_category_then_demands() -> None:
    letter = handover()
    assert headings(letter, 1) == ["交办事项", "整改要求"]
    assert headings(letter, 2) == [
        "集体资产资源管理方面（2个）",
        "惠民补贴发放方面（1个）",
        "党务村务财务公开方面（1个）",
        "压实责任",
        "严格时限",
        "跟踪问效",
    ]


def test_a_handover_opens_with_authority_days_team_units_and_sums() -> None:
    opening = handover().body[0]
    assert isinstance(opening, Paragraph)
    assert opening.text == (
        "根据《清河县2026年村级巡回驻点监督工作方案》，2026年9月14日至25日，第三检查组对清泉镇柳河村、石桥村、"
        "新塘村、槐树湾村等4个村开展了2026年第二轮驻点监督检查，发现问题4个，其中立行立改2个，涉及金额49400.5元。"
        "现将有关问题予以交办，请认真抓好整改落实。"
    )


def test_the_last_deadline_and_the_report_day_close_the_letter() -> None:
    text = whole_text(handover())
    assert "全部问题于2026年12月30日前整改到位" in text
    assert "请于2026年12月31日前将整改情况书面报送县纪委监委党风政风监督室。" in text


def test_feedback_has_its_five_sections_and_counts_problems_in_words() -> None:
    letter = feedback()
    assert headings(letter, 1) == ["基本情况", "总体评价", "发现的主要问题", "意见建议", "整改要求"]
    text = whole_text(letter)
    assert APPRAISAL in text
    assert "一是柳河村2025年" in text and "。二是石桥村抽查" in text
    assert f"（一）{SUGGESTIONS[0]}。" in text


def test_the_list_of_problems_has_one_row_per_finding_in_the_same_order() -> None:
    (annex,) = handover().annexes
    assert annex.table is not None and annex.table.landscape
    assert [row[0] for row in annex.table.rows] == ["1", "2", "3", "4"]
    assert [row[-1] for row in annex.table.rows] == [finding.paper_number for finding in FINDINGS]
    assert [column.title for column in annex.table.columns][-1] == "底稿编号"
    assert sum(column.width_mm or Decimal(0) for column in annex.table.columns) == 225


def test_remarks_have_a_column_only_when_there_are_any() -> None:
    noted = (replace(FINDINGS[0], note="已于检查期间收回2万元"), *FINDINGS[1:])
    (annex,) = handover_letter(SENDER, VISITS, noted, DEMANDS).annexes
    assert annex.table is not None
    assert annex.table.columns[-1].title == "备注"
    assert [row[-1] for row in annex.table.rows] == ["已于检查期间收回20000元", "", "", ""]


def test_nobody_is_pronounced_guilty() -> None:
    assert neutral("村会计贪污集体资金。") == "村会计涉嫌贪污集体资金。"
    assert neutral("群众反映贪污、涉嫌受贿") == "群众反映贪污、涉嫌受贿"
    finding = replace(FINDINGS[0], description="村会计挪用公款3000元。")
    assert "村会计涉嫌挪用公款3000元" in whole_text(handover_letter(SENDER, VISITS, (finding,), DEMANDS))


def test_a_lead_has_no_way_into_a_letter() -> None:
    every_field = {
        field.name
        for kind in (content.FindingFacts, content.Visits, content.Demands)
        for field in fields(kind)
    }
    assert not [name for name in every_field if "lead" in name or "clue" in name]
    sentence = "检查组还收到反映一些党员干部的问题线索，已按规定转有关部门处理。"
    with_leads = feedback()
    without = feedback_letter(SENDER, VISITS, FINDINGS, DEMANDS)
    assert [block.text for block in with_leads.body if "线索" in block.text] == [sentence]  # type: ignore[union-attr]
    assert "线索" not in whole_text(without) and "线索" not in whole_text(handover())


def test_every_unknown_fact_becomes_a_gap_that_is_named() -> None:
    bare = FindingFacts("2026R2-03-LH-001", "柳河村", "公开", "公开不及时", "")
    letter = handover_letter(replace(SENDER, date=None), VISITS, (bare,), Demands(None, ""))
    assert missing(letter) == [
        "定性依据",
        "整改时限",
        "报告截止日期",
        "接收部门",
        "责任单位",
        "整改类型",
        "成文日期",
    ]
    assert "意见建议" in missing(feedback_letter(SENDER, VISITS, FINDINGS, DEMANDS))


def test_line_breaks_and_invisible_characters_of_a_form_do_not_reach_the_letter() -> None:
    finding = replace(FINDINGS[3], description="第一季度\r\n公开\u200b不及时")
    assert "槐树湾村第一季度公开不及时。" in whole_text(handover_letter(SENDER, VISITS, (finding,), DEMANDS))


def test_one_unit_and_one_day_are_said_simply() -> None:
    visits = replace(VISITS, units=("县民政局",), end=VISITS.start, town="")
    opening = handover_letter(SENDER, visits, FINDINGS[:1], DEMANDS).body[0]
    assert isinstance(opening, Paragraph)
    assert "2026年9月14日，第三检查组对县民政局开展了" in opening.text
    title = handover_letter(SENDER, visits, FINDINGS[:1], DEMANDS).title
    assert title == "关于交办县民政局2026年第二轮驻点监督检查发现问题的函"
    assert visits.start == date(2026, 9, 14)


def test_the_unit_is_not_named_twice_in_one_clause() -> None:
    said = {
        "抽查柳河村2025年9月凭证20笔，其中3笔不全": "1.抽查柳河村2025年9月凭证20笔，其中3笔不全。",
        "柳河村公开栏没有更新": "1.柳河村公开栏没有更新。",
        "公开栏没有更新，柳河村已说明": "1.柳河村公开栏没有更新，柳河村已说明。",
    }
    for description, sentence in said.items():
        letter = handover_letter(SENDER, VISITS, (replace(FINDINGS[0], description=description),), DEMANDS)
        assert sentence in whole_text(letter)


def test_a_letter_cites_laws_in_their_official_form_in_text_and_annex() -> None:
    finding = replace(
        FINDINGS[0], description="机动地(11.5亩)没有合同。", basis="农村集体经济组织法(2024)第43条"
    )
    letter = handover_letter(SENDER, VISITS, (finding,), DEMANDS)
    assert "机动地（11.5亩）没有合同。定性依据：《农村集体经济组织法》第四十三条。" in whole_text(letter)
    (annex,) = letter.annexes
    assert annex.table is not None and "《农村集体经济组织法》第四十三条" in annex.table.rows[0]


def test_the_list_with_remarks_is_as_wide_as_the_one_without() -> None:
    table = content.problem_list((replace(FINDINGS[0], note="已收回"),))
    assert sum(column.width_mm or Decimal(0) for column in table.columns) == 225
