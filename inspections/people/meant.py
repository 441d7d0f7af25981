"""Which person somebody means who types a name: 张三, 张三（柳河镇纪委）, or the code in the roster."""

import re

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.naming.names import key, shown
from inspections.people.models import Person
from inspections.reading.typed import narrow, quoted
from inspections.site.refusal import Refusal

_QUALIFIED = re.compile(r"(?P<name>.+)\((?P<place>[^()]+)\)")


def qualified(person: Person) -> str:
    """张三（柳河镇纪委，枫树村）: the name with what tells the person from a namesake."""
    home = f"，{person.home_unit.name}" if person.home_unit else ""
    return f"{shown(person.name)}（{person.office.name}{home}）"


def person_meant(session: orm.Session, entry: str) -> Person:
    """The one person that the entry names. Raises Refusal for none, and for several, naming each."""
    said = key(entry)
    match = _QUALIFIED.fullmatch(said)
    name, place = (key(match["name"]), match["place"]) if match else (said, "")
    wanted = sa.select(Person).where((Person.code == narrow(entry)) | (Person.name_key == name))
    found = list(session.scalars(wanted.order_by(Person.code)))
    if place:
        places = {key(part) for part in re.split("[,，]", place)}
        found = [one for one in found if places <= {key(one.office.name), key(_home(one))}]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refusal(f"名册中没有{quoted(entry)}，请核对姓名。")
    named = [qualified(person) for person in found]
    if len(set(named)) < len(named):
        named = [f"{person.name}（{person.office.name}，名册编号 {person.code}）" for person in found]
    raise Refusal(f"名册中有 {len(found)} 人叫{quoted(entry)}，请写明机构：{'、'.join(named[:5])}。")


def _home(person: Person) -> str:
    return person.home_unit.name if person.home_unit else ""
