"""What tests of a draw have in common: the files on the desk, the usual command, what verify complains of.
Makes no draw by itself; the fixtures `draw` and `drawn` of conftest.py do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.planners.small import Json

SOURCE = "虚构彩票第1期，号码升序"
PUBLIC = "03 07 12 + 04"
SOLVE = ("--commit", "COMMIT.json", "--nonce", "NONCE", "--public", PUBLIC, "--out", "PLAN.json")
FILES = ("P.json", "COMMIT.json", "REVEAL.json", "PLAN.json")

Draw = Callable[..., Result]


def save(file: str, data: object) -> None:
    Path(file).write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def load(file: str) -> Json:
    data: Json = json.loads(Path(file).read_text("utf-8"))
    return data


def change(file: str, **more: object) -> None:
    save(file, load(file) | more)


def wrong_parts(result: Result) -> list[str]:
    lines = [line for line in result.stdout.splitlines() if line.startswith("不符")]
    return [line.split("：")[0].removeprefix("不符  ") for line in lines]
