"""Photographs: only pictures, upright, without the place where they were taken, whole on the disk."""

import io
import uuid
from pathlib import Path

import pytest
from PIL import Image, ImageFile
from sqlalchemy import func, orm, select

from inspections.findings import drafting, evidence, review
from inspections.findings.drafting import Said
from inspections.findings.models import Photo
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.fieldwork.team import Stay, make_stay
from tests.findings import pictures


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 not a picture", "不是照片"),
        (pictures.other("GIF"), "不是照片"),
        (pictures.other("BMP"), "不是照片"),
        (b"\x89PNG\r\n\x1a\n", "不是照片"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 300, "不是照片"),
        (pictures.HEIC, "HEIC"),
        (pictures.half("JPEG"), "不完整或已损坏"),
        (pictures.half("PNG"), "不完整或已损坏"),
        (pictures.half("WEBP"), "不是照片|不完整或已损坏"),
        (pictures.png_claiming(100, 100), "不完整或已损坏"),
        (pictures.png_claiming(9000, 9000), "像素过多，最多 6400 万像素"),
        (pictures.png_claiming(30_000, 30_000), "像素过多"),
        (b"\xff\xd8\xff" + b"\x00" * (30 * 1024 * 1024), "照片 30 MB，超过 15 MB"),
    ],
    ids=range(14),
)
def test_what_is_no_whole_picture_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        evidence.examine(data)


def test_half_a_photograph_is_refused_even_where_the_pdf_library_is_lenient(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(Refusal, match="不完整或已损坏"):
        evidence.examine(pictures.half("JPEG"))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pictures.jpeg(), "image/jpeg"),
        (pictures.other("JPEG", "CMYK"), "image/jpeg"),
        (pictures.other("PNG"), "image/png"),
        (pictures.other("PNG", "RGBA"), "image/png"),
        (pictures.other("PNG", "P"), "image/png"),
        (pictures.other("PNG", "I;16"), "image/png"),
        (pictures.other("WEBP"), "image/webp"),
    ],
    ids=range(7),
)
def test_pictures_of_the_three_formats_keep_their_format(data: bytes, media_type: str) -> None:
    picture = evidence.examine(data)
    assert picture.media_type == media_type
    with Image.open(io.BytesIO(picture.data)) as kept:
        assert (kept.get_format_mimetype(), kept.size) == (media_type, (picture.width, picture.height))
    with Image.open(io.BytesIO(picture.small)) as small:
        assert small.format == "JPEG"


def test_position_phone_and_comments_are_not_kept() -> None:
    sent = pictures.jpeg(gps=True)
    assert b"SECRETPHONE" in sent
    picture = evidence.examine(sent)
    with Image.open(io.BytesIO(picture.data)) as kept:
        assert not kept.getexif()
        assert "comment" not in kept.info
    for data in (picture.data, picture.small):
        assert b"SECRET" not in data
        assert b"Exif" not in data


def test_what_is_hidden_behind_the_picture_is_not_kept() -> None:
    assert b"SECRETFILM" not in evidence.examine(pictures.jpeg() + b"SECRETFILM").data


def test_a_sideways_photograph_is_set_upright() -> None:
    picture = evidence.examine(pictures.jpeg(60, 40, orientation=6))
    assert (picture.width, picture.height) == (40, 60)
    with Image.open(io.BytesIO(picture.data)) as kept:
        top, bottom = kept.getpixel((20, 5)), kept.getpixel((20, 55))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


def test_a_very_large_photograph_is_made_smaller() -> None:
    picture = evidence.examine(pictures.jpeg(6000, 3000))
    assert (picture.width, picture.height) == (4096, 2048)


def test_the_stored_bytes_are_those_of_the_hash(session: orm.Session, stay: Stay, tmp_path: Path) -> None:
    photo = evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path, item_code="V-X-01")
    data = evidence.path_of(tmp_path, photo.id).read_bytes()
    assert evidence.examine(pictures.jpeg()).sha256 == photo.sha256
    assert len(data) == photo.size
    assert {path.name for path in tmp_path.iterdir()} == {str(photo.id), f"{photo.id}.small"}
    assert evidence.path_of(tmp_path, photo.id).stat().st_mode & 0o077 == 0


def test_a_write_that_fails_leaves_nothing_behind(
    session: orm.Session, stay: Stay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("inspections.findings.evidence.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.both_databases
def test_the_same_photograph_sent_twice_is_one(session: orm.Session, stay: Stay, tmp_path: Path) -> None:
    name = uuid.uuid4()
    first, second = (
        evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path, name=name)
        for _ in range(2)
    )
    assert first is second
    with pytest.raises(Conflict):
        evidence.accept(session, stay.posting, stay.member, pictures.other("PNG"), tmp_path, name=name)
    assert session.scalar(select(func.count()).select_from(Photo)) == 1


@pytest.mark.both_databases
def test_two_equal_photographs_under_two_names_are_two(
    session: orm.Session, stay: Stay, tmp_path: Path
) -> None:
    for _ in range(2):
        evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path)
    assert session.scalar(select(func.count()).select_from(Photo)) == 2


def test_a_real_place_is_never_photographed(session: orm.Session, tmp_path: Path) -> None:
    stay = make_stay(session, unit=factories.make_unit(session, planning_only=True))
    with pytest.raises(Refusal, match="真实地名"):
        evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_stranger_to_the_team_adds_no_photograph(session: orm.Session, stay: Stay, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="不在这个驻点的组内"):
        evidence.accept(session, stay.posting, make_stay(session).member, pictures.jpeg(), tmp_path)


def test_a_paper_handed_in_takes_no_more_photographs(
    session: orm.Session, stay: Stay, tmp_path: Path
) -> None:
    finding = drafting.draft(session, stay.posting, stay.member, Said("公开栏", "A1", "S2", "概述"))
    evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path, finding=finding)
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="不能再加照片"):
        evidence.accept(session, stay.posting, stay.member, pictures.jpeg(), tmp_path, finding=finding)
