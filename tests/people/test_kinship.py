"""Every relation of a table written from the statutes, near misses among them, and paths through a graph."""

import csv
from pathlib import Path

import pytest

from inspections.people.kin.graph import KinGraph
from inspections.people.kin.kinship import NARROW, WIDE, letters, relation
from inspections.people.kin.terms import OUTSIDE, TERMS, UnknownTerm, path_words, steps_of

with (Path(__file__).parent / "kin_relations.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = list(csv.DictReader(lines))


@pytest.mark.parametrize("row", TABLE, ids=[row["称谓"] for row in TABLE])
def test_a_relative_counts_as_the_statute_says(row: dict[str, str]) -> None:
    steps = steps_of(row["称谓"])
    assert letters(steps) == row["路径"]
    wide, narrow = relation(steps, WIDE), relation(steps, NARROW)
    assert (wide.kind if wide else "") == row["广义"]
    assert (narrow is not None) is (row["狭义"] == "是")
    if wide and narrow:
        assert wide.kind == narrow.kind
    if wide and row["条文"].startswith("公务员"):  # a page names the same article
        assert wide.article.partition("（")[0] in (row["条文"].partition("：")[0], "公务员回避规定第五条")
    if narrow and not row["条文"].startswith("民法典第一千一") and "民法典第一千零四十五条" in row["条文"]:
        assert narrow.article in row["条文"]


def test_the_table_holds_sixty_relations_each_with_its_article_and_every_listed_path() -> None:
    assert len({row["称谓"] for row in TABLE}) == len(TABLE) >= 60
    assert all("第" in row["条文"] and "条" in row["条文"] for row in TABLE)
    listed = {row["路径"] for row in TABLE if row["广义"] == "RC-07"}
    assert listed == {"SP", "SB", "SBS", "CS", "CSP", "BS", "PBS", "BCS", "PBCS"}


def test_every_word_of_the_form_has_a_kind_and_every_other_word_has_none() -> None:
    kinds = {found.kind if (found := relation(steps)) is not None else None for steps in TERMS.values()}
    assert kinds == {"RC-04", "RC-05", "RC-06", "RC-07"}
    assert all(relation(steps) is None for steps in OUTSIDE.values())


def test_the_path_is_told_in_facts_and_in_the_word_people_use() -> None:
    assert path_words(steps_of("舅父")) == "本人—母亲—兄弟：舅父"
    assert path_words(steps_of("父亲")) == "本人—父亲"
    assert path_words(steps_of("妻子的姐姐的丈夫")) == "本人—妻子—姐姐—丈夫：连襟"
    assert path_words(("母亲", "兄弟", "儿子")) == "本人—母亲—兄弟—儿子：表兄"
    assert path_words(("儿子", "妻子", "兄弟")) == "本人—儿子—妻子—兄弟"


def test_a_word_that_is_no_relative_is_named() -> None:
    with pytest.raises(UnknownTerm, match="邻居"):
        steps_of("母亲的邻居")


def test_the_spouse_of_a_declared_son_in_law_is_found_through_what_others_declared() -> None:
    graph = KinGraph()
    graph.tell("甲", ("妻子",), "乙")
    graph.tell("乙", ("父亲",), "会计")
    found = graph.relatives("甲")
    assert (found["会计"].kind, found["会计"].steps) == ("RC-07", ("妻子", "父亲"))
    assert graph.relatives("会计")["甲"].kind == "RC-07"


def test_two_who_declare_the_same_father_are_brothers() -> None:
    graph = KinGraph()
    graph.tell("甲", ("父亲",), "书记")
    graph.tell("乙", ("父亲",), "书记")
    assert (graph.relatives("甲")["乙"].kind, graph.relatives("甲")["乙"].steps) == ("RC-06", ("兄弟姐妹",))


def test_the_shortest_of_several_paths_explains() -> None:
    graph = KinGraph()
    graph.tell("甲", ("母亲", "兄弟", "儿子"), "丙")
    graph.tell("甲", ("父亲",), "乙")
    graph.tell("丙", ("妻子",), "丁")
    graph.tell("乙", ("女儿",), "丁")  # a sister is nearer than a cousin's wife
    assert (graph.relatives("甲")["丁"].kind, graph.relatives("甲")["丁"].steps) == ("RC-06", ("姐妹",))


def test_kinship_does_not_run_on_over_what_others_declared() -> None:
    graph = KinGraph()
    graph.tell("甲", ("妻子", "姐姐"), "乙")
    graph.tell("乙", ("丈夫",), "丙")  # 连襟
    graph.tell("丙", ("弟弟",), "丁")  # and his brother
    found = graph.relatives("甲")
    assert found["丙"].kind == "RC-07"
    assert "丁" not in found
    assert "乙" not in graph.relatives("甲", NARROW)
