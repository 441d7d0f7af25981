"""A server restored from last night's backup, a tablet that is handed back, a session that a token renews."""

from collections.abc import Callable
from dataclasses import fields

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Device, Operation
from inspections.fieldwork.tablet import epochs
from inspections.findings.models import Photo
from tests.fieldwork.team import COUNT, DAYS, MONEY, SAMPLE, YES_NO, YES_NO_NA, Stay
from tests.fieldwork.test_rights import moved_on
from tests.findings import pictures
from tests.tablet.conftest import Look, MakeTablet, Tablet, change_person, set_pin, text_of_disk
from tests.tablet.line import Environ, on

Ledger = Callable[[], list[Operation]]
Photos = Callable[[], list[Photo]]


def restored(county: Flask, stay: Stay, before: int) -> None:
    """The ledger as a backup had it at that place: what came after is gone, and its epoch is another."""
    with county.extensions["engine"].begin() as connection:
        triggers = connection.execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('operations')"
            )
        ).all()
        for name, _ in triggers:
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        mine = {"posting": stay.posting.id, "seq": before}
        connection.execute(sa.text("DELETE FROM operations WHERE posting_id = :posting AND seq > :seq"), mine)
        connection.execute(sa.text("DELETE FROM photos WHERE posting_id = :posting"), mine)
        for _, statement in triggers:
            connection.execute(sa.text(statement))
    with county.extensions["sessions"]() as session:
        epochs.renew_epoch(session)
        session.commit()


@pytest.mark.parametrize("first", ["who was seen", "who saw"])
def test_after_a_restore_every_word_and_photograph_is_offered_again_under_its_author(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger, photos: Photos, first: str
) -> None:
    """In either order: the word that was written over another's names it and stands over it again."""
    one, other = tablet(), tablet(stay.leader)
    one.choose(YES_NO, "否")
    one.all_delivered()
    kept = ledger()[-1].seq
    one.fill(COUNT, "3")
    one.photo(SAMPLE, pictures.jpeg())
    one.all_delivered()
    other.send()
    other.fill(MONEY, "3.68万")
    other.fill(COUNT, "4")  # over the 3 that it shows
    other.all_delivered()
    before = {(str(row.id), row.author_id) for row in ledger()}
    assert len(photos()) == 1
    restored(county, stay, kept)
    assert (len(ledger()), photos()) == (1, [])
    for each in (one, other, one) if first == "who was seen" else (other, one, other):
        each.send()
        each.send()
    one.all_delivered()
    assert {(str(row.id), row.author_id) for row in ledger()} == before
    assert len(photos()) == 1
    for each in (one, other):
        each.send()
        expect(each.card(COUNT).locator("[name=figure]")).to_have_value("4")
        expect(each.card(COUNT).locator(".held")).to_be_hidden()
        expect(each.card(MONEY).locator(".state")).to_contain_text("36800 元")


@pytest.mark.parametrize("when", ["before", "under way", "asked"])
def test_a_tablet_is_handed_back_when_the_server_has_named_everything_and_nothing_stays_on_it(
    tablet: MakeTablet, county: Flask, stay: Stay, look: Look, ledger: Ledger, when: str
) -> None:
    """Whenever the server is restored: before, while a round is under way, or when it is just being asked."""
    one = tablet()
    one.page.on("dialog", lambda dialog: dialog.accept())
    one.fill(SAMPLE, "只有本组知道的话", "note")
    one.fill(SAMPLE, "7", "checked")
    one.all_delivered_but_begun()
    one.go("/tablet")
    one.page.get_by_role("button", name="交回平板").click()
    expect(one.page.locator("#screen")).to_contain_text(f"还有未填完或被退回的：{stay.member.name} 1 处")
    one.section()
    one.fill(SAMPLE, "0", "abnormal")
    one.all_delivered()
    kept = ledger()[0].seq
    lost: list[str] = []

    def lose(environ: Environ, _answer: object, _start: object) -> None:
        if not lost:
            lost.append(environ["PATH_INFO"])
            restored(county, stay, kept - 1)

    one.go("/tablet")
    if when == "before":
        restored(county, stay, kept - 1)
    elif when == "asked":
        one.line.fault = on("POST /api/handback", lose)
    else:
        one.line.fault = on("GET /api/changes", lose)
        one.page.evaluate("void import('/static/tablet/sent/outbox.js').then(outbox => outbox.drain())")
    one.page.get_by_role("button", name="交回平板").click()
    expect(one.page.locator("#screen h1")).to_have_text("请先登录", timeout=30_000)
    assert len(ledger()) == 2  # the server had lost both, and got them before the tablet let go
    assert "只有本组知道的话" not in text_of_disk(one)
    assert one.rows("people") == one.rows("told") == one.rows("visits") == []
    assert look(sa.select(Device.handed_back_at).where(Device.user_id == stay.member.id))[-1] is not None


