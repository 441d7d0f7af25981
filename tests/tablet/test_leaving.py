"""What leaves a tablet by itself: ended stays, what may no longer be seen, papers that became leads."""

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import orm

from inspections.database import now, today
from inspections.fieldwork.closing import opening
from inspections.fieldwork.models import Operation
from inspections.findings.models import Finding, GateVoice, Photo
from inspections.rounds.models import Round
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.fieldwork.test_rights import moved_on
from tests.findings import pictures
from tests.tablet import line as faults
from tests.tablet.conftest import Look, MakeTablet, Tablet, text_of_disk
from tests.tablet.line import on

Ledger = Callable[[], list[Operation]]
Photos = Callable[[], list[Photo]]
STORES = ("visits", "told", "operations", "photos", "thumbs", "bytes", "findings", "drafts")


def ended(county: Flask, stay: Stay, days: int) -> None:
    """The stay's last day was so many days ago."""
    last = today() - dt.timedelta(days=days)
    first = last - dt.timedelta(days=6)
    with county.extensions["sessions"]() as session:
        mine = sa.update(Round).where(Round.id == stay.posting.team.round.id)
        session.execute(mine.values(release_on=first, start=first, end=last))
        session.commit()


def paper(one: Tablet, title: str) -> None:
    """A working paper of the gravest kind with a photograph, complete."""
    one.go(f"/visit/{one.visit}/paper/new")
    one.page.get_by_label("问题名称").fill(title)
    one.page.get_by_label("问题类别").select_option("A1")
    one.page.get_by_label("严重程度").select_option("S4")
    one.page.get_by_label("问题概述").fill(f"{title}的经过")
    one.page.locator("input[type=file]").last.set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    )
    expect(one.page.locator(".photos li")).to_have_count(1)
    one.page.get_by_role("button", name="完成，存入待传").click()


def test_an_ended_stay_leaves_the_tablet_after_delivery_and_the_countys_days(
    tablet: MakeTablet,
    county: Flask,
    stay: Stay,
    ledger: Ledger,
    photos: Photos,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "DAYS_AFTER", 100)  # the visit may still be written to when it leaves
    one = tablet()
    one.choose(YES_NO, "否")
    one.photo(SAMPLE, pictures.jpeg())
    one.all_delivered()
    keep = int(county.config["TABLET_KEEP_DAYS"])
    ended(county, stay, keep - 1)
    one.send()
    assert len(one.rows("visits")) == 1  # the days are not over
    one.line.fault = on("POST /api/ops", faults.cut)
    one.fill(COUNT, "4")
    ended(county, stay, keep + 2)  # wherever the browser believes to be
    one.send()
    assert len(one.rows("visits")) == 1  # something of it is only here
    assert one.rows("photos")
    one.line.fault = None
    one.send()
    one.all_delivered()
    one.send()
    one.until("async () => !(await import('/static/tablet/kept/db.js').then(db => db.all('visits'))).length")
    assert {name: len(one.rows(name)) for name in STORES} == dict.fromkeys(STORES, 0)
    assert (len(ledger()), len(photos())) == (3, 1)
    asked = one.line.count("GET /api/visits")
    one.send()
    one.send()
    assert one.rows("visits") == []  # and it is not fetched anew, to be wiped again
    assert one.line.count("GET /api/visits") == asked + 2
    one.go("/")
    expect(one.page.locator("#screen h1")).to_have_text("本机还没有驻点")


def test_what_the_account_may_no_longer_see_is_wiped_at_the_next_contact(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger
) -> None:
    other, one = tablet(stay.leader), tablet()
    other.fill(COUNT, "7", "note")
    other.all_delivered()
    one.send()
    expect(one.card(COUNT).locator(".notes")).to_contain_text("7")
    one.choose(YES_NO, "否")
    one.all_delivered()
    one.context.set_offline(True)
    one.fill(SAMPLE, "写在换人以前", "note")
    expect(one.state).to_contain_text("1 条待传")
    with orm.Session(county.extensions["engine"]) as session:
        moved_on(session, Stay(*(session.merge(getattr(stay, each.name)) for each in fields(stay))), now())
        session.commit()
    assert one.rows("told")
    one.context.set_offline(False)
    one.send()
    one.all_delivered()
    one.send()
    assert one.rows("told") == []
    (left,) = one.rows("visits")
    assert left["gone"]
    one.go("/")
    expect(one.page.locator("#screen h1")).to_have_text("本机还没有驻点")
    assert {(row.item, row.field) for row in ledger() if row.author_id == stay.member.id} == {
        (YES_NO, "answer"),
        (SAMPLE, "note"),
    }
    one.page.clock.install(time=dt.datetime.now(dt.UTC) + dt.timedelta(days=4))
    one.reload()
    one.send()
    assert {name: len(one.rows(name)) for name in STORES} == dict.fromkeys(STORES, 0)


def test_a_paper_that_became_a_lead_is_on_no_tablet_any_more(
    tablet: MakeTablet, county: Flask, stay: Stay, look: Look, photos: Photos
) -> None:
    one, other = tablet(), tablet(stay.leader)
    paper(one, "线索所涉的事")
    one.all_delivered()
    one.until_seen(lambda: len(photos()) == 1)
    for each in (one, other):
        each.send()
        each.go(f"/visit/{each.visit}")
        expect(each.page.locator("#screen")).to_contain_text("线索所涉的事")
    (found,) = look(sa.select(Finding).where(Finding.posting_id == stay.posting.id))
    with county.extensions["sessions"]() as session:  # two people agreed
        for first, actor in ((True, stay.leader), (False, stay.village)):
            values: dict[str, Any] = {"finding_id": found.id, "verdict": "lead"}
            session.add(GateVoice(**values, is_first=first, actor_id=actor.id))
            session.flush()
        session.commit()
    for each in (one, other):
        each.send()
        expect(each.page.locator("#screen h2").last).to_have_text("底稿 0 份")
        each.go("/")
        for name in ("findings", "photos", "thumbs", "bytes"):
            assert each.rows(name) == [], name
        assert "线索所涉的事" not in str([each.rows(name) for name in ("operations", "told")])
        words = "async () => (await (await import('/static/tablet/kept/store.js')).known('{}', '{}'))"
        known = each.page.evaluate(words.format(each.person, each.visit))
        assert "线索所涉的事" not in str(known)
        assert not [edit for edit in known["told"] if str(found.uuid) in edit["item"]]
        assert "线索所涉的事" not in text_of_disk(each)
    fresh = tablet(stay.member)  # and a tablet that comes later is told nothing of it
    fresh.send()
    answer = fresh.page.request.get(f"{fresh.line.address}/api/changes?visit={fresh.visit}&since=0")
    assert str(found.uuid) not in answer.text()
