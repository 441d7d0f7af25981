"""A lead is sealed by two people's word, opened by the case room alone, and leaves no word anywhere else."""

import io
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from sqlalchemy import orm

from inspections import create_app
from inspections.database import Base
from inspections.documents.wording import citing
from inspections.findings import gate
from inspections.findings.models import Finding
from inspections.leads import keys, sealing, transfer
from inspections.leads.models import CaseRoomKey, CaseRoomKeyStep, SealedLead
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.check import check
from tests import factories
from tests.factories import make_person, make_user
from tests.leads.canary import CANARY, SAID
from tests.leads.story import PRIVATE, SignIn, Story, answer, closed, opened, pem
from tests.typesetting.measure import text_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def story(session: orm.Session) -> Story:
    return Story(session)


def test_the_case_room_reads_what_the_leader_wrote(story: Story) -> None:
    lead = story.agree().sealed()
    assert opened(lead, PRIVATE) == SAID


def test_another_key_or_a_changed_byte_opens_nothing(story: Story) -> None:
    lead = story.agree().sealed()
    with pytest.raises(sealing.NotOpened):
        opened(lead, rsa.generate_private_key(public_exponent=65537, key_size=3072))
    body = bytes([lead.body[0] ^ 1]) + lead.body[1:]
    with pytest.raises(sealing.NotOpened):
        sealing.open_sealed(PRIVATE, closed(lead, body), lead.number.encode())
    with pytest.raises(sealing.NotOpened):
        sealing.open_sealed(PRIVATE, closed(lead), b"XS2026-9999")


def test_one_person_alone_decides_nothing(session: orm.Session, story: Story) -> None:
    with pytest.raises(Refusal, match="组长先提出"):
        gate.propose(session, story.finding, "lead", story.planner)
    gate.propose(session, story.finding, "lead", story.leader)
    with pytest.raises(Refusal, match="不能自己确认"):
        gate.confirm(session, story.finding, True, story.leader)
    with pytest.raises(Refusal, match="两人一致"):
        story.sealed()
    assert gate.verdict(session, story.finding) == ""


def test_who_disagrees_sends_it_back_to_the_leader(session: orm.Session, story: Story) -> None:
    gate.propose(session, story.finding, "lead", story.leader)
    assert gate.confirm(session, story.finding, False, story.planner) == ""
    assert gate.voices(session, story.finding) == []
    story.agree("problem")
    assert gate.verdict(session, story.finding) == "problem"


@pytest.mark.parametrize(("what", "cited"), [("lead", False), ("problem", True)])
def test_a_letter_cites_a_grave_paper_only_when_two_agreed_that_it_is_a_problem(
    session: orm.Session, story: Story, what: str, cited: bool
) -> None:
    wanted = sa.select(Finding.id).where(Finding.id == story.finding.id, citing.may_be_cited())
    assert session.scalar(wanted) is None
    story.agree(what)
    assert (session.scalar(wanted) is not None) is cited


def test_a_key_seals_nothing_before_its_challenge_is_answered_and_a_leader_confirmed_it(
    session: orm.Session,
) -> None:
    room, head = make_user(session, "case_room"), make_user(session, "leadership")
    key = keys.enrol(session, pem(PRIVATE), room)
    with pytest.raises(Conflict, match="待确认"):
        keys.confirm(session, key, head)
    with pytest.raises(Refusal, match="解密结果不对"):
        keys.prove(session, key, "guess", room)
    with pytest.raises(Refusal, match="本人"):
        keys.prove(session, key, answer(key, PRIVATE), make_user(session, "case_room"))
    keys.prove(session, key, answer(key, PRIVATE), room)
    with pytest.raises(Refusal, match="经领导确认"):
        keys.in_use(session)
    keys.confirm(session, key, head)
    assert keys.in_use(session) == [key]
    with pytest.raises(Conflict):
        keys.enrol(session, pem(PRIVATE), room)


