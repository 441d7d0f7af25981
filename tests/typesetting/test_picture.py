"""The pictures of a paper's sheets."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from inspections.typesetting.layout import letter_paper
from inspections.typesetting.picture import drawn, picture
from inspections.typesetting.render import render_pdf
from tests.typesetting.test_kinds import example


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render_pdf(letter_paper("handover", example("handover"))).data


def test_an_upright_sheet_is_a_thousand_dots_wide_and_one_on_its_side_as_high(letter: bytes) -> None:
    sizes = [Image.open(io.BytesIO(picture(letter, number))).size for number in (1, 2, 3)]
    assert [(abs(a - 1000) < 3, abs(b - 1000) < 3) for a, b in sizes] == [(True, False)] * 2 + [(False, True)]


def test_the_mark_is_red_in_the_picture(letter: bytes) -> None:
    sheet = Image.open(io.BytesIO(picture(letter, 1))).convert("RGB")
    assert any(
        red > 200 and green < 60 and blue < 60 for _, (red, green, blue) in sheet.getcolors(10**6) or ()
    )


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_sheet_that_is_not_there_is_an_index_error(letter: bytes, number: int) -> None:
    with pytest.raises(IndexError):
        picture(letter, number)
    with pytest.raises(IndexError):
        picture(b"%PDF-1.7 broken", 1)


def test_one_thread_at_a_time_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFium is not made for threads; the web process has sixteen."""
    inside, most = threading.Semaphore(1), []

    class Document:
        def __init__(self, _: bytes) -> None:
            most.append(inside.acquire(blocking=False))

        def __len__(self) -> int:
            return 1

        def __getitem__(self, _: int) -> Any:
            time.sleep(0.01)
            blank = Image.new("RGB", (1, 1))
            return SimpleNamespace(render=lambda scale: SimpleNamespace(to_pil=lambda: blank))

        def close(self) -> None:
            inside.release()

    monkeypatch.setattr(pypdfium2, "PdfDocument", Document)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: drawn(b"", 1, 72), range(16)))
    assert most == [True] * 16
