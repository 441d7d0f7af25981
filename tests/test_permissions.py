"""The permission table against every URL and role, and rows out of reach against each limited reach."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm
from werkzeug.routing import Rule

from inspections.accounts.models import User
from inspections.accounts.permissions import ROLES, Permissions, Reach
from inspections.database import today
from inspections.recusal import readiness, requests
from tests import factories

SIGNED_IN = [role for role in ROLES if role != "anonymous"]


def address(rule: Rule) -> tuple[str, bool]:
    """The rule's address for a record that does not exist, and whether it names one."""
    values: dict[str, Any] = {}
    names_a_record = False
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        if converter == "UUIDConverter":
            values[name] = uuid.uuid4()
            # an upload that is gone is no record: its page says to upload again
            uploaded = ("roster.", "checklists.preview", "checklists.publish")
            names_a_record = not rule.endpoint.startswith(uploaded)
        elif converter == "IntegerConverter":
            values[name] = 1
        elif converter == "AnyConverter":
            values[name] = sorted(rule._converters[name].items)[0]
        elif name == "filename":
            values[name] = "app.css"
        else:
            values[name] = "planner" if name == "role" else "X"
    with_values = rule.build(values, append_unknown=False)
    assert with_values is not None
    return with_values[1], names_a_record


@pytest.mark.parametrize("role", list(ROLES))
def test_every_url_answers_each_role_as_the_table_says(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient], role: str
) -> None:
    table: Permissions = app.extensions["permissions"]
    client = app.test_client() if role == "anonymous" else sign_in(factories.make_user(session, role))
    seen = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("accounts.sign_out", "bootstrap.static"):
            continue  # ends the session of this test; has no file of ours
        action = app.view_functions[rule.endpoint].action  # type: ignore[attr-defined]
        url, names_a_record = address(rule)
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}):
            with client.open(url, method=method) as answer:
                seen += 1
            where = f"{method} {rule.rule} ({action}) as {role}: {answer.status_code}"
            if table.table[action][role] is not Reach.NEVER:
                allowed = {404} if names_a_record else {200, 302, 404, 413, 422}
                assert answer.status_code in allowed, where
            elif role == "anonymous":
                assert answer.status_code == 401 or "/sign-in" in answer.headers.get("Location", ""), where
            else:
                assert answer.status_code == 403, where
    assert seen > 40


#: what a member of another team, another township or another author must not find
OUT_OF_REACH = [
    ("leader", "/findings/{finding}"),
    ("member", "/findings/{finding}"),
    ("village", "/findings/{finding}"),
    ("leader", "/postings/{posting}"),
    ("member", "/postings/{posting}"),
    ("village", "/postings/{posting}"),
    ("recipient", "/papers/{paper}"),
    ("recipient", "/papers/{paper}.pdf"),
    ("recipient", "/units/{unit}"),
    ("recipient", "/recusal/{request}"),
    ("leader", "/declarations/{cycle}"),
    ("member", "/declarations/{cycle}"),
    ("village", "/declarations/{cycle}"),
]


def without_token(page: str) -> str:
    """The page less the form token, which is signed anew for every answer."""
    return re.sub(r'name="csrf_token"[^>]*', "", page)


@pytest.mark.parametrize(("role", "url"), OUT_OF_REACH)
def test_a_row_out_of_reach_looks_as_if_it_were_not_there(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], role: str, url: str
) -> None:
    world = a_county(session)
    stranger = factories.make_user(session, role)
    answer = sign_in(stranger).get(url.format(**world))
    nowhere = sign_in(stranger).get(url.format(**dict.fromkeys(world, uuid.uuid4())))
    assert answer.status_code == 404
    assert without_token(answer.get_data(as_text=True)) == without_token(nowhere.get_data(as_text=True))


def test_leadership_reads_a_plan_but_not_the_roster_behind_it(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    posting = factories.make_posting(session)
    posting.team.plan.problem = {"people": ["张三"]}
    client = sign_in(factories.make_user(session, "leadership"))
    assert client.get(f"/plans/{posting.team.plan.uuid}/problem.json").status_code == 403
    assert client.get("/people").status_code == 403


@pytest.mark.parametrize(
    ("role", "url"),
    [
        ("planner", "/findings/{finding}"),
        ("planner", "/postings/{posting}"),
        ("planner", "/papers/{paper}"),
        ("planner", "/units/{unit}"),
        ("leadership", "/papers/{paper}"),
        ("case_room", "/findings/{finding}"),
    ],
)
def test_a_row_in_reach_is_found(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], role: str, url: str
) -> None:
    world = a_county(session)
    assert sign_in(factories.make_user(session, role)).get(url.format(**world)).status_code == 200