def works_alone(one: Tablet, person: User, pin: str, first: bool = False) -> None:
    """Signed in once by password, with a PIN and a token of the own."""
    if not first:
        one.sign_out()
        one.sign_in(person)
        one.send()
        expect(one.page.locator("#who")).to_contain_text(person.name)
    one.prepare()
    set_pin(one, pin)
    one.send()
    one.until(
        f"async () => (await (await import('/static/tablet/kept/people.js')).person('{person.uuid}')).token"
    )
    one.section()


def test_a_tokens_renewal_sends_what_each_wrote_without_a_password(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one = tablet()
    works_alone(one, stay.member, "2468", first=True)
    works_alone(one, stay.village, "1357")
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    change_person(one, stay.member.name, "2468")
    one.section()
    one.choose(YES_NO_NA, "否")
    one.context.set_offline(False)
    one.person = str(stay.member.uuid)
    one.all_delivered()
    change_person(one, stay.village.name, "1357")
    one.person = str(stay.village.uuid)
    one.all_delivered()
    assert {(row.item, row.author_id) for row in ledger()} == {
        (YES_NO, stay.village.id),
        (YES_NO_NA, stay.member.id),
    }


def test_a_forgotten_pin_is_got_over_by_password_and_nothing_is_lost(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one = tablet()
    works_alone(one, stay.member, "2468", first=True)
    one.context.set_offline(True)
    one.fill(DAYS, "12")
    expect(one.state).to_contain_text("1 条待传")
    one.reload_covered()
    one.context.set_offline(False)
    one.page.locator("#lock").get_by_role("button", name="忘记 PIN").click()
    expect(one.page.locator("#lock")).to_be_hidden()
    one.all_delivered()
    assert [row.value for row in ledger()] == [12]


def test_a_shared_tablet_carried_through_a_week_by_three_people_loses_no_word(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger
) -> None:
    """One of them is replaced on Wednesday, and the server is restored from a backup on Friday."""
    one = tablet(stay.leader)
    people = {stay.leader: "8642", stay.member: "2468", stay.village: "1357"}
    for n, (person, pin) in enumerate(people.items()):
        works_alone(one, person, pin, first=n == 0)
    one.context.set_offline(True)
    for person, code, words in (
        (stay.leader, YES_NO, "否"),
        (stay.member, YES_NO_NA, "不适用"),
        (stay.village, YES_NO, "是"),
    ):
        change_person(one, person.name, people[person])
        one.section()
        one.choose(code, words)
        one.fill(COUNT, f"{len(words)}")
        one.fill(DAYS, f"{person.name}看过账", "note")
        expect(one.state).to_contain_text("3 条待传")
    with orm.Session(county.extensions["engine"]) as session:  # Wednesday: another has the member's seat
        moved_on(session, Stay(*(session.merge(getattr(stay, each.name)) for each in fields(stay))), now())
        session.commit()
    one.context.set_offline(False)

    def everybody_sends() -> None:
        for person in (stay.village, stay.member, stay.leader):
            change_person(one, person.name, people[person])
            one.person = str(person.uuid)
            one.send()
            one.all_delivered()

    everybody_sends()
    written = {(str(row.id), row.author_id) for row in ledger()}
    assert sorted(row.author_id for row in ledger()) == sorted(
        person.id for person in people for _ in range(3)
    )
    restored(county, stay, 0)  # Friday: all of it is gone
    assert ledger() == []
    everybody_sends()
    assert {(str(row.id), row.author_id) for row in ledger()} == written
    assert {(row.item, row.value) for row in ledger() if row.author_id == stay.member.id} == {
        (YES_NO_NA, "na"),
        (COUNT, 3),
        (DAYS, f"{stay.member.name}看过账"),
    }
