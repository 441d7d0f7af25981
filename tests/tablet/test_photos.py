"""Photographs from the camera to the server: shrunk, upright, bare of hidden data, one by one, never lost."""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from inspections.findings.models import Finding, Photo
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.findings import pictures
from tests.tablet import line as faults
from tests.tablet.conftest import Look, MakeTablet
from tests.tablet.line import Environ, Line, on

Ledger = Callable[[], list[Operation]]
Photos = Callable[[], list[Photo]]


def kept(county: Flask, photo: Photo) -> bytes:
    return (Path(county.instance_path) / "photos" / str(photo.id)).read_bytes()


def shades(count: int) -> list[bytes]:
    """So many different small photographs."""
    made = []
    for n in range(count):
        held = io.BytesIO()
        Image.new("RGB", (60, 40), (n * 10, 90, 30)).save(held, "JPEG")
        made.append(held.getvalue())
    return made


def test_f21_a_photograph_that_can_no_longer_be_read_is_named_and_answers_arrive(
    tablet: MakeTablet, ledger: Ledger, photos: Photos
) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.photo(SAMPLE, *shades(2))
    one.choose(YES_NO, "否")
    one.page.evaluate(
        """() => new Promise(good => {
          const request = indexedDB.open("tablet");
          request.onsuccess = () => {
            const change = request.result.transaction("bytes", "readwrite");
            change.objectStore("bytes").openCursor().onsuccess = event => event.target.result.delete();
            change.oncomplete = good;
          };
        })"""
    )
    one.context.set_offline(False)
    one.send()
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    expect(one.card(SAMPLE).locator(".photos")).to_contain_text("请重拍")
    assert len(photos()) == 1
    assert any(row.item == YES_NO for row in ledger())


def test_f28_the_line_counts_photographs_and_a_copy_goes_only_when_the_server_has_named_it(
    tablet: MakeTablet, line: Line, photos: Photos
) -> None:
    one = tablet()
    arrived: list[str] = []

    def left() -> int:
        return sum(photo["state"] == "waiting" for photo in one.rows("photos"))

    def three(environ: Environ, answer: Callable[[], object], start: object) -> object:
        if len(arrived) >= 3:
            return faults.cut(environ, answer, start)  # type: ignore[arg-type]
        arrived.append(environ["PATH_INFO"])
        return None

    line.fault = on("PUT /api/photos/", three)  # type: ignore[arg-type]
    one.photo(SAMPLE, *shades(5))
    expect(one.state).to_contain_text("照片 3/5 张已上传")
    assert len(photos()) == 3
    assert left() == 2
    line.fault = on(
        "PUT /api/photos/", faults.status("200 OK", b'{"app": "inspections"}', "application/json")
    )
    one.send()
    assert left() == 2  # an answer that names no photograph frees nothing
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(photos()) == 5
    assert left() == 0


def test_f29_after_a_broken_upload_what_has_arrived_is_not_sent_again(
    tablet: MakeTablet, line: Line, photos: Photos
) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.photo(SAMPLE, *shades(12))
    broken = threading.Event()

    def seventh(environ: Environ, answer: Callable[[], object], start: object) -> object:
        if len({row for row in line.seen if row.startswith("PUT /api/photos/")}) == 7 and not broken.is_set():
            broken.set()
            threading.Thread(target=line.stop).start()
            return faults.cut(environ, answer, start)  # type: ignore[arg-type]
        return None

    line.fault = on("PUT /api/photos/", seventh)  # type: ignore[arg-type]
    one.context.set_offline(False)
    assert broken.wait(20)
    expect(one.state).to_contain_text("连不上服务器")
    assert len(photos()) == 6
    line.start()
    one.send()
    one.all_delivered()
    assert len(photos()) == 12
    sent = [row for row in line.seen if row.startswith("PUT /api/photos/")]
    assert len(sent) == 13  # each once, and the broken one again


