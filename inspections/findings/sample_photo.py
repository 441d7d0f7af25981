"""Draws the sample county's photographs: a notice board, a ledger page, a road, each marked as a drawing.

It stands in for a camera in the fictional county only; it reads no record and stores nothing.
"""

import functools
import io
import shutil
import subprocess
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 960
STRIP = 84
SKY, WALL, EARTH, WOOD = "#cfe0ea", "#e4ded2", "#9aa86a", "#7a5634"
PAPER, INK, RULE, RED = "#fbf8ee", "#2e2e2e", "#b9b2a0", "#a8322a"
MARK = "示意图 · 清河县演示数据"


@functools.cache
def cjk_font_file() -> tuple[str, int] | None:
    """File and face index of the system's font for simplified Chinese; None where there is none."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    question = [program, "-f", "%{file}\n%{index}\n%{lang}", ":lang=zh-cn"]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    path, index, languages = (*answer.stdout.split("\n"), "", "")[:3]
    return (path, int(index)) if "zh-cn" in languages.split("|") else None


def write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, colour: str = INK) -> None:
    """Writes `text` with its top left at `place`; without a Chinese font, a bar as long as the text."""
    found = cjk_font_file()
    if found is None:
        left, top = place
        draw.rectangle((left, top, left + size * len(text), top + size), outline=colour, width=2)
        return
    draw.text(place, text, fill=colour, font=ImageFont.truetype(found[0], size, index=found[1]))


def notice_board(draw: ImageDraw.ImageDraw) -> None:
    """The public notice board on the wall of the village office, with four sheets and an empty place."""
    draw.rectangle((0, 0, WIDTH, 700), fill=WALL)
    draw.rectangle((0, 700, WIDTH, HEIGHT), fill="#b6ae9f")
    draw.rectangle((120, 90, 1160, 640), fill=WOOD)
    draw.rectangle((145, 185, 1135, 615), fill="#8fa7a0")
    write(draw, (500, 108), "村务公开栏", 56, "#ffffff")
    for left, title in zip((175, 415, 655), ("村务事项", "财务收支", "补贴名单"), strict=True):
        draw.rectangle((left, 215, left + 215, 585), fill=PAPER)
        write(draw, (left + 44, 235), title, 32, RED)
        for line in range(9):
            draw.line((left + 22, 300 + line * 27, left + 193 - line % 3 * 30, 300 + line * 27), RULE, 3)
    draw.rectangle((895, 215, 1110, 585), outline=PAPER, width=3)
    for foot in (220, 1020):
        draw.rectangle((foot, 640, foot + 40, 800), fill="#5f4328")


def ledger(draw: ImageDraw.ImageDraw) -> None:
    """A page of a ledger on a desk, ruled in rows and columns, three rows ticked in red."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#8c6f50")
    draw.polygon(((130, 60), (1170, 40), (1190, 840), (110, 850)), fill=PAPER)
    write(draw, (540, 80), "明细账", 52)
    columns = (170, 330, 700, 850, 1000, 1130)
    for row in range(14):
        draw.line((columns[0], 190 + row * 45, columns[-1], 190 + row * 45), RULE, 2)
    for column in columns:
        draw.line((column, 190, column, 190 + 13 * 45), RULE, 2)
    for left, title in zip(columns, ("日期", "摘要", "收入", "支出", "余额"), strict=False):
        write(draw, (left + 14, 196), title, 28)
    for row in range(1, 12):
        top = 190 + row * 45 + 24
        draw.line((190, top, 290, top), INK, 4)
        draw.line((350, top, 480 + row * 67 % 190, top), INK, 4)
        draw.line((720 + row % 2 * 150, top, 800 + row % 2 * 150, top), INK, 4)
        draw.line((1020, top, 1105, top), INK, 4)
        if row in (3, 6, 9):
            draw.line((1140, top - 4, 1150, top + 12, 1176, top - 18), RED, 5)


def road(draw: ImageDraw.ImageDraw) -> None:
    """A village road with a ditch between fields, hills behind."""
    draw.rectangle((0, 0, WIDTH, 400), fill=SKY)
    draw.polygon(
        ((0, 400), (220, 270), (460, 380), (720, 250), (1010, 385), (1280, 300), (1280, 420), (0, 420)),
        "#8aa08c",
    )
    draw.rectangle((0, 400, WIDTH, HEIGHT), fill=EARTH)
    draw.polygon(((600, 400), (680, 400), (1010, HEIGHT), (270, HEIGHT)), fill="#b3b0a8")
    draw.polygon(((712, 400), (724, 400), (1230, HEIGHT), (1130, HEIGHT)), fill="#6f8fa3")
    for top in range(430, HEIGHT, 90):
        half = (top - 380) // 60
        draw.polygon(
            ((640 - half, top), (640 + half, top), (640 + half + 3, top + 45), (640 - half - 3, top + 45)),
            PAPER,
        )
    for furrow in range(7):
        draw.line((560 - furrow * 75, 400, 180 - furrow * 190, HEIGHT), "#87955a", 4)


KINDS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "notice_board": notice_board,
    "ledger": ledger,
    "road": road,
}


def draw_photo(kind: str, caption: str) -> bytes:
    """JPEG bytes, 1280 × 960, without metadata; the same for the same kind, caption and fonts.

    Raises KeyError for a kind that is not in KINDS.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    KINDS[kind](draw)
    draw.rectangle((0, HEIGHT - STRIP, WIDTH, HEIGHT), fill="#303030")
    write(draw, (28, HEIGHT - STRIP + 10), caption, 30, "#ffffff")
    write(draw, (28, HEIGHT - STRIP + 50), MARK, 22, "#d8d8d8")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=82)
    return target.getvalue()
