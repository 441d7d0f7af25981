"""How a name leaves the house: the surname stays, the given name goes; who reported is 群众."""

import re
from collections.abc import Collection

from inspections.naming.in_text import Hit, hits
from inspections.naming.names import DOT, HAN, shown
from inspections.naming.surnames import surname_of

#: acts by which somebody reports
_REPORTS = "反映|举报|检举|控告|投诉|揭发|告发|信访|来信|来电|来访|上访|提供线索|提供的线索|诉称|写信"
#: what may stand between who reports and the act; no second subject
_BETWEEN = (
    r"(?:等(?:\d+|[一二两三四五六七八九十]+)?(?:户|人|名|位)?(?:村民|群众)?|（[^）]{0,30}）|\([^)]{0,30}\)|"
    r"，?(?:男|女)，?|，?\d{1,3}岁，?|"
    r"向[^，。；、]{1,12}?|于[^，。；]{1,16}?|在[^，。；]{1,12}?|到[^，。；]{1,10}?|"
    r"通过[^，。；]{1,10}?|用[^，。；]{1,6}?|的|"
    r"再次|多次|曾经?|当面|实名|匿名|电话|书面|口头|联名|同时|又|也|还|均|都|一直|持续|最早|首次|\d+次|两次|三次|"
    r"本人|同志|先后|所|"
    r"夫妇|夫妻|及其家人|一家|另外|来|拨打\d*)*"
)
#: further words before what is surely a report, unless they say that somebody else reported
_OTHERS = (
    r"(?:(?!被|群众|村民|有人|他人|关于|冒领|代领|套取|侵占|挪用|未|没|不|处理|办理|回复|答复|阻|压|接受|受理|问题|收到)"
    "[^，。；！？：:\n\ue000]){0,14}?"
)
_SURELY = "反映|举报|检举|控告|投诉|揭发|告发"
_AS_REPORTER = (
    "(?:反映人|举报人|检举人|控告人|信访人|投诉人|来信人|来访人|上访人|线索提供人|线索来源|知情人|爆料人)(?:代表)?(?:姓名)?"
    "(?:为|是|系|叫|[:：])?"
)
#: 反映人系东坡村三组村民王大明: where the person who reported is from goes with the name
_WHERE_FROM = (
    "(?<=[为是系叫:：])[^，。；、：:\ue000]{0,12}?(?:村|组|社区|镇|乡|街道|民|众|户主|代表|党员|老人|妇女)"
)
#: 反映人系本村盖某: whatever two to four letters stand there, they are who reported
_NAMED_REPORTER = (
    rf"{_AS_REPORTER}(?<=[为是系叫:：])(?:{_WHERE_FROM})?"
    rf"[{HAN}]{{2,4}}(?=[，。；、（(！？\s]|$)"
)
#: what stands before who reports and goes with the name
_BEFORE = (
    "(?P<lead>据|接|经|收到|根据|接到|应|由|有)?(?:(?:本|该)?(?:村|组))?"
    "(?:村民|群众|农户|居民|党员|老党员|户主)?(?:代表)?"
)
_LIST = r"(?:[、和与及]|以及)"
#: 信访人甲与乙系亲属: behind a word for who reports, 与 names somebody else
_AND = "[、和]"
_MARK = "\ue000{}\ue001"
_PERSON = "\ue000\\d+\ue001"


def masked_name(name: str) -> str:
    """王某, 王某某, 欧阳某某: surname kept, given name replaced; 某某 for an empty name.

    A name that holds a middle dot (阿依·古丽) keeps only its first character.
    """
    bare = "".join(shown(name).split())
    if not bare:
        return "某某"
    keep = 1 if DOT in bare else len(surname_of(bare))
    given = len(bare) - keep
    return bare[:keep] + ("某" if given == 1 else "某某")


def masked(
    text: str, known: Collection[str] = (), ordinary: Collection[str] = (), cleared: Collection[str] = ()
) -> str:
    """The text as it may leave the house: every person-like place masked, whoever reported is 群众.

    `known` are names on record, `ordinary` words that name nobody, `cleared` what a reader said is no name.
    """
    found = [hit for hit in hits(text, known, ordinary) if hit.name not in cleared]
    marked = _with_marks(text, found)
    marked = re.sub(
        rf"{_AS_REPORTER}(?:{_WHERE_FROM})?{_PERSON}(?:{_AND}{_PERSON})*(?:等(?:\d+(?:户|人|名))?)?",
        "群众",
        marked,
    )
    marked = re.sub(_NAMED_REPORTER, "群众", marked)
    marked = re.sub(
        rf"{_BEFORE}{_PERSON}(?:{_LIST}(?:村民|群众)?{_PERSON})*(?:{_BETWEEN}(?={_REPORTS})|{_OTHERS}(?={_SURELY}))",
        lambda match: f"{match['lead'] or ''}群众",
        marked,
    )
    return re.sub("\ue000(\\d+)\ue001", lambda match: masked_name(found[int(match[1])].name), marked)


def _with_marks(text: str, found: list[Hit]) -> str:
    out, at = [], 0
    for number, hit in enumerate(found):
        out += [text[at : hit.start], _MARK.format(number)]
        at = hit.end
    return "".join([*out, text[at:]])
