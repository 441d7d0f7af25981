"""The engine: linked lists in, hits out. DuckDB lives only in the child process that calls this file.

The connection is in memory; lists are tables or views made before the settings are locked.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from inspections.comparisons import gate
from inspections.comparisons.library import Model
from inspections.comparisons.lists.kinds import item_groups, kinds

MEMORY = "1200MB"
SECONDS = 60.0
MOST_HITS = 50_000
#: columns every model answers; others are facts its sentence may name
FIXED = ("key", "unit", "grade", "amount", "months", "rows")


@dataclass(frozen=True)
class RawHit:
    """A hit as a model answers it: positions are file number * 2^32 + line."""

    model: str
    key: str
    unit: int | None
    grade: str
    amount: int | None
    months: int | None
    rows: tuple[int, ...]
    facts: tuple[tuple[str, Any], ...]


class ModelFailed(Exception):
    """A model could not be run; the text is a code, never what the engine said."""


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection of 2 threads whose spill goes to a directory of the job."""
    spill = folder / "spill"
    spill.mkdir(mode=0o700, exist_ok=True)
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": 2,
            "temp_directory": str(spill),
            "home_directory": str(folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,
        }
    )


def open_lists(linked: Path, last: int | None) -> duckdb.DuckDBPyConnection:
    """A locked connection with every list, the register and the words of the models; `last` = the
    exercise's last month."""
    con = connect(linked.parent)
    for name in (*kinds(), "登记", "village", "loose"):
        source = f"read_parquet('{linked / (name + '.parquet')}')"
        extra = _FLOW if name == "流水" else ""
        con.execute(f'create view "{name}" as select *{extra} from {source}')
    found = con.execute(
        "select quantile_disc(m, 0.999) from "
        "(select 所属月 m from 流水 union all select 月份 from 公益岗考勤 "
        "union all select 月份 from 社保)"
    ).fetchone()
    month = last if last is not None else (found[0] if found and found[0] else 9999 * 12)
    con.execute(f"""
        create macro as_of() as {month};
        create macro monthidx(d) as year(d) * 12 + month(d) - 1;
        create macro linked(a, b) as case when greatest(a, b) <= 2 then 'strong' when greatest(a, b)
        <= 5 then 'fair'
            else 'weak' end;
        create macro best(l) as case when list_contains(l, 'strong') then 'strong' when
        list_contains(l, 'fair') then 'fair'
            else 'weak' end;
        create macro choose(n, k) as lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)""")
    con.execute(f"set allowed_directories = ['{linked}/']")  # the gate lets no query name a file
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _group() -> str:
    whens = (
        f"when 项目 in ({', '.join(repr(item) for item in items)}) then '{group}'"
        for group, items in item_groups().items()
    )
    return f"case {' '.join(whens)} else '其他' end"


#: what the view of the card's payments adds: refunds as negative amounts, the item's group
_FLOW = f", case when 备注 = '退回' then -abs(金额) else 金额 end 净额, {_group()} 类"


def tables_of(model: Model) -> frozenset[str]:
    """What the model's query may read."""
    return frozenset((*model.lists, *model.also)) | gate.COMMON


def run(con: duckdb.DuckDBPyConnection, model: Model, seconds: float = SECONDS) -> Iterator[RawHit]:
    """The model's hits in a total order; ModelFailed with a code when the gate, the time or the
    engine stops it."""
    try:
        gate.check(con, model.query, tables_of(model))
        if gate.estimate(con, model.query) > gate.MOST_ROWS:
            raise ModelFailed("too_large")
    except gate.Refused as refused:
        raise ModelFailed(refused.code) from None
    except duckdb.Error as fault:
        raise ModelFailed(_code(fault)) from None
    done, late = threading.Event(), threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        late.set()
        while not done.wait(0.05):  # an interrupt before the executor starts is lost, hence again and again
            con.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        cursor = con.execute(model.query)
        names = [column[0] for column in cursor.description or []]
        if any(name not in names for name in FIXED):
            raise ModelFailed("columns")
        rows = cursor.fetchmany(MOST_HITS + 1)
    except duckdb.Error as fault:
        raise ModelFailed("too_long" if late.is_set() else _code(fault)) from None
    finally:
        done.set()
        watcher.join()
    if len(rows) > MOST_HITS:
        raise ModelFailed("too_many")
    yield from sorted((_hit(model, names, row) for row in rows), key=lambda hit: (hit.rows, hit.grade))


def _hit(model: Model, names: list[str], row: tuple[Any, ...]) -> RawHit:
    values = dict(zip(names, row, strict=True))
    key = values["key"]
    facts = tuple(
        (name, float(value) if isinstance(value, Decimal) else value)
        for name, value in values.items()
        if name not in FIXED
    )
    positions = tuple(sorted({position for position in values["rows"] or () if position is not None}))
    return RawHit(
        model.code,
        key.hex() if isinstance(key, bytes) else str(key),
        values["unit"],
        values["grade"],
        values["amount"],
        values["months"],
        positions,
        facts,
    )


def _code(fault: duckdb.Error) -> str:
    if isinstance(fault, duckdb.OutOfMemoryException):
        return "memory"
    if isinstance(fault, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException):
        return "unknown_name"
    return "engine"
