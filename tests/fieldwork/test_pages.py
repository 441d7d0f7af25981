"""The pages of a stay in a village: who sees a posting, and how a section is filled in."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.fieldwork import answers
from inspections.fieldwork.models import Operation
from inspections.findings.models import Photo
from inspections.rounds.models import today
from tests import factories
from tests.fieldwork.forms import fields_of, send
from tests.fieldwork.team import COUNT, MONEY, RATIO, SAMPLE, YES_NO, Stay, make_stay
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def address(stay: Stay) -> str:
    return f"/postings/{stay.posting.uuid}/sections/X"


def fill(browser: FlaskClient, stay: Stay, **changes: Any) -> Any:
    """The answer to opening the section, changing these fields and saving."""
    page = browser.get(address(stay))
    assert page.status_code == 200, page.text
    return send(browser, address(stay), fields_of(page, address(stay)), **changes)


def value(session: orm.Session, stay: Stay, code: str) -> Any:
    session.expire_all()
    answer = answers.sheet(session, stay.posting).answer(code)
    return answer.value if answer else None


def edits(session: orm.Session) -> int:
    return session.scalar(select(func.count()).select_from(Operation)) or 0


def paths(stay: Stay) -> list[str]:
    base = f"/postings/{stay.posting.uuid}"
    return [base, f"{base}/sections/X", f"{base}/items/{COUNT}"]


def test_the_team_sees_its_posting_and_the_list_names_it(stay: Stay, sign_in: SignIn) -> None:
    for user in (stay.leader, stay.member, stay.village):
        browser = sign_in(user)
        assert [browser.get(path).status_code for path in paths(stay)] == [200] * 3
        assert stay.posting.unit.name in browser.get("/postings").text


def test_a_member_of_another_team_finds_nothing(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(make_stay(session).member)
    assert [browser.get(path).status_code for path in paths(stay)] == [404] * 3
    assert browser.post(address(stay)).status_code == 404
    assert stay.posting.unit.name not in browser.get("/postings").text


def test_before_the_release_day_the_team_finds_nothing_and_the_planner_sees_the_day(
    session: orm.Session, sign_in: SignIn
) -> None:
    later = factories.make_round(session, start=today() + dt.timedelta(days=3))
    stay = make_stay(session, round=later)
    browser = sign_in(stay.leader)
    assert [browser.get(path).status_code for path in paths(stay)] == [404] * 3
    assert stay.posting.unit.name not in browser.get("/postings").text
    page = sign_in(factories.make_user(session, "planner")).get("/postings").text
    assert stay.posting.unit.name in page
    assert "向组内公布" in page


def test_a_posting_of_a_plan_that_is_not_published_is_in_no_list(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = make_stay(session, state="approved")
    assert sign_in(stay.leader).get(paths(stay)[0]).status_code == 404
    planner = sign_in(factories.make_user(session, "planner"))
    assert stay.posting.unit.name not in planner.get("/postings").text


def test_the_planner_reads_but_cannot_fill(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(factories.make_user(session, "planner"))
    assert "保存本节" not in browser.get(address(stay)).text
    assert browser.post(address(stay)).status_code == 403


@pytest.mark.parametrize(
    ("typed", "code", "kept"),
    [
        ({"V_X_01_verdict": "no"}, YES_NO, "no"),
        ({"V_X_02_verdict": "na"}, "V-X-02", "na"),
        ({"V_X_03_figure": "3"}, COUNT, 3),
        ({"V_X_04_figure": "137"}, "V-X-04", 137),
        ({"V_X_05_figure": "4860.50"}, MONEY, "4860.5"),
        ({"V_X_06_figure": "7"}, RATIO, "0.07"),
        (
            {"V_X_07_checked": "20", "V_X_07_abnormal": "3", "V_X_07_detail": "3号"},
            SAMPLE,
            {"checked": 20, "abnormal": 3, "detail": "3号"},
        ),
        ({"V_X_07_checked": "20"}, SAMPLE, {"checked": 20, "abnormal": 0, "detail": ""}),
        (
            {"V_X_03_verdict": "impossible", "V_X_03_reason": "账册已送审"},
            COUNT,
            {"state": "impossible", "reason": "账册已送审"},
        ),
    ],
)
def test_each_type_of_answer_is_saved_from_the_page(
    session: orm.Session, stay: Stay, sign_in: SignIn, typed: dict[str, str], code: str, kept: Any
) -> None:
    browser = sign_in(stay.member)
    assert fill(browser, stay, **typed).status_code == 302
    assert value(session, stay, code) == kept
    assert edits(session) == 1
    # what was saved stands in the form again: saving it untouched changes nothing
    assert fill(browser, stay).status_code == 302
    assert edits(session) == 1


@pytest.mark.both_databases
def test_a_section_sent_twice_is_saved_once(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(address(stay)), address(stay))
    for _ in range(3):
        sent = send(browser, address(stay), fields, V_X_03_figure="3", V_X_03_note="看了账")
        assert sent.status_code == 302
    assert edits(session) == 2


def test_after_going_back_a_corrected_figure_is_saved(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(address(stay)), address(stay))
    send(browser, address(stay), fields, V_X_03_figure="3")
    send(browser, address(stay), fields, V_X_03_figure="4")
    assert value(session, stay, COUNT) == 4


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"V_X_07_checked": "3", "V_X_07_abnormal": "5"}, "异常数（5）不能多于抽查数（3）。"),
        ({"V_X_03_figure": "3.5"}, "请填写整数。"),
        ({"V_X_03_figure": "-1"}, "数量应为 0 至 999999 的整数。"),
        ({"V_X_05_figure": "abc"}, "“abc”不是数字"),
        ({"V_X_05_figure": "-5元"}, "金额应为不小于 0 的数字"),
        ({"V_X_01_verdict": "unchecked"}, "请写明原因。"),
        ({"V_X_03_figure": "3", "V_X_03_verdict": "unchecked", "V_X_03_reason": "x"}, "请只留一样。"),
        ({"V_X_01_note": "身份证 110101199003070011"}, "不得录入身份证号、银行卡号"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_typed_is_lost(
    session: orm.Session, stay: Stay, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    page = fill(sign_in(stay.member), stay, V_X_02_verdict="yes", V_X_04_note="写了很久的备注", **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert edits(session) == 0
    fields = fields_of(page, address(stay))
    assert fields["V-X-02-verdict"] == ["yes"]
    assert fields["V-X-04-note"] == "写了很久的备注"
    for name, text in typed.items():
        assert text in (fields[name.replace("_", "-")], *fields[name.replace("_", "-")])


def test_an_empty_form_does_not_take_over_what_another_answered_meanwhile(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    mine = sign_in(stay.member)
    fields = fields_of(mine.get(address(stay)), address(stay))
    fill(sign_in(stay.leader), stay, V_X_01_verdict="yes", V_X_03_figure="5")
    assert send(mine, address(stay), fields, V_X_04_figure="9").status_code == 302
    assert edits(session) == 3
    assert value(session, stay, YES_NO) == "yes"
    assert value(session, stay, COUNT) == 5


def test_two_different_answers_are_both_shown_and_the_leader_settles(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    member, leader = sign_in(stay.member), sign_in(stay.leader)
    old = fields_of(leader.get(address(stay)), address(stay))
    fill(member, stay, V_X_03_figure="3")
    assert send(leader, address(stay), old, V_X_03_figure="5").status_code == 302
    page = leader.get(address(stay))
    assert "填写不一致" in page.text
    assert "以这次填写为准" in page.text
    assert "以这次填写为准" not in member.get(address(stay)).text
    assert value(session, stay, COUNT) == 3
    settled = send(
        leader,
        address(stay),
        fields_of(page, address(stay)),
        V_X_03_settle="y",
        V_X_03_figure="5",
        V_X_03_why="核对账册",
    )
    assert settled.status_code == 302
    assert value(session, stay, COUNT) == 5
    assert "填写不一致" not in leader.get(address(stay)).text


def test_a_member_cannot_settle_by_hand_made_form(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    page = fill(
        sign_in(stay.member),
        stay,
        V_X_03_figure="3",
        V_X_03_settle="y",
        V_X_03_why="x",
        V_X_04_figure="1",
    )
    assert page.status_code == 422
    assert "由组长确定" in page.text
    assert value(session, stay, COUNT) is None
    assert value(session, stay, "V-X-04") == 1


def test_an_answer_can_be_withdrawn(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    fill(browser, stay, V_X_01_verdict="no", V_X_03_figure="3")
    fill(browser, stay, V_X_01_verdict="withdrawn", V_X_03_figure="", V_X_03_verdict="")
    assert (value(session, stay, YES_NO), value(session, stay, COUNT)) == (None, None)


def test_an_abnormal_answer_offers_a_paper_that_already_says_what_is_known(
    stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    begin = f"/postings/{stay.posting.uuid}/items/{SAMPLE}/finding"
    assert begin not in browser.get(address(stay)).text
    fill(browser, stay, V_X_07_checked="20", V_X_07_abnormal="3", V_X_07_detail="第3号凭证")
    assert begin in browser.get(address(stay)).text
    page = browser.get(begin)
    fields = fields_of(page, f"/postings/{stay.posting.uuid}/findings/new")
    assert (fields["category"], fields["severity"], fields["item_code"]) == ("A1", "S2", SAMPLE)
    assert fields["method"] == ["查阅资料"]
    assert "抽查 20 例，异常 3 例" in fields["course"]
    assert "依据待核" in page.text


def test_the_history_of_an_item_says_who_wrote_what(stay: Stay, sign_in: SignIn) -> None:
    fill(sign_in(stay.member), stay, V_X_03_figure="3")
    browser = sign_in(stay.leader)
    fill(browser, stay, V_X_03_figure="4")
    page = browser.get(f"/postings/{stay.posting.uuid}/items/{COUNT}").text
    assert "共填写 2 次" in page
    assert stay.member.name in page
    assert stay.leader.name in page


def test_a_photograph_goes_with_its_item(
    app: Flask, session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(address(stay)), address(stay))
    for _ in range(2):
        upload = {"V_X_03_photos": (io.BytesIO(pictures.jpeg(gps=True)), "公开栏.jpg")}
        assert send(browser, address(stay), fields, V_X_03_figure="3", **upload).status_code == 302
    (photo,) = session.scalars(select(Photo))
    assert (photo.item_code, photo.author_id) == (COUNT, stay.member.id)
    assert f"/photos/{photo.id}/small" in browser.get(address(stay)).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no picture at all", "不是照片"),
        (pictures.half("JPEG"), "不完整或已损坏"),
        (pictures.HEIC, "HEIC"),
        (b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "照片 30 MB，超过 15 MB"),
    ],
    ids=["no picture", "truncated", "heic", "30 MB"],
)
def test_a_bad_photograph_is_refused_and_the_form_keeps_what_was_typed(
    session: orm.Session, stay: Stay, sign_in: SignIn, data: bytes, sentence: str
) -> None:
    page = fill(
        sign_in(stay.member),
        stay,
        V_X_03_figure="3",
        V_X_03_note="看了三笔",
        V_X_03_photos=(io.BytesIO(data), "IMG_1.jpg"),
    )
    assert page.status_code == 422
    assert sentence in page.text
    fields = fields_of(page, address(stay))
    assert (fields["V-X-03-figure"], fields["V-X-03-note"]) == ("3", "看了三笔")
    assert session.scalar(select(func.count()).select_from(Photo)) == 0
    assert edits(session) == 0


def test_a_real_place_is_shown_but_takes_nothing(session: orm.Session, sign_in: SignIn) -> None:
    stay = make_stay(session, unit=factories.make_unit(session, planning_only=True))
    browser = sign_in(stay.member)
    page = browser.get(address(stay))
    assert "真实地名只用于排程" in page.text
    assert "保存本节" not in page.text
    fields = fields_of(page, address(stay))
    refused = send(browser, address(stay), fields, V_X_03_figure="3")
    assert refused.status_code == 422
    assert edits(session) == 0


def test_an_unknown_section_or_item_is_not_found(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    base = f"/postings/{stay.posting.uuid}"
    for path in (f"{base}/sections/Z", f"{base}/items/V-Z-99", f"{base}/items/V-Z-99/finding"):
        assert browser.get(path).status_code == 404


def test_while_no_checklist_is_loaded_the_page_says_so(session: orm.Session, sign_in: SignIn) -> None:
    stay = make_stay(session, unit=factories.make_unit(session, kind="department"))
    page = sign_in(stay.member).get(f"/postings/{stay.posting.uuid}")
    assert page.status_code == 422
    assert "请先导入清单" in page.text


def test_the_list_is_narrowed_by_township(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    other = make_stay(session)
    browser = sign_in(factories.make_user(session, "planner"))
    page = browser.get(f"/postings?township={other.posting.unit.area.code}").text
    assert other.posting.unit.name in page
    assert f">{stay.posting.unit.name}<" not in page


def test_a_village_commissioner_counts_only_the_papers_that_can_be_opened(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    for author in (stay.member, stay.leader, stay.village):
        factories.make_finding(session, stay.posting, author=author)
    assert "底稿 1 份" in sign_in(stay.village).get("/postings").text
    assert "底稿 3 份" in sign_in(stay.member).get("/postings").text


def test_the_village_closes_behind_the_borrowed_commissioner_when_the_round_ends(
    session: orm.Session, sign_in: SignIn
) -> None:
    start = today() - dt.timedelta(days=7)
    last_day = make_stay(session, round=factories.make_round(session, start=start, end=today()))
    over = make_stay(
        session, round=factories.make_round(session, start=start, end=today() - dt.timedelta(days=1))
    )
    paper = factories.make_finding(session, over.posting, author=over.village, state="returned")
    assert [sign_in(last_day.village).get(path).status_code for path in paths(last_day)] == [200] * 3
    browser = sign_in(over.village)
    assert [browser.get(path).status_code for path in paths(over)] == [404] * 3
    assert browser.post(address(over)).status_code == 404
    assert over.posting.unit.name not in browser.get("/postings").text
    for user in (over.leader, over.member):
        assert sign_in(user).get(paths(over)[0]).status_code == 200
    # one's own paper can still be put right; it leads nowhere else
    for page in (f"/findings/{paper.uuid}", f"/findings/{paper.uuid}/edit"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert str(over.posting.uuid) not in answer.text
        assert str(over.posting.uuid) in sign_in(over.leader).get(page).text


def test_six_large_photographs_come_in_one_form(
    app: Flask, session: orm.Session, stay: Stay, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        app.config, "WTF_CSRF_ENABLED", True
    )  # the token's check is the first to read the form
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(address(stay)), address(stay))
    chosen = [(io.BytesIO(pictures.heavy(12, n)), f"{n}.jpg") for n in range(6)]
    answer = send(browser, address(stay), fields, V_X_03_figure="3", V_X_03_photos=chosen)
    assert answer.status_code == 302
    assert session.scalar(select(func.count()).select_from(Photo)) == 6
    assert value(session, stay, COUNT) == 3


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ([15, 15, 15, 15], [15, 15, 15], "照片合计 105 MB，一次最多 100 MB，请分几次保存。"),
        ([0] * 7, [0] * 6, "一次最多上传 12 张照片，现有 13 张，请分几次保存。"),
    ],
)
def test_more_photographs_than_one_form_may_bring_are_refused_and_nothing_typed_is_lost(
    session: orm.Session, stay: Stay, sign_in: SignIn, first: list[int], second: list[int], sentence: str
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(address(stay)), address(stay))
    files = {
        f"V_X_0{item}_photos": [
            (io.BytesIO(pictures.heavy(size, n)), f"{n}.jpg") for n, size in enumerate(sizes)
        ]
        for item, sizes in ((3, first), (4, second))
    }
    page = send(browser, address(stay), fields, V_X_03_figure="3", V_X_01_note="写了很久的备注", **files)
    assert page.status_code == 422
    assert page.text.count(sentence) == 4  # beside both fields, and in the summary for both
    kept = fields_of(page, address(stay))
    assert (kept["V-X-03-figure"], kept["V-X-01-note"]) == ("3", "写了很久的备注")
    assert (edits(session), session.scalar(select(func.count()).select_from(Photo))) == (0, 0)


def test_from_somebody_who_has_not_signed_in_less_is_read(
    app: Flask, stay: Stay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    data = {"photos": (io.BytesIO(bytes(70 * 1024 * 1024)), "a.jpg")}
    answer = app.test_client().post(address(stay), data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413
