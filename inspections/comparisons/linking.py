"""Rows of many lists become rows about the same person, household and village.

Cascade: number → mistyped number with the same name → name, village and birth month → … birth year
→ name unique in
the village → name unique in the county. Uniqueness is counted in the register (户籍), never in the
list. `via` says how:
1, 2 as good as a number; 3 to 5 fair; 6 weak. A number under another name counts as 3.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from inspections.comparisons.lists.kinds import Kind, kinds

#: lists whose whole-row doubles are slips of the pen; in flows two equal rows may be two payments
DEDUPED = {
    "耕地",
    "确权",
    "流转",
    "退耕",
    "征地",
    "发票",
    "不动产",
    "工程合同",
    "承包合同",
    "危改",
    "农机",
    "低保",
    "公示",
}
REGISTER = "户籍"
#: a place named by fewer rows may be a person's name in the wrong column and is not written down
COMMON_PLACE = 3


def pid_of(column: str) -> str:
    """The linked column of an identity column: `身份证号` → `pid`, `干部身份证号` → `干部pid`."""
    return column.removesuffix("身份证号") + "pid"


def link(
    con: duckdb.DuckDBPyConnection,
    files: Mapping[str, list[Path]],
    names: Mapping[str, str],
    target: Path,
    period: tuple[int | None, int | None],
) -> dict[int, str]:
    """The unit's name of each village; every list then stands linked in `target`/<kind>.parquet.

    `files` are the hashed lists of each kind, `names` the places' names by hash (hex), `period` the first
    and the last month of the exercise as year * 12 + month - 1, None = open.
    """
    # what stands on the right of every join here is small; left to itself the engine once put two
    # million payments into the hash table, which then outgrew the memory
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    for kind, paths in files.items():
        con.execute(f'create view "raw_{kind}" as select * from read_parquet({_listed(paths)})')
        slips = [path.with_suffix(".slips") for path in paths]
        con.execute(f'create view "slips_{kind}" as select * from read_parquet({_listed(slips)})')
    _persons(con, files)
    _places(con, files)
    _register(con, files)
    for kind in files:
        _list(con, kinds()[kind], target, period)
    write(con, "select * from 登记 order by pid", target / "登记.parquet")
    write(con, "select * from village order by vid", target / "village.parquet")
    loose = " union all ".join(
        _loose(kinds()[kind], target) for kind in files if _loose(kinds()[kind], target)
    )
    write(
        con, loose or "select '' as list, null::blob as name, 0 as vid where false", target / "loose.parquet"
    )
    rows = con.execute("select vid, hex(code), hex(tw), hex(v) from village order by vid").fetchall()
    known = {h.lower(): name for h, name in names.items()}
    units = {}
    for vid, *hashes in rows:
        code, township, village = (known.get(h.lower(), "") if h else "" for h in hashes)
        units[vid] = code or f"{township}{village}"
    return units


def write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Nothing; the query's rows stand in the Parquet file, which has its name only when it is whole."""
    part = path.with_suffix(".part")
    con.execute(f"copy ({query}) to '{part}' (format parquet, compression zstd)")
    part.replace(path)


def _listed(paths: list[Path]) -> str:
    return "[" + ", ".join(f"'{path}'" for path in paths) + "]"


def _persons(con: duckdb.DuckDBPyConnection, files: Mapping[str, list[Path]]) -> None:
    seen = [
        f'select "{column.name}" h, min(pos) pos from "raw_{kind}" '
        f'where "{column.name}" is not null group by 1'
        for kind in files
        for column in kinds()[kind].of_type("identity")
    ]
    query = " union all ".join(seen) or "select null::blob h, 0 pos where false"
    con.execute(
        "create table persons as select h, (row_number() over (order by min(pos), h))::int pid "
        f"from ({query}) group by h"
    )


