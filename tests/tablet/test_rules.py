"""What server and tablet decide alike: the shared vectors mean the same in JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tablet.conftest import MakeTablet, Tablet

FOLDER = Path(__file__).parents[1] / "fieldwork"
CHOICES = {"yes_no": ("yes", "no"), "yes_no_na": ("yes", "no", "na")}
WORDS = {"yes": "是", "no": "否", "na": "不适用"}


def vectors(name: str) -> list[dict[str, Any]]:
    return list(json.loads((FOLDER / f"{name}_vectors.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def sheets() -> dict[str, list[dict[str, Any]]]:
    return {name: vectors(name) for name in ("merge", "rule", "privacy", "figure")}


def ask(one: Tablet, script: str, given: Any) -> Any:
    """What the page says to that."""
    return one.page.evaluate(script, given)


def test_shared_vectors_of_merges_rules_figures_and_private_numbers_mean_the_same_on_the_tablet(
    tablet: MakeTablet, sheets: dict[str, list[dict[str, Any]]]
) -> None:
    one = tablet()
    merged = ask(
        one,
        """async vectors => {
          const {merge} = await import('/static/tablet/rules/rules.js');
          return vectors.map(({edits}) => {
            const {current, held, standing} = merge(edits);
            return [current?.seq ?? null, held.map(each => each.seq), standing.map(each => each.seq)];
          });
        }""",
        sheets["merge"],
    )
    assert merged == [[each["current"], each["held"], each["standing"]] for each in sheets["merge"]]
    found = ask(
        one,
        """async vectors => {
          const {limits, privateNumber} = await import('/static/tablet/rules/limits.js');
          const file = await limits();
          return vectors.map(({text}) => privateNumber(file, text));
        }""",
        sheets["privacy"],
    )
    assert found == [each["found"] for each in sheets["privacy"]]
    typed = ask(
        one,
        """async vectors => {
          const {fault, limits} = await import('/static/tablet/rules/limits.js');
          const {typedValue, NoFigure} = await import('/static/tablet/rules/figures.js');
          const file = await limits();
          return vectors.map(({answer_type: kind, typed}) => {
            try {
              const value = typed.trim() ? typedValue(file, kind, typed) : null;
              const said = kind === "sample" && value !== null ? {checked: value, abnormal: 0} : value;
              return fault(file, {answer_type: kind, options: []}, said) ? {fault: true} : {value};
            } catch (problem) {
              if (!(problem instanceof NoFigure)) throw problem;
              return {fault: true};
            }
          });
        }""",
        sheets["figure"],
    )
    told = [{key: each[key] for key in ("value", "fault") if key in each} for each in sheets["figure"]]
    assert typed == told


def test_the_rule_file_says_on_the_tablet_what_the_server_would_say(
    tablet: MakeTablet, sheets: dict[str, list[dict[str, Any]]]
) -> None:
    one = tablet()
    asked = [
        each
        | {
            "options": each.get("options")
            or [{"code": code, "name": WORDS[code]} for code in CHOICES.get(each["answer_type"], ())]
        }
        for each in sheets["rule"]
        if not isinstance(each["value"], float)  # 3.0 is 3 in JavaScript
    ]
    said = ask(
        one,
        """async vectors => {
          const {limits, fault} = await import('/static/tablet/rules/limits.js');
          const file = await limits();
          return vectors.map(({value, ...item}) => Boolean(fault(file, item, value)));
        }""",
        asked,
    )
    assert said == [bool(each.get("fault")) for each in asked]
