"""FACTS.json: every fault is named by its path, and the published schema says what the reader accepts."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inspections.typesetting.facts_json import BadFacts, dump_facts, facts_schema, parse_facts
from inspections.typesetting.letter import Figure, Letter, Status, Table, gap, missing
from tests.typesetting.samples import feedback, handover

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "facts.json"

GOOD: dict[str, Any] = {
    "issuer": "清河县纪律检查委员会",
    "code": "清纪函",
    "year": 2026,
    "number": 20,
    "title": "关于交办问题的函",
    "to": ["中共清泉镇委员会"],
    "cc": ["县民政局"],
    "date": "2026-10-30",
    "body": [
        {"heading": 1, "text": "交办事项"},
        {"para": "正文一段。"},
        {
            "table": {
                "caption": "表1",
                "columns": [{"title": "村", "width_mm": 30}, {"title": "数", "align": "right"}],
                "rows": [["柳河村", "3"], ["石桥村", ""]],
            }
        },
        {"figure": {"caption": "图1", "bars": [["柳河村", 3], ["石桥村", 12.5]]}},
    ],
    "annexes": [
        {"title": "清单", "table": {"landscape": True, "columns": [{"title": "序号"}], "rows": [["1"]]}},
        {"title": "说明", "body": [{"para": "附件正文。"}]},
    ],
    "contact": {"name": "李某某", "phone": "0000-1234567"},
    "seal_zone": True,
    "status": "issued",
}


def read(value: Any) -> Letter:
    return parse_facts(json.dumps(value, ensure_ascii=False).encode())


def faults(value: Any) -> dict[str, str]:
    with pytest.raises(BadFacts) as bad:
        read(value)
    return {fault.path: fault.words for fault in bad.value.faults}


def changed(path: list[str | int], value: Any) -> dict[str, Any]:
    """GOOD with one place changed; `...` removes it."""
    facts = copy.deepcopy(GOOD)
    place: Any = facts
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return facts


def test_a_letter_is_read_with_its_dates_and_numbers_typed() -> None:
    letter = read(GOOD)
    assert (letter.date.isoformat() if letter.date else None) == "2026-10-30"
    assert letter.status is Status.ISSUED
    table, figure = letter.body[2], letter.body[3]
    assert isinstance(table, Table) and table.rows[1] == ("石桥村", "")
    assert isinstance(figure, Figure) and str(figure.bars[1][1]) == "12.5"
    assert missing(letter) == []


def test_what_may_be_left_out_has_the_value_the_contract_says() -> None:
    facts = {key: GOOD[key] for key in ("issuer", "code", "year", "title", "to", "body")} | {
        "status": "draft"
    }
    letter = read(facts)
    assert (letter.cc, letter.annexes, letter.contact, letter.seal_zone) == ((), (), None, True)
    assert missing(letter) == ["发文字号的序号", "成文日期"]


# place, wrong value, path of the fault, a word of its sentence; the last says whether JSON Schema can say it
WRONG: list[tuple[list[str | int], Any, str, str, bool]] = [
    (["issuer"], ..., "issuer", "缺少", True),
    (["issuer"], "", "issuer", "不能为空", True),
    (["issuer"], 5, "issuer", "文字", True),
    (["isuer"], "x", "isuer", "不认识", True),
    (["code"], "清纪〔2026〕", "code", "机关代字", True),
    (["year"], "2026", "year", "整数", True),
    (["year"], True, "year", "整数", True),
    (["number"], 0, "number", "整数", True),
    (["number"], None, "number", "签发的文书缺少", True),
    (["number"], ..., "number", "签发的文书缺少", True),
    (["date"], None, "date", "签发的文书缺少", True),
    (["date"], "2026-02-30", "date", "日期", False),
    (["date"], "2026/10/30", "date", "日期", False),
    (["title"], "关于\u200b问题的函", "title", "不可见字符", True),
    (["title"], "关于\n问题的函", "title", "不可见字符", True),
    (["to"], "中共清泉镇委员会", "to", "列表", True),
    (["to"], [], "to", "签发的文书缺少", True),
    (["to"], [7], "to[0]", "文字", True),
    (["body"], [], "body", "签发的文书缺少", True),
    (["body", 0, "heading"], 5, "body[0].heading", "1 至 4", True),
    (["body", 0, "text"], ..., "body[0].text", "缺少", True),
    (["body", 1], {"paragraph": "x"}, "body[1]", "恰好一个", True),
    (["body", 1], {"para": "x", "table": {}}, "body[1]", "恰好一个", True),
    (["body", 1], "x", "body[1]", "恰好一个", True),
    (["body", 1, "para"], gap("整改时限"), "body[1].para", "整改时限", False),
    (["body", 1, "para"], "身份证号110101199003071234。", "body[1].para", "身份证号", False),
    (["body", 1, "para"], "卡号6222 0212 3456 7890。", "body[1].para", "银行卡号", False),
    (["body", 2, "table", "columns"], [], "body[2].table.columns", "1 至 20 项", True),
    (["body", 2, "table", "columns", 0, "align"], "middle", "body[2].table.columns[0].align", "之一", True),
    (["body", 2, "table", "columns", 0, "width_mm"], 0, "body[2].table.columns[0].width_mm", "4 至", True),
    (["body", 2, "table", "rows", 1], ["一格"], "body[2].table.rows[1]", "应有 2 格", False),
    (["body", 2, "table", "rows", 1, 1], 3, "body[2].table.rows[1][1]", "文字", True),
    (["body", 3, "figure", "bars", 0], ["柳河村"], "body[3].figure.bars[0]", "2 项", True),
    (["body", 3, "figure", "bars", 0, 1], -1, "body[3].figure.bars[0][1]", "0 至", True),
    (["annexes", 0], {"title": "x"}, "annexes[0]", "恰好一个", True),
    (["annexes", 0, "table", "rows", 0], ["1", "2"], "annexes[0].table.rows[0]", "应有 1 格", False),
    (["contact"], {"name": "李某某"}, "contact.phone", "缺少", True),
    (["seal_zone"], "yes", "seal_zone", "true 或 false", True),
    (["status"], "final", "status", "之一", True),
    (["status"], ["draft"], "status", "之一", True),
]


@pytest.mark.parametrize(("place", "value", "path", "word", "in_schema"), WRONG)
def test_a_wrong_fact_is_named_by_its_path(
    place: list[str | int], value: Any, path: str, word: str, in_schema: bool
) -> None:
    facts = changed(place, value)
    assert word in faults(facts)[path]
    assert jsonschema.Draft202012Validator(facts_schema()).is_valid(facts) is not in_schema


def test_all_faults_are_named_at_once() -> None:
    facts = changed(["year"], "2026")
    facts["body"][2]["table"]["rows"][0] = []
    facts["contact"] = 7
    facts["date"] = None
    del facts["title"]
    assert sorted(faults(facts)) == ["body[2].table.rows[0]", "contact", "date", "title", "year"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"year": NaN}', "NaN"),
        (b"[" * 100_000, "嵌套"),
        (b'{"year": ' + b"9" * 5000 + b"}", "JSON"),
        (b"[]", "对象"),
        (b"null", "对象"),
    ],
)
def test_a_file_that_is_no_facts_is_refused_with_a_sentence(data: bytes, word: str) -> None:
    with pytest.raises(BadFacts) as bad:
        parse_facts(data)
    assert word in bad.value.faults[0].words


def test_a_key_written_twice_is_a_fault() -> None:
    data = json.dumps(GOOD).replace('"year": 2026', '"year": 2025, "year": 2026').encode()
    with pytest.raises(BadFacts) as bad:
        parse_facts(data)
    assert [(fault.path, fault.words) for fault in bad.value.faults] == [("year", "写了两次")]


def test_a_lone_surrogate_is_a_fault_and_can_be_shown() -> None:
    facts = changed(["status"], "\ud800")
    facts["title"] = "关于\udfff的函"
    data = json.dumps(facts).encode()
    with pytest.raises(BadFacts) as bad:
        parse_facts(data)
    assert [fault.path for fault in bad.value.faults] == ["title", "status"]
    "".join(fault.words for fault in bad.value.faults).encode()


@pytest.mark.parametrize("letter", [handover(), handover(Status.DRAFT), feedback(), read(GOOD)])
def test_a_letter_written_as_facts_is_read_back_unchanged(letter: Letter) -> None:
    facts = dump_facts(letter)
    assert read(facts) == letter
    jsonschema.Draft202012Validator(facts_schema()).validate(facts)


def test_the_published_schema_is_the_one_the_code_makes() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema == facts_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(GOOD)
