"""No word of a paper that became a lead stays where it was written, and the chain still holds."""

import json
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import create_app
from inspections.database import Base
from inspections.fieldwork import ledger
from inspections.fieldwork.entry import quarantine
from inspections.fieldwork.models import Operation
from inspections.findings.models import PAPER_ITEM, FindingRevision, FindingStep, Photo
from inspections.leads import blotting, sealing
from inspections.leads.models import BlottedRow
from inspections.site import chain
from tests.factories import make_checklist, make_finding
from tests.leads.canary import CANARY
from tests.leads.story import PRIVATE, SignIn, Story, closed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def story(session: orm.Session) -> Story:
    return Story(session)


def kept_words(session: orm.Session) -> list[str]:
    """The tables in which a word of the canary's stands."""
    session.flush()
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            kept = b"".join(part for part in row if isinstance(part, bytes))
            if CANARY in repr(tuple(row)) or CANARY.encode() in kept:
                found.append(table.name)
    return found


def write_everywhere(session: orm.Session, story: Story) -> list[uuid.UUID]:
    """Words of the paper in a reason, a caption, an operation of a tablet and a refused one."""
    finding, posting, ids = story.finding, story.finding.posting, [uuid.uuid4(), uuid.uuid4()]
    item = f"{PAPER_ITEM}{finding.uuid}"
    sent = {"field": "paper", "kind": "set", "value": {"title": CANARY, "summary": CANARY, "category": "A1"}}
    shared = {"item": item, "base": None, "seen": None, "checklist_id": make_checklist(session).id}
    who = {"posting_id": posting.id, "author_id": story.leader.id, "device": "d"}
    session.add(Operation(id=ids[0], **sent, **shared, **who))
    quarantine.keep(session, posting, story.leader, {"id": str(ids[1]), "item": item} | sent, "value", "d")
    step = {"finding_id": finding.id, "revision": 1, "actor_id": story.leader.id}
    session.add_all(FindingStep(state=state, reason=CANARY, **step) for state in ("returned", "signed"))
    values = {"unit_id": posting.unit_id, "media_type": "image/jpeg", "width": 1, "height": 1, "size": 1}
    photo = Photo(id=uuid.uuid4(), sha256="a", caption=CANARY, posting=posting, author=story.leader, **values)
    photo.finding_id = finding.id
    session.add(photo)
    session.flush()
    session.refresh(finding)
    return ids


def test_no_table_holds_a_word_of_a_lead_or_of_the_paper_that_became_one(
    session: orm.Session, story: Story
) -> None:
    write_everywhere(session, story)
    assert {"finding_revisions", "finding_steps", "operations", "quarantined_operations", "photos"} == set(
        kept_words(session)
    )
    story.agree()
    said = story.sealed()
    assert kept_words(session) == []
    text = json.loads(sealing.open_sealed(PRIVATE, closed(said), said.number.encode()))["paper"]
    assert text.count(CANARY) >= 5 and "4321" in text
    assert story.finding.current.title == blotting.TITLE and story.finding.current.amount is None


def test_what_a_tablet_sends_of_the_paper_afterwards_is_not_written_down(
    session: orm.Session, story: Story
) -> None:
    first, _ = write_everywhere(session, story)
    story.agree().sealed()
    item, value = f"{PAPER_ITEM}{story.finding.uuid}", {"title": CANARY, "summary": CANARY, "category": "A1"}
    sent = {"item": item, "field": "paper", "kind": "set", "value": value, "base": None}
    acks = ledger.record(
        session,
        story.finding.posting,
        story.leader,
        [sent | {"id": str(each)} for each in (first, uuid.uuid4())],
    )
    assert [ack.status for ack in acks] == ["dup", "refused"]
    assert kept_words(session) == []


def test_only_a_row_that_went_to_the_case_room_may_lose_its_words(session: orm.Session, story: Story) -> None:
    other = make_finding(session)
    story.agree().sealed()
    blank = sa.update(FindingRevision).values(summary="x")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(blank.where(FindingRevision.finding_id == other.id))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.delete(FindingRevision).where(FindingRevision.finding_id == story.finding.id))


def test_the_chain_holds_after_the_words_are_gone_and_their_digest_is_kept(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "TESTING": True})
    Base.metadata.create_all(app.extensions["engine"])
    with app.extensions["sessions"]() as session:
        story = Story(session)
        write_everywhere(session, story)
        before = chain.digest_of(session, "finding_revisions", story.finding.current.id)
        session.commit()
        story.agree().sealed()
        session.commit()
        assert list(chain.faults(session, app.extensions["anchor"])) == []
        kept = select(BlottedRow.sha256).where(BlottedRow.kind == "finding_revisions")
        assert list(session.scalars(kept)) == [before]
    app.extensions["engine"].dispose()


def test_photographs_of_a_lead_are_the_case_rooms(
    session: orm.Session, story: Story, sign_in: SignIn
) -> None:
    write_everywhere(session, story)
    photo = session.scalars(select(Photo)).one()
    session.commit()
    planner = sign_in(story.planner)
    with planner:
        assert planner.get(f"/photos/{photo.id}").status_code == 404  # no bytes lie in the test's folder
    folder = Path(planner.application.instance_path) / "photos"
    (folder / f"{photo.id}.small").write_bytes(b"jpeg")
    assert planner.get(f"/photos/{photo.id}/small").status_code == 200
    story.agree().sealed()
    session.commit()
    assert planner.get(f"/photos/{photo.id}/small").status_code == 404
    assert sign_in(story.leader).get(f"/photos/{photo.id}/small").status_code == 404
    assert sign_in(story.room).get(f"/photos/{photo.id}/small").status_code == 200
    assert planner.get(f"/findings/{story.finding.uuid}/paper.pdf").status_code == 422
