"""Every (state, role, action) outside the table is refused; the documentation says what the table says."""

import itertools
from pathlib import Path

import pytest
from sqlalchemy import orm

from inspections.accounts.permissions import ROLES
from inspections.followup import rectification
from inspections.followup.rectification import Act
from inspections.followup.rulebook import ACTIONS, ENDED, OWED, STATES, read, rulebook
from inspections.site.refusal import Refusal
from tests.factories import make_item, make_user

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "rectification.md"


def test_every_state_role_and_action_outside_the_table_is_refused(session: orm.Session) -> None:
    item = make_item(session)
    users = {role: make_user(session, role) for role in ROLES if role != "anonymous"}
    allowed = {(rule.state, rule.role, rule.action) for rule in rulebook().rules}
    refused = 0
    for state, (role, user), action in itertools.product(STATES, users.items(), ACTIONS):
        if (state, role, action) in allowed:
            continue
        item.state, item.closed_on = state, item.served_on if state == "closed" else None
        session.flush()
        steps = len(item.steps)
        with pytest.raises(Refusal, match="不能办理"):
            rectification.act(session, item, action, user, item.version, Act(text="说明"))
        assert (item.state, len(item.steps)) == (state, steps)
        refused += 1
    assert refused == len(STATES) * len(users) * len(ACTIONS) - len(allowed)


def test_every_state_is_reached_and_every_open_one_is_left() -> None:
    rules = rulebook().rules
    assert {rule.next for rule in rules} | {"issued"} == set(STATES)
    assert {rule.state for rule in rules} == set(STATES) - {"withdrawn"}
    assert set(OWED) | set(ENDED) <= set(STATES)
    assert {rule.action for rule in rules} == set(ACTIONS)


def test_nobody_but_leadership_closes_and_nothing_closes_what_was_not_checked() -> None:
    closing = [rule for rule in rulebook().rules if rule.next == "closed" and rule.state != "closed"]
    assert {(rule.state, rule.role) for rule in closing} == {("checked", "leadership")}


def test_a_table_with_a_twin_or_an_unknown_word_is_named_by_line(tmp_path: Path) -> None:
    head = "state,action,role,next,说明\n"
    for wrong in ("issued,sign_receipt,recipient,nowhere,\n", "issued,fly,recipient,received,\n"):
        file = tmp_path / "rectification.csv"
        file.write_text(head + wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"rectification.csv:2"):
            read(file)


def test_the_documentation_lists_the_table_line_by_line() -> None:
    text = DOCUMENT.read_text("utf-8")
    for rule in rulebook().rules:
        line = f"| {STATES[rule.state]} | {ACTIONS[rule.action]} | {ROLES[rule.role]} | {STATES[rule.next]} |"
        assert line in text
