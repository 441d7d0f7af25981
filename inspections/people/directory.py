"""Finds what a roster entry refers to: areas, units, offices, people and recusal kinds, by code or by name.

It knows codes and names only, those of the file before those of the database.
"""

from collections import defaultdict

from inspections.naming.names import key
from inspections.units.entries import EntryFault, narrow, quoted

WHAT = {"area": "区域", "unit": "单位", "office": "机构", "person": "人员", "kind": "回避种类"}
#: people share names; they are found by code alone
_BY_NAME = ("area", "unit", "office", "kind")


class Directory:
    """Codes and names, filled from the database and then from the file."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[str, str]] = {what: {} for what in WHAT}
        self._names: dict[tuple[str, bool], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, what: str, code: str, name: str, from_file: bool = False) -> str:
        """The code as it was first written; from now on `find` knows it."""
        code = self._codes[what].setdefault(narrow(code).casefold(), code)
        known = self._names[what, from_file][key(name)]
        if code not in known:
            known.append(code)
        return code

    def has_code(self, what: str, code: str) -> bool:
        """Whether such a code is known, in whatever case it is written."""
        return narrow(code).casefold() in self._codes[what]

    def find(self, what: str, entry: str) -> str:
        """The code that the entry means. Raises EntryFault when there is none, or more than one by that name.

        A tie's object is a unit or a person.
        """
        if what == "object":
            return self._object(entry)
        wanted = key(entry)
        by_code = self._codes[what].get(narrow(entry).casefold())
        if by_code is not None:
            return by_code
        if what in _BY_NAME:
            for from_file in (True, False):
                found = self._names[what, from_file].get(wanted, [])
                if len(found) == 1:
                    return found[0]
                if found:
                    codes = "、".join(found[:5])
                    raise EntryFault(f"有 {len(found)} 个{WHAT[what]}叫{quoted(entry)}，请填编号：{codes}")
        expected = "编号或名称" if what in _BY_NAME else "编号"
        raise EntryFault(f"没有{WHAT[what]}{quoted(entry)}，应为文件或系统中已有的{WHAT[what]}{expected}")

    def word(self, what: str, code: str) -> str:
        """The name where it means this code and nothing else, else the code: how an export refers to it."""
        for from_file in (True, False):
            for name, codes in self._names[what, from_file].items():
                if code in codes:
                    try:
                        return name if self.find(what, name) == code else code
                    except EntryFault:
                        return code
        return code

    def _object(self, entry: str) -> str:
        wanted = narrow(entry).casefold()
        person = self._codes["person"].get(wanted)
        if person is not None:
            return person
        try:
            return self.find("unit", entry)
        except EntryFault as fault:
            if str(fault).startswith("有"):
                raise
        raise EntryFault(f"没有单位或人员{quoted(entry)}，应为已有的单位编号或人员编号")
