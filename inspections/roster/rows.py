"""Reads raw sheets as rows of the roster and finds every fault: one list for the whole file.

It compares nothing with what is stored (roster.py does) and changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from inspections.database import today
from inspections.naming.names import key
from inspections.people.codes import MADE, Codes
from inspections.people.directory import Directory
from inspections.people.sheets import (
    AREAS,
    KEY_POSTS,
    OFFICES,
    PEOPLE,
    SHEETS,
    TIES,
    UNITS,
    Column,
    Sheet,
    person_name,
)
from inspections.people.tie_rules import tie_faults
from inspections.people.ties import years_after
from inspections.roster.faults import Fault, Told, cell, column_of, reading_order, row_of
from inspections.roster.headings import Heading, headings_of
from inspections.roster.layout import Layout, laid_out
from inspections.roster.offices_from_people import SKILL_OF, kind_of_unit, new_offices, said_of
from inspections.roster.row import Answer, Row
from inspections.roster.transfers import Transfers
from inspections.roster.workbook import RawSheet
from inspections.units.entries import EntryFault, narrow, quoted, text, tidy

RANK = {"city": 4, "county": 3, "zone": 2, "township": 1}


class RosterReader:
    """Sheets in, `rows` by sheet name and `faults` out."""

    def __init__(
        self,
        directory: Directory,
        strengths: Mapping[str, str],
        stored_areas: Mapping[str, dict[str, Any]],
        matched: Mapping[str, Mapping[str, str]] | None = None,
        stored: Mapping[str, Mapping[Any, Mapping[str, Any]]] | None = None,
        answers: Mapping[str, Answer] | None = None,
    ) -> None:
        self.directory = directory
        self.strengths = strengths
        self.areas = {code: dict(values) for code, values in stored_areas.items()}
        self.rows: dict[str, list[Row]] = {sheet.name: [] for sheet in SHEETS}
        self.faults: list[Fault] = []
        self.told: list[Told] = []
        self.matched = matched or {}
        self.headings: list[Heading] = []
        self.stored = stored or {}
        self.codes = {name: Codes(name, self.stored.get(name, {}).values()) for name in MADE}
        self.transfers = Transfers(self.stored.get(PEOPLE.name, {}), answers or {})

    def read(self, raw: Mapping[str, Sequence[RawSheet]]) -> None:
        """Nothing; fills `rows`, `faults` and `headings`. Sheets are read in the order in which rows refer
        backwards; several of one kind, one for each township perhaps, are one."""
        for sheet in SHEETS:
            if sheet.name in raw:
                for each in raw[sheet.name]:
                    self.rows[sheet.name] += self._rows(sheet, each)
                if sheet is PEOPLE and OFFICES.name not in raw:
                    self._new_offices()
                self._enter(sheet)
                self._resolve(sheet)
                self._unique(sheet)
                self._rules(sheet)
        broken = {fault.place for fault in self.faults if "不得录入" in fault.sentence}
        kept = [fault for fault in self.faults if fault.place not in broken or "不得录入" in fault.sentence]
        self.faults = sorted(dict.fromkeys(kept), key=reading_order)

    def _fault(self, place: str, sentence: str) -> None:
        self.faults.append(Fault(place, sentence))

    def _rows(self, sheet: Sheet, raw: RawSheet) -> Iterator[Row]:
        layout = laid_out(sheet, raw.rows, self.matched.get(sheet.name, {}))
        if layout.head is None:
            self.faults += raw.faults
            self._fault(raw.name, "工作表是空的，第一行应为表头")
            return
        passed = {get_column_letter(place + 1) for place in layout.skipped | layout.phones.keys()}
        titles = {f"{raw.name}!{number}" for number in layout.ignored}
        self.faults += [
            fault
            for fault in raw.faults
            if ("合并" not in fault.sentence or row_of(fault.place) not in titles)
            and ("公式" not in fault.sentence or column_of(fault.place) not in passed)
        ]
        self.told += [Told(raw.name, sentence) for sentence in layout.told]
        self._header(sheet, raw.name, layout)
        self.headings += headings_of(sheet, raw, layout, self.matched.get(sheet.name, {}))
        self._hidden(sheet, raw, layout)
        for top, column, bottom in raw.filled:
            if top > layout.head:
                at = cell(raw.name, top, column).partition("!")[2]
                value = quoted(raw.rows[top - 1][column - 1])
                said = f"{at} 起合并的 {bottom - top + 1} 格，每行都按{value}读取"
                self.told.append(Told(raw.name, said, corrected=True))
        if layout.phones:
            said = "、".join(map(quoted, layout.phones.values()))
            self.told.append(Told(raw.name, f"{said}没有导入：电话不写入名册，确有需要的请在备注中另写"))
        columns = layout.columns | layout.extra
        left = layout.skipped | layout.phones.keys()
        known = sheet.known
        for number, line in enumerate(raw.rows[layout.head :], layout.head + 1):
            filled = {place: value for place, value in enumerate(line) if tidy(value) and place not in left}
            if not filled or number in layout.ignored:
                continue
            absent = {c.field: c.empty for c in sheet.columns if c.field in sheet.key and not c.required}
            row = Row(sheet, number, absent, {}, raw.name, raw.name)
            if layout.town is not None:
                row.town = tidy(filled.pop(layout.town, "")) or raw.name
            notes: list[str] = []
            for place, header in columns.items():
                value, where = filled.pop(place, None), cell(raw.name, number, place + 1)
                if header in known:
                    self._take(row, known[header], value, where)
                elif value is not None:
                    notes.append(f"{header}：{tidy(value)}")
            for place, value in filled.items():
                self._fault(cell(raw.name, number, place + 1), f"{quoted(value)}所在的列没有表头")
            if notes:
                self._note(row, notes)
            yield row

    def _note(self, row: Row, notes: list[str]) -> None:
        """Extra columns are kept as lines of the note."""
        lines = [row.values.get("note") or "", *notes]
        try:
            row.values["note"] = text("\n".join(line for line in lines if line))
        except EntryFault as fault:
            self._fault(row.place, f"备注{fault}")

    def _header(self, sheet: Sheet, title: str, layout: Layout) -> None:
        for place, header in layout.twice:
            self._fault(cell(title, layout.head or 1, place + 1), f"表头{quoted(header)}出现了两次")
        present = set(layout.columns.values())
        may_lack = {"code"} if sheet.name in MADE else set()
        may_lack |= {"skills"} if sheet is PEOPLE else set()
        may_lack |= {"kind"} if sheet is UNITS else set()
        may_lack |= {"area"} if sheet is UNITS and self._town(title) else set()
        wanted = (c for c in sheet.columns if c.required and c.field not in may_lack)
        missing = [c.header for c in wanted if c.header not in present]
        if missing:
            found = "、".join((layout.columns | layout.extra).values())
            sentence = f"缺少表头 {'、'.join(missing)}；这一行是：{found[:120]}"
            self._fault(f"{title}!{layout.head}", sentence)

    def _hidden(self, sheet: Sheet, raw: RawSheet, layout: Layout) -> None:
        filled = (n for n, row in enumerate(raw.rows, 1) if n > (layout.head or 0) and any(map(tidy, row)))
        hidden = [number for number in filled if number in raw.hidden and number not in layout.ignored]
        if hidden:
            where = "、".join(map(str, hidden[:10])) + ("…" if len(hidden) > 10 else "")
            self.told.append(Told(raw.name, f"{len(hidden)} 行被隐藏（第 {where} 行），也将导入"))

    def _take(self, row: Row, column: Column, value: Any, where: str) -> None:
        row.cells[column.field] = where
        if value is None:
            if column.required and not (column.field == "code" and row.sheet.name in MADE):
                self._fault(where, f"{column.header}不能为空")
            row.values[column.field] = column.empty
            return
        try:
            read = row.values[column.field] = column.read(value)
            if column.read is person_name and read != tidy(value):
                said = f"{where.partition('!')[2]} {quoted(value)}写作{quoted(read)}"
                self.told.append(Told(row.title, said, corrected=True))
        except EntryFault as fault:
            self._fault(where, str(fault))

    def _unique(self, sheet: Sheet) -> None:
        first: dict[tuple[Any, ...], Row] = {}
        for row in self.rows[sheet.name]:
            key = tuple(narrow(part).casefold() for part in row.key)
            if not key[0] or any(part not in row.values for part in sheet.key):
                continue
            earlier = first.setdefault(key, row)
            if earlier is not row:
                said = f"编号{quoted(row.key[0])}" if sheet.key == ("code",) else "这一行"
                at = f"第 {earlier.number} 行" if earlier.title == row.title else earlier.place
                self._fault(row.cells.get(sheet.key[0], row.place), f"{said}与{at}重复")

    def _enter(self, sheet: Sheet) -> None:
        what = {AREAS.name: "area", UNITS.name: "unit", OFFICES.name: "office", PEOPLE.name: "person"}
        if sheet.name not in what:
            return
        made = self._coded(sheet)
        if sheet is PEOPLE:
            self.transfers.ask(self.rows[sheet.name], self._place, made)
            self.told += self.transfers.told
        for row in self.rows[sheet.name]:
            name, code, place = row.values.get("name"), row.values.get("code"), self._place(row)
            if code:
                known = self.directory.add(
                    what[sheet.name], code, name or code, from_file=True, place=place[1]
                )
                row.values["code"] = known
        if made:
            said = f"{len(made)} 行没有编号，已由系统编号；再次导入时按姓名（名称）和所属对应"
            self.told.append(Told(sheet.name, said))
        self._namesakes(sheet)

    def _coded(self, sheet: Sheet) -> set[int]:
        """The rows (by id) that had no code and have one now."""
        made = set()
        for row in self.rows[sheet.name]:
            if sheet is UNITS and "area" not in row.values and self._town(row.town):
                row.values["area"] = self._town(row.town)
            if sheet.name in MADE and row.values.get("name") and not row.values.get("code"):
                row.values["code"] = self.codes[sheet.name].of(row.values["name"], self._place(row)[0])
                made.add(id(row))
            self._named_as_now(sheet, row)
        return made

    def _named_as_now(self, sheet: Sheet, row: Row) -> None:
        """A row under a name that was given up is read under today's: an old sheet renames nothing back."""
        stored = self.stored.get(sheet.name, {}).get((row.values.get("code"),), {})
        said, now = row.values.get("name"), stored.get("name", "")
        if said and key(said) != key(now) and key(said) in map(key, stored.get("former", ())):
            row.values["name"] = now
            told = f"第 {row.number} 行{quoted(said)}已更名为{quoted(now)}，按新名称导入"
            self.told.append(Told(row.title, told, corrected=True))

    def _place(self, row: Row) -> tuple[str, str]:
        """(code, name) of what tells the row from a namesake: its township or office; empty where unknown."""
        field_ = {AREAS.name: "parent"}.get(row.sheet.name) or MADE[row.sheet.name][1]
        entry, what = row.values.get(field_), "office" if field_ == "office" else "area"
        if not entry:
            return "", ""
        try:
            code = self._found(row, what, entry)
        except EntryFault:
            return "", f"{row.town}{entry}"
        return code, self.directory.name(what, code)

    def _namesakes(self, sheet: Sheet) -> None:
        """A reminder for several rows of one name in one place: the same twice, or namesakes?"""
        same: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows[sheet.name]:
            if row.values.get("name"):
                same.setdefault((key(row.values["name"]), self._place(row)[1]), []).append(row)
        for (_, place), rows in same.items():
            if len(rows) > 1:
                where = "、".join(str(row.number) for row in rows[:8])
                named = quoted(rows[0].values["name"])
                said = f"{place}有 {len(rows)} 行都叫{named}（第 {where} 行），请核对是否重复"
                self.told.append(Told(sheet.name, said))

    def _resolve(self, sheet: Sheet) -> None:
        for column in sheet.columns:
            for row in self.rows[sheet.name] if column.refers else []:
                entry = row.values.get(column.field)
                if entry:
                    try:
                        row.values[column.field] = self._found(row, column.refers, entry)
                    except EntryFault as fault:
                        self._fault(row.cells.get(column.field, row.place), str(fault))
                        del row.values[column.field]

    def _found(self, row: Row, what: str, entry: str) -> str:
        """What the entry means, in the row's own township where others have the name too."""
        try:
            return self.directory.find(what, entry)
        except EntryFault as first:
            if not row.town:
                raise
            try:
                return self.directory.find(what, f"{entry}（{row.town}）")
            except EntryFault:
                raise first from None  # what the clerk typed is what she is told about

    def _town(self, title: str) -> str:
        """The code of the township that the title names; empty for any other title."""
        said = key(title)
        towns = ((code, values) for code, values in self.areas.items() if values.get("kind") == "township")
        return next((c for c, v in towns if said in map(key, (v["name"], *v.get("former", ())))), "")

    def _new_offices(self) -> None:
        """Offices that the people's rows name and nobody knows become rows of their own, and that is said."""
        towns = {
            code: values["name"] for code, values in self.areas.items() if values.get("kind") == "township"
        }
        unknown = [
            row
            for row in self.rows[PEOPLE.name]
            if row.values.get("office") and not self.directory.likely("office", row.values["office"])
        ]
        made = new_offices(unknown, towns, lambda row: self._town(row.town), self.codes[OFFICES.name].of)
        for row in made:
            place = towns.get(row.values["area"] or "", "")
            self.directory.add("office", row.values["code"], row.values["name"], from_file=True, place=place)
        self.rows[OFFICES.name] += made
        if made:
            self.told.append(Told(PEOPLE.name, said_of(made, towns)))

    def _rules(self, sheet: Sheet) -> None:
        rules = {
            AREAS.name: self._area,
            UNITS.name: self._unit,
            PEOPLE.name: self._person,
            TIES.name: self._tie,
            KEY_POSTS.name: self._key_post,
        }
        if sheet is AREAS:
            for row in self.rows[sheet.name]:
                if row.values.get("code"):
                    self.areas.setdefault(row.values["code"], {}).update(row.values)
        for row in self.rows[sheet.name]:
            if sheet.name in rules:
                rules[sheet.name](row)
            if ("lng" in row.cells or "lat" in row.cells) and (
                (row.values.get("lng", 0) is None) is not (row.values.get("lat", 0) is None)
            ):
                self._fault(row.cells.get("lng") or row.cells["lat"], "经度和纬度应同时填写")

    def _chain(self, code: str | None) -> list[str]:
        """The area and what lies above it; ends with a repeated code when it runs in a circle."""
        chain: list[str] = []
        while code and code not in chain:
            chain.append(code)
            code = self.areas.get(code, {}).get("parent")
        return [*chain, code] if code else chain

    def _area(self, row: Row) -> None:
        code, parent = row.values.get("code"), row.values.get("parent")
        if not code or not parent:
            return
        chain = self._chain(code)
        above, own = self.areas.get(parent, {}).get("kind"), row.values.get("kind")
        if chain[-1] in chain[:-1]:
            self._fault(row.cells["parent"], f"上级成了循环：{' → '.join(chain)}")
        elif above and own and RANK[above] <= RANK[own]:
            self._fault(row.cells["parent"], "上级的类型不符：片区的上级应为县，乡镇的上级应为片区或县")

    def _zone(self, area: str) -> str | None:
        return next(
            (code for code in self._chain(area) if self.areas.get(code, {}).get("kind") == "zone"), None
        )

    def _unit(self, row: Row) -> None:
        new = (row.values.get("code"),) not in self.stored.get(UNITS.name, {})
        if new and "kind" not in row.cells and row.values.get("name"):
            row.values["kind"] = kind_of_unit(row.values["name"])
        said, area = row.values.pop("zone", None), row.values.get("area")
        if not said or not area:
            return
        zone = self._zone(area)
        name = self.areas[zone]["name"] if zone else ""
        if narrow(said) not in (narrow(zone or ""), narrow(name)):
            belongs = f"属于片区“{name}”" if zone else "不属于任何片区"
            self._fault(row.cells["zone"], f"{quoted(said)}不符，该乡镇{belongs}，应与之一致或留空")

    def _person(self, row: Row) -> None:
        code = row.values.get("code")
        new = code and (code,) not in self.stored.get(PEOPLE.name, {})
        if new and "skills" not in row.cells and "office" in row.values:
            row.values["skills"] = self._skill(row)
        if code and self.directory.has_code("unit", code):
            self._fault(row.cells["code"], f"编号{quoted(code)}已是单位的编号，人员和单位的编号不能相同")

    def _skill(self, row: Row) -> list[str]:
        """What somebody new can do where no column says it: by the kind of the office."""
        kinds = {one.values.get("code"): one.values.get("kind") for one in self.rows[OFFICES.name]}
        stored = self.stored.get(OFFICES.name, {}).get((row.values.get("office"),), {})
        kind = str(kinds.get(row.values.get("office")) or stored.get("kind"))
        if kind not in SKILL_OF:
            self._fault(
                row.place, f"没有“专长”一列，从机构看不出{row.values.get('name', '')}的专长，请加一列填写"
            )
            return []
        return [SKILL_OF[kind]]

    def _key_post(self, row: Row) -> None:
        start, end = row.values.get("valid_from"), row.values.get("valid_to")
        if start and end and end < start:
            self._fault(row.cells["valid_to"], "止的日期早于起的日期")

    def _tie(self, row: Row) -> None:
        end = row.values.get("valid_to")
        if end and years_after(end, 3) < today():
            said = f"第 {row.number} 行的关系已于 {end} 结束，超过三年，多半不再需要回避"
            self.told.append(Told(row.title, said))
        for name, sentence in tie_faults(row.values).items():
            self._fault(row.cells[name], sentence)
        values, kind = row.values, row.values.get("kind")
        if "hard" in values and values["hard"] is None and kind:
            values["hard"] = self.strengths.get(kind) != "soft"
