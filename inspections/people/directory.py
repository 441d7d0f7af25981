"""Finds what a roster entry refers to: areas, units, offices, people and recusal kinds, by code or by name.

It knows codes and names only, those of the file before those of the database.
"""

import re
from collections import defaultdict
from difflib import get_close_matches

from inspections.naming.names import key
from inspections.units.entries import EntryFault, narrow, quoted, tidy

WHAT = {"area": "区域", "unit": "单位", "office": "机构", "person": "人员", "kind": "回避种类"}
#: what tells two of one name apart: 枫树村（柳河镇）, 张三（县财政局）
_WHERE = {"unit": "乡镇", "person": "机构", "office": "乡镇", "area": "上级", "kind": "代码"}
_QUALIFIED = re.compile(r"(?P<name>.+)[（(](?P<place>[^（()）]+)[)）]")


class Directory:
    """Codes and names, filled from the database and then from the file."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[str, str]] = {what: {} for what in WHAT}
        self._places: dict[tuple[str, str], str] = {}
        self._shown: dict[tuple[str, str], str] = {}
        self._names: dict[tuple[str, bool], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, what: str, code: str, name: str, from_file: bool = False, place: str = "") -> str:
        """The code as it was first written; from now on `find` knows it. `place` tells namesakes apart."""
        if place:
            self._places[what, code] = place
        code = self._codes[what].setdefault(narrow(code).casefold(), code)
        self._shown.setdefault((what, code), name)
        known = self._names[what, from_file][key(name)]
        if code not in known:
            known.append(code)
        return code

    def add_former(self, what: str, code: str, name: str) -> None:
        """Nothing; the name finds the renamed one too, as long as nobody else has it today."""
        known = self._names[what, False]
        if key(name) not in known:
            known[key(name)].append(code)

    def likely(self, what: str, entry: str) -> bool:
        """Whether the entry names something known, several of them, or what begins like it."""
        try:
            self.find(what, entry)
        except EntryFault as fault:
            wanted = key(entry)
            names = (name for from_file in (True, False) for name in self._names[what, from_file])
            return str(fault).startswith("有") or any(name.startswith(wanted) for name in names)
        return True

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
        for from_file in (True, False):
            found = self._called(what, entry, from_file)
            if len(found) == 1:
                return found[0]
            if found:
                raise EntryFault(self._ambiguous(what, entry, found))
        near = self._near(what, wanted)
        asked = f"，是不是“{near}”？" if near else f"，应为文件或系统中已有的{WHAT[what]}"
        raise EntryFault(f"没有{WHAT[what]}{quoted(entry)}{asked}")

    def _called(self, what: str, entry: str, from_file: bool) -> list[str]:
        """The codes that the entry may mean: by name, by 枫树村（柳河镇） or by 柳河镇枫树村."""
        names = self._names[what, from_file]
        found = names.get(key(entry), [])
        if found:
            return found
        said = _QUALIFIED.fullmatch(tidy(entry))
        if said:
            place = key(said["place"])
            return [code for code in names.get(key(said["name"]), []) if key(self.place(what, code)) == place]
        return [
            code
            for name, codes in names.items()
            for code in codes
            if key(entry).endswith(name) and key(self.place(what, code)) + name == key(entry)
        ]

    def place(self, what: str, code: str) -> str:
        """Where the named one belongs: a unit's township, a person's office; empty where it is not known."""
        return self._places.get((what, code), "")

    def name(self, what: str, code: str) -> str:
        """The name behind a code; the code itself where it has none."""
        return self._shown.get((what, code), code)

    def _ambiguous(self, what: str, entry: str, found: list[str]) -> str:
        said = f"有 {len(found)} 个{WHAT[what]}叫{quoted(entry)}"
        places = dict.fromkeys(filter(None, (self.place(what, code) for code in found)))
        if len(places) == len(found):
            examples = "、".join(f"{tidy(entry)}（{place}）" for place in list(places)[:5])
            return f"{said}，请写明{_WHERE[what]}：{examples}"
        return f"{said}，且在同一{_WHERE[what]}，请在名称后加以区分，或按名册中的编号填写"

    def _near(self, what: str, wanted: str) -> str:
        """A known name that was probably meant: 上湾村 for 上湾; empty where none is near."""
        known = [name for from_file in (True, False) for name in self._names[what, from_file]]
        longer = [name for name in known if len(wanted) > 1 and name.startswith(wanted)]
        near = longer if len(set(longer)) == 1 else get_close_matches(wanted, known, n=1, cutoff=0.65)
        return near[0] if near else ""

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
            near = str(fault)
        try:
            return self.find("person", entry)
        except EntryFault as fault:
            if str(fault).startswith("有") or "是不是" in str(fault):
                raise
        if "是不是" in near:
            raise EntryFault(near)
        raise EntryFault(f"没有单位或人员{quoted(entry)}，应为已有的单位或人员的名称")