def _places(con: duckdb.DuckDBPyConnection, files: Mapping[str, list[Path]]) -> None:
    """village(vid, tid, code, tw, v, tw_n, v_n), from the register or, without one, from what the
    lists name."""
    sources = [REGISTER] if REGISTER in files else list(files)
    found = []
    for kind in sources:
        has = {column.name for column in kinds()[kind].of_type("place")}
        if not has.intersection(("村", "村码")):
            continue
        parts = [f'"{name}"' if name in has else "null::blob" for name in ("村码", "乡镇", "村")]
        parts += [f'"{name}_n"' if name in has else "null::blob" for name in ("乡镇", "村")]
        found.append(f'select {", ".join(parts)}, pos from "raw_{kind}"')
    union = (
        " union all ".join(found)
        or "select null::blob, null::blob, null::blob, null::blob, null::blob, 0 where false"
    )
    con.execute(f"""
        create table village as
        with named(code, tw, v, tw_n, v_n, pos) as ({union}),
        whole as (select coalesce(code, v) k, tw_n, first(code order by pos) code, first(tw order by pos) tw,
                         first(v order by pos) v, first(v_n order by pos) v_n, min(pos) pos, count(*) n
                  from named where coalesce(code, v) is not null
                  group by k, tw_n having n >= {COMMON_PLACE if REGISTER in files else 1}),
        one as (select * from whole qualify row_number() over (
                    partition by coalesce(code, tw_n || v_n) order by n desc, pos) = 1)
        select (row_number() over (order by pos))::int vid,
               (dense_rank() over (order by first_tw))::int tid, code, tw, v, tw_n, v_n
        from (select *, min(pos) over (partition by tw_n) first_tw from one)""")
    con.execute("""
        create table by_code as select code, min(vid) vid from village where code is not null group by 1;
        create table by_pair as select tw, v, min(vid) vid from village group by 1, 2 having
        count(distinct vid) = 1;
        create table by_norm as select tw_n, v_n, min(vid) vid from village group by 1, 2
            having count(distinct vid) = 1;
        create table by_name as select v, min(vid) vid from village group by 1 having count(distinct vid) = 1;
        create table by_bare as select v_n, min(vid) vid from village group by 1 having
        count(distinct vid) = 1""")


def _placed(kind: Kind) -> tuple[str, str]:
    """The expression of a row's village and the joins it needs."""
    has = {column.name for column in kind.of_type("place")}
    if "村码" in has:
        return "c1.vid", 'left join by_code c1 on c1.code = r."村码"'
    if {"乡镇", "村"} <= has:
        return "coalesce(c1.vid, c2.vid)", (
            'left join by_pair c1 on c1.tw = r."乡镇" and c1.v = r."村" '
            'left join by_norm c2 on c2.tw_n = r."乡镇_n" and c2.v_n = r."村_n"'
        )
    if "村" in has:
        return "coalesce(c1.vid, c2.vid)", (
            'left join by_name c1 on c1.v = r."村" left join by_bare c2 on c2.v_n = r."村_n"'
        )
    return "null::int", ""


def _register(con: duckdb.DuckDBPyConnection, files: Mapping[str, list[Path]]) -> None:
    """登记(pid, 户, vid, tid, name, born): one row for each person of the register."""
    if REGISTER not in files:
        con.execute(
            "create table 登记 as select pid, null::int 户, null::int vid, null::int tid, "
            "null::blob as name, "
            "null::int born, 0::bigint pos from persons where false"
        )
    else:
        vid, joins = _placed(kinds()[REGISTER])
        con.execute(f"""
            create table 登记 as
            with r as (select r.*, {vid} vid from "raw_{REGISTER}" r {joins}),
            one as (select p.pid, r.vid, r."姓名" as name, r."身份证号_b" born, r.pos, r."户号" hh
                    from r join persons p on p.h = r."身份证号"
                    qualify row_number() over (partition by p.pid order by r.pos) = 1)
            select pid, (dense_rank() over (order by first_hh))::int 户, one.vid, village.tid, name,
            born, one.pos
            from (select *, min(pos) over (partition by vid, coalesce(hh, ''::blob), case when hh is
            null then pid end)
                  first_hh from one) one left join village using (vid)""")
    con.execute("""
        create table by_county as select name, min(pid) pid from 登记 where name is not null group
        by 1 having count(*) = 1;
        create table by_who as select name, vid, min(pid) pid from 登记
            where name is not null and vid is not null group by 1, 2 having count(*) = 1;
        create table by_month as select name, vid, born, min(pid) pid from 登记
            where name is not null and vid is not null and born is not null group by 1, 2, 3 having
            count(*) = 1;
        create table by_year as select name, vid, born // 12 as born_in, min(pid) pid from 登记
            where name is not null and vid is not null and born is not null
            group by 1, 2, 3 having count(*) = 1""")


