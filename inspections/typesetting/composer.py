"""Composes a paragraph into lines that all end at the right edge (GB/T 9704-2012, 5.2.2: 撑满版心).

Plain text and widths in, lines of evenly spaced runs out; it knows no font, no page and no colour. The choice
of breaks is that of Knuth and Plass (1981); what may not start or end a line is in GB/T 15834-2011, 5.1.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, pairwise

#: may not begin a line
NO_START = frozenset("。，、；：？！…—～·％%‰℃）》〉”’】〕」』﹞／")
#: may not end a line
NO_END = frozenset("（《〈“‘【〔「『﹝￥$")
#: whose blank half lies at their right or left, and may be squeezed by so much of an em
BLANK_RIGHT = frozenset("。，、；：？！）》〉”’】〕」』")
BLANK_LEFT = frozenset("（《〈“‘【〔「『")
SQUEEZE = 0.45
#: an em of stretch at a gap costs as much as this of squeeze
SQUEEZE_DEARER = 2.0
#: lines with less than this share of their width in signs are looked at only where nothing else ends
LOOSEST = 0.8
#: tokens that no line break tears: dashes and ellipses, numbers with their unit, Latin words
_TOKEN = re.compile(
    r"——|……"
    r"|[0-9０-９]+(?:[.,:．：/-][0-9０-９]+)*(?:万亿|万|亿)?"
    r"(?:元|个|户|人|名|件|笔|张|份|次|项|处|亩|公里|米|吨|日|月|年|号|条|％|%|‰|℃)?"
    r"|[A-Za-z]+(?:['.’-][A-Za-z0-9]+)*[A-Za-z0-9]*"
    r"|.",
    re.DOTALL,
)
_NARROW = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs each followed by the same extra space, in em; negative where punctuation is squeezed."""

    text: str
    spacing: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs, and whether it is spread to the full width (every line but the last)."""

    runs: tuple[Run, ...]
    full: bool

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def compose(text: str, width: float, first: float, advance: Callable[[str], float]) -> list[Line]:
    """The lines of one paragraph; their texts joined are the text.

    `width` and `first` are the widths in em of a line and of the first one, `advance` that of a character.
    Every line but the last fills its width exactly; no line starts or ends with a forbidden sign unless no
    other break is possible.
    """
    if not text:
        return []
    tokens = _tokens(text, min(width, first), advance)
    breaks = _breaks(_Measure(tokens, advance), width, first)
    lines = []
    for number, (start, end) in enumerate(zip([0, *breaks], breaks, strict=False)):
        last = end == len(tokens)
        room = first if number == 0 else width
        lines.append(_spread(tokens[start:end], room, last, advance))
    return lines


def _tokens(text: str, narrowest: float, advance: Callable[[str], float]) -> list[str]:
    """What is never torn; a token wider than a line falls apart into its characters."""
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        wide = sum(map(advance, token)) > narrowest
        found += list(token) if wide else [token]
    return found


class _Measure:
    """Running sums over the tokens, so that the width of any stretch of them is two look-ups."""

    def __init__(self, tokens: list[str], advance: Callable[[str], float]) -> None:
        self.tokens = tokens
        self.width, self.gaps, self.squeeze = [0.0], [0], [0.0]
        for at, token in enumerate(tokens):
            before = tokens[at - 1][-1] if at else ""
            inner = _gaps_of(token)
            # the gap before the token belongs to it; at the start of a line it is taken off again
            self.width.append(self.width[-1] + sum(map(advance, token)))
            self.gaps.append(self.gaps[-1] + inner + 1)
            self.squeeze.append(self.squeeze[-1] + _give(before, token[0]) + _inner_give(token))

    def line(self, start: int, end: int) -> tuple[float, int, float]:
        """(natural width, stretchable gaps, what squeezing can save) of the tokens start..end."""
        before = self.tokens[start - 1][-1] if start else ""
        own = _give(before, self.tokens[start][0])
        return (
            self.width[end] - self.width[start],
            self.gaps[end] - self.gaps[start] - 1,
            self.squeeze[end] - self.squeeze[start] - own,
        )


def _gaps_of(token: str) -> int:
    """Gaps inside a token that may be stretched: none between dashes or between narrow signs."""
    return sum(_stretches(a, b) for a, b in pairwise(token))


def _stretches(left: str, right: str) -> bool:
    if left == right and left in "—…":
        return False
    return not (_NARROW.match(left) and _NARROW.match(right))


def _give(left: str, right: str) -> float:
    """How much the gap between these two signs can be squeezed, in em."""
    return SQUEEZE * ((left in BLANK_RIGHT and bool(left)) + (right in BLANK_LEFT))


def _inner_give(token: str) -> float:
    return sum(_give(a, b) for a, b in pairwise(token))


def _breaks(measure: _Measure, width: float, first: float) -> list[int]:
    """Token numbers after which lines end: the cheapest way through the paragraph."""
    count = len(measure.tokens)
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    for end in range(1, count + 1):
        choice = _best_line(measure, best, end, width, first, LOOSEST if end < count else 0.0)
        if choice is None:  # only a very loose line ends here, as before a long word
            choice = _best_line(measure, best, end, width, first, 0.0)
        if choice is not None:
            best[end] = choice
    ends = [count]
    while best[ends[-1]][1]:
        ends.append(best[ends[-1]][1])
    return ends[::-1]


def _best_line(
    measure: _Measure,
    best: dict[int, tuple[float, int]],
    end: int,
    width: float,
    first: float,
    loosest: float,
) -> tuple[float, int] | None:
    """(cost of everything up to `end`, start of the last line) of the cheapest line that ends there."""
    choice: tuple[float, int] | None = None
    nearest = min(end - 1, bisect_right(measure.width, measure.width[end] - loosest * width))
    for start in chain(range(nearest, 0, -1), (0,)):  # what starts later is looser than that
        room = first if start == 0 else width
        natural, gaps, squeeze = measure.line(start, end)
        if natural - squeeze > room + 1e-9 and start < end - 1:
            break
        if start not in best or natural < loosest * room:
            continue
        cost = best[start][0] + _cost(measure, start, end, room, natural, gaps, squeeze)
        if choice is None or cost < choice[0]:
            choice = (cost, start)
    return choice


def _cost(
    measure: _Measure, start: int, end: int, room: float, natural: float, gaps: int, squeeze: float
) -> float:
    """How ugly the line is: the square of its stretch or squeeze, and far more for a forbidden sign."""
    tokens = measure.tokens
    slack = room - natural
    last = end == len(tokens)
    if last and slack >= 0:
        cost = 0.0
    elif slack >= 0:
        cost = (100 * slack / max(gaps, 1)) ** 2
    else:
        cost = (100 * SQUEEZE_DEARER * SQUEEZE * -slack / max(squeeze, 0.01) / 10) ** 2
    if start and tokens[start][0] in NO_START:
        cost += 1e9
    if not last and tokens[end - 1][-1] in NO_END:
        cost += 1e9
    return cost


def _spread(tokens: list[str], room: float, last: bool, advance: Callable[[str], float]) -> Line:
    """The tokens as one line, its slack shared out over the gaps that may take it."""
    glyphs = [(char, at) for at, token in enumerate(tokens) for char in token]
    natural = sum(advance(char) for char, _ in glyphs)
    slack = room - natural
    pairs = [(left, right, a != b or _stretches(left, right)) for (left, a), (right, b) in pairwise(glyphs)]
    spacing = [0.0] * len(glyphs)
    if slack < 0:
        gives = [_give(left, right) for left, right, _ in pairs]
        whole = sum(gives)
        for at, give in enumerate(gives):
            spacing[at] = slack * give / whole if whole else 0.0
    elif not last:
        open_ = [stretches for _, _, stretches in pairs]
        count = sum(open_)
        for at, stretches in enumerate(open_ if count else [True] * len(pairs)):
            if stretches:
                spacing[at] = slack / (count or len(pairs))
    runs: list[Run] = []
    for (char, _), extra in zip(glyphs, spacing, strict=True):
        if runs and abs(runs[-1].spacing - extra) < 1e-9:
            runs[-1] = Run(runs[-1].text + char, runs[-1].spacing)
        else:
            runs.append(Run(char, extra))
    return Line(tuple(runs), full=not last)