def test_a_second_account_of_the_holder_confirms_nothing(session: orm.Session) -> None:
    person = make_person(session)
    room, head = (
        make_user(session, "case_room", person=person),
        make_user(session, "leadership", person=person),
    )
    key = keys.enrol(session, pem(PRIVATE), room)
    keys.prove(session, key, answer(key, PRIVATE), room)
    with pytest.raises(Refusal, match="本人"):
        keys.confirm(session, key, head)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.add(
            CaseRoomKeyStep(key_id=key.id, enrolled_by_id=room.id, what="confirmed", actor_id=room.id)
        )
        session.flush()


def test_the_administrator_with_the_database_lays_no_key_of_his_own(tmp_path: Path) -> None:
    """He writes key and confirmation into the file; the links, whose key lies elsewhere, do not know them."""
    app = create_app({"INSTANCE": tmp_path, "TESTING": True})
    Base.metadata.create_all(app.extensions["engine"])
    with app.extensions["sessions"]() as session:
        story = Story(session)
        session.commit()
        assert keys.in_use(session) == [story.key]
        room = story.room.id
    own = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    values = {"public_pem": pem(own), "fingerprint": "f" * 64, "challenge": b"c", "answer_sha256": "a"}
    with app.extensions["engine"].begin() as file:
        key = file.execute(sa.insert(CaseRoomKey).values(**values, enrolled_by_id=room)).inserted_primary_key
        for what in ("proved", "confirmed"):
            step = {"key_id": key[0], "enrolled_by_id": room, "what": what, "actor_id": room + 1}
            file.execute(sa.insert(CaseRoomKeyStep).values(**step))
    with app.extensions["sessions"]() as session, pytest.raises(Refusal, match="与登记时不同"):
        keys.in_use(session)
    app.extensions["engine"].dispose()


def test_two_holders_open_every_lead_and_the_page_of_the_leader_says_whose_keys_they_are(
    session: orm.Session, story: Story, sign_in: SignIn
) -> None:
    other, second = make_user(session, "case_room"), rsa.generate_private_key(65537, 3072)
    key = keys.enrol(session, pem(second), other)
    keys.prove(session, key, answer(key, second), other)
    head = sign_in(story.head)
    assert head.post(f"/leads/keys/{key.uuid}/confirm").status_code == 302
    assert sign_in(make_user(session, "admin")).post(f"/leads/keys/{key.uuid}/confirm").status_code == 403
    session.expire_all()
    said = sign_in(story.agree().leader).get(f"/findings/{story.finding.uuid}/lead").get_data(as_text=True)
    for words in (story.key.fingerprint, key.fingerprint, other.name, story.head.name):
        assert words in said
    lead = story.sealed()
    assert opened(lead, PRIVATE) == opened(lead, second) == SAID
    keys.retire(session, key, story.head)
    with pytest.raises(Refusal, match="唯一"):
        keys.retire(session, story.key, story.head)


