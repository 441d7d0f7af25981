"""Which posts of a unit are key posts: those whose holders a team's relatives are compared with.

村 and 社区: 两委, 监委会, 会计, 集体经济组织; departments: 班子, 财务, 采购. It knows words, not people.
"""

from collections.abc import Mapping

#: key post → the words by which people write it down
KEY_POSTS: Mapping[str, tuple[str, ...]] = {
    "村（社区）党组织成员": ("书记", "支部委员", "支委", "党委委员", "总支委员"),
    "村（居）民委员会成员": ("主任", "村委会", "居委会", "村民委员会", "居民委员会", "村长"),
    "村务监督委员会成员": ("监委会", "监督委员会", "监委"),
    "会计、报账员": ("会计", "报账", "出纳", "文书"),
    "集体经济组织理事、监事": ("理事", "监事", "理事长", "合作社"),
    "单位班子成员": ("局长", "班子", "党组", "副局", "所长", "站长", "院长", "校长"),
    "财务、采购人员": ("财务", "采购", "资产"),
}


def key_post(post: str) -> str | None:
    """The kind of key post that these words name, or None for another post, e.g. 护林员."""
    for kind, words in reversed(list(KEY_POSTS.items())):  # 监委会主任 is no 村主任
        if any(word in post for word in words):
            return kind
    return None
