"""The sheet: its size, its margins, its page numbers, and what the file says of itself."""

from collections.abc import Iterator

from inspections.typesetting.check.reading import (
    BOTTOM,
    DRAFT,
    LEFT,
    NEAR,
    ONE_4,
    RIGHT,
    TOP,
    Element,
    Reading,
    Seen,
    in_role,
    listed,
    turned,
    within,
)
from inspections.typesetting.layout import Base

#: the baseline of a page's first line of 3号
FIRST_BASE = 41.9


def elements(reading: Reading) -> Iterator[Element]:
    """Paper, margins, and that no page is blank."""
    sizes = {
        tuple(sorted((round(p.width * 25.4 / 72, 1), round(p.height * 25.4 / 72, 1)))) for p in reading.pages
    }
    said = "、".join(f"{a}×{b} mm" for a, b in sorted(sizes))
    fits = all(abs(a - 210) < 0.3 and abs(b - 297) < 0.3 for a, b in sizes)
    yield Element("纸张", "A4 210×297 mm", said, fits)
    yield from _type_area(reading)
    written = {line.page for line in reading.lines if not reading.is_number(line) and not line.red}
    blank = [str(page.page_number) for page in reading.pages if page.page_number not in written]
    yield Element("空白页", "没有空白页", f"第{listed(blank)}面空白" if blank else "没有", not blank)


def _type_area(reading: Reading) -> Iterator[Element]:
    base = reading.kind.base
    text = [line for line in reading.running if line.text[0] not in "（《“‘【〔"]
    lefts = [line.left for line in (*text, *reading.addressee)]
    if base is Base.FORM:  # its table reaches from edge to edge
        upright = [page for page in reading.pages if page.page_number in reading.upright]
        lefts = [edge["x0"] * 25.4 / 72 for page in upright for edge in page.edges] or lefts
    yield within("订口（版心左边）", min(lefts, default=LEFT), LEFT)
    if base is not Base.NOTICE:
        deep = max((line.bottom for line in reading.running), default=0.0)
        yield Element("版心下边", f"不低于 {BOTTOM} mm", f"最低 {deep:.2f} mm", deep <= BOTTOM + 2 * NEAR)
    if later := _first_baselines(reading):
        # an office program puts half a line's leading above its first line
        most = FIRST_BASE + (NEAR if reading.kind.word else 2.6)
        worst = max(later, key=lambda one: abs(one - FIRST_BASE))
        said = f"首行基线 {worst:.2f} mm"
        right = all(FIRST_BASE - NEAR <= one <= most for one in later)
        yield Element("天头（版心上边）", f"{TOP} mm，首行基线 {FIRST_BASE} ± {NEAR} mm", said, right)
    out = [
        line.text[:8]
        for line in reading.lines
        if line.page in reading.upright and not line.red and not reading.is_number(line)
        if line.left < LEFT - 1 or (line.right > RIGHT + 3.2)
    ]
    yield Element("版心之外", "没有文字", listed(out), not out)


def _first_baselines(reading: Reading) -> list[float]:
    """Where the first line of every later upright page stands, if that is a line of running text."""
    firsts: dict[int, Seen] = {}
    for line in reading.lines:
        if line.page > 1 and line.page in reading.upright and not line.text.startswith(DRAFT):
            firsts.setdefault(line.page, line)
    return [line.base for line in firsts.values() if line in reading.running]


def page_numbers(reading: Reading) -> Iterator[Element]:
    """Between dashes, one character in from the outer edge, 7 mm below the type area, 4号宋体 (7.5).

    On a sheet on its side too, which is turned upright first (8); a list of this program that lies on its
    side as a whole has them at its own foot.
    """
    base = reading.kind.base
    wrong, seen = [], 0
    for page in reading.pages:
        on_its_side = page.page_number not in reading.upright
        turns = on_its_side and base is not Base.FORM
        mine = turned(page) if turns else [one for one in reading.lines if one.page == page.page_number]
        at = next((one for one in mine if reading.is_number(one)), None)
        if at is None:
            continue
        seen += 1
        odd = page.page_number % 2 == 1
        if on_its_side and not turns:
            placed = odd == (at.left > page.width * 25.4 / 72 / 2)
        else:
            off = at.right - (RIGHT - ONE_4) if odd else at.left - (LEFT + ONE_4)
            placed = abs(off) <= NEAR and abs((at.top + at.bottom) / 2 - BOTTOM - 7) <= 0.5
        drawn = in_role(at.font, "song") and "Bold" not in at.font and abs(at.size - ONE_4) < 0.1
        if at.text != f"—{page.page_number}—" or not placed or not (drawn or turns):
            wrong.append(at.text)
    unnumbered = {Base.LETTER: 1, Base.NOTICE: 1}.get(base, 0)
    first = any(reading.is_number(line) for line in reading.lines if line.page == 1)
    if base is Base.LETTER and first:
        wrong.append("首页页码")
    said = f"{seen} 面有页码" + (f"，{listed(wrong)}有误" if wrong else "")
    wanted = "4号宋体一字线，单页居右、双页居左，距版心下边 7 mm，信函首页不显示"
    yield Element("页码", wanted, said, not wrong and seen >= len(reading.pages) - unnumbered)


def file(reading: Reading) -> Iterator[Element]:
    """The language, and for an issued paper its tags; a file of another program is not held to them."""
    if not reading.kind.word:
        return
    catalog = reading.document.doc.catalog
    tagged = "StructTreeRoot" in catalog
    language = catalog.get("Lang", b"")
    words = language.decode("utf-8", "replace") if isinstance(language, bytes) else str(language)
    yield Element("文件语言", "zh-CN", words or "没有", words.lower().startswith("zh"))
    if "OutputIntents" in catalog:
        yield Element("归档格式", "带标签的 PDF/A", "有标签" if tagged else "没有标签", tagged)