@pytest.mark.parametrize("text", ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no key"])
def test_what_is_no_key_is_refused(session: orm.Session, text: str) -> None:
    with pytest.raises(Refusal, match="公钥"):
        keys.enrol(session, text, make_user(session, "case_room"))


def test_a_new_key_leaves_old_leads_readable(session: orm.Session, story: Story) -> None:
    old = story.agree().sealed()
    newer = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    key = keys.enrol(session, pem(newer), story.room)
    keys.prove(session, key, answer(key, newer), story.room)
    assert keys.in_use(session) == [story.key]
    keys.confirm(session, key, story.head)
    assert keys.in_use(session) == [key]
    assert story.key.state == "retired"
    assert opened(old, PRIVATE) == SAID


def test_both_sides_sign_and_the_room_keeps_the_day(session: orm.Session, story: Story) -> None:
    lead = story.agree().sealed()
    with pytest.raises(Refusal, match="先签收"):
        transfer.dispose(session, lead, "LD2", None, story.room)
    with pytest.raises(Refusal, match="校验值"):
        transfer.receive(session, lead, "0" * 64, story.room)
    received = transfer.receive(session, lead, lead.sha256, story.room)
    assert received.due is not None
    transfer.dispose(session, lead, "LD2", None, story.room)
    transfer.finish(session, lead, story.room)
    assert [step.what for step in lead.steps] == ["received", "disposed", "finished"]
    with pytest.raises(Conflict, match="已经办结"):
        transfer.dispose(session, lead, "LD1", None, story.room)


def told(body: bytes) -> str:
    """What a page or a file says: a workbook is looked into, the rest taken as it is."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode("utf-8", "replace")


def test_no_page_of_any_role_shows_a_word_of_a_lead(
    app: Flask, session: orm.Session, story: Story, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("thousands of requests, and what a page shows is the same on either database")
    story.agree()
    session.commit()
    team = sign_in(story.leader)
    sent = team.post(f"/findings/{story.finding.uuid}/lead", data=SAID)
    assert sent.status_code == 302
    lead = session.scalars(sa.select(SealedLead)).one()
    roles = [
        "planner",
        "leader",
        "member",
        "village",
        "leadership",
        "recipient",
        "case_room",
        "auditor",
        "admin",
    ]
    clients = [team, *(sign_in(make_user(session, role)) for role in roles)]
    session.commit()
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "bootstrap.static"):
            continue
        named = (lead.uuid, story.finding.uuid, story.finding.posting.uuid)
        for address in {
            re.sub(r"<[^>]+>", "V-X-01", rule.rule.replace("<uuid:name>", str(own))) for own in named
        }:
            for client in clients:
                assert CANARY not in told(client.get(address).data), address
                seen += 1
    assert seen > 500
    assert CANARY not in caplog.text


def test_a_stranger_finds_neither_receipt_nor_lead(
    session: orm.Session, story: Story, sign_in: SignIn
) -> None:
    lead = story.agree().sealed()
    session.commit()
    assert sign_in(story.leader).get(f"/leads/receipts/{lead.uuid}").status_code == 200
    assert sign_in(make_user(session, "leader")).get(f"/leads/receipts/{lead.uuid}").status_code == 404
    for role in ("planner", "leadership", "auditor", "leader"):
        assert sign_in(make_user(session, role)).get(f"/leads/{lead.uuid}").status_code == 403
    assert sign_in(story.room).get(f"/leads/{lead.uuid}").status_code == 200


def test_the_script_that_opens_a_lead_sends_nothing() -> None:
    script = Path("inspections/static/leads.js").read_text("utf-8")
    assert not [word for word in ("fetch(", "XMLHttpRequest", "sendBeacon", "localStorage") if word in script]


def test_the_letter_that_goes_with_a_lead_says_who_and_when_and_nothing_of_it(
    session: orm.Session, story: Story, sign_in: SignIn
) -> None:
    lead = story.agree().sealed()
    unit = story.finding.posting.unit
    unit.area.parent = factories.make_area(session, "county")
    factories.make_letterhead(session, unit.area.parent)
    session.commit()
    leader, room = sign_in(story.leader), sign_in(story.room)
    answer = leader.get(f"/leads/receipts/{lead.uuid}.pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    sent = answer.data
    assert [one for one in check(sent) if not one.passed] == []
    said = text_of(sent)
    for words in (lead.number, lead.sha256, story.leader.name, "自签收之日起30日内"):
        assert words in said
    assert CANARY not in said
    assert not any(words in said for words in SAID.values())
    assert unit.name not in said
    assert room.get(f"/leads/{lead.uuid}.pdf").data == sent
    assert leader.get(f"/leads/{lead.uuid}.pdf").status_code == 403
    transfer.receive(session, lead, lead.sha256, story.room)
    session.commit()
    assert story.room.name in text_of(room.get(f"/leads/{lead.uuid}.pdf").data)