def a_county(session: orm.Session) -> dict[str, uuid.UUID]:
    """One posting with a signed finding and an issued letter about it."""
    factories.make_checklist(session)
    finding = factories.make_finding(session, state="signed")
    paper = factories.make_paper(session, [finding])
    factories.make_recusal_kind(session, "RC-16", strength="soft")
    told = (finding.posting.unit, "RC-16", "unit", "某同志", "熟人")
    request = requests.apply(session, *told, factories.make_user(session))
    readiness.begin(session, finding.posting.team.round.cycle_id)
    return {
        "finding": finding.uuid,
        "posting": finding.posting.uuid,
        "paper": paper.uuid,
        "unit": finding.posting.unit.uuid,
        "cycle": finding.posting.team.round.cycle.uuid,
        "request": request.uuid,
    }


def test_a_team_sees_its_posting_from_the_release_day_on_and_not_before(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    factories.make_checklist(session)
    person = factories.make_person(session)
    user = factories.make_user(session, "leader", person=person)
    tomorrow = factories.make_round(session, start=today() + dt.timedelta(days=1))
    sealed = factories.make_posting(session, {person: "leader"}, round=tomorrow)
    opened = factories.make_posting(session, {person: "leader"})
    client = sign_in(user)
    assert client.get(f"/postings/{sealed.uuid}").status_code == 404
    assert client.get(f"/postings/{opened.uuid}").status_code == 200
    listing = client.get("/postings").get_data(as_text=True)
    assert opened.unit.name in listing
    assert sealed.unit.name not in listing


def test_a_posting_of_an_unpublished_plan_is_invisible_to_its_team(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    factories.make_checklist(session)
    person = factories.make_person(session)
    user = factories.make_user(session, "leader", person=person)
    posting = factories.make_posting(session, {person: "leader"}, state="approved")
    assert sign_in(user).get(f"/postings/{posting.uuid}").status_code == 404


def test_a_recipient_sees_its_own_issued_letters_and_no_draft(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    finding = factories.make_finding(session, state="signed")
    issued = factories.make_paper(session, [finding])
    draft = factories.make_paper(session, [finding], state="draft", title="还没有印发的函")
    client = sign_in(factories.make_user(session, "recipient", township=finding.posting.unit.area))
    assert client.get(f"/papers/{issued.uuid}").status_code == 200
    assert client.get(f"/papers/{draft.uuid}").status_code == 404
    assert "还没有印发的函" not in client.get("/papers").get_data(as_text=True)


def test_a_liaison_of_one_unit_sees_the_letters_about_this_unit_alone(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    township = factories.make_area(session)
    mine, other = factories.make_unit(session, township), factories.make_unit(session, township)
    about_mine = factories.make_finding(session, factories.make_posting(session, unit=mine), state="signed")
    about_other = factories.make_finding(session, factories.make_posting(session, unit=other), state="signed")
    own = factories.make_paper(session, [about_mine])
    both = factories.make_paper(session, [about_mine, about_other])
    draft = factories.make_paper(session, [about_mine], state="draft")
    client = sign_in(factories.make_user(session, "recipient", unit=mine))
    assert client.get(f"/papers/{own.uuid}").status_code == 200
    assert client.get(f"/papers/{both.uuid}").status_code == 404
    assert client.get(f"/papers/{draft.uuid}").status_code == 404
    assert client.get(f"/units/{mine.uuid}").status_code == 200
    assert client.get(f"/units/{other.uuid}").status_code == 404


def test_a_switched_off_account_is_out_at_its_next_request(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    user = factories.make_user(session, "planner")
    client = sign_in(user)
    assert client.get("/").status_code == 200
    user.active = False
    session.commit()
    assert client.get("/").status_code == 302


def test_a_new_role_holds_from_the_next_request_on(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    user = factories.make_user(session, "planner")
    client = sign_in(user)
    assert client.get("/units").status_code == 200
    user.role = "auditor"
    session.commit()
    assert client.get("/units").status_code == 403
