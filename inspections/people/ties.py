"""Which ties of which people are in force on a day: declared ones, and those that follow from kin.

It decides no posting and stores nothing: what follows is derived anew each time. That nobody inspects the own
township (RC-02) is a matter of the cycle's crossing mode; a declared RC-02 is an exception of one person.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm, select

from inspections.people.doubles import Sames
from inspections.people.key_posts import key_post
from inspections.people.kin.graph import KinGraph
from inspections.people.kin.kinship import NARROW, NEAR_ARTICLE, WIDE, Relation
from inspections.people.kin.terms import UnknownTerm, path_words, steps_of, word_of
from inspections.people.models import KeyPost, Kin, KinSet, Person, RecusalKind, Tie
from inspections.units.models import Unit

#: below so many people the database picks their ties, above it all are read at once
_FEW = 50


@dataclass(frozen=True)
class TieFact:
    """A tie in force: to a unit or to another person, never both; `reason` is Chinese, for the page.

    `derived` ones follow from kin: `path` says how (本人—母亲—兄弟：舅父) and `article` why they count.
    """

    person: Person
    unit: Unit | None
    other: Person | None
    kind: str
    hard: bool
    reason: str
    derived: bool = False
    path: str = ""
    article: str = ""


def chosen_kin_set(session: orm.Session) -> str:
    """The kin set that the county uses: its newest choice, else the wide one."""
    newest = select(KinSet.chosen).order_by(KinSet.id.desc()).limit(1)
    return session.scalar(newest) or WIDE


def ties_on(
    session: orm.Session, people: Iterable[Person], units: Iterable[Unit], on: dt.date
) -> list[TieFact]:
    """Every tie in force on the day between these people and these units, and among these people.

    Ordered by the person's code, the kind and the object's code; by one kind a pair stands here once, hard
    where any of its ties is. Kin in a key post of a unit give a hard tie to it (RC-04 to RC-07), in another
    post a soft one; kin among these people may not share a team (RC-20).
    """
    return TieBook(session, people, units).on(on)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day of the calendar so many years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def force_of(tie: Tie, kind: RecusalKind, on: dt.date) -> bool | None:
    """True: hard on that day, False: soft, None: not in force (not yet, or over with its look-back)."""
    if tie.valid_from and on < tie.valid_from:
        return None
    if tie.valid_to is None or on <= years_after(tie.valid_to, kind.lookback_years):
        return tie.hard
    if kind.after_lookback != "soft":
        return None
    served_long = (
        kind.long_service_years is not None
        and tie.valid_from is not None
        and tie.valid_to >= years_after(tie.valid_from, kind.long_service_years)
    )
    return tie.hard and served_long


def hardest_of(tie: Tie, kind: RecusalKind, days: Iterable[dt.date]) -> bool | None:
    """True: hard on one of the days, False: at most soft, None: in force on none of them."""
    forces = {force_of(tie, kind, day) for day in days}
    return True if True in forces else False if False in forces else None


class TieBook:
    """The ties of these people to these units and among themselves, read once and asked for many days."""

    def __init__(self, session: orm.Session, people: Iterable[Person], units: Iterable[Unit]) -> None:
        self._people = {person.id: person for person in people}
        self._units = {unit.id: unit for unit in units}
        self._kinds = {kind.code: kind for kind in session.scalars(select(RecusalKind))}
        kin = _KinRead(session)
        asked = set(self._people)
        wanted = select(Tie)
        if len(asked) <= _FEW:
            wanted = wanted.where(Tie.person_id.in_(asked))
        self._ties = [tie for tie in session.scalars(wanted) if tie.person_id in asked]
        self._kin_posts = list(self._posts(kin))
        self._kin_mates = list(self._mates(kin))
        self._kin_business = list(self._business(kin))

    def on(self, day: dt.date) -> list[TieFact]:
        """The facts of that day, as `ties_on` tells them."""
        return self.over([day])

    def over(self, days: Sequence[dt.date]) -> list[TieFact]:
        """The facts of any of these days, each once and at its hardest, in the order of `ties_on`."""
        facts: dict[tuple[str, str, str], TieFact] = {}
        for fact in (*self._declared(days), *self._of_kin(days), *self._kin_mates):
            key = (fact.person.code, fact.kind, fact.unit.code if fact.unit else _code(fact.other))
            if key not in facts or (fact.hard and not facts[key].hard):
                facts[key] = fact
        return [facts[key] for key in sorted(facts)]

    def _declared(self, days: Sequence[dt.date]) -> Iterator[TieFact]:
        for tie in self._ties:
            unit = self._units.get(tie.unit_id) if tie.unit_id else None
            other = self._people.get(tie.other_id) if tie.other_id else None
            kind = self._kinds.get(tie.kind_code)
            if kind is None or (unit is None and other is None):
                continue
            hard = hardest_of(tie, kind, days)
            if hard is not None:
                whose = f"{tie.through}，" if tie.through else ""
                reason = f"{kind.name}（{kind.code}）：{whose}{_name(unit, other)}"
                yield TieFact(self._people[tie.person_id], unit, other, kind.code, hard, reason)

    def _of_kin(self, days: Sequence[dt.date]) -> Iterator[TieFact]:
        for fact, start, end in self._kin_posts:
            if any((start is None or start <= day) and (end is None or day <= end) for day in days):
                yield fact
        for person, unit, tie, found in self._kin_business:
            hard = hardest_of(tie, self._kinds[tie.kind_code], days)
            if hard is not None:
                path = path_words(found.steps)
                reason = (
                    f"{self._kind_name(tie.kind_code)}（{tie.kind_code}）：{path}，与{unit.called}有经济往来"
                )
                yield TieFact(person, unit, None, tie.kind_code, hard, reason, True, path, NEAR_ARTICLE)

    def _posts(self, kin: "_KinRead") -> Iterator[tuple[TieFact, dt.date | None, dt.date | None]]:
        """Relatives in a post of one of the units, each with the days for which the post is known."""
        for person, node, found in self._relatives(kin):
            path = path_words(found.steps)
            for unit_id, post, is_key, start, end in kin.posts.get(node, ()):
                unit = self._units.get(unit_id)
                if unit is None:
                    continue
                where = f"任{unit.called}{post}" if post else f"在{unit.called}任职"
                reason = f"{self._kind_name(found.kind)}（{found.kind}）：{path}，{where}"
                fact = TieFact(person, unit, None, found.kind, is_key, reason, True, path, found.article)
                yield fact, start, end

    def _mates(self, kin: "_KinRead") -> Iterator[TieFact]:
        """Kin among these people, each pair once, told from the one whose code comes first."""
        for person, node, found in self._relatives(kin):
            other = self._person(node)
            if other is not None and person.code < other.code:
                path = path_words(found.steps)
                reason = f"组内亲属：{other.called}是{person.called}的{word_of(found.steps)}"
                yield TieFact(person, None, other, "RC-20", True, reason, True, path, found.article)

    def _business(self, kin: "_KinRead") -> Iterator[tuple[Person, Unit, Tie, Relation]]:
        """Own business of somebody on the roster, one hop on to the near kin (RC-10)."""
        for tie in kin.business:
            unit = self._units.get(tie.unit_id or 0)
            if unit is None:
                continue
            owner = ("person", tie.person_id)
            for node in kin.graph.relatives(owner, NARROW):
                person = (
                    self._people.get(node[1]) if isinstance(node, tuple) and node[0] == "person" else None
                )
                if person is not None:
                    yield person, unit, tie, kin.graph.relatives(node, NARROW)[owner]

    def _relatives(self, kin: "_KinRead") -> Iterator[tuple[Person, Hashable, Relation]]:
        for person in self._people.values():
            for node, found in kin.relatives(person.id).items():
                yield person, node, found

    def _person(self, node: Hashable) -> Person | None:
        return self._people.get(node[1]) if isinstance(node, tuple) and node[0] == "person" else None

    def _kind_name(self, code: str) -> str:
        kind = self._kinds.get(code)
        return kind.name if kind else "亲属"


class _KinRead:
    """What everybody declared about relatives, as a graph, and which posts these relatives hold.

    A name is compared by its key, only inside the relative's own unit, and never put into a reason. The graph
    holds also what others declared: the father-in-law is found through what the wife said of her father.
    """

    def __init__(self, session: orm.Session) -> None:
        self.graph = KinGraph()
        self.posts: dict[Hashable, list[tuple[int, str, bool, dt.date | None, dt.date | None]]] = {}
        self.business: list[Tie] = []
        self._set = chosen_kin_set(session)
        self._known: dict[int, Mapping[Hashable, Relation]] = {}
        self.told = {row.id: row for row in session.scalars(select(Kin))}
        if not self.told:
            return
        members = _members(session)
        at_home = {(row.home_unit_id, row.name_key): row.id for row in members}
        holders = _holders(session)
        sames = Sames(session)
        alike: dict[str, list[KeyPost]] = {}
        for (unit_id, name), rows in holders.items():
            alike.setdefault(sames.of(f"relative:{unit_id}:{name}"), []).extend(rows)
        #: a person on the roster under every entry that was confirmed to be that person
        people = {sames.of(f"relative:{unit}:{name}"): one for (unit, name), one in at_home.items()}
        for kin in self.told.values():
            try:
                steps = steps_of(kin.term)
            except UnknownTerm:
                continue
            name = sames.of(f"relative:{kin.unit_id}:{kin.relative_key or f'#{kin.id}'}")
            person = people.get(name)
            node: Hashable = ("relative", name)
            if person is not None and person != kin.person_id:
                node = ("person", person)
            self.graph.tell(("person", kin.person_id), steps, node)
            self._hold(node, kin, alike.get(name, []))
        for row in members:
            if "commissioner" in row.skills:  # they sit on the 监委会 at home
                held = self.posts.setdefault(("person", row.id), [])
                held.append((row.home_unit_id, "村纪检委员", True, None, None))
        self.business = list(session.scalars(select(Tie).where(Tie.kind_code == "RC-10", Tie.through == "")))

    def _hold(self, node: Hashable, kin: Kin, holders: list[KeyPost]) -> None:
        """The register of key posts knows from when to when; without it the declared post counts, unknown
        ones as key posts."""
        held = self.posts.setdefault(node, [])
        for row in holders:
            held.append((row.unit_id, row.post, True, row.valid_from, row.valid_to))
        if not any(row.unit_id == kin.unit_id for row in holders):
            is_key = not kin.post or key_post(kin.post) is not None
            held.append((kin.unit_id, kin.post, is_key, None, None))

    def relatives(self, person: int) -> Mapping[Hashable, Relation]:
        if person not in self._known:
            self._known[person] = self.graph.relatives(("person", person), self._set)
        return self._known[person]


def _members(session: orm.Session) -> Sequence[Any]:
    """(id, home_unit_id, name_key, skills) of everybody on the roster who is at home in a unit."""
    columns = Person.id, Person.home_unit_id, Person.name_key, Person.skills
    return session.execute(select(*columns).where(Person.home_unit_id.is_not(None))).all()


def _holders(session: orm.Session) -> dict[tuple[int, str], list[KeyPost]]:
    found: dict[tuple[int, str], list[KeyPost]] = {}
    for row in session.scalars(select(KeyPost)):
        found.setdefault((row.unit_id, row.name_key), []).append(row)
    return found


def _name(unit: Unit | None, other: Person | None) -> str:
    found: Any = unit or other
    return str(found.called)


def _code(other: Person | None) -> str:
    return other.code if other else ""
