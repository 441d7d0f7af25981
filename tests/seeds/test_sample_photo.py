"""The drawn photographs of the sample county."""

import io

import pytest
from PIL import Image

from inspections.findings import sample_photo
from tests.seeds.sheets import rows


def opened(kind: str, caption: str) -> Image.Image:
    """The drawing as a receiver of a photograph would open it."""
    image = Image.open(io.BytesIO(sample_photo.draw_photo(kind, caption)))
    image.load()
    return image


@pytest.mark.parametrize("photo", rows("qinghe/photos"), ids=lambda photo: photo["编号"])
def test_every_photograph_of_the_seeds_can_be_drawn(photo: dict[str, str]) -> None:
    image = opened(photo["种类"], photo["说明"])
    assert (image.format, image.size) == ("JPEG", (1280, 960))
    assert not image.getexif()


@pytest.mark.parametrize("kind", sorted(sample_photo.KINDS))
def test_the_same_drawing_has_the_same_bytes_and_another_caption_other_bytes(kind: str) -> None:
    assert sample_photo.draw_photo(kind, "公开栏") == sample_photo.draw_photo(kind, "公开栏")
    assert sample_photo.draw_photo(kind, "公开栏") != sample_photo.draw_photo(kind, "账页")


def test_without_a_chinese_font_bars_stand_for_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with_font = sample_photo.draw_photo("ledger", "明细账")
    monkeypatch.setattr(sample_photo, "cjk_font_file", lambda: None)
    image = opened("ledger", "明细账")
    assert image.size == (1280, 960)
    assert sample_photo.draw_photo("ledger", "明细账") != with_font


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        sample_photo.draw_photo("portrait", "")