def test_f30_a_forty_megapixel_photograph_is_shrunk_and_a_monstrous_file_refused_at_once(
    tablet: MakeTablet, photos: Photos, tmp_path: Path
) -> None:
    one = tablet()
    held = io.BytesIO()
    Image.new("RGB", (8000, 5000), "red").save(held, "JPEG")
    one.photo(SAMPLE, held.getvalue())
    one.all_delivered()
    (photo,) = photos()
    assert (photo.width, photo.height) == (1600, 1000)
    one.card(SAMPLE).get_by_label("拍的是票据、文件").check()
    one.photo(SAMPLE, held.getvalue())
    one.all_delivered()
    assert max(each.width for each in photos()) == 2048
    monster = tmp_path / "monster.jpg"
    monster.write_bytes(pictures.heavy(41, 1))
    one.card(SAMPLE).get_by_label(f"{SAMPLE} 选照片").set_input_files(monster)
    expect(one.card(SAMPLE).locator(".fault")).to_contain_text("超过 40 MB")
    assert len(one.rows("photos")) == 2


def test_f31_one_photograph_on_two_items_and_two_of_one_name(tablet: MakeTablet, photos: Photos) -> None:
    one = tablet()
    same = pictures.jpeg()
    one.photo(SAMPLE, same)
    one.photo(COUNT, same)
    one.photo(COUNT, pictures.jpeg(90, 60))
    one.all_delivered()
    assert sorted(photo.item_code or "" for photo in photos()) == [COUNT, COUNT, SAMPLE]


def test_f32_sideways_is_set_upright_heic_and_broken_files_get_a_sentence(
    tablet: MakeTablet, county: Flask, photos: Photos
) -> None:
    one = tablet()
    one.photo(SAMPLE, pictures.jpeg(120, 80, orientation=6, gps=True))
    one.all_delivered()
    (photo,) = photos()
    assert (photo.width, photo.height) == (80, 120)
    upright = Image.open(io.BytesIO(kept(county, photo)))
    top, bottom = upright.getpixel((40, 10)), upright.getpixel((40, 110))
    assert top[0] > 200 > bottom[0]  # type: ignore[index]
    for name, data, words in (
        ("IMG_1.jpg", pictures.HEIC, "HEIC"),
        ("IMG_2.jpg", pictures.half("PNG")[:60], "不是照片或已损坏"),
        ("IMG_3.jpg", b"", "空的"),
    ):
        one.photo(SAMPLE, {"name": name, "mimeType": "image/jpeg", "buffer": data}, whole=False)
        expect(one.card(SAMPLE).locator(".fault")).to_contain_text(words)
    assert len(one.rows("photos")) == 1


def test_no_position_and_no_camera_leaves_the_tablet_inside_the_file(
    tablet: MakeTablet, line: Line, photos: Photos
) -> None:
    one = tablet()
    sent: list[bytes] = []

    def note(environ: Environ, _answer: object, _start: object) -> None:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        sent.append(body)
        environ["wsgi.input"] = io.BytesIO(body)

    line.fault = on("PUT /api/photos/", note)
    one.photo(SAMPLE, pictures.jpeg(gps=True))
    one.all_delivered()
    assert len(photos()) == 1
    (body,) = sent
    assert not dict(Image.open(io.BytesIO(body)).getexif())
    assert b"SECRET" not in body


def test_f48_a_position_that_never_comes_blocks_nothing_and_one_that_comes_is_stored_with_its_accuracy(
    tablet: MakeTablet, ledger: Ledger, stay: Stay
) -> None:
    indoors = tablet()
    indoors.go("/tablet")
    indoors.page.get_by_label("照片附上拍摄位置").check()
    indoors.section()
    indoors.page.evaluate("navigator.geolocation.getCurrentPosition = () => {}")
    indoors.photo(SAMPLE, pictures.jpeg())
    indoors.all_delivered()
    (row,) = ledger()
    assert "place" not in row.value
    assert row.value["taken_at"]
    outdoors = tablet(
        stay.leader,
        geolocation={"latitude": 30.1, "longitude": 114.9, "accuracy": 12},
        permissions=["geolocation"],
    )
    outdoors.go("/tablet")
    outdoors.page.get_by_label("照片附上拍摄位置").check()
    outdoors.section()
    outdoors.context.set_offline(True)
    outdoors.photo(SAMPLE, pictures.jpeg(90, 60))
    outdoors.page.wait_for_timeout(500)
    outdoors.context.set_offline(False)
    outdoors.all_delivered()
    assert ledger()[-1].value["place"] == {"lat": 30.1, "lon": 114.9, "accuracy": 12.0}


