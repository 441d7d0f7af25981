"""A name as a value: the form that is shown, the key that is compared, and whether two names may be one.

赵　敏 and 赵敏, 阿依•古丽 and 阿依·古丽, ⻢ and 马 are the same name; 吕 and 呂, 肖 and 萧 possibly the same.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from opencc import OpenCC

from inspections.naming.variants import RADICALS, VARIANTS
from inspections.reading.typed import tidy

#: letters of Chinese names: Han of all planes and 〇
HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
DOT = "·"
_DOTS = re.compile(rf"(?<=[{HAN}A-Za-z])\s*[·•‧∙⋅・･．.●◦᛫⸱]\s*(?=[{HAN}A-Za-z])")
_INNER = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
#: what a clerk notes behind a name and what is no part of it
_REMARK = re.compile(r"\((?:男|女|[\u4e00-\u9fff]{1,4}族)(?:[,，、 ](?:男|女|[\u4e00-\u9fff]{1,4}族))*\)$")
_traditional = OpenCC("t2s")


@lru_cache(maxsize=50_000)
def shown(text: str) -> str:
    """The name as it is written from now on: no blanks inside Han names, one middle dot, no odd letters.

    Radicals and compatibility forms become the letters they look like; brackets are full-width.
    """
    plain = unicodedata.normalize("NFKC", tidy(text).translate(RADICALS)).translate(RADICALS)
    plain = _INNER.sub("", " ".join(plain.split()))
    plain = _INNER.sub("", _DOTS.sub(DOT, plain))
    return plain.replace("(", "（").replace(")", "）")


@lru_cache(maxsize=50_000)
def key(text: str) -> str:
    """What is compared: two names of one key are one name. Empty for an empty name."""
    bare = shown(text).replace("（", "(").replace("）", ")").replace(" (", "(")
    return _REMARK.sub("", bare).casefold()


@lru_cache(maxsize=50_000)
def loose_key(text: str) -> str:
    """What is compared for 可能是同一人: traditional and variant letters and the dot do not count."""
    plain: str = _traditional.convert(key(text)).translate(VARIANTS)
    return plain.replace(DOT, "")


def same(one: Any, other: Any) -> bool:
    """Whether both are the same name in whatever form; two empty names are not."""
    return bool(key(one or "")) and key(one or "") == key(other or "")


def possibly_same(one: str, other: str) -> bool:
    """Whether they differ only by variant letters, as 吕 and 呂 or 肖 and 萧; False for the same name."""
    return key(one) != key(other) and loose_key(one) == loose_key(other) != ""
