"""The fictional county's lists as files, with the noise of real offices, and the truth beside them.

`python -m inspections.sample.county.write FOLDER --truth TRUTH.json [--people N] [--seed S]`
"""

import argparse
import csv
import io
import json
import random
from pathlib import Path

from inspections.comparisons.lists.kinds import kind_of
from inspections.sample.county.faults import AFTER, Planter
from inspections.sample.county.lists import Book, Offices, Row
from inspections.sample.county.people import Village, invented_villages, settle
from inspections.sample.county.village_lists import contracts, village_books

GB18030 = {"残疾补贴", "车辆", "耕地2024", "会议"}
MARKED = {"低保", "死亡", "户籍"}  # with a byte order mark
SUBTOTALS = {"低保", "耕地2024", "耕地2025", "承包合同"}
DOUBLED = {"低保", "确权", "耕地2025", "医保2025"}


def make(
    folder: Path, people: int, seed: int, villages: list[Village] | None = None
) -> list[dict[str, object]]:
    """The truth: one entry {model, rows: [[file, line]]} for each fault; the lists stand in the folder."""
    rng = random.Random(seed)
    places = villages or invented_villages(max(4, people // 430))
    offices = Offices(rng, settle(rng, people, places))
    offices.write()
    village_books(offices)
    contracts(offices)
    planter = Planter(offices, max(2, people // 2200))
    planter.plant()
    book = offices.book
    _end_payments(book, planter.ended)
    folder.mkdir(parents=True, exist_ok=True)
    at: dict[int, tuple[str, int]] = {}
    for stem in sorted(book.rows):
        _write(rng, folder, stem, book.rows[stem], at)
    months = {"name": "清河县样例比对", "from": "2023-01", "to": "2025-12"}
    (folder / "exercise.json").write_text(json.dumps(months, ensure_ascii=False), encoding="utf-8")
    return [
        {"model": model, "rows": sorted(list(at[id(row)]) for row in rows if id(row) in at)}
        for model, rows in book.planted
    ]


def _end_payments(book: Book, ended: list[tuple[str, int]]) -> None:
    """Ordinary payments of the newly dead end in the month of death."""
    last = dict(ended)
    for stem in [stem for stem in book.rows if stem.startswith("流水")]:
        book.rows[stem] = [
            row
            for row in book.rows[stem]
            if row[3] not in last
            or row[4] == AFTER
            or int(row[5][:4]) * 12 + int(row[5][5:]) - 1 <= last[row[3]]
        ]


def _write(
    rng: random.Random, folder: Path, stem: str, rows: list[Row], at: dict[int, tuple[str, int]]
) -> None:
    found = kind_of(stem)
    assert found is not None, stem  # noqa: S101 - a stem of our own
    columns = found[0].columns
    rng.shuffle(rows)
    numbers = [place for place, column in enumerate(columns) if column.type == "identity"]
    names = [place for place, column in enumerate(columns) if column.type == "name"]
    villages = [place for place, column in enumerate(columns) if column.name == "村"]
    name = f"{stem}.csv"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n" if stem in GB18030 else "\n")
    writer.writerow([column.name for column in columns])
    line = 1
    for row in rows:
        line += 1
        at[id(row)] = (name, line)
        writer.writerow(_noisy(rng, row, numbers, names, villages, stem))
        if stem in DOUBLED and rng.random() < 0.001:
            line += 1
            writer.writerow(row)
        if stem in SUBTOTALS and rng.random() < 0.002:
            line += 1
            writer.writerow(["小计", *[""] * (len(columns) - 1)])
    text = out.getvalue()
    data = text.encode("gb18030" if stem in GB18030 else "utf-8-sig" if stem in MARKED else "utf-8")
    (folder / name).write_bytes(data)


def _noisy(
    rng: random.Random, row: Row, numbers: list[int], names: list[int], villages: list[int], stem: str
) -> Row:
    draw = rng.random()
    if draw > 0.05:
        return row
    row = list(row)
    if draw < 0.028 and numbers:
        place = numbers[0]
        row[place] = _mistyped(rng, row[place], draw / 0.028, keep=stem == "户籍")
    elif draw < 0.031 and names and stem != "户籍":
        row[names[0]] = row[names[0]][:1] + " " + row[names[0]][1:]
    elif draw < 0.034 and names and stem != "户籍":
        row[names[0]] = row[names[0]][:-1] + rng.choice("明亮光辉")
    elif villages and stem != "户籍":
        name = row[villages[0]]
        row[villages[0]] = rng.choice(
            [name.removesuffix("村") + "村委会", name.removesuffix("村"), name + "村民委员会"]
        )
    return row


def _mistyped(rng: random.Random, number: str, draw: float, keep: bool) -> str:
    if len(number) != 18:
        return number
    if draw < 0.3:
        return rng.choice([f" {number}", f"{number[:6]} {number[6:]}", f"{number}\u3000"])
    if draw < 0.5:
        return number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    if draw < 0.6:
        return f"'{number}"
    if draw < 0.72 and number[6:8] == "19":
        return number[:6] + number[8:17]
    if keep:
        return number
    if draw < 0.9:
        place = rng.randrange(6, 18)
        return (
            number[:place] + rng.choice([d for d in "0123456789" if d != number[place]]) + number[place + 1 :]
        )
    return ""


def main() -> None:
    """Writes the lists and the truth."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--people", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    truth = make(given.folder, given.people, given.seed)
    given.truth.write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