def test_a_photograph_that_comes_after_its_paper_joins_it(
    tablet: MakeTablet, photos: Photos, look: Look, stay: Stay
) -> None:
    one = tablet()
    one.choose(YES_NO, "否")
    one.card(YES_NO).get_by_role("link", name="记录问题").click()
    one.page.get_by_label("问题名称").fill("村务公开不及时")
    one.page.get_by_label("问题概述").fill("上季度没有公开。")
    one.page.get_by_role("button", name="完成，存入待传").click()
    one.all_delivered()
    (paper,) = look(sa.select(Finding).where(Finding.posting_id == stay.posting.id))
    one.section()
    one.photo(YES_NO, pictures.jpeg())
    one.all_delivered()
    assert [photo.finding_id for photo in photos()] == [paper.id]


def test_a_paper_of_no_question_has_photographs_of_its_own(
    tablet: MakeTablet, photos: Photos, look: Look, stay: Stay
) -> None:
    one = tablet()
    one.go(f"/visit/{one.visit}/paper/new")
    one.context.set_offline(True)
    page = one.page
    page.get_by_label("问题名称").fill("村务公开不及时")
    page.get_by_label("问题类别").select_option("A1")
    page.get_by_label("严重程度").select_option("S2")
    page.get_by_label("问题概述").fill("上季度没有公开。")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    page.locator("input[type=file][multiple]").set_input_files(picture)
    expect(page.locator(".photos li")).to_have_count(1)
    page.get_by_role("button", name="完成，存入待传").click()
    one.context.set_offline(False)
    one.all_delivered()
    (paper,) = look(sa.select(Finding).where(Finding.posting_id == stay.posting.id))
    assert [photo.finding_id for photo in photos()] == [paper.id]


