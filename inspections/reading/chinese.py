"""Chinese figures as Arabic ones: 二〇二六 → 2026, 三十二 → 32, 两万三千 → 23000."""

import re

SIGNS = ("〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {sign: at for at, signs in enumerate(SIGNS) for sign in signs}
POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_ALL = "".join((*_DIGITS, *POWERS, *LARGE))
#: 5千 and 1.2万 are Arabic figures with a word behind, which figures.py reads
_RUN = re.compile(f"(?<![0-9.{_ALL}])(?=[{''.join(_DIGITS)}十拾])[{_ALL}]+(?![0-9.])")


def arabic(text: str) -> str:
    """The text with every run of Chinese figures written in Arabic ones."""
    return _RUN.sub(lambda run: _value(run.group()), text)


def _value(run: str) -> str:
    if all(sign in _DIGITS for sign in run):
        return "".join(str(_DIGITS[sign]) for sign in run)  # read sign by sign: 二〇二六
    total = part = waiting = 0
    for at, sign in enumerate(run):
        if sign in _DIGITS:
            waiting = _DIGITS[sign]
        elif sign in POWERS:
            part += (waiting or (1 if at == 0 or part == 0 else 0)) * POWERS[sign]
            waiting = 0
        else:
            total += (part + waiting) * LARGE[sign]
            part = waiting = 0
    return str(total + part + waiting)
