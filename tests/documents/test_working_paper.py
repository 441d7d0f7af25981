"""工作底稿 on paper: all its fields, the signatures that were given, the photographs with their hashes."""

import io
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.prints import working_paper
from inspections.findings import evidence
from inspections.findings.models import Finding, Photo
from inspections.typesetting.render import render_pdf
from tests import factories
from tests.documents.conftest import signed


def with_photo(session: orm.Session, finding: Finding, folder: Path, colour: str = "red") -> Photo:
    made = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(made, "JPEG")
    photo = Photo(
        id=uuid.uuid4(),
        posting_id=finding.posting_id,
        unit_id=finding.unit_id,
        finding_id=finding.id,
        caption="公开栏",
        media_type="image/jpeg",
        width=1600,
        height=1200,
        size=len(made.getvalue()),
        sha256="1234567890" * 6 + "abcd",
        author=finding.created_by,
    )
    session.add(photo)
    session.flush()
    folder.mkdir(exist_ok=True, parents=True)
    evidence.path_of(folder, photo.id).write_bytes(made.getvalue())
    session.refresh(finding)
    return photo


def words(data: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).replace("\n", "")


def printed(finding: Finding, folder: Path) -> bytes:
    return render_pdf(working_paper.laid_out(finding, folder, "清河县纪委监委", {"S2": "一般问题"})).data


def test_a_signed_paper_shows_its_number_words_signatures_photographs_and_hashes(
    session: orm.Session, finding: Finding, tmp_path: Path
) -> None:
    photo = with_photo(session, finding, tmp_path)
    data = printed(finding, tmp_path)
    said = words(data)
    for text in (finding.number, "公开栏137天没有更新", "村组法第30条", "组长审签", "提供人签名"):
        assert text in said, text
    assert str(photo.id) in said.replace(" ", "")
    assert "12345678 90123456" in said
    assert finding.steps[-1].actor.name in said
    reader = PdfReader(io.BytesIO(data))
    pictures = {image.data: image for page in reader.pages for image in page.images}
    assert len(pictures) == 1
    (picture,) = pictures.values()
    assert max(picture.image.size) == working_paper.PIXELS  # type: ignore[union-attr]


def test_an_unsigned_paper_is_a_draft_with_room_for_hands(session: orm.Session, posting: object) -> None:
    draft = factories.make_finding(session, posting, state="draft", basis="规定", responsible="村委会")  # type: ignore[arg-type]
    sheet = working_paper.laid_out(draft, Path("nowhere"), "清河县纪委监委", {})
    assert not sheet.issued
    assert "（签名）" in words(render_pdf(sheet).data)


def test_a_photograph_whose_file_is_gone_is_named(
    session: orm.Session, finding: Finding, tmp_path: Path
) -> None:
    photo = with_photo(session, finding, tmp_path)
    evidence.path_of(tmp_path, photo.id).unlink()
    assert "原件缺失" in words(printed(finding, tmp_path))


def test_markup_in_any_field_is_words(session: orm.Session, posting: object, tmp_path: Path) -> None:
    sign = "<b onload=x>&amp;<img src='file:///etc/passwd'>"
    fields = (
        "title",
        "summary",
        "process",
        "basis",
        "evidence",
        "statement",
        "place",
        "period",
        "responsible",
    )
    finding = signed(session, posting, **dict.fromkeys(fields, sign))  # type: ignore[arg-type]
    said = words(printed(finding, tmp_path)).replace(" ", "")
    assert said.count(sign.replace(" ", "")) >= len(fields)


PRINT = """
import json, sys
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import is_addressed, letter_paper
from inspections.typesetting.render import render_pdf
kind = sys.argv[1]
letter = parse_facts(open(sys.argv[2], "rb").read(), is_addressed(kind))
print(render_pdf(letter_paper(kind, letter)).sha256)
"""


@pytest.mark.parametrize("kind", ["handover", "round_report", "working_paper"])
def test_another_process_with_another_hash_seed_prints_the_same_bytes(kind: str) -> None:
    facts = Path(__file__).parents[2] / "docs/schemas/examples" / f"{kind}.json"
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINT, kind, str(facts)],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_whoever_may_read_the_paper_gets_it_and_nobody_keeps_it(
    app: Flask, session: orm.Session, finding: Finding, sign_in: Callable[[User], FlaskClient]
) -> None:
    session.commit()
    client = sign_in(factories.make_user(session))
    answer = client.get(f"/findings/{finding.uuid}/paper.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    stranger = sign_in(factories.make_user(session, "member", person=factories.make_person(session)))
    assert stranger.get(f"/findings/{finding.uuid}/paper.pdf").status_code == 404
