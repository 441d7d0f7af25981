"""A round's papers at once: all of them and no lead, resumed after a kill, cancelled, and only one's own."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.course import issue
from inspections.documents.models import Batch, Paper
from inspections.documents.prints import batches
from inspections.findings.models import Finding
from inspections.people.models import Tie
from inspections.rounds.models import Posting, Round
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.documents.conftest import drafted, signed


class Here(ThreadPoolExecutor):
    """Prints in this process: another one takes seconds to come up, and one test uses it."""

    def __init__(self, workers: int, **_: object) -> None:
        super().__init__(workers)


@pytest.fixture(autouse=True)
def printed_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "bookmark" not in request.node.name:
        monkeypatch.setattr(batches, "ProcessPoolExecutor", Here)


@pytest.fixture
def instance(app: Flask) -> Path:
    return Path(app.instance_path)


@pytest.fixture
def round_(posting: Posting) -> Round:
    return posting.team.round


@pytest.fixture
def paper(app: Flask, session: orm.Session, finding: Finding) -> Paper:
    """A printed draft."""
    made = drafted(session, finding)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(made))
    session.expire_all()
    return made


def asked(session: orm.Session, round_: Round, instance: Path, user: User | None = None) -> Batch:
    batch = batches.ask(session, round_, user or factories.make_user(session), instance / "batches")
    session.commit()
    return batch


def run(app: Flask, session: orm.Session, batch: Batch) -> Batch:
    batches.run(app.extensions["sessions"], Path(app.instance_path), str(batch.uuid))
    session.expire_all()
    return batch


def test_every_paper_is_in_the_zip_and_has_its_bookmark_in_the_merged_file(
    app: Flask, session: orm.Session, posting: Posting, paper: Paper, round_: Round, instance: Path
) -> None:
    other = signed(session, posting, title="账目不清")
    batch = run(app, session, asked(session, round_, instance))
    assert (batch.state, batch.done, batch.left_out) == ("ready", 3, [])
    folder = instance / "batches" / str(batch.uuid)
    with zipfile.ZipFile(batches.zip_of(folder)) as archive:
        names = archive.namelist()
        assert archive.read(names[0]) == paper.files[-1].data
    assert names[0].startswith("001 交办函 草稿 河口镇")
    assert [name[:6] for name in names[1:]] == ["002 底稿", "003 底稿"]
    merged = PdfReader(io.BytesIO(batches.merged_of(folder).read_bytes()))
    assert [item["/Title"] for item in merged.outline] == [name[4:-4] for name in names]
    assert len(merged.pages) == batch.pages
    starts = [merged.get_destination_page_number(item) for item in merged.outline]  # type: ignore[arg-type]
    assert all(start is not None and start % 2 == 0 for start in starts)  # each on a sheet of its own
    assert any(other.number in page.extract_text() for page in merged.pages)


def test_an_issued_letter_comes_with_its_receipt(
    app: Flask, session: orm.Session, round_: Round, paper: Paper, instance: Path
) -> None:
    user = factories.make_user(session)
    factories.send_out(session, paper, user=user)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    batch = run(app, session, asked(session, round_, instance, user))
    assert batch.left_out == []
    assert batches.is_seen_whole(session, batch)
    titles = [title for title, _ in batches.parts(instance / "batches" / str(batch.uuid))]
    number = paper.document_number
    assert titles[:2] == [f"交办函 {number} 河口镇", f"签收回执 {number} 河口镇"]


def test_what_may_be_a_lead_is_in_no_batch(
    app: Flask, session: orm.Session, posting: Posting, finding: Finding, round_: Round, instance: Path
) -> None:
    grave = signed(session, posting, title="不得出现的题目", severity="S4")
    batch = run(app, session, asked(session, round_, instance))
    assert ["finding", str(grave.uuid)] not in batch.contents
    merged = batches.merged_of(instance / "batches" / str(batch.uuid)).read_bytes()
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(merged)).pages)
    assert finding.number in words
    assert "不得出现" not in words


def test_after_a_kill_the_next_worker_prints_only_what_is_missing(
    app: Flask,
    session: orm.Session,
    posting: Posting,
    finding: Finding,
    round_: Round,
    instance: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed(session, posting)
    batch = asked(session, round_, instance)
    laid, real = [], batches._finding

    def dying(session: orm.Session, name: object, photos: Path) -> object:
        laid.append(name)
        if len(laid) == 2:
            raise KeyboardInterrupt  # nothing that the job would catch: the process is gone
        return real(session, name, photos)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "_finding", dying)
    with pytest.raises(KeyboardInterrupt):
        run(app, session, batch)
    session.expire_all()
    assert batch.state == "working"
    assert str(batch.uuid) in batches.waiting(session)
    run(app, session, batch)
    assert batch.state == "ready"
    assert len(laid) == 3  # the first once, the second twice
    run(app, session, batch)
    assert len(laid) == 3


def test_a_cancelled_batch_leaves_no_file(
    app: Flask, session: orm.Session, finding: Finding, round_: Round, instance: Path
) -> None:
    user = factories.make_user(session)
    batch = asked(session, round_, instance, user)
    batch.state = "working"
    batches.stop(session, batch, user)
    session.commit()
    run(app, session, batch)
    assert batch.state == "cancelled"
    assert not (instance / "batches" / str(batch.uuid)).exists()
    with pytest.raises(Conflict, match="已经结束"):
        batches.stop(session, batch, user)


def test_a_paper_that_cannot_be_printed_is_named_and_the_rest_is_there(
    app: Flask, session: orm.Session, posting: Posting, finding: Finding, round_: Round, instance: Path
) -> None:
    bad = signed(session, posting, summary="\U000f1234 没有字体")
    batch = run(app, session, asked(session, round_, instance))
    assert batch.state == "ready"
    assert len(batch.left_out) == 1
    assert "没有字体" in batch.left_out[0]
    assert bad.number not in [title for title, _ in batches.parts(instance / "batches" / str(batch.uuid))]


def test_one_at_a_time_and_the_former_one_goes(
    app: Flask, session: orm.Session, finding: Finding, round_: Round, instance: Path
) -> None:
    user = factories.make_user(session)
    first = asked(session, round_, instance, user)
    with pytest.raises(Conflict, match="正在生成"):
        asked(session, round_, instance, user)
    run(app, session, first)
    folder = instance / "batches" / str(first.uuid)
    assert folder.is_dir()
    asked(session, round_, instance, user)
    assert not folder.exists()
    assert session.scalar(sa.select(sa.func.count()).where(Batch.made_by_id == user.id)) == 1


def test_a_round_without_papers_is_refused(session: orm.Session, round_: Round, instance: Path) -> None:
    with pytest.raises(Refusal, match="还没有文书"):
        asked(session, round_, instance)


def test_the_pages_ask_show_and_hand_out_and_nobody_else_reaches_it(
    app: Flask,
    session: orm.Session,
    finding: Finding,
    round_: Round,
    sign_in: Callable[[User], FlaskClient],
) -> None:
    session.commit()
    client = sign_in(factories.make_user(session))
    answer = client.post("/batches", data={"round": str(round_.uuid)})
    assert answer.status_code == 302
    batch = session.scalars(sa.select(Batch).order_by(Batch.id.desc())).first()
    assert batch is not None
    assert "data-waiting" in client.get(answer.location).get_data(as_text=True)
    assert client.get(answer.location + ".zip").status_code == 404
    run(app, session, batch)
    assert "已生成" in client.get(answer.location).get_data(as_text=True)
    assert client.get(answer.location + ".pdf", buffered=True).data.startswith(b"%PDF")
    assert client.get(answer.location + ".zip", buffered=True).status_code == 200
    other = sign_in(factories.make_user(session))
    for path in ("", ".zip", ".pdf"):
        assert other.get(answer.location + path).status_code == 404
    assert client.post("/batches", data={"round": "x"}).status_code == 404


def test_whoever_is_tied_to_a_unit_since_gets_the_batch_no_more(
    app: Flask,
    session: orm.Session,
    finding: Finding,
    round_: Round,
    sign_in: Callable[[User], FlaskClient],
) -> None:
    planner = factories.make_user(session, person=factories.make_person(session))
    batch = batches.ask(session, round_, planner, Path(app.instance_path) / "batches")
    session.commit()
    run(app, session, batch)
    client = sign_in(planner)
    assert client.get(f"/batches/{batch.uuid}.zip", buffered=True).status_code == 200
    kind = factories.make_recusal_kind(session)
    session.add(Tie(person=planner.person, unit=finding.posting.unit, kind=kind, hard=True))
    session.commit()
    answer = client.get(f"/batches/{batch.uuid}.zip")
    assert answer.status_code == 422
    assert "不能查看" in answer.get_data(as_text=True)
