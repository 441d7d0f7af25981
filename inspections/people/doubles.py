"""可能是同一人: who may be one person under two entries, shown to a planner and confirmed or denied once.

A relative declared at two units, and names that differ only by variant letters. What is confirmed counts for
ties from that moment; what is denied is not asked again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.naming.names import loose_key
from inspections.people.models import KeyPost, Kin, Person, Sameness
from inspections.site.refusal import Refusal
from inspections.units.models import Unit


@dataclass(frozen=True)
class Entry:
    """Somebody as one row names him: `node` is how ties know him, `words` what the row says."""

    node: str
    name: str
    unit_id: int | None
    words: str


@dataclass(frozen=True)
class Double:
    """Two entries that may be one person; `same` is None until a planner decides."""

    one: Entry
    other: Entry
    same: bool | None


def doubles(session: orm.Session) -> list[Double]:
    """Every pair that may be one person, those not decided on first."""
    decided = {(row.one, row.other): row.same for row in session.scalars(select(Sameness))}
    groups: dict[str, dict[str, Entry]] = {}
    for entry in _entries(session):
        groups.setdefault(loose_key(entry.name), {}).setdefault(entry.node, entry)
    found = []
    for entries in groups.values():
        ordered = sorted(entries.values(), key=lambda entry: entry.node)
        for one, other in combinations(ordered, 2):
            found.append(Double(one, other, decided.get((one.node, other.node))))
    return sorted(found, key=lambda double: (double.same is not None, double.one.name, double.one.node))


def decide(session: orm.Session, one: str, other: str, same: bool, user: User | None) -> None:
    """Nothing; the pair is one person from now on, or two. Raises Refusal for a pair that is none."""
    pair = next((each for each in doubles(session) if (each.one.node, each.other.node) == (one, other)), None)
    if pair is None:
        raise Refusal("这两条登记已有变动，请刷新后再确认。")
    row = session.scalar(select(Sameness).where(Sameness.one == one, Sameness.other == other))
    if row is None:
        row = Sameness(one=one, other=other)
        session.add(row)
    row.same, row.decided_by_id = same, user.id if user else None
    session.flush()
    journal.record(session, "person.same" if same else "person.not_same", row.uuid, user)


def _entries(session: orm.Session) -> Iterator[Entry]:
    """Relatives, holders of key posts and people on the roster, each at the unit where he is known."""
    units = {unit.id: unit for unit in session.scalars(select(Unit).options(orm.selectinload(Unit.area)))}

    def where(unit_id: int) -> str:
        unit = units[unit_id]
        return f"{unit.area.name}{unit.name}"

    for kin in session.scalars(
        select(Kin).where(Kin.relative_key != "").options(orm.selectinload(Kin.person))
    ):
        words = f"{kin.person.called}申报的{kin.term}{kin.relative_name}，{where(kin.unit_id)}{kin.post}"
        yield Entry(f"relative:{kin.unit_id}:{kin.relative_key}", kin.relative_name, kin.unit_id, words)
    for post in session.scalars(select(KeyPost)):
        words = f"{where(post.unit_id)}{post.post}{post.name}"
        yield Entry(f"relative:{post.unit_id}:{post.name_key}", post.name, post.unit_id, words)
    at_home = select(Person).where(Person.home_unit_id.is_not(None))
    for person in session.scalars(at_home.options(orm.selectinload(Person.office))):
        home = person.home_unit_id or 0
        words = f"名册中的{person.name}（{person.office.name}），住{where(home)}"
        yield Entry(f"relative:{home}:{person.name_key}", person.name, home, words)


class Sames:
    """Which nodes of the kin graph are one person: by what planners confirmed."""

    def __init__(self, session: orm.Session) -> None:
        self._above: dict[str, str] = {}
        for row in session.scalars(select(Sameness).where(Sameness.same.is_(True))):
            self._above[self.of(row.other)] = self.of(row.one)

    def of(self, node: str) -> str:
        """The one name under which all nodes of that person are known."""
        while node in self._above and self._above[node] != node:
            node = self._above[node]
        return node
