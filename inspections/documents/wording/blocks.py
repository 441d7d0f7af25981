"""文书用语: the sentences of papers that a county may word itself, and the places in them that facts fill.

A place is {依据} and the like, of a short list for each block; there is no other language in it. It stores
nothing: a county's own texts come as a mapping from a block's code to its text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One editable text: its name, the program's own wording, the places it must and those it may have."""

    code: str
    name: str
    text: str
    needed: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


BLOCKS: Mapping[str, tuple[TextBlock, ...]] = {
    "handover": (
        TextBlock(
            "opening",
            "缘由",
            "根据{依据}，{检查情况}，发现问题{问题数}。现将有关问题予以交办，请认真抓好整改落实。",
            ("依据", "检查情况", "问题数"),
        ),
        TextBlock(
            "duty",
            "压实责任",
            "对照问题清单逐项明确责任领导、责任单位和责任人，制定整改措施。对同类问题举一反三，建章立制。",
        ),
        TextBlock(
            "follow",
            "跟踪问效",
            "我们将对整改情况跟踪督办，适时开展“回头看”。对推诿拖延、虚假整改的，按照有关规定处理。{报送要求}",
            ("报送要求",),
        ),
    ),
    "feedback": (
        TextBlock(
            "opening", "基本情况", "根据{依据}，{检查情况}。现将检查情况反馈如下。", ("依据", "检查情况")
        ),
        TextBlock("leads", "线索去向", "检查组还收到反映一些党员干部的问题线索，已按规定转有关部门处理。"),
        TextBlock(
            "demand",
            "整改要求",
            "收到本反馈意见后，请认真研究，逐条制定整改措施，明确责任人和完成时限，"
            "并在一定范围内公开整改情况。{报送要求}",
            ("报送要求",),
        ),
    ),
    "reminder": (
        TextBlock(
            "opening",
            "督办事项",
            "{交办文号}交办{乡镇}的下列{问题数}问题，{现状}。"
            "请于{时限}前整改到位并书面报告；届时仍未完成的，按照有关规定处理。",
            ("交办文号", "乡镇", "问题数", "时限"),
            ("现状",),
        ),
        TextBlock("closing", "签收要求", "收到后请签收，并于3日内报送承办人和完成时间。"),
    ),
    "transfer": (TextBlock("demand", "办理要求", "核实情况，提出处理意见，按职责督促整改。"),),
    "advice": (
        TextBlock(
            "reply",
            "回复和异议",
            "请自收到本建议书之日起{回复日数}日内书面回复采纳和落实情况。"
            "如有异议，请自收到之日起{异议日数}日内书面提出。",
            ("回复日数", "异议日数"),
        ),
    ),
    "bulletin": (
        TextBlock("standing", "总体情况", "{整改情况}{线索处置}", ("整改情况",), ("线索处置",)),
        TextBlock("late", "存在问题", "{逾期情况}", ("逾期情况",)),
    ),
    "round_report": (
        TextBlock("overview", "基本情况", "{开展情况}。{派员情况}。", ("开展情况", "派员情况")),
        TextBlock("found", "发现问题及分布", "{问题情况}", ("问题情况",)),
        TextBlock("outcome", "整改进展", "{交办情况}", ("交办情况",)),
        TextBlock("closing", "结语", "特此报告。"),
    ),
    "minutes": (
        TextBlock(
            "opening",
            "会议情况",
            "{会议日期}，{主持人}在{地点}主持召开{轮次}驻点监督问题会审会，会审工作底稿{底稿数}。"
            "会议议定事项如下：",
            ("会议日期", "主持人", "轮次", "底稿数"),
            ("地点",),
        ),
        TextBlock("closing", "落实要求", "会议议定事项由承办单位按职责落实，落实情况由县纪委办公室跟踪。"),
    ),
    "notice": (
        TextBlock(
            "opening",
            "检查安排",
            "根据{依据}，县驻点监督检查{小组}于{起止}对{单位}开展驻点监督检查，"
            "主要了解{检查内容}等方面的情况。",
            ("依据", "小组", "起止", "单位"),
            ("检查内容",),
        ),
        TextBlock(
            "scope",
            "受理范围",
            "受理范围：反映村（单位）干部履职用权和上述方面的问题。"
            "其他不属于受理范围的信访问题，按规定转有关部门。",
        ),
        TextBlock(
            "contact",
            "联系方式",
            "联系电话：{电话}（{受理时段}）。意见箱设在{意见箱}。",
            ("电话",),
            ("受理时段", "意见箱"),
        ),
    ),
}


def block_of(kind: str, code: str) -> TextBlock:
    """The block. Raises KeyError for one that does not exist."""
    found = {block.code: block for block in BLOCKS[kind]}
    return found[code]


def filled(kind: str, code: str, own: Mapping[str, str], values: Mapping[str, str] | None = None) -> str:
    """The block's text, the county's own where it has one, every place filled with its value.

    A text was checked by `faults` when it was stored; a place that got no value is an error of the caller and
    raises KeyError.
    """
    text = own.get(code) or block_of(kind, code).text
    return _PLACE.sub(lambda place: (values or {})[place[1]], text)


def faults(kind: str, code: str, text: str) -> list[str]:
    """What is wrong with a county's own text, in Chinese: unknown or missing places, a lone brace, length."""
    block = block_of(kind, code)
    allowed = (*block.needed, *block.further)
    places = _PLACE.findall(text)
    told = [
        f"“{{{place}}}”不是这一段可用的占位" + (f"，可用：{_listed(allowed)}" if allowed else "")
        for place in dict.fromkeys(places)
        if place not in allowed
    ]
    told += [f"必须保留占位“{{{place}}}”" for place in block.needed if place not in places]
    if any(brace in _PLACE.sub("", text) for brace in "{}"):
        told.append("大括号不成对")
    if len(text) > LONGEST:
        told.append(f"不超过 {LONGEST} 字，现有 {len(text)} 字")
    return told


def _listed(places: tuple[str, ...]) -> str:
    return "、".join(f"{{{place}}}" for place in places)
