"""What was planted is found, and what looks like it is not accused."""

from inspections.comparisons.grading import measure
from tests.comparisons.conftest import Compared


def test_planted_faults_are_found_and_strong_hits_are_true(county: Compared) -> None:
    measured = measure(county.result["hits"], county.truth)
    assert {one.model for one in measured if one.planted} >= {f"M{n:02}" for n in range(1, 31)}
    missed = [(one.model, one.planted, one.found) for one in measured if one.found < one.planted]
    assert not missed
    wrong = [
        (one.model, one.true["strong"], one.hits["strong"])
        for one in measured
        if one.hits["strong"] > one.true["strong"]
    ]
    assert not wrong
    assert sum(one.true["fair"] for one in measured) >= 0.85 * sum(one.hits["fair"] for one in measured)


def test_each_hit_names_lines_that_are_there_and_no_more(county: Compared) -> None:
    lengths = {path.name: path.read_bytes().count(b"\n") for path in county.folder.glob("*.csv")}
    for hit in county.result["hits"]:
        assert hit["rows"], hit["model"]
        assert all(1 < line <= lengths[file] for file, line in hit["rows"]), hit["model"]
    subjects = {(hit["model"], hit["subject"]) for hit in county.result["hits"]}
    assert len(subjects) == len(county.result["hits"])  # hits of one person in a model are one


def test_one_person_is_one_subject_in_all_models(county: Compared) -> None:
    """The planted dead are paid and have no attendance: the same person stands under one subject."""
    by_row: dict[tuple[str, int], set[str]] = {}
    for hit in county.result["hits"]:
        if hit["subject"].startswith("person-"):
            for file, line in hit["rows"]:
                if file == "低保.csv":
                    by_row.setdefault((file, line), set()).add(hit["subject"])
    assert by_row
    assert all(len(subjects) == 1 for subjects in by_row.values())
