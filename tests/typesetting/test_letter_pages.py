"""What happens from page to page: numbers, drafts, the signature, annexes and copies."""

from dataclasses import replace

import pytest

from inspections.documents.wording.content import handover_letter
from inspections.typesetting.layout import NotReady
from inspections.typesetting.letter import Letter, Paragraph, Status, missing
from tests.typesetting.measure import find, ink, lines, pages
from tests.typesetting.samples import DEMANDS, FINDINGS, SENDER, VISITS, feedback, handover, plain, printed

NEAR = 0.3


def page_words(letter: Letter) -> list[list[str]]:
    return [[line.text for line in lines(page)] for page in pages(printed(letter))]


def draft() -> Letter:
    """A draft that lacks its number, its date and one deadline."""
    findings = (replace(FINDINGS[0], deadline=None), *FINDINGS[1:])
    sender = replace(SENDER, status=Status.DRAFT, number=None, date=None)
    return handover_letter(sender, VISITS, findings, DEMANDS)


def test_page_one_has_no_number_and_the_others_have_theirs_outside_at_seven_millimetres() -> None:
    first, second, third = pages(printed(plain(1, length=28 * 42)))
    assert not [line for line in lines(first) if line.text.startswith("—")]
    even, odd = find(second, "—2—"), find(third, "—3—")
    assert even.left == pytest.approx(28 + 4.94, abs=NEAR)
    assert odd.right == pytest.approx(184 - 4.94, abs=NEAR)
    assert even.size == pytest.approx(14 * 25.4 / 72, abs=0.05)
    dash = ink(second, (32, 265, 37, 275))
    assert dash[1] == pytest.approx(262 + 7, abs=NEAR)


def test_a_draft_says_so_on_every_page_and_an_issued_letter_nowhere() -> None:
    for words in page_words(draft()):
        assert "草稿未经签发，不得印发" in words
    assert not [word for words in page_words(handover()) for word in words if "草" in word]


def test_a_draft_shows_its_missing_facts_in_red() -> None:
    letter = draft()
    assert missing(letter) == ["发文字号的序号", "整改时限", "成文日期"]
    chars = [char for page in pages(printed(letter)) for char in page.chars]
    red = "".join(char["text"] for char in chars if char["non_stroking_color"][0] > 0.8 > char["size"] / 30)
    assert "【待补：序号】" in red and "【待补：成文日期】" in red and "整改" in red


def test_a_letter_with_a_missing_fact_is_not_issued() -> None:
    with pytest.raises(NotReady) as refusal:
        printed(replace(draft(), status=Status.ISSUED))
    assert refusal.value.reasons == ["缺少发文字号的序号", "缺少整改时限", "缺少成文日期"]


def test_an_identity_number_keeps_a_letter_from_being_printed() -> None:
    letter = replace(plain(1), body=(Paragraph("身份证号11010119900307123X。"),))
    with pytest.raises(NotReady, match=r"body\[0\]"):
        printed(letter)


@pytest.mark.parametrize("body_lines", [4, 6, 7, 8, 11, 14, 15, 27, 29, 31, 34, 37])
def test_the_signature_never_stands_alone_on_a_page(body_lines: int) -> None:
    *_, last = page_words(plain(1, length=28 * body_lines))
    signature = last.index("清河县纪律检查委员会", 1)
    body = [line for line in last[:signature] if set(line) <= set("检查发现村级财务公开不够及时。")]
    assert len(body) >= 2
    assert last[signature + 1] == "2026年10月30日"
    assert last[signature + 3].startswith("抄送：")


def test_copies_stand_at_the_foot_of_the_last_page() -> None:
    *others, last = pages(printed(plain(1, length=28 * 40)))
    copies = find(last, "抄送：")
    assert copies.text == "抄送：县农业农村局，县民政局，县财政局。"
    assert copies.left == pytest.approx(28 + 4.94, abs=NEAR)
    assert copies.size == pytest.approx(14 * 25.4 / 72, abs=0.05)
    assert copies.bottom == pytest.approx(262, abs=0.6)
    assert not [line for page in others for line in lines(page) if line.text.startswith("抄送")]


@pytest.mark.parametrize("rows", [1, 4, 5, 6, 11])
def test_copies_after_an_annex_keep_with_its_last_row(rows: int) -> None:
    findings = tuple(replace(FINDINGS[at % 4], paper_number=f"2026R2-03-{at:03}") for at in range(rows))
    letter = handover_letter(SENDER, VISITS, findings, DEMANDS)
    last = page_words(replace(letter, body=letter.body[:1]))[-1]
    assert any(line.startswith("抄送：") for line in last)
    assert any(f"{rows - 1:03}" in line for line in last)


def test_the_list_of_problems_lies_on_its_side_on_pages_of_its_own() -> None:
    *letter, annex = pages(printed(handover()))
    assert annex.width > annex.height
    assert all(page.width < page.height for page in letter)
    label, title, head = find(annex, "附件"), find(annex, "驻点监督检查发现问题清单"), find(annex, "序号")
    assert label.top < title.top < head.top
    assert label.left == pytest.approx(35, abs=NEAR)
    assert (title.left + title.right) / 2 == pytest.approx(35 + 225 / 2, abs=NEAR)
    assert max(edge["x1"] for edge in annex.edges) * 25.4 / 72 <= 35 + 225 + NEAR


def test_the_table_head_returns_on_every_page_of_a_long_list() -> None:
    findings = tuple(replace(FINDINGS[at % 4], paper_number=f"2026R2-03-{at:03}") for at in range(13))
    sheets = pages(printed(handover_letter(SENDER, VISITS, findings, DEMANDS)))
    annex = [page for page in sheets if page.width > page.height]
    assert len(annex) == 3
    assert all("底稿编号" in page.extract_text() for page in annex)


def test_two_annexes_are_numbered_and_named_below_the_text() -> None:
    (annex,) = handover().annexes
    words = page_words(replace(handover(), annexes=(annex, replace(annex, title="责任清单"))))
    flat = [line for page in words for line in page]
    assert "附件：1.驻点监督检查发现问题清单" in flat and "2.责任清单" in flat
    assert "附件1" in flat and "附件2" in flat


def test_feedback_prints_in_the_same_form() -> None:
    words = [line for page in page_words(feedback()) for line in page]
    assert "清纪函〔2026〕19号" in words
    assert "五、整改要求" in words
