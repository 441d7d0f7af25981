"""What keeps somebody away is taken off by two people, neither of whom it is about."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import sight
from inspections.accounts.models import User
from inspections.followup.models import Item
from inspections.people import edits, removals
from inspections.people.models import Removal, Tie
from inspections.recusal import waivers
from inspections.roster.roster import import_roster
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.roster.roster_files import write_xlsx

SignIn = Callable[[User], FlaskClient]


class Story:
    """A planner whose person is tied to a village, and two colleagues."""

    def __init__(self, session: orm.Session) -> None:
        self.person, self.unit = factories.make_person(session), factories.make_unit(session)
        factories.make_recusal_kind(session)
        self.tied = factories.make_user(session, "planner", person=self.person)
        self.second = factories.make_user(session, "leadership", person=self.person)
        self.one, self.other = factories.make_user(session), factories.make_user(session)
        values = {"object": self.unit.code, "kind": "RC-05", "evidence": "本人申报", "hard": True}
        self.tie = edits.add_tie(
            session, self.person, values | dict.fromkeys(("valid_from", "valid_to")), None
        )
        session.commit()


@pytest.fixture
def story(session: orm.Session) -> Story:
    return Story(session)


def test_a_tied_planner_does_not_free_himself(session: orm.Session, story: Story, sign_in: SignIn) -> None:
    mine = sign_in(story.tied)
    assert mine.post(f"/ties/{story.tie.uuid}/remove", data={"reason": "登记有误"}).status_code == 422
    assert mine.get(f"/people/{story.person.uuid}/edit").status_code == 422
    removal = removals.ask(session, story.tie, "登记有误", story.one)
    for account in (story.tied, story.second):
        with pytest.raises(Refusal, match="本人"):
            removals.decide(session, removal, True, account)
    assert session.scalar(select(Removal.agreed)) is None


def test_one_person_asks_and_another_agrees(session: orm.Session, story: Story, sign_in: SignIn) -> None:
    client = sign_in(story.one)
    assert client.post(f"/ties/{story.tie.uuid}/remove", data={"reason": "登记有误"}).status_code == 302
    assert session.scalar(select(sa.func.count(Tie.id))) == 1
    removal = session.scalars(select(Removal)).one()
    said = {"name": str(removal.uuid), "agreed": "1"}
    assert client.post("/removals", data=said).status_code == 422
    assert session.scalar(select(sa.func.count(Tie.id))) == 1
    theirs = sign_in(story.other)
    assert "登记有误" in theirs.get("/removals").get_data(as_text=True)
    assert theirs.post("/removals", data=said).status_code == 302
    assert session.scalar(select(sa.func.count(Tie.id))) == 0
    with pytest.raises(Conflict):
        removals.decide(session, removal, True, story.other)


def test_the_database_knows_no_removal_that_one_account_decided(session: orm.Session, story: Story) -> None:
    removal = removals.ask(session, story.tie, "登记有误", story.one)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        removal.agreed, removal.decided_by_id = True, story.one.id
        session.flush()


def test_no_file_frees_the_person_who_brings_it(session: orm.Session, story: Story, tmp_path: Path) -> None:
    head = ["人员编号", "对象", "关系", "硬性", "依据"]
    row = [story.person.code, story.unit.code, "RC-05", "否", "本人申报"]
    file = write_xlsx(tmp_path / "a.xlsx", {"回避": [head, row]})
    with pytest.raises(Refusal, match="1 处错误"):
        import_roster(session, file, actor=story.tied)
    assert session.scalar(select(Tie.hard)) is True


def test_nobody_waives_for_the_own_person(session: orm.Session, story: Story) -> None:
    cycle = factories.make_cycle(session)
    waiver = waivers.ask(session, cycle.id, story.person, story.unit, "无人可派", story.one)
    with pytest.raises(Refusal, match="本人"):
        waivers.decide(session, waiver, True, "同意", waiver.version, story.tied)


def test_separation_is_between_people(session: orm.Session, story: Story) -> None:
    cycle, other = factories.make_cycle(session), factories.make_person(session)
    values = {"object": story.unit.code, "kind": "RC-05", "evidence": "本人申报", "hard": True}
    edits.add_tie(session, other, values | dict.fromkeys(("valid_from", "valid_to")), None)
    waiver = waivers.ask(session, cycle.id, other, story.unit, "无人可派", story.tied)
    with pytest.raises(Refusal, match="申请人以外"):
        waivers.decide(session, waiver, True, "同意", waiver.version, story.second)


def test_a_liaison_of_a_township_is_blind_to_the_village_of_his_brother(
    app: Flask, session: orm.Session, story: Story
) -> None:
    finding = factories.make_finding(
        session, factories.make_posting(session, unit=story.unit), state="signed"
    )
    factories.make_item(session, finding)
    liaison = factories.make_user(session, "recipient", township=story.unit.area, person=story.person)
    own = factories.make_user(session, "recipient", unit=story.unit, person=story.person)
    free = factories.make_user(session, "recipient", township=story.unit.area)
    session.commit()
    seen = []
    for user in (liaison, own, free):
        with app.extensions["sessions"]() as opened:
            sight.limit(opened, user)
            seen.append(len(opened.scalars(select(Item)).all()))
    assert seen == [0, 1, 1]


def test_what_is_gone_already_cannot_be_agreed_to(session: orm.Session, story: Story) -> None:
    removal = removals.ask(session, story.tie, "登记有误", story.one)
    edits.remove_tie(session, story.tie, "登记有误", story.other)
    with pytest.raises(Conflict, match="已不在"):
        removals.decide(session, removal, True, story.other)
    removals.decide(session, removal, False, story.other)
    assert removal.agreed is False