def test_an_abnormal_case_has_its_own_words_and_photograph(
    tablet: MakeTablet, ledger: Ledger, photos: Photos
) -> None:
    one = tablet()
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "1", "abnormal")
    one.card(SAMPLE).get_by_role("button", name="加一条异常明细").click()
    one.card(SAMPLE).get_by_label("异常 1 说明").fill("低保金发给已故人员 3 个月")
    one.card(SAMPLE).locator(".case input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    )
    expect(one.card(SAMPLE).locator(".case")).to_contain_text("照片 1 张")
    one.all_delivered()
    (photo,) = photos()
    last = [row.value for row in ledger() if row.field == "answer"][-1]
    assert last["cases"] == [{"what": "低保金发给已故人员 3 个月", "photos": [str(photo.id)]}]
    one.reload()
    expect(one.card(SAMPLE).get_by_label("异常 1 说明")).to_have_value("低保金发给已故人员 3 个月")


def test_of_five_chosen_the_heic_in_the_middle_is_named_and_the_others_are_taken(tablet: MakeTablet) -> None:
    one = tablet()
    files: list[Any] = list(shades(4))
    files.insert(2, {"name": "IMG_3.HEIC", "mimeType": "image/heic", "buffer": pictures.HEIC})
    one.photo(SAMPLE, *files, whole=False)
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(4)
    expect(one.card(SAMPLE).locator(".fault")).to_contain_text("第 3 张（IMG_3.HEIC）没有收下")
    expect(one.card(SAMPLE).locator(".fault")).to_contain_text("HEIC")


def test_one_photograph_that_breaks_the_server_stops_no_other_and_no_pull(
    tablet: MakeTablet, line: Line, photos: Photos, stay: Stay
) -> None:
    one, other = tablet(), tablet(stay.leader)
    one.context.set_offline(True)
    one.photo(SAMPLE, *shades(3))
    first = one.rows("photos")[0]["id"]
    other.fill(COUNT, "3")
    other.all_delivered()
    line.fault = on(f"PUT /api/photos/{first}", faults.status("500 Internal Server Error"))
    one.context.set_offline(False)
    one.send()
    expect(one.state).to_contain_text("照片 2/3 张已上传")
    assert len(photos()) == 2
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("3")
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(photos()) == 3


def test_a_photograph_removed_before_it_left_goes_nowhere(
    tablet: MakeTablet, line: Line, ledger: Ledger, photos: Photos
) -> None:
    one = tablet()
    one.page.on("dialog", lambda dialog: dialog.accept())
    one.context.set_offline(True)
    one.photo(SAMPLE, *shades(2))
    one.card(SAMPLE).get_by_role("button", name="移除照片").first.click()
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(1)
    assert len(one.rows("photos")) == len(one.rows("bytes")) == 1
    # the operation of the other has left, its bytes have not
    line.fault = on("PUT /api/photos/", faults.status("500 Internal Server Error"))
    one.context.set_offline(False)
    one.send()
    assert [row.kind for row in ledger()] == ["add"]
    one.card(SAMPLE).get_by_role("button", name="移除照片").first.click()
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(0)
    line.fault = None
    line.seen.clear()
    one.send()
    one.all_delivered()
    assert [row.kind for row in ledger()] == ["add", "remove"]
    assert [row for row in line.seen if row.startswith("PUT /api/photos/")] == []
    assert photos() == []


def test_a_colleague_who_signs_in_in_another_tab_stops_the_photographs_and_refuses_none(
    tablet: MakeTablet, line: Line, photos: Photos, stay: Stay
) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.photo(SAMPLE, *shades(3))
    go_on = threading.Event()

    def second(_environ: Environ, _answer: object, _start: object) -> None:
        if sum(row.startswith("PUT /api/photos/") for row in line.seen) == 2:
            go_on.wait(10)

    line.fault = on("PUT /api/photos/", second)
    one.context.set_offline(False)
    one.until_seen(lambda: sum(row.startswith("PUT /api/photos/") for row in line.seen) == 2)
    one.sign_in(stay.village)
    go_on.set()
    expect(one.page.locator("#who")).to_contain_text(stay.village.name)
    expect(one.state).to_contain_text("他人 1 条待其本人解锁后上传")
    assert {photo["state"] for photo in one.rows("photos")} == {"waiting", "delivered"}
    one.sign_in(stay.member)
    one.send()
    one.all_delivered()
    assert len(photos()) == 3


def test_a_large_photograph_goes_on_where_the_line_broke_and_answers_pass_it(
    tablet: MakeTablet, line: Line, ledger: Ledger, photos: Photos
) -> None:
    one = tablet()
    one.context.set_offline(True)
    noisy = Image.effect_noise((500, 400), 90).convert("RGB").resize((1600, 1200))
    held = io.BytesIO()
    noisy.save(held, "JPEG", quality=90)
    one.photo(SAMPLE, held.getvalue())
    (whole,) = [row["data"]["sealed"] - 16 for row in one.rows("bytes")]  # the seal adds sixteen bytes
    assert whole > 128 * 1024
    offsets: list[int] = []
    broken = threading.Event()

    def third(environ: Environ, answer: Callable[[], object], start: object) -> object:
        offsets.append(int(environ["HTTP_UPLOAD_OFFSET"]))
        if len(offsets) == 1:
            one_answered.wait(10)  # somebody answers while the first piece is under way
        if len(offsets) == 2 and not broken.is_set():
            broken.set()
            return faults.cut(environ, answer, start)  # type: ignore[arg-type]
        return None

    one_answered = threading.Event()
    line.fault = on("PUT /api/photos/", third)  # type: ignore[arg-type]
    one.context.set_offline(False)
    one.until_seen(lambda: bool(offsets))
    one.choose(YES_NO, "否")
    expect(one.card(YES_NO).locator(".state")).to_contain_text("否")
    one.page.wait_for_timeout(1200)  # it is announced by now
    one_answered.set()
    one.until_seen(lambda: len(photos()) == 1)
    assert offsets[0] == 0 and offsets.count(0) == 1  # nothing that had arrived went twice
    one.all_delivered()
    posts = [n for n, row in enumerate(line.seen) if row == "POST /api/ops"]
    puts = [n for n, row in enumerate(line.seen) if row.startswith("PUT /api/photos/")]
    assert puts[0] < posts[-1] < puts[-1]  # the answer did not wait for the photograph
