"""豁免: asked by one, granted by another, for one cycle; some ties nobody waives, and none is forgotten."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.people.models import KeyPost, Kin, Person, RecusalKind, Tie
from inspections.planning.reasons import stored
from inspections.planning.statement import problem_of
from inspections.recusal import waivers
from inspections.recusal.models import Waiver
from inspections.rounds.models import Cycle, Plan
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from tests import factories
from tests.planning.county import small_county
from tests.typesetting.measure import text_of


class Case:
    """A cycle in which somebody's cousin keeps the books of a village."""

    def __init__(self, session: orm.Session) -> None:
        self.session = session
        self.cycle: Cycle = small_county(session)
        self.unit: Unit = self.cycle.units[0]
        county = problem_of(session, self.cycle)
        code = next(row["id"] for row in county["people"] if row["home_unit"] is None)
        self.person: Person = session.query(Person).filter_by(code=code).one()
        for kind in ("RC-04", "RC-05", "RC-06", "RC-07"):
            factories.make_recusal_kind(session, kind, waivable=True)
        session.add(KeyPost(unit=self.unit, post="会计", name="张会计"))
        kin = Kin(person=self.person, term="堂兄", relative_name="张会计", unit=self.unit, post="会计")
        session.add(kin)
        session.flush()
        self.asker, self.leader = (factories.make_user(session, role) for role in ("planner", "leadership"))

    def ask(self, **given: object) -> Waiver:
        reason = str(given.get("reason", "全县只有此人懂水利项目"))
        return waivers.ask(self.session, self.cycle.id, self.person, self.unit, reason, self.asker)

    def grant(self, waiver: Waiver) -> None:
        waivers.decide(self.session, waiver, True, "同意，另派一人同行", waiver.version, self.leader)

    def ties(self) -> list[dict[str, object]]:
        found = problem_of(self.session, self.cycle)["ties"]
        return [
            row for row in found if (row["person"], row.get("unit")) == (self.person.code, self.unit.code)
        ]


@pytest.fixture
def case(session: orm.Session) -> Case:
    return Case(session)


def test_a_granted_waiver_makes_the_tie_cost_instead_of_bar_and_a_revoked_one_bars_again(case: Case) -> None:
    assert [row["hard"] for row in case.ties()] == [True]
    made = case.ask()
    assert "堂兄" in made.grounds[0] or "会计" in made.grounds[0]
    assert [row["hard"] for row in case.ties()] == [True]  # asking is not having
    case.grant(made)
    (row,) = case.ties()
    assert (row["hard"], row["cost"]) == (False, 40)
    waivers.revoke(case.session, made, "发现另有债务关系", made.version, case.asker)
    assert [row["hard"] for row in case.ties()] == [True]
    acts = [entry.act for entry in journal.history(case.session, case.person.uuid)]
    assert acts[-3:] == ["waiver.ask", "waiver.decide", "waiver.revoke"]


def test_it_counts_in_its_own_cycle_only(case: Case) -> None:
    case.grant(case.ask())
    other = factories.make_cycle(case.session, crossing="county_wide")
    other.units = list(case.cycle.units)
    factories.make_round(case.session, other)
    found = problem_of(case.session, other)["ties"]
    assert [row["hard"] for row in found if row.get("unit") == case.unit.code] == [True]


def test_whoever_asked_does_not_grant_and_both_say_why(case: Case) -> None:
    with pytest.raises(Refusal, match="理由"):
        case.ask(reason=" ")
    made = case.ask()
    with pytest.raises(Refusal, match="申请人以外"):
        waivers.decide(case.session, made, True, "同意", made.version, case.asker)
    with pytest.raises(Refusal, match="理由"):
        waivers.decide(case.session, made, True, " ", made.version, case.leader)
    with pytest.raises(Conflict):
        waivers.decide(case.session, made, True, "同意", made.version - 1, case.leader)
    with pytest.raises(Refusal, match="已经申请过"):
        case.ask()


def test_what_can_never_be_waived_is_refused_by_name(case: Case) -> None:
    kind = factories.make_recusal_kind(case.session, "RC-17", waivable=False)
    case.session.add(Tie(person=case.person, unit=case.unit, kind=kind, hard=True))
    case.session.flush()
    with pytest.raises(Refusal, match="任何人不得豁免"):
        case.ask()
    resident = case.session.query(Person).filter_by(home_unit_id=case.unit.id).first()
    assert resident is not None
    with pytest.raises(Refusal, match="本村"):
        waivers.ask(case.session, case.cycle.id, resident, case.unit, "无人可派", case.asker)
    free = case.cycle.units[5]
    with pytest.raises(Refusal, match="没有须回避的关系"):
        waivers.ask(case.session, case.cycle.id, case.person, free, "无人可派", case.asker)


