"""The draw itself: unbiased numbers, a seed that hangs on every part, and the same legal plan everywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from planners.draw.drawing import (
    Version,
    accepted,
    below,
    digest,
    drawn_plan,
    jittered,
    public_words,
    running_version,
    seed_of,
    sources,
    words,
)
from planners.draw.predictability import Foreseen, foreseen, measure, table
from planners.formats.parse import parse_problem
from planners.problem import Problem
from planners.referee.check import check
from tests.planners.draw_cases import county
from tests.planners.small import ok_small
from tests.sampled import sampled

PROGRAM = Version("1", "a" * 64, "9.15")


def seed(number: int) -> bytes:
    return digest("test", number.to_bytes(8, "big"))


def small() -> Problem:
    return parse_problem(ok_small())


# ---------------------------------------------------------------- random numbers


@pytest.mark.parametrize("n", range(1, 257))
def test_every_number_comes_from_equally_many_words_and_fewer_than_n_words_are_rejected(n: int) -> None:
    numbers = Counter(accepted(word, n, bits=8) for word in range(256))
    rejected = numbers.pop(None, 0)
    assert set(numbers) == set(range(n))
    assert set(numbers.values()) == {256 // n}
    assert rejected == 256 % n


def test_a_rejected_word_is_replaced_by_the_next_one() -> None:
    assert below(iter([2**64 - 1, 2**64 - 2, 25]), 10) == 5
    assert accepted(2**64 - 7, 10) == 9  # the last word of the last whole run


def test_words_are_sha_256_of_seed_purpose_and_counter_as_the_page_says() -> None:
    def framed(*parts: bytes) -> bytes:
        return b"planners.draw/1" + b"".join(len(part).to_bytes(8, "big") + part for part in parts)

    blocks = [
        hashlib.sha256(framed(b"stream", seed(1), b"risk", count.to_bytes(8, "big"))).digest()
        for count in range(2)
    ]
    expected = [int.from_bytes((b"".join(blocks))[i : i + 8], "big") for i in range(0, 64, 8)]
    assert list(islice(words(seed(1), "risk"), 8)) == expected


@pytest.mark.parametrize("n", [2, 3, 10, 7])
def test_drawn_numbers_are_even_by_chi_square_over_forty_seeds(n: int) -> None:
    statistics = []
    for number in range(40):
        stream = words(seed(number), "risk")
        counts = Counter(below(stream, n) for _ in range(100 * n))
        statistics.append(sum((counts[i] - 100) ** 2 / 100 for i in range(n)))
    # The mean of chi-square is its degrees of freedom, its variance twice that; five sigma of the mean of 40.
    assert abs(sum(statistics) / 40 - (n - 1)) < 5 * (2 * (n - 1) / 40) ** 0.5
    assert max(statistics) < (n - 1) + 6 * (2 * (n - 1)) ** 0.5


def test_streams_of_different_purposes_share_nothing() -> None:
    assert not set(islice(words(seed(1), "risk"), 500)) & set(islice(words(seed(1), "distance"), 500))


# ---------------------------------------------------------------- the seed


@pytest.mark.parametrize("written", ["03 07 12+4", "３，７，１２＋０４", "3-7-12 | 4", "\t3 7\n012 04 "])
def test_signs_width_and_leading_noughts_do_not_make_another_public_value(written: str) -> None:
    assert public_words(written) == "3 7 12 4"


@pytest.mark.parametrize("other", ["3 7 12", "3 7 124", "3 12 7 4", "3 7 12 4 0", "3 7 12 四"])
def test_another_number_or_order_makes_another_public_value(other: str) -> None:
    assert public_words(other) != "3 7 12 4"


def test_letters_of_a_public_value_count_without_their_case_and_keep_their_noughts() -> None:
    assert public_words("0xAB 00f") == "0xab 00f"
    assert public_words("000") == "0"


@pytest.mark.parametrize(
    "other",
    [
        {"problem_sha256": "1" * 64},
        {"program": Version("0", "a" * 64, "9.15")},
        {"program": Version("1", "b" * 64, "9.15")},
        {"program": Version("1", "a" * 64, "9.16")},
        {"jitter": 8},
        {"nonce": b"\1" + bytes(31)},
        {"public": "7 12 5"},
    ],
    ids=str,
)
def test_the_seed_hangs_on_every_part(other: dict[str, object]) -> None:
    parts = {
        "problem_sha256": "0" * 64,
        "program": PROGRAM,
        "jitter": 9,
        "nonce": bytes(32),
        "public": "7 12 4",
    }
    assert seed_of(**parts) != seed_of(**(parts | other))  # type: ignore[arg-type]


def test_no_part_of_a_hash_can_run_over_into_the_next() -> None:
    assert digest("seed", b"ab", b"c") != digest("seed", b"a", b"bc")
    assert digest("seed", b"ab") != digest("nonce", b"ab")


@pytest.mark.parametrize("empty", ["", " ", "+-,_"])
def test_a_public_value_without_letter_and_digit_gives_no_seed(empty: str) -> None:
    with pytest.raises(ValueError, match="letter or digit"):
        seed_of("0" * 64, PROGRAM, 9, bytes(32), empty)


def test_the_version_covers_what_makes_the_plan_and_not_what_only_surrounds_it() -> None:
    names = set(sources())
    assert names >= {"__init__.py", "draw/drawing.py", "solve.py", "referee/check.py", "formats/parse.py"}
    assert names >= {"books/__init__.py", "books/tables.py", "search/staffing.py", "annealing/fast_draft.py"}
    assert not {name for name in names if name.startswith(("__main__", "commands/", "zones/", "draw/log"))}
    assert running_version().to_dict().keys() == {"planner", "source_sha256", "ortools"}


# ---------------------------------------------------------------- jitter and plan


def test_jitter_raises_risks_and_distances_by_every_amount_from_nought_to_its_limit_and_nothing_else() -> (
    None
):
    problem = parse_problem(county())
    copy = jittered(problem, seed(1), 3)
    raised = [new.risk - old.risk for new, old in zip(copy.units, problem.units, strict=True)]
    assert set(raised) == {0, 1, 2, 3}
    costs = Counter(tie.cost for tie in copy.ties)
    assert set(costs) == {1, 2, 3}  # nought needs no tie
    assert all(not tie.hard for tie in copy.ties)
    quarter = len(problem.people) * len(problem.units) / 4
    assert all(abs(count - quarter) < 0.05 * quarter for count in costs.values())
    roads = {(tie.person, tie.unit): tie.cost for tie in copy.ties}
    assert [roads.get((problem.people[0].id, unit.id), 0) for unit in problem.units] != raised
    assert replace(copy, units=problem.units, ties=problem.ties) == problem
    same_risks = zip(copy.units, problem.units, strict=True)
    assert tuple(replace(new, risk=old.risk) for new, old in same_risks) == problem.units


def test_a_kilometre_of_jitter_weighs_as_much_as_a_real_one() -> None:
    problem = parse_problem(ok_small() | {"weights": {"distance": 40}})
    assert {tie.cost for tie in jittered(problem, seed(1), 2).ties} == {40, 80}


def test_the_jittered_costs_of_one_seed_are_always_the_same_and_those_of_another_are_not() -> None:
    assert jittered(small(), seed(1), 9) == jittered(small(), seed(1), 9)
    assert jittered(small(), seed(1), 9).ties != jittered(small(), seed(2), 9).ties
    assert jittered(small(), seed(1), 9).units != jittered(small(), seed(2), 9).units


def test_without_jitter_the_problem_itself_is_solved() -> None:
    problem = small()
    assert jittered(problem, seed(1), 0) is problem


@pytest.mark.parametrize("number", sampled(range(6), 3))
def test_a_drawn_plan_is_legal_for_the_real_problem_and_states_the_real_price(number: int) -> None:
    problem = parse_problem(county(3, 9, 4, 3))
    plan = drawn_plan(problem, seed(number), 9)
    report = check(problem, plan)
    assert report.broken == ()
    assert plan.problem_sha256 == problem.sha256
    assert plan.objective_total == report.total
    assert plan.terms["soft_tie"] == 0  # the jitter is no cost of the county
    assert plan.bound is not None
    assert plan.bound <= plan.objective_total


def test_a_drawn_plan_that_lacks_people_names_them_and_claims_no_bound() -> None:
    data = ok_small()
    data["rounds"][2]["teams"] = 1
    plan = drawn_plan(parse_problem(data), seed(1), 9)
    assert len(plan.shortages) == 1
    assert (plan.bound, plan.gap) == (None, None)


def test_different_seeds_draw_different_teams() -> None:
    problem = parse_problem(county(3, 9, 4, 3))
    assert len({drawn_plan(problem, seed(number), 9).teams for number in range(4)}) == 4


# ---------------------------------------------------------------- predictability


def test_predictability_counts_the_most_frequent_outcome_and_tries_it_on_the_draw_left_out() -> None:
    outcomes = [{"V1": "R1", "V2": "R1"}, {"V1": "R1", "V2": "R2"}, {"V1": "R1", "V2": "R1"}]
    # V1 is always guessed. V2: without the first draw [R2, R1] guesses R2, without the second R1, without
    # the third [R1, R2] guesses R1, which alone is right.
    found = foreseen(outcomes)
    assert found == Foreseen(modal=(1 + 2 / 3) / 2, guessed=(1 + 1 / 3) / 2, certain=0.5)


def test_jitter_makes_rounds_less_predictable_and_its_price_is_told() -> None:
    problem = parse_problem(county(3, 14, 4, 4))
    without, with_jitter = (measure(problem, jitter, 4) for jitter in (0, 20))
    assert without.round.modal > with_jitter.round.modal
    assert without.round.guessed > with_jitter.round.guessed
    assert with_jitter.ratio is not None
    assert with_jitter.ratio >= 1
    rows = table([without, with_jitter]).splitlines()
    assert rows[2].startswith("| 0 | 4 | ")
    assert f"| {with_jitter.objective / without.objective:.4f} |" in rows[3]


def test_one_draw_says_nothing_about_predictability() -> None:
    with pytest.raises(ValueError, match="one draw"):
        measure(small(), 0, 1)
