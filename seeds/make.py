"""Writes the generated seed files of 大冶 and 清河县, the same bytes every time: `python seeds/make.py`.

`--check` writes nothing and exits 1 naming the files that differ. The hand-kept files are never touched.
"""

import sys
from pathlib import Path

import daye_roster
import qinghe_answers
import qinghe_roster
import tables
from roster import Roster

SEEDS = Path(__file__).resolve().parent


def roster_files(folder: Path, roster: Roster) -> dict[Path, bytes]:
    """The five roster tables of a county as CSV bytes by path."""
    return {
        folder / "units.csv": tables.written(tables.UNITS, roster.units),
        folder / "offices.csv": tables.written(tables.OFFICES, roster.offices),
        folder / "people.csv": tables.written(tables.PEOPLE, roster.people),
        folder / "ties.csv": tables.written(tables.TIES, roster.ties),
        folder / "kin.csv": tables.written(tables.KIN, roster.kin),
    }


def made() -> dict[Path, bytes]:
    """Every generated file with its bytes; reads the hand-kept files only."""
    daye, qinghe = SEEDS / "daye", SEEDS / "qinghe"
    answers = qinghe_answers.made(qinghe, SEEDS / "catalogue")
    return {
        **roster_files(daye, daye_roster.made(daye)),
        **roster_files(qinghe, qinghe_roster.made(qinghe)),
        qinghe / "answers.csv": tables.written(tables.ANSWERS, answers),
    }


def main() -> int:
    """Writes what differs; 0, or with --check 1 when something would be written."""
    check = "--check" in sys.argv[1:]
    changed = [
        (path, content)
        for path, content in made().items()
        if not path.exists() or path.read_bytes() != content
    ]
    for path, content in changed:
        print(f"{'differs' if check else 'written'}: {path.relative_to(SEEDS)}")
        if not check:
            path.write_bytes(content)
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
