"""Which columns of a clerk's sheet are whose: asked once on the page, remembered for the county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter
from sqlalchemy import orm, select

from inspections.people.sheets import SHEETS
from inspections.reading.typed import tidy
from inspections.roster.kinds import SHEET
from inspections.roster.layout import PHONE, Layout, plain_heading
from inspections.roster.models import HeadingMatch
from inspections.roster.workbook import RawSheet
from inspections.site.refusal import Refusal
from inspections.units.sheets import Sheet

#: kept as a line of the note
AS_NOTE = "备注"
#: not taken over
NOT_TAKEN = ""


@dataclass(frozen=True)
class Heading:
    """A column with a heading of the clerk's own: where it stands, what is in it, what it may be.

    `ours` is how it is read now, `decided` whether somebody of the county said so.
    """

    sheet: str
    title: str
    letter: str
    said: str
    samples: tuple[str, ...]
    ours: str
    decided: bool
    phone: bool

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"{self.sheet}|{plain_heading(self.said)}"


def headings_of(sheet: Sheet, raw: RawSheet, layout: Layout, matched: Mapping[str, str]) -> list[Heading]:
    """The columns of the sheet whose headings are not our own, in their order; those decided on too, so that
    a slip can be put right."""
    found = []
    head = raw.rows[layout.head - 1] if layout.head else []
    decided = {place: tidy(cell) for place, cell in enumerate(head) if plain_heading(tidy(cell)) in matched}
    for place, said in sorted((layout.extra | layout.phones | decided).items()):
        below = enumerate(raw.rows[layout.head or 0 :], (layout.head or 0) + 1)
        cells = (line[place] for at, line in below if place < len(line) and at not in layout.ignored)
        samples = tuple(dict.fromkeys(tidy(value)[:20] for value in cells if tidy(value)))[:3]
        plain = plain_heading(said)
        phone = PHONE.search(said) is not None
        ours = matched.get(plain, AS_NOTE if place in layout.extra else NOT_TAKEN)
        letter = get_column_letter(place + 1)
        found.append(Heading(sheet.name, raw.name, letter, said, samples, ours, plain in matched, phone))
    return found


def asked_once(headings: Iterable[Heading]) -> list[Heading]:
    """Each heading once, although several sheets of one kind have it; `title` names all of them."""
    groups: dict[str, list[Heading]] = {}
    for heading in headings:
        groups.setdefault(heading.field, []).append(heading)
    found = []
    for group in groups.values():
        samples = tuple(dict.fromkeys(sample for one in group for sample in one.samples))[:3]
        title = "、".join(f"{one.title} {one.letter} 列" for one in group[:4]) + (
            "等" if len(group) > 4 else ""
        )
        found.append(replace(group[0], title=title, samples=samples))
    return found


def offered(sheet: str) -> list[tuple[str, str]]:
    """(value, label) of what a heading of that sheet may be, or a sheet by itself."""
    if sheet == SHEET:
        return [(NOT_TAKEN, "不导入"), *((each.name, each.name) for each in SHEETS)]
    ours = next(each for each in SHEETS if each.name == sheet)
    columns = [(column.header, column.header) for column in ours.columns if column.header != AS_NOTE]
    return [(AS_NOTE, "记入备注"), (NOT_TAKEN, "不导入"), *columns]


def matches_of(session: orm.Session, county_id: int | None) -> dict[str, dict[str, str]]:
    """Sheet → their heading → ours, as the county said it before."""
    found: dict[str, dict[str, str]] = {}
    for row in session.scalars(select(HeadingMatch).where(_of(county_id))):
        found.setdefault(row.sheet, {})[row.theirs] = row.ours
    return found


def remember(
    session: orm.Session, county_id: int | None, chosen: Iterable[tuple[str, str]], user: Any
) -> int:
    """How many headings the county now reads as chosen; `chosen` are (field of the heading, ours).

    Raises Refusal for what was not offered.
    """
    number = 0
    for name, ours in chosen:
        sheet, _, theirs = name.partition("|")
        if sheet not in {SHEET, *(each.name for each in SHEETS)} or ours not in dict(offered(sheet)):
            raise Refusal("请从列表中选择各列的读法。")
        row = session.scalar(
            select(HeadingMatch).where(
                _of(county_id), HeadingMatch.sheet == sheet, HeadingMatch.theirs == theirs
            )
        )
        if row is None:
            row = HeadingMatch(county_id=county_id, sheet=sheet, theirs=theirs)
            session.add(row)
        row.ours, row.chosen_by_id = ours, getattr(user, "id", None)
        number += 1
    session.flush()
    return number


def _of(county_id: int | None) -> Any:
    return HeadingMatch.county_id == county_id if county_id is not None else HeadingMatch.county_id.is_(None)
