"""The words for relatives (亲属称谓), each with the facts it stands for. It judges none of them."""

from collections.abc import Sequence

from inspections.people.kin.kinship import STEPS

#: words of one meaning : the facts from the person to the relative; the first word is the official one.
#: Adoptive parents and children, and step ones who were brought up together, are parents and children
#: (民法典 1072, 1111); half brothers and sisters are brothers and sisters (民法典 1127)
_COUNTED = """
配偶 爱人: 配偶 | 丈夫: 丈夫 | 妻子: 妻子
父母: 父母 | 父亲 养父 继父: 父亲 | 母亲 养母 继母: 母亲
子女: 子女 | 儿子 长子 次子 养子 继子: 儿子 | 女儿 长女 次女 养女 继女: 女儿
祖父母: 父亲 父母 | 祖父 爷爷: 父亲 父亲 | 祖母 奶奶: 父亲 母亲
外祖父母: 母亲 父母 | 外祖父 外公: 母亲 父亲 | 外祖母 外婆: 母亲 母亲
曾祖父: 父亲 父亲 父亲 | 曾祖母: 父亲 父亲 母亲 | 外曾祖父: 母亲 父母 父亲 | 外曾祖母: 母亲 父母 母亲
孙子女: 儿子 子女 | 孙子: 儿子 儿子 | 孙女: 儿子 女儿
外孙子女: 女儿 子女 | 外孙: 女儿 儿子 | 外孙女: 女儿 女儿
曾孙: 子女 子女 儿子 | 曾孙女: 子女 子女 女儿
兄弟姐妹: 兄弟姐妹 | 兄弟: 兄弟 | 姐妹: 姐妹
哥哥 胞兄: 哥哥 | 弟弟 胞弟: 弟弟 | 姐姐 胞姐: 姐姐 | 妹妹 胞妹: 妹妹
叔伯姑舅姨: 父母 兄弟姐妹 | 伯父 伯伯: 父亲 哥哥 | 叔父 叔叔: 父亲 弟弟 | 姑母 姑姑: 父亲 姐妹
舅父 舅舅: 母亲 兄弟 | 姨母 姨妈: 母亲 姐妹
侄甥: 兄弟姐妹 子女 | 侄子: 兄弟 儿子 | 侄女: 兄弟 女儿 | 外甥: 姐妹 儿子 | 外甥女: 姐妹 女儿
堂表: 父母 兄弟姐妹 子女 | 堂兄弟姐妹: 父亲 兄弟 子女 | 表兄弟姐妹: 父母 兄弟姐妹 子女
堂兄 堂哥 堂弟: 父亲 兄弟 儿子 | 堂姐 堂妹: 父亲 兄弟 女儿
表兄 表哥 表弟: 父母 兄弟姐妹 儿子 | 表姐 表妹: 父母 兄弟姐妹 女儿
配偶父母: 配偶 父母 | 岳父母: 妻子 父母 | 岳父: 妻子 父亲 | 岳母: 妻子 母亲
公婆: 丈夫 父母 | 公公: 丈夫 父亲 | 婆婆: 丈夫 母亲
儿媳: 儿子 妻子 | 女婿: 女儿 丈夫 | 子女配偶的父母 亲家: 子女 配偶 父母
配偶兄弟姐妹: 配偶 兄弟姐妹 | 妻兄 内兄 大舅子: 妻子 哥哥 | 妻弟 内弟 小舅子: 妻子 弟弟
妻姐 大姨子: 妻子 姐姐 | 妻妹 小姨子: 妻子 妹妹
大伯子: 丈夫 哥哥 | 小叔子: 丈夫 弟弟 | 大姑子: 丈夫 姐姐 | 小姑子: 丈夫 妹妹
配偶兄弟姐妹的配偶: 配偶 兄弟姐妹 配偶 | 妯娌: 丈夫 兄弟 妻子 | 连襟: 妻子 姐妹 丈夫
姐夫: 姐姐 丈夫 | 妹夫: 妹妹 丈夫 | 嫂子: 哥哥 妻子 | 弟媳: 弟弟 妻子
伯母: 父亲 哥哥 妻子 | 婶婶: 父亲 弟弟 妻子 | 姑父: 父亲 姐妹 丈夫
舅母: 母亲 兄弟 妻子 | 姨父: 母亲 姐妹 丈夫
侄媳: 兄弟 儿子 妻子 | 侄女婿: 兄弟 女儿 丈夫
外甥媳妇: 姐妹 儿子 妻子 | 外甥女婿: 姐妹 女儿 丈夫
堂嫂 堂弟媳: 父亲 兄弟 儿子 妻子 | 堂姐夫 堂妹夫: 父亲 兄弟 女儿 丈夫
表嫂 表弟媳: 父母 兄弟姐妹 儿子 妻子 | 表姐夫 表妹夫: 父母 兄弟姐妹 女儿 丈夫
"""
#: words that people write down and that no article lists
_NOT_COUNTED = """
侄孙 侄孙女: 兄弟 子女 子女 | 外甥孙: 姐妹 子女 子女
伯祖父 叔祖父 姑祖母: 父亲 父母 兄弟姐妹 | 舅公 姨婆: 母亲 父母 兄弟姐妹
表叔 表伯 表姑: 父亲 父母 兄弟姐妹 子女 | 表舅 表姨: 母亲 父母 兄弟姐妹 子女
堂侄 堂侄女: 父亲 兄弟 子女 子女 | 表侄 表外甥: 父母 兄弟姐妹 子女 子女
内侄 妻侄 内侄女: 妻子 兄弟 子女 | 岳祖父: 妻子 父母 父亲 | 妻舅父: 妻子 母亲 兄弟
孙媳: 儿子 儿子 妻子 | 孙女婿: 儿子 女儿 丈夫 | 亲家兄弟: 子女 配偶 父母 兄弟
"""


