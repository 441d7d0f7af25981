"""A check at a door reaches the tablet under its question, and what came of it comes back through the
ledger."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import CheckTask
from inspections.fieldwork.models import Operation, Quarantined
from tests.fieldwork.team import Stay, make_stay, op

SignIn = Callable[[User], FlaskClient]
TOLD = tasks.Told(
    "死亡后领取", "死亡后仍领3个月", "补贴由谁支取", ("X",), "A1", "S2", "家属、村会计", "登记错误"
)


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def given(session: orm.Session, stay: Stay) -> CheckTask:
    return tasks.give(session, stay.posting.unit_id, "questionnaire", TOLD, uuid.uuid4())


def answer(check: CheckTask, **said: Any) -> dict[str, Any]:
    value = {"outcome": "true", "amount": "1260.50", "note": "由其子支取，同意退回"} | said
    return op(f"check:{check.uuid}", value, field="outcome")


def test_a_check_goes_to_the_tablet_and_what_came_of_it_comes_back(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    check = given(session, stay)
    session.commit()
    member, village = sign_in(stay.member), sign_in(stay.village)
    told = member.get("/api/visits").get_json()
    (there,) = told["visits"][0]["checks"]
    assert (there["section"], there["item"][:4]) == ("X", "V-X-")  # under the question of the same category
    assert (there["ask"], there["whom"], there["mind"]) == ("补贴由谁支取", "家属、村会计", "登记错误")
    assert told["vocabulary"]["outcomes"]["true"] == "属实"
    assert member.get("/api/visits?brief=1").get_json()["visits"][0]["checks"] == [there]
    # a village's own discipline member neither sees nor settles it
    assert village.get("/api/visits").get_json()["visits"][0]["checks"] == []
    visit = {"visit": str(stay.posting.uuid)}
    sent = answer(check) | visit
    refused = village.post("/api/ops", json={"device": "T1", "ops": [answer(check) | visit]}).get_json()
    assert refused["acks"][0]["reason"] == "not_in_team"
    wrong = answer(check, note="身份证 110105194912310021") | visit
    other = op("check:" + str(uuid.uuid4()), sent["value"], field="outcome") | visit
    as_answer = op(f"check:{check.uuid}", "yes") | visit
    acks = member.post("/api/ops", json={"device": "T1", "ops": [wrong, other, as_answer, sent, sent]})
    states = [(ack["status"], ack.get("reason")) for ack in acks.get_json()["acks"]]
    assert states == [*[("refused", "value")] * 2, ("refused", "unknown_field"), ("ok", None), ("dup", None)]
    session.expire_all()
    assert (check.outcome, check.found_amount, check.decided_by_id) == (
        "true",
        Decimal("1260.50"),
        stay.member.id,
    )
    # a second word is refused with the sentence, and kept
    later = answer(check, outcome="data") | visit
    again = sign_in(stay.leader).post("/api/ops", json={"device": "T2", "ops": [later]}).get_json()["acks"][0]
    assert "已经核查为“属实”" in again["sentence"]
    kept = sa.select(Quarantined).where(Quarantined.operation_id == uuid.UUID(later["id"]))
    assert session.scalars(kept).one().body["value"]["outcome"] == "data"
    changes = f"/api/changes?visit={stay.posting.uuid}"
    assert [each["item"] for each in member.get(changes).get_json()["ops"]] == [f"check:{check.uuid}"]
    assert village.get(changes).get_json()["ops"] == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Operation)) == 1
    # and opens the paper, whose name is the same on the tablet and on the page
    paper = member.get(f"/checks/{check.uuid}/finding").text
    assert there["finding"] in paper and "1260.50" in paper and "由其子支取" in paper


def test_what_is_wrong_on_the_page_stands_where_it_was_typed(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    check = given(session, stay)
    session.commit()
    desk = sign_in(stay.leader)
    sent = desk.post(f"/checks/{check.uuid}", data={"outcome": "partly", "amount": "一百多", "note": "待退"})
    assert sent.status_code == 422 and "金额应为数字" in sent.text
    assert 'value="一百多"' in sent.text and ">待退</textarea>" in sent.text
    # the same hint given twice is one check, in its newer words
    newer = tasks.Told("死亡后领取", "死亡后仍领4个月", "补贴由谁支取", ("X",), "A1", "S2")
    assert tasks.give(session, stay.posting.unit_id, "questionnaire", newer, check.uuid) is check
    assert check.reason == "死亡后仍领4个月"