def test_a_tie_found_after_the_application_is_not_granted_unseen(case: Case) -> None:
    made = case.ask()
    kind = factories.make_recusal_kind(case.session, "RC-10", waivable=True)
    case.session.add(Tie(person=case.person, unit=case.unit, kind=kind, hard=True))
    case.session.flush()
    with pytest.raises(Refusal, match="重新申请"):
        case.grant(made)
    waivers.decide(case.session, made, False, "另派他人", made.version, case.leader)
    assert made.state == "refused"
    case.grant(case.ask())
    assert all(not row["hard"] for row in case.ties())


def test_two_people_who_may_not_share_a_team(case: Case) -> None:
    other = case.session.query(Person).filter(Person.id != case.person.id).first()
    assert other is not None
    kind = factories.make_recusal_kind(case.session, "RC-19", waivable=True)
    case.session.add(Tie(person=case.person, other=other, kind=kind, hard=True))
    case.session.flush()
    made = waivers.ask(case.session, case.cycle.id, other, case.person, "仅此两人", case.asker)
    case.grant(made)
    found = [row for row in problem_of(case.session, case.cycle)["ties"] if row.get("other")]
    assert [row["hard"] for row in found] == [False]


def test_from_the_refused_exchange_to_the_granted_one_and_the_plans_paper(
    session: orm.Session, solved: Callable[[Cycle], Plan], sign_in: Callable[[User], FlaskClient]
) -> None:
    cycle = small_county(session)
    plan = solved(cycle)
    unit = cycle.units[0]
    team = stored(session, plan).team(unit.code)
    assert team is not None
    seat = next(seat for seat in team.seats if seat.next and seat.slot != "member")
    cousin = session.query(Person).filter_by(code=seat.next[0].person).one()
    for kind in ("RC-04", "RC-05", "RC-06", "RC-07"):
        if session.get(RecusalKind, kind) is None:
            factories.make_recusal_kind(session, kind)
    session.add(KeyPost(unit=unit, post="会计", name="张会计"))
    session.add(Kin(person=cousin, term="堂兄", relative_name="张会计", unit=unit, post="会计"))
    session.commit()
    planner = sign_in(factories.make_user(session))
    leader = sign_in(factories.make_user(session, "leadership"))
    form = {
        "act": "seat", "team": team.code, "slot": seat.slot, "out": seat.person, "into": cousin.code,
        "reason": "懂水利", "seen": "0",
    }  # fmt: skip
    page = planner.post(f"/plans/{plan.uuid}/steps", data=form)
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert f"任{unit.name}会计" in text  # the path, and the article beside it
    assert "条" in text
    link = re.search(r'href="(/waivers/new/[^"]+)"', text)
    assert link is not None
    assert "提出申请" in planner.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    asked = {"person": cousin.code, "goal": unit.code, "reason": "无人可派"}
    page = planner.post(f"/waivers/new/{cycle.uuid}", data=asked, follow_redirects=True)
    assert "须由另一人批准" in page.get_data(as_text=True)
    waiver = session.query(Waiver).filter_by(person_id=cousin.id).one()
    assert "回避豁免待批准" in leader.get("/").get_data(as_text=True)
    assert "回避豁免待批准" not in planner.get("/").get_data(as_text=True)
    said = {"agreed": "yes", "seen": waiver.version, "reason": "同意"}
    assert planner.post(f"/waivers/{waiver.uuid}/decide", data=said).status_code == 422
    leader.post(f"/waivers/{waiver.uuid}/decide", data=said)
    session.expire_all()
    assert waiver.state == "granted"
    assert planner.post(f"/plans/{plan.uuid}/steps", data=form).status_code == 302
    page = planner.post(f"/plans/{plan.uuid}/adjust/save", data={"seen": "1"})
    assert page.status_code == 302
    paper = leader.get(page.location + "/grouping.pdf")
    words = text_of(paper.data)
    assert "回避豁免" in words
    assert "无人可派" in words
    assert "回避豁免" not in text_of(leader.get(f"/plans/{plan.uuid}/grouping.pdf").data)
