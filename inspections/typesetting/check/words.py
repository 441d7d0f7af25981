"""Signs and ordinals as GB/T 15834 and GB/T 9704 (7.3.3) have them, read from the running text."""

import re
from collections.abc import Iterator

from inspections.typesetting.check.reading import LEFT, Element, Reading, Seen, in_role, listed
from inspections.wording import chinese_number

_ASCII = re.compile(r"(?<=[一-龥])[,;:!?()]|[,;:!?()](?=[一-龥])|[\"']|(?<=[一-龥）”])\.|\.{3}|--")
#: signs that are no signs of GB/T 15834, doubled ones, full-width figures, what was to be filled in
_FOREIGN = re.compile(r"[「」『』]|[０-９Ａ-Ｚａ-ｚ]|[，。；：、]{2,}|[×XxＸ_]{4,}|(?<!《)〈(?![^《》]*》)")
_PAIRS = {"）": "（", "”": "“", "’": "‘", "》": "《", "〉": "〈", "】": "【", "〕": "〔"}
_DOUBLED = re.compile(
    r"^(?:[一二三四五六七八九十]+、){2}|^(?:（[一二三四五六七八九十]+）){2}|^(?:\d+\.){2}(?!\d)"
)
#: an ordinal with another sign than its own behind it
_ODD = re.compile(
    r"^[一二三四五六七八九十]+[.．,，]|^（[一二三四五六七八九十]+）[、.．,，]|^\d{1,2}[、．]|^\([一二三四五六七八九十]+\)"
)
_LEVELS = (
    ("一级序数", "一、二、三、依次", re.compile(r"^([一二三四五六七八九十]+)、")),
    ("二级序数", "（一）（二）（三）依次", re.compile(r"^（([一二三四五六七八九十]+)）")),
    ("三级序数", "1. 2. 3. 依次", re.compile(r"^(\d{1,2})\.(?!\d)")),
)


def elements(reading: Reading) -> Iterator[Element]:
    """Nothing is yielded for a file without running text."""
    lines = reading.running
    if not lines:
        return
    said = [line for line in reading.lines if line.in_body_size and not reading.in_table(line)]
    odd = [match[0] for line in said for match in _ASCII.finditer(line.text)]
    odd += [match[0] for line in said for match in _FOREIGN.finditer(line.text)]
    yield Element("标点", "全角中文标点，弯引号，不叠用", listed(odd) if odd else "相符", not odd)
    unpaired = _unpaired(lines)
    yield Element("成对标点", "括号、引号、书名号成对", listed(unpaired), not unpaired)
    opening = [line for line in lines if line.left > LEFT + 8]
    doubled = [line.text[:8] for line in lines if _DOUBLED.match(line.text)]
    yield Element("序数不重复", "每个标题一个序数", listed(doubled), not doubled)
    strange = [line.text[:8] for line in opening if _ODD.match(line.text)]
    yield Element("序数样式", "一、（一）1.（1）", listed(strange), not strange)
    yield from _in_order(opening)
    stopped = [line.text[-6:] for line in opening if _is_heading(line) and line.text[-1] in "。，；：、"]
    yield Element("标题末尾", "独占一行的标题不加标点", listed(stopped), not stopped)


def _is_heading(line: Seen) -> bool:
    """Whether the whole line stands in the font of a heading of level 1 or 2."""
    last = line.signs[-2:] or ()
    return any(all(in_role(sign.font, role) for sign in last) for role in ("hei", "kai") if last)


def _unpaired(lines: list[Seen]) -> list[str]:
    """Brackets and marks that nothing closes or opens, with the words behind or before them."""
    text = "".join(line.text for line in lines)
    open_: list[int] = []
    wrong = []
    for at, sign in enumerate(text):
        if sign in _PAIRS.values():
            if sign == "〈" and not any(text[one] == "《" for one in open_):
                wrong.append(text[at : at + 6])  # only the name within a name has these
            open_.append(at)
        elif sign in _PAIRS:
            if open_ and text[open_[-1]] == _PAIRS[sign]:
                open_.pop()
            else:
                wrong.append(text[max(0, at - 5) : at + 1])
    return wrong + [text[at : at + 6] for at in open_]


def _in_order(lines: list[Seen]) -> Iterator[Element]:
    """The ordinals of each level go up by one, anew below every higher one."""
    counts, given = [0, 0, 0], [list[str](), list[str](), list[str]()]
    wrong = [list[str](), list[str](), list[str]()]
    for line in lines:
        for level, (_, _, begins) in enumerate(_LEVELS):
            if match := begins.match(line.text):
                counts[level:] = [counts[level] + 1, *[0] * (2 - level)]
                wanted = str(counts[level]) if level == 2 else chinese_number(counts[level])
                given[level].append(match[1])
                if match[1] != wanted:
                    wrong[level].append(match[1])
    for level, (name, wanted, _) in enumerate(_LEVELS):
        if given[level] or level == 0:
            yield Element(name, wanted, "、".join(given[level]) or "没有", not wrong[level])