def _read(table: str) -> dict[str, tuple[str, ...]]:
    entries = (entry for line in table.split("\n") for entry in line.split("|") if entry.strip())
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        words, _, steps = entry.partition(":")
        found |= dict.fromkeys(words.split(), tuple(steps.split()))
    return found


#: word → facts, for the words whose relatives count in the wider kin set
TERMS: dict[str, tuple[str, ...]] = _read(_COUNTED)
#: word → facts, for words that never count
OUTSIDE: dict[str, tuple[str, ...]] = _read(_NOT_COUNTED)
_WORD_OF: dict[tuple[str, ...], str] = {}
for _word, _steps in (*TERMS.items(), *OUTSIDE.items()):
    _WORD_OF.setdefault(_steps, _word)


class UnknownTerm(ValueError):
    """No word for a relative, nor a chain of such words; the text is the word that is not understood."""


def steps_of(entry: str) -> tuple[str, ...]:
    """The facts that a word or a chain joined by 的 stands for: 舅父, 母亲的兄弟, 妻子的姐姐的丈夫.

    Raises UnknownTerm.
    """
    for known in (TERMS, OUTSIDE):
        if entry in known:
            return known[entry]
    steps: list[str] = []
    for part in entry.split("的"):
        if part not in TERMS and part not in OUTSIDE:
            raise UnknownTerm(part)
        steps.extend(TERMS.get(part) or OUTSIDE[part])
    return tuple(steps)


#: a fact → the same, elder or younger left open; then the same, man or woman left open
_AGELESS = {"哥哥": "兄弟", "弟弟": "兄弟", "姐姐": "姐妹", "妹妹": "姐妹"}
_EITHER = {"S": "配偶", "P": "父母", "C": "子女", "B": "兄弟姐妹"}


def word_of(steps: Sequence[str]) -> str:
    """What such a relative is called, 舅父 for 母亲 兄弟; the chain itself where there is no word."""
    ageless = tuple(_AGELESS.get(word, word) for word in steps)
    either = (*(_EITHER[STEPS[word]] for word in steps[:-1]), ageless[-1])
    known = (_WORD_OF.get(tuple(key)) for key in (steps, ageless, either))
    return next((word for word in known if word), "的".join(steps))


def path_words(steps: Sequence[str]) -> str:
    """本人—母亲—兄弟：舅父, as a page explains a relative; the word where it says more than the facts."""
    word = word_of(steps)
    told = "—".join(("本人", *steps))
    return told if word in STEPS or "的" in word else f"{told}：{word}"


def allowed_terms() -> str:
    """All accepted words, joined for a message."""
    return "、".join(TERMS)
