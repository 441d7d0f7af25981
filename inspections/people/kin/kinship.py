"""Which relatives count: a path of parent, spouse, child and sibling becomes a kind of recusal, or none.

公务员法 article 74, 公务员回避规定 (2020) article 5, 民法典 article 1045. It knows no person and no unit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: a fact about a relative → the step it is: S spouse, P parent, C child, B sibling
STEPS: Mapping[str, str] = {
    **dict.fromkeys(("配偶", "丈夫", "妻子"), "S"),
    **dict.fromkeys(("父母", "父亲", "母亲"), "P"),
    **dict.fromkeys(("子女", "儿子", "女儿"), "C"),
    **dict.fromkeys(("兄弟姐妹", "兄弟", "姐妹", "哥哥", "弟弟", "姐姐", "妹妹"), "B"),
}
#: the sibling that a child of one's parent is
_SIBLING = {"子女": "兄弟姐妹", "儿子": "兄弟", "女儿": "姐妹"}

WIDE, NARROW = "wide", "narrow"
#: the two sets of which a county chooses one: OFFICIAL_KIN and NEAR_KIN
KIN_SETS: Mapping[str, str] = {
    WIDE: "公务员回避规定第五条：夫妻、直系血亲、三代以内旁系血亲、近姻亲",
    NARROW: "民法典第一千零四十五条：配偶、父母、子女、兄弟姐妹、祖父母与外祖父母、孙子女与外孙子女",
}
#: kind → its paths. Three generations: a common ancestor at most two steps from both. Affinity: exactly the
#: six paths S·P, S·B, S·B·S, C·S, C·S·P and K3·S, and no further
_PATHS: Mapping[str, re.Pattern[str]] = {
    "RC-04": re.compile("S"),
    "RC-05": re.compile("P+|C+"),
    "RC-06": re.compile("P?BC?"),
    "RC-07": re.compile("SP|SBS?|CSP?|P?BC?S"),
}
_NEAR = re.compile("S|PP?|CC?|B")
_ARTICLES: Mapping[str, str] = {
    "RC-04": "公务员法第七十四条",
    "RC-05": "公务员回避规定第五条（直系血亲）",
    "RC-06": "公务员回避规定第五条（三代以内旁系血亲）",
    "RC-07": "公务员回避规定第五条（近姻亲）",
}
NEAR_ARTICLE = "民法典第一千零四十五条"
#: what a path that can still come to count looks like; everything else is not followed
_BEGINNINGS = re.compile("P*|C*|P?BC?S?|SP?|SBS?|CSP?")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relative who counts: the kind, the facts that lead there from the person, and the article."""

    kind: str
    steps: tuple[str, ...]
    article: str


def letters(steps: Sequence[str]) -> str:
    """The path as letters, a parent's other child as the sibling it is: 母亲 儿子 → B."""
    return "".join(STEPS[word] for word in joined(steps))


def joined(steps: Sequence[str]) -> tuple[str, ...]:
    """The same facts, a parent followed by a child said as a sibling."""
    told: list[str] = []
    for word in steps:
        if told and STEPS[word] == "C" and STEPS[told[-1]] == "P":
            told[-1] = _SIBLING[word]
        else:
            told.append(word)
    return tuple(told)


def relation(steps: Sequence[str], kin_set: str = WIDE) -> Relation | None:
    """What this path makes of the relative in that kin set; None when the relative does not count."""
    path = letters(steps)
    if kin_set == NARROW and not _NEAR.fullmatch(path):
        return None
    for kind, counted in _PATHS.items():
        if counted.fullmatch(path):
            article = NEAR_ARTICLE if kin_set == NARROW else _ARTICLES[kind]
            return Relation(kind, joined(steps), article)
    return None


def is_near(steps: Sequence[str]) -> bool:
    """Whether the relative is 近亲属: so far do business ties reach, whatever set the county uses."""
    return _NEAR.fullmatch(letters(steps)) is not None


def may_lead_on(steps: Sequence[str]) -> bool:
    """Whether a longer path that begins so, or this one, can count."""
    return _BEGINNINGS.fullmatch(letters(steps)) is not None
