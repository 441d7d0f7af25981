"""What the page asks of a person on record elsewhere: the choices, and the former post with its dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections.database import today
from inspections.lives import people
from inspections.people.models import Person
from inspections.reading import days
from inspections.roster.row import Answer, Became
from inspections.roster.transfers import Question
from inspections.site.refusal import Refusal
from inspections.units.entries import EntryFault, quoted

#: former posts named one by one; more are counted
_NAMED = 3


@dataclass(frozen=True)
class Offer:
    """One row's question as the page asks it. `choices` are (value, label); `former` says what will bar."""

    question: Question
    choices: tuple[tuple[str, str], ...]
    chosen: str
    since: str
    former: str


def offers(session: orm.Session, questions: Iterable[Question]) -> Iterator[Offer]:
    """An offer for each question, in the order of the file."""
    asked = list(questions)
    codes = {code for question in asked for code, _ in question.alike}
    found = session.scalars(
        select(Person).where(Person.code.in_(codes)).options(orm.joinedload(Person.office))
    )
    by_code = {person.code: person for person in found}
    for question in asked:
        known = [by_code[code] for code, _ in question.alike]
        choices = [("", "请选择")] if not question.coded else []
        for person in known:
            where = "" if question.coded else f"就是{person.office.called}的{person.name}，"
            choices += [
                (f"moved|{person.code}", f"{where}从{person.office.called}调来"),
                (f"corrected|{person.code}", f"{where}原来登记的机构错了"),
            ]
        if not question.coded:
            choices.append((str(Became.ANOTHER), "是另一个人"))
        said, first = question.answer, known[0]
        since = said.since if said else str(people.held_since(session, first) or "")
        chosen = f"{said.became}|{said.who}".rstrip("|") if said else choices[0][0]
        yield Offer(question, tuple(choices), chosen, since, _former(session, first))


def _former(session: orm.Session, person: Person) -> str:
    units = people.former_post(session, person)
    if not units:
        return "原任职不涉及村（社区）"
    named = "、".join(unit.called for unit in units[:_NAMED])
    return f"{named}等 {len(units)} 个单位" if len(units) > _NAMED else named


def answered(place: str, said: str, day: str, since: str) -> Answer:
    """The answer as the page sends it. Raises Refusal for a choice that was not offered and for a day that
    cannot be read or is still to come."""
    became, _, who = said.partition("|")
    if became not in set(Became) or (bool(who) is (became == Became.ANOTHER)):
        raise Refusal(f"{place}：请从列表中选择。")
    if became == Became.MOVED:
        try:
            moved = days.day(day)
            begun = days.since(since) if since.strip() else None
        except EntryFault as fault:
            raise Refusal(f"{place}：{fault}。") from None
        if moved > today():
            raise Refusal(f"{place}：{quoted(day)}还没有到，将来的调动请用“人事变动”表登记。")
        if begun is not None and begun > moved:
            raise Refusal(f"{place}：原任职的起日晚于调动日期，请核对。")
    return Answer(Became(became), who, day.strip(), since.strip())
