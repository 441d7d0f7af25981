"""Which words for a relative fall into which recusal kind. It knows no person and no unit."""

#: 公务员回避规定 (2020), article 5; the words are those people write into the declaration form
_WORDS = {
    # 夫妻
    "RC-04": ("配偶 丈夫 妻子",),
    # 直系血亲, adoptive and step parents and children among them
    "RC-05": (
        "父母 父亲 母亲 子女 儿子 女儿 长子 次子 长女 次女 养父 养母 养子 养女 继父 继母 继子 继女",
        "祖父母 祖父 祖母 爷爷 奶奶 外祖父母 外祖父 外祖母 外公 外婆 曾祖父 曾祖母",
        "孙子女 孙子 孙女 外孙子女 外孙 外孙女",
    ),
    # 三代以内旁系血亲
    "RC-06": (
        "兄弟姐妹 兄弟 姐妹 哥哥 弟弟 姐姐 妹妹 胞兄 胞弟 胞姐 胞妹 侄子 侄女 外甥 外甥女 侄甥",
        "伯父 伯伯 叔父 叔叔 姑母 姑姑 舅父 舅舅 姨母 姨妈 叔伯姑舅姨",
        "堂表 堂兄弟姐妹 堂兄 堂哥 堂弟 堂姐 堂妹 表兄弟姐妹 表兄 表哥 表弟 表姐 表妹",
    ),
    # 近姻亲: only along the paths the article lists
    "RC-07": (
        "配偶父母 岳父母 岳父 岳母 公婆 公公 婆婆 儿媳 女婿 子女配偶的父母 亲家",
        "配偶兄弟姐妹 妻兄 妻弟 妻姐 妻妹 内兄 内弟 大舅子 小舅子 大姨子 小姨子 大伯子 小叔子 大姑子 小姑子",
        "配偶兄弟姐妹的配偶 妯娌 连襟 姐夫 妹夫 嫂子 弟媳 伯母 婶婶 姑父 舅母 姨父 侄媳 侄女婿",
        "外甥媳妇 外甥女婿 堂嫂 堂弟媳 堂姐夫 堂妹夫 表嫂 表弟媳 表姐夫 表妹夫",
    ),
}

#: the word → the kind's code
KIND_OF_TERM: dict[str, str] = {
    word: code for code, lines in _WORDS.items() for line in lines for word in line.split()
}


def allowed_terms() -> str:
    """All accepted words, joined for a message."""
    return "、".join(KIND_OF_TERM)
