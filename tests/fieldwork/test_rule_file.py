"""One rule file for both sides: what it says the server does, and no limit of the server is missing in it."""

import ast
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import orm

from inspections.fieldwork import values
from inspections.fieldwork.ledger import record
from inspections.fieldwork.tablet.rule_file import rules, rules_hash
from inspections.fieldwork.typed_figures import typed_figure
from inspections.fieldwork.values import Unfit, canonical
from inspections.findings import drafting
from inspections.site.privacy import blotted, private_number
from tests.fieldwork.team import COUNT, make_stay, op

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: where a limit on what a tablet may send can stand
GUARDS = [
    "inspections/fieldwork/values.py",
    "inspections/fieldwork/entry/edits.py",
    "inspections/fieldwork/tablet/protocol.py",
    "inspections/fieldwork/tablet/pieces.py",
    "inspections/fieldwork/tablet/handing_back.py",
    "inspections/findings/drafting.py",
    "inspections/findings/evidence.py",
    "inspections/site/privacy.py",
]
#: limits that no tablet can meet, and why
NOT_FOR_TABLETS = {
    "evidence.MOST_AT_ONCE": "of a form on the desk",
    "evidence.MOST_TOGETHER": "of a form on the desk",
    "evidence.MOST_SENT": "of a form on the desk",
    "pieces.KEPT_SECONDS": "how long the server keeps a piece",
}


def vectors(name: str) -> list[dict[str, Any]]:
    return list(json.loads((HERE / f"{name}_vectors.json").read_text("utf-8")))


def limits(path: str) -> set[str]:
    """The names of the constants of that file that bound something, as `file.NAME`."""
    module = ast.parse((ROOT / path).read_text("utf-8"))
    names = {
        target.id
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    marks = ("MOST", "LEAST", "LONGEST", "SHORTEST", "PIECE", "DECIMALS", "KEPT")
    return {f"{Path(path).stem}.{name}" for name in names if name.startswith(marks)}


def test_no_limit_of_the_server_is_missing_in_the_rule_file() -> None:
    source = (ROOT / "inspections/fieldwork/tablet/rule_file.py").read_text("utf-8")
    named = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    wanted = set().union(*map(limits, GUARDS))
    assert {"values.MOST_CASES", "drafting.LONGEST", "evidence.MOST_BYTES", "privacy.SHORTEST"} <= wanted
    assert wanted - named - NOT_FOR_TABLETS.keys() == set()


def test_the_tablet_is_served_the_rules_under_their_hash(app: Flask) -> None:
    answer = app.test_client().get("/tablet/rules.json")
    assert answer.json == json.loads(json.dumps(rules()))
    assert answer.json["hash"] == rules_hash()


def test_each_length_is_where_the_server_begins_to_refuse(session: orm.Session) -> None:
    lengths = rules()["lengths"]
    stay = make_stay(session)
    paper = {"title": "公示不全", "category": "A1", "severity": "S2", "summary": "未公示。", "seen": None}
    for field, longest in lengths["finding"].items():
        for more, status in ((0, "ok"), (1, "refused")):
            said = paper | {field: "字" * (longest + more)}
            sent = op(f"finding:{uuid.uuid4()}", said, field="paper")
            (ack,) = record(session, stay.posting, stay.member, [sent])
            assert ack.status == status, (field, longest + more, ack.sentence)
    for more, status in ((0, "ok"), (1, "refused")):
        (ack,) = record(
            session, stay.posting, stay.member, [op(COUNT, "字" * (lengths["note"] + more), field="note")]
        )
        assert ack.status == status


@pytest.mark.parametrize("kind", ["count", "days", "money", "ratio"])
def test_each_bound_is_where_the_server_begins_to_refuse(kind: str) -> None:
    bound = rules()["numbers"][kind]
    step = {"count": 1, "days": 1, "money": "0.01", "ratio": "0.0001"}[kind]
    most = int(bound["most"]) if kind in ("count", "days") else bound["most"]
    assert canonical(kind, most) is not None
    over = most + 1 if isinstance(most, int) else str(values.Decimal(most) + values.Decimal(step))
    for bad in (over, -1 if isinstance(most, int) else f"-{step}"):
        with pytest.raises(Unfit):
            canonical(kind, bad)


def test_the_labels_are_those_of_the_paper() -> None:
    assert rules()["labels"]["finding"] == drafting.LABELS


@pytest.mark.parametrize("case", vectors("figure"), ids=lambda case: f"{case['answer_type']} {case['typed']}")
def test_figures_are_read_as_the_shared_vectors_say(case: dict[str, Any]) -> None:
    if "fault" in case:
        with pytest.raises(Unfit):
            canonical(case["answer_type"], typed_figure(case["answer_type"], case["typed"]))
    else:
        kind = "count" if case["answer_type"] == "sample" else case["answer_type"]
        found = canonical(kind, typed_figure(case["answer_type"], case["typed"]))
        assert found == case["value"]
        assert type(found) is type(case["value"])


@pytest.mark.parametrize("case", vectors("rule"), ids=lambda case: str(case)[:60])
def test_answers_are_taken_as_the_shared_vectors_say(case: dict[str, Any]) -> None:
    if case.get("fault"):
        with pytest.raises(Unfit):
            canonical(case["answer_type"], case["value"], case.get("options", ()))
    else:
        assert canonical(case["answer_type"], case["value"], case.get("options", ())) == case["canonical"]


@pytest.mark.parametrize("case", vectors("privacy"), ids=lambda case: case["text"][:40])
def test_numbers_of_persons_are_seen_as_the_shared_vectors_say(case: dict[str, Any]) -> None:
    assert private_number(case["text"]) == case["found"]
    hidden = blotted(case["text"])
    assert private_number(hidden) is None
    assert (hidden == case["text"]) == (case["found"] is None)
