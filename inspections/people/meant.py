"""Which person or office is meant by a name: 张三, 张三（柳河镇纪委）, 财政所（柳河镇）, or by a code."""

import re

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.naming.names import key, shown
from inspections.people.models import Office, Person
from inspections.reading.typed import narrow, quoted
from inspections.site.refusal import Refusal

_QUALIFIED = re.compile(r"(?P<name>.+)\((?P<place>[^()]+)\)")


def qualified(person: Person) -> str:
    """张三（柳河镇纪委，枫树村）: the name with what tells the person from a namesake."""
    return f"{shown(person.name)}（{person.mark or person.whereabouts}）"


def person_meant(session: orm.Session, entry: str) -> Person:
    """The one person that the entry names; who has left only where nobody else has the name.

    Raises Refusal for none, and for several, naming each.
    """
    said = key(entry)
    match = _QUALIFIED.fullmatch(said)
    name, place = (key(match["name"]), match["place"]) if match else (said, "")
    wanted = sa.select(Person).where((Person.code == narrow(entry)) | (Person.name_key == name))
    found = list(session.scalars(wanted.where(Person.same_as_id.is_(None)).order_by(Person.code)))
    if place:
        places = {key(part) for part in re.split("[,，]", place)}
        found = [one for one in found if places <= _places(one)]
    present = [one for one in found if one.left_on is None]
    found = present or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refusal(f"名册中没有{quoted(entry)}，请核对姓名。")
    named = [qualified(person) for person in found]
    if len(set(named)) < len(named):
        named = [f"{person.name}（{person.office.name}，名册编号 {person.code}）" for person in found]
    raise Refusal(f"名册中有 {len(found)} 人叫{quoted(entry)}，请写明机构：{'、'.join(named[:5])}。")


def _places(person: Person) -> set[str]:
    office, home = person.office, person.home_unit
    area = office.area.name if office.area else ""
    said = (office.name, area + office.name, home.name if home else "", person.mark, area)
    return {key(each) for each in said if each}


def office_meant(session: orm.Session, entry: str) -> Office:
    """The one office that the entry names: 财政所（柳河镇）, 柳河镇财政所. Refusal as `person_meant`."""
    said = key(entry)
    match = _QUALIFIED.fullmatch(said)
    name, place = (key(match["name"]), key(match["place"])) if match else (said, "")
    offices = session.scalars(sa.select(Office).options(orm.joinedload(Office.area)).order_by(Office.code))
    found, near = [], []
    for office in offices:
        area = key(office.area.name) if office.area else key("县（市）直")
        named = office.name_key == name and place in ("", area)
        if named or said == area + office.name_key or narrow(entry) == office.code:
            found.append(office)
        elif name and name in office.name_key:
            near.append(office)
    if len(found) == 1:
        return found[0]
    if found:
        offered = "、".join(one.called for one in found[:5])
        raise Refusal(f"有 {len(found)} 个机构叫{quoted(entry)}，请写明乡镇：{offered}。")
    asked = f"，是不是{'、'.join(one.called for one in near[:3])}？" if near else "，请先新建机构。"
    raise Refusal(f"没有名为{quoted(entry)}的机构{asked}")
