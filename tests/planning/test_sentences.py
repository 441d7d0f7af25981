"""The planner's sentences as the desk says them."""

import pytest

from inspections.planning.sentences import desk_words

ROUNDS = {"R1": "第一轮", "R10": "第十轮"}
TEAMS = {"R1-01": "R1", "R1-010": "R1", "R10-01": "R10", "外聘": "R1"}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("第一轮（R1）R1-01队“组长”有0人", "第一轮第1组“组长”有0人"),
        ("第十轮（R10）R10-01队中甲、乙不得同队（夫妻）", "第十轮第1组中甲、乙不得同组（夫妻）"),
        ("甲村（V1）在第一轮（R1）停检，却由R1-010队前往", "甲村（V1）在第一轮停检，却由第一轮第10组前往"),
        ("甲（P1）带R1-01队，乙（P2）带R10-01队", "甲（P1）带第一轮第1组，乙（P2）带第十轮第1组"),
        ("第一轮（R1）有9个队，最多8个", "第一轮有9个组，最多8个"),
        ("三队村（V3）没有队前往", "三队村（V3）没有组前往"),
        ("第一轮（R1）外聘队有0人", "第一轮外聘组有0人"),
    ],
)  # fmt: skip
def test_teams_and_rounds_lose_their_codes_and_nothing_else_changes(sentence: str, said: str) -> None:
    assert desk_words(ROUNDS, TEAMS)(sentence) == said


def test_without_teams_and_rounds_a_sentence_stays() -> None:
    assert desk_words({}, {})("甲（P1）带R1-01队") == "甲（P1）带R1-01队"