def _list(
    con: duckdb.DuckDBPyConnection, kind: Kind, target: Path, period: tuple[int | None, int | None]
) -> None:
    vid, joins = _placed(kind)
    columns, links = [], ""
    people = kind.of_type("name")
    for number, column in enumerate(kind.of_type("identity")):
        who = people[0].name if people and number == 0 else None
        _mend(con, kind, number, column.name, who, vid, joins)
        pid, via = pid_of(column.name), pid_of(column.name).removesuffix("pid") + "via"
        p, f, g = f"p{number}", f"f{number}", f"g{number}"
        links += f""" left join persons {p} on {p}.h = r."{column.name}"
            left join "mended_{kind.name}_{number}" {f} on {f}.pos = r.pos
            left join 登记 {g} on {g}.pid = {p}.pid"""
        other = f'and {g}.name <> r."{who}"' if who else "and false"
        columns += [
            f'coalesce({p}.pid, {f}.pid) "{pid}"',
            f"case when {p}.pid is not null then case when {g}.name is not null {other} then 3 else 1 end "
            f'else {f}.via end::tinyint "{via}"',
        ]
    # exact decimals: sums of floats come out differently with the order in which two threads add them
    areas = {column.name for column in kind.of_type("area")}
    columns += [
        f'r."{name}"::decimal(14, 4) "{name}"' if name in areas else f'r."{name}"' for name in _kept(kind)
    ]
    body = f'select r.pos, r.年, {vid} vid, {", ".join(columns)} from "raw_{kind.name}" r {joins} {links}'
    body = f"select x.*, v.tid from ({body}) x left join village v on v.vid = x.vid {_within(kind, period)}"
    if kind.name in DEDUPED:
        same = ", ".join(
            [
                "年",
                "vid",
                *(f'"{pid_of(c.name)}"' for c in kind.of_type("identity")),
                *(f'"{n}"' for n in _kept(kind)),
            ]
        )
        body = (
            f"select *, (count(*) over (partition by {same}))::int times from ({body}) "
            f"qualify row_number() over (partition by {same} order by pos) = 1"
        )
    write(con, body, target / f"{kind.name}.parquet")


def _kept(kind: Kind) -> list[str]:
    """The names of the columns that go on beside persons and villages."""
    names = []
    for column in kind.columns:
        if not column.kept or column.type in ("identity", "place"):
            continue
        names.append(column.name)
        if column.keep.startswith("class:"):
            names.append(f"{column.name}_c")
        if column.keep == "serial":
            names += [f"{column.name}_p", f"{column.name}_n"]
    return names


def _within(kind: Kind, period: tuple[int | None, int | None]) -> str:
    """The condition that keeps a flow inside the exercise's months."""
    month = {"流水": "所属月"}.get(kind.name)
    if month is None or period == (None, None):
        return ""
    first, last = period
    bounds = [f'"{month}" >= {first}'] if first is not None else []
    bounds += [f'"{month}" <= {last}'] if last is not None else []
    return f'where "{month}" is null or ({" and ".join(bounds)})'


def _mend(
    con: duckdb.DuckDBPyConnection,
    kind: Kind,
    number: int,
    column: str,
    who: str | None,
    vid: str,
    joins: str,
) -> None:
    """The table mended_<kind>_<number>(pos, pid, via): who rows without a good number speak of."""
    same = "x.who = g.name" if who else "g.vid = x.vid"
    named = f', r."{who}" who' if who else ""
    typo = f"""
        select s.pos, min(g.pid) pid, 2 via from "slips_{kind.name}" s
        join (select r.pos, {vid} vid{named} from "raw_{kind.name}" r {joins} where r."{column}" is null) x
            on x.pos = s.pos
        join persons p on p.h = s.h join 登记 g on g.pid = p.pid
        where s.col = {number} and {same} group by s.pos having count(distinct g.pid) = 1"""
    by_name = ""
    if who:
        born = f'r."{column}_b"'
        by_name = f"""
            union all
            select r.pos, coalesce(m.pid, y.pid, w.pid, c.pid),
                   case when m.pid is not null then 3 when y.pid is not null then 4 when w.pid is
                   not null then 5 else 6 end
            from (select r.*, {vid} vid from "raw_{kind.name}" r {joins} where r."{column}" is null) r
            left join by_month m on m.name = r."{who}" and m.vid = r.vid and m.born = {born}
            left join by_year y on y.name = r."{who}" and y.vid = r.vid and y.born_in = {born} // 12
            left join by_who w on w.name = r."{who}" and w.vid = r.vid
            left join by_county c on c.name = r."{who}" and r.vid is null
            where coalesce(m.pid, y.pid, w.pid, c.pid) is not null"""
    con.execute(f"""create table "mended_{kind.name}_{number}" as
        select pos, first(pid order by via)::int pid, min(via)::tinyint via from ({typo} {by_name})
        group by pos""")


def _loose(kind: Kind, target: Path) -> str:
    """The rows of a list that speak of nobody we could find, with what is known: name and village."""
    identity, people = kind.of_type("identity"), kind.of_type("name")
    if not identity or not people or not kind.of_type("place"):
        return ""
    return (
        f"""select '{kind.name}' as list, "{people[0].name}" as name, vid """
        f"""from '{target / (kind.name + ".parquet")}' """
        f'where "{pid_of(identity[0].name)}" is null and "{people[0].name}" is not null'
    )
