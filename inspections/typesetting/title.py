"""Breaks a long title into centred lines that keep words whole and stand as a trapezoid or a diamond.

It measures in characters, not in points, and changes no word (GB/T 9704-2012, 7.3.1).
"""

import re

LONGEST_LINE = 19  # characters of 2号 that stand comfortably in 156 mm

# Words of the trade that a line break would tear. A name ends with its kind of place or body.
_WHOLE = """
    关于 交办 反馈 移送 印发 开展 做好 加强 进一步 发现 存在 落实 驻点 监督 检查
    监督检查 巡回 巡察 问题 线索 整改 意见 情况 通知 通报 公告 报告 建议 工作 方案
    清单 事项 纪律 监察 纪检监察 第一 第二 第三 第四 轮次 村级 巡回驻点 驻点监督 进展
    进展情况 规范 管理 督促 按期 完成 应收款项 会审 分组 农村 集体 资金 资产 资源 三资
    党委 党组 党支部 党总支 人民政府 村民委员会 居民委员会 委员会 办公室 有关 部分 的函
    的通知 的报告 的意见 的通报 的公告 的建议
"""
_WORDS = tuple(_WHOLE.split())
_NAME = re.compile(r"[^的和与及对向在由、，《》〈〉（）]{2,6}?(?:街道|社区|镇|乡|村|县|市|区|局|委|组|轮)")
_NO_START = "的了、，。；：！？）》〉”’%和与及"
_NO_END = "（《〈“‘第"


def title_lines(title: str, longest: int = LONGEST_LINE) -> list[str]:
    """The lines of a title, which joined give the title; one line when it fits."""
    fewest = -(-len(title) // longest)
    if fewest <= 1:
        return [title]
    tears = [_tear(title, at) for at in range(1, len(title))]
    choices = [_split(title, tears, count, longest) for count in (fewest, fewest + 1)]
    return min(choices, key=lambda choice: choice[0])[1]


def shape_cost(lines: list[str]) -> float:
    """What is wrong with a title in these lines, words torn or lines all alike; 0 for nothing."""
    title = "".join(lines)
    at, cost = 0, 0.0
    for line in lines[:-1]:
        at += len(line)
        cost += 10 * _tear(title, at)
    alike = len(lines) > 1 and len({len(line) for line in lines}) == 1
    return cost + 12.0 * alike


def _split(title: str, tears: list[float], count: int, longest: int) -> tuple[float, list[str]]:
    """The cost and the lines of the best split into `count` lines, built up line by line."""
    target = len(title) / count
    best: dict[int, tuple[float, list[str]]] = {0: (4.0 * count, [])}
    for line in range(1, count + 1):
        longer: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, lines) in best.items():
            for end in range(start + 1, min(start + longest, len(title)) + 1):
                if (end == len(title)) != (line == count):
                    continue
                # Lines of the same length stand as a rectangle, which the standard does not want.
                same = 3.0 if lines and len(lines[-1]) == end - start else 0.0
                torn = 10 * tears[end - 1] if end < len(title) else 0.0
                total = cost + torn + abs(end - start - target) + same
                if end not in longer or total < longer[end][0]:
                    longer[end] = (total, [*lines, title[start:end]])
        best = longer
    return best.get(len(title), (float("inf"), [title]))


def _tear(title: str, at: int) -> float:
    if title[at] in _NO_START or title[at - 1] in _NO_END:
        return 4.0
    for word in _WORDS:
        for start in range(max(0, at - len(word) + 1), at):
            if title.startswith(word, start):
                return 3.0
    if any(name.start() < at < name.end() for name in _NAME.finditer(title)):
        return 2.0
    clean = any(title.startswith(word, at) or title.endswith(word, 0, at) for word in _WORDS)
    return 0.0 if clean or title[at - 1] in "的、，）》镇乡村县" else 1.0
