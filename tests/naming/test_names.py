"""What differs only by form is one name; variants are possibly one; 10,000 generated pairs hold it."""

import random

import pytest

from inspections.naming import names

FORMS = {
    "赵敏": ("赵　敏", "赵 敏", " 赵敏 ", "赵\u200b敏", "赵敏（女）", "赵 敏(女，回族)", "\u8d75\ufe00敏"),
    "马超": ("⻢超", "马　超"),
    "阿依·古丽": ("阿依•古丽", "阿依．古丽", "阿依・古丽", "阿依.古丽", "阿依 · 古丽", "阿依‧古丽"),
    "金流": ("金\uf9ca",),
    "小芳": ("⼩芳",),
}


@pytest.mark.parametrize(("plain", "form"), [(name, form) for name, forms in FORMS.items() for form in forms])
def test_a_form_is_the_same_name_and_shown_plainly(plain: str, form: str) -> None:
    assert names.same(plain, form)
    assert names.shown(form).partition("（")[0] == plain
    assert not names.possibly_same(plain, form)


@pytest.mark.parametrize(
    ("one", "other"),
    [("吕新", "呂新"), ("肖桂枝", "萧桂枝"), ("闫明", "阎明"), ("李堃", "李坤"), ("劉國華", "刘国华")],
)
def test_variants_are_possibly_the_same_and_not_the_same(one: str, other: str) -> None:
    assert not names.same(one, other) and names.possibly_same(one, other)


def test_other_names_stay_others() -> None:
    assert not names.same("王大明", "王小明") and not names.possibly_same("王大明", "王小明")
    assert not names.same("", "") and not names.possibly_same("", "")
    assert names.key("John Smith") == names.key("john  smith") != names.key("johnsmith")


def rewritten(name: str, luck: random.Random) -> str:
    """The name in one of the forms in which people and programs write it."""
    looks = {
        "马": "⻢",
        "见": "⻅",
        "长": "⻓",
        "小": "⼩",
        "大": "⼤",
        "金": "⾦",
        "龙": "⻰",
        "林": "\uf9f4",
        "李": "\uf9e1",
    }
    out = []
    for at, sign in enumerate(name):
        if sign == "·":
            sign = luck.choice("·•．・‧.∙") + luck.choice(("", " ", "\u3000"))
        elif at and name[at - 1] != "·":
            out.append(luck.choice(("", "", " ", "\u3000", "\xa0", "\u200b", "\t")))
        out.append(looks.get(sign, sign) if luck.random() < 0.5 else sign)
    return luck.choice(("", " ", "\u3000")) + "".join(out) + luck.choice(("", " ", "（女）", "(男)", "\n"))


def test_ten_thousand_pairs_of_forms_are_one_name() -> None:
    luck = random.Random(18)
    surnames, given = "赵钱孙李周吴郑王马龙林金付肖闫", "敏大明小芳桂枝长见海燕龙金"
    for _ in range(10_000):
        name = luck.choice(surnames) + "".join(luck.choices(given, k=luck.choice((1, 2))))
        if luck.random() < 0.1:
            name = f"{name}·{''.join(luck.choices(given, k=2))}"
        form = rewritten(name, luck)
        assert names.key(form) == names.key(name) == name, form
