"""The law of the merge, stated directly over random histories; and the vectors that the tablet shares."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.fieldwork.entry.merge import merge

VECTORS = Path(__file__).parent / "merge_vectors.json"


@dataclass(frozen=True)
class Word:
    """An edit of an answer, by itself."""

    seq: int
    author_id: str
    kind: str
    value: Any
    seen: int | None = None
    settles: Sequence[int] | None = None
    awaits: Sequence[str] | None = None

    @property
    def id(self) -> str:
        return f"w{self.seq}"


def may_end(later: Word, word: Word) -> bool:
    """The promise of docs/field.md, word for word, and nothing else."""
    own = later.author_id == word.author_id and (word.kind == "set" or later.kind == "resolve")
    saw = later.kind == "set" and later.seen is not None and later.seen >= word.seq
    names = later.settles is not None and word.seq in later.settles
    old_tablet = later.kind == "resolve" and later.settles is None and (later.seen or 0) >= word.seq
    return own or saw or names or old_tablet


@st.composite
def histories(draw: st.DrawFn) -> list[Word]:
    """Up to fourteen edits by four people, each seeing or naming whatever, in server order."""
    edits: list[Word] = []
    for seq in range(1, draw(st.integers(1, 14)) + 1):
        kind = draw(st.sampled_from(["set", "set", "set", "resolve"]))
        places = st.integers(1, seq)
        settles = draw(st.none() | st.frozensets(places, max_size=4))
        edits.append(
            Word(
                seq,
                draw(st.sampled_from("ABCD")) if kind == "set" else "L",
                kind,
                draw(st.sampled_from(["yes", "no", "na", None])),
                draw(st.none() | places.map(lambda n: n - 1).filter(bool)) if seq > 1 else None,
                None if settles is None else tuple(sorted(settles)),
            )
        )
    return edits


@settings(max_examples=400, deadline=None)
@given(histories())
def test_a_word_stands_until_somebody_who_may_end_it_wrote_later(edits: list[Word]) -> None:
    merged = merge(edits)
    stands = {
        word.seq for n, word in enumerate(edits) if not any(may_end(later, word) for later in edits[n + 1 :])
    }
    assert {each.seq for each in merged.standing} == stands
    assert merged.current in merged.standing
    differing = {
        each.seq
        for each in merged.standing
        if each is not merged.current and each.value not in (None, merged.current.value)  # type: ignore[union-attr]
    }
    assert {each.seq for each in merged.held} == differing
    plain = [each.author_id for each in merged.standing if each.kind == "set"]
    assert len(plain) == len(set(plain)), "each author has one last word"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_order_of_delivery_changes_nobodys_last_word(data: st.DataObject) -> None:
    """Several people write without seeing one another; the last of each stands, however they arrive."""
    written = {who: data.draw(st.lists(st.sampled_from(["yes", "no", "na"]), max_size=4)) for who in "ABC"}
    queue = [who for who, words in written.items() for _ in words]
    arrived = data.draw(st.permutations(queue))
    left = {who: list(words) for who, words in written.items()}
    edits = [Word(n, who, "set", left[who].pop(0)) for n, who in enumerate(arrived, 1)]
    standing = {each.author_id: each.value for each in merge(edits).standing}
    assert standing == {who: words[-1] for who, words in written.items() if words}


@st.composite
def weeks(draw: st.DrawFn) -> list[Word]:
    """What four people wrote, in the order of writing; each names what the card showed."""
    written: list[Word] = []
    for seq in range(1, draw(st.integers(2, 8)) + 1):
        who = draw(st.sampled_from("ABCL"))
        told = written[: draw(st.integers(0, len(written)))]
        own = [each for each in written if each.author_id == who and each not in told]
        saw = merge([*told, *own]).standing
        kind = "resolve" if who == "L" and len(saw) > 1 else "set"
        value = draw(st.sampled_from(["yes", "no", None if kind == "set" else "na"]))
        written.append(Word(seq, who, kind, value, None, tuple(each.seq for each in saw)))
    return written


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_after_a_restore_the_same_words_stand_in_whatever_order_they_are_offered_again(
    data: st.DataObject,
) -> None:
    """By name: what an edit saw and the ledger has not got yet ends as soon as it comes."""
    written = data.draw(weeks())
    order = data.draw(st.permutations(written))
    place = {word.seq: n for n, word in enumerate(order, 1)}
    arrived = []
    for word in order:
        n, named = place[word.seq], word.settles or ()
        here = tuple(sorted(place[each] for each in named if place[each] < n))
        missing = tuple(f"w{place[each]}" for each in named if place[each] > n)
        arrived.append(replace(word, seq=n, settles=here, awaits=missing or None))
    before, after = (
        {(each.author_id, each.kind, each.value) for each in merge(edits).standing}
        for edits in (written, arrived)
    )
    assert before == after


def test_a_circle_of_names_which_only_a_lie_can_make_ends() -> None:
    lies = [Word(n, "A", "set", n, None, (), (f"w{n % 3 + 1}",)) for n in (1, 2, 3)]
    assert merge(lies).standing


def test_same_value_then_second_thoughts_loses_no_answer() -> None:
    merged = merge([Word(1, "A", "set", "no"), Word(2, "B", "set", "no"), Word(3, "B", "set", "yes")])
    assert (merged.current.seq, [each.seq for each in merged.held]) == (1, [3])  # type: ignore[union-attr]


def test_a_resolution_ends_only_what_it_names() -> None:
    held = [Word(1, "A", "set", 5), Word(2, "B", "set", 7), Word(3, "C", "set", 9)]
    merged = merge([*held, Word(4, "L", "resolve", 7, 1, (1, 2))])
    assert (merged.current.value, [each.value for each in merged.held]) == (7, [9])  # type: ignore[union-attr]


def test_a_withdrawn_answer_is_no_candidate() -> None:
    merged = merge([Word(1, "A", "set", 3), Word(2, "B", "set", 5), Word(3, "A", "set", None)])
    assert (merged.current.value, merged.held) == (5, ())  # type: ignore[union-attr]


def told(edits: Sequence[Word], name: str) -> dict[str, Any]:
    """The vector of that history, as the file holds it."""
    merged = merge(edits)
    return {
        "name": name,
        "edits": [
            {"seq": e.seq, "author": e.author_id, "kind": e.kind, "value": e.value, "base": e.seen}
            | ({} if e.settles is None else {"settles": list(e.settles)})
            | ({} if e.awaits is None else {"awaits": list(e.awaits)})
            | ({"id": e.id} if any(each.awaits for each in edits) else {})
            for e in edits
        ],
        "current": merged.current.seq if merged.current else None,
        "held": [each.seq for each in merged.held],
        "standing": [each.seq for each in merged.standing],
    }


def drawn(seed: int) -> list[Word]:
    """A history by plain dice, the same for ever."""
    dice, edits = random.Random(seed), []
    for seq in range(1, dice.randrange(2, 13)):
        resolves = dice.random() < 0.2
        seen = dice.randrange(seq) or None
        one = Word(seq, "L" if resolves else dice.choice("ABC"), "set", dice.choice([1, 2, None]), seen)
        if resolves:
            named = tuple(sorted(dice.sample(range(1, seq + 1), dice.randrange(seq)))) if seq > 1 else ()
            one = replace(one, kind="resolve", settles=None if dice.random() < 0.2 else named)
        elif seed % 3 == 0 and seq > 1:  # a tablet that names what its card showed
            named = tuple(sorted(dice.sample(range(1, seq), dice.randrange(min(seq, 3)))))
            one = replace(one, seen=None, settles=named)
        edits.append(one)
    return edits


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text("utf-8")), ids=lambda case: case["name"])
def test_the_vectors_shared_with_the_tablet_hold(case: dict[str, Any]) -> None:
    edits = [
        Word(
            *(e[name] for name in ("seq", "author", "kind", "value", "base")),
            e.get("settles"),
            e.get("awaits"),
        )
        for e in case["edits"]
    ]
    assert told(edits, case["name"]) == case
