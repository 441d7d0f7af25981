"""Signs and ordinals as GB/T 15834 and GB/T 9704 (7.3.3) have them, read from the running text."""

import re
from collections.abc import Iterator

from inspections.typesetting.check.reading import Element, Reading, listed
from inspections.wording import chinese_number

_ASCII = re.compile(r"(?<=[一-龥])[,;:!?()]|[,;:!?()](?=[一-龥])|[\"']")
_DOUBLED = re.compile(r"^(?:[一二三四五六七八九十]+、){2}|^(?:（[一二三四五六七八九十]+）){2}")
_FIRST = re.compile(r"^([一二三四五六七八九十]+)、")


def elements(reading: Reading) -> Iterator[Element]:
    """Nothing is yielded for a file without running text."""
    lines = reading.running
    if not lines:
        return
    said = [line for line in reading.lines if line.in_body_size and not reading.in_table(line)]
    ascii_signs = [match[0] for line in said for match in _ASCII.finditer(line.text)]
    measured = listed(ascii_signs) if ascii_signs else "相符"
    yield Element("标点", "全角中文标点，弯引号", measured, not ascii_signs)
    doubled = [line.text[:8] for line in lines if _DOUBLED.match(line.text)]
    yield Element("序数不重复", "每个标题一个序数", listed(doubled), not doubled)
    given = [match[1] for line in lines if line.left > 36 and (match := _FIRST.match(line.text))]
    wanted = [chinese_number(at) for at in range(1, len(given) + 1)]
    yield Element("一级序数", "一、二、三、依次", "、".join(given) or "没有", given == wanted)
