"""The database on another engine: table by table, each whole or not at all, compared row for row at the end.

What is broken off goes on where it stopped. Until all has been compared the target names no release: no
program starts on half a county. The source is only read; files stay where they lie.
"""

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from inspections import migrations
from inspections.database import Base, open_engine
from inspections.site import settings
from inspections.site.refusal import Refusal

AT_ONCE = 1000
#: one move into a database at a time
LOCK = 2_016_112_730
#: what has been moved: the table's name, its rows, what they add up to
DONE = sa.Table(
    "moved_tables",
    sa.MetaData(),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("sum", sa.String, nullable=False),
)


class Content(NamedTuple):
    """A table's rows: how many, and what the hashes of all of them add up to, in whatever order."""

    rows: int
    sum: str


def into(source_url: str, to: str, say: Callable[[str], None]) -> Mapping[str, Content]:
    """`moved` between two addresses. Raises Refusal also where one of them cannot be reached."""
    url = address(to)
    if sa.make_url(source_url) == sa.make_url(url):
        raise Refusal("--to 就是现在用的数据库，没有改动任何内容。")
    source, target = open_engine(source_url), open_engine(url)
    try:
        return moved(source, target, say)
    except sa.exc.OperationalError as fault:
        shown = sa.make_url(url).render_as_string(hide_password=True)
        told = str(fault.orig).strip().splitlines()[0]
        raise Refusal(f"迁移到 {shown} 没有完成（{told}）；原数据库没有改动，再运行一次会接着做。") from None
    except sa.exc.DBAPIError as fault:
        told = str(fault.orig).strip().splitlines()[0]
        raise Refusal(f"迁移没有完成（{told}）；原数据库没有改动。") from None
    finally:
        source.dispose()
        target.dispose()


def address(to: str) -> str:
    """The database that the words name. Raises Refusal."""
    try:
        return settings.read({"DATABASE_URL": to}, environment={}).database
    except settings.BadSetting:
        raise Refusal(
            "--to 应为 postgresql+psycopg://用户:密码@主机/空数据库，或 sqlite:///新文件的完整路径。"
        ) from None


def moved(source: sa.Engine, target: sa.Engine, say: Callable[[str], None]) -> Mapping[str, Content]:
    """The tables as they now stand in the target; `say` is told of each.

    Raises Refusal for a target that holds something else, and where the source has changed since a move that
    was broken off; the source is as it was, the target goes on with the next try.
    """
    migrations.require_current(source)
    steady = source.execution_options(isolation_level="REPEATABLE READ") if _is_postgres(source) else source
    with steady.execution_options(reading=True).connect() as read, target.connect() as write:
        _require_alone(write)
        before = _begun(write, target)
        tables = Base.metadata.sorted_tables
        for n, table in enumerate(tables, 1):
            known = before.get(table.name)
            if known is None:
                known = _copied(read, write, table)
                say(f"{n}/{len(tables)} {table.name}：{known.rows} 行")
            elif _content(read, table) != known:
                raise Refusal(
                    f"上次迁移中断以后，原数据库的 {table.name} 又有改动；"
                    "请停止服务，清空目标数据库后重新迁移。"
                )
            before[table.name] = known
        _compare(write, before)
        return before


def _is_postgres(engine: sa.Engine | sa.Connection) -> bool:
    return engine.dialect.name == "postgresql"


def _require_alone(write: sa.Connection) -> None:
    if not _is_postgres(write):
        return
    with write.begin():
        if not write.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
            raise Refusal("另一个 move 正在写入这个数据库，没有改动任何内容。")


def _begun(write: sa.Connection, target: sa.Engine) -> dict[str, Content]:
    """What an earlier try has moved; the tables are there, empty where it is the first."""
    with write.begin():
        held = sa.inspect(write).get_table_names()
        if DONE.name in held:
            return {row.name: Content(row.rows, row.sum) for row in write.execute(sa.select(DONE))}
    if held:
        raise Refusal(f"目标数据库不是空的（已有 {len(held)} 张表），没有改动任何内容。")
    migrations.upgrade(target, _unfinished)
    return {}


def _unfinished(write: sa.Connection) -> None:
    """In the transaction that makes the tables: no program starts on them yet."""
    DONE.create(write)
    write.execute(sa.text("UPDATE alembic_version SET version_num = :moving"), {"moving": migrations.MOVING})


def _copied(read: sa.Connection, write: sa.Connection, table: sa.Table) -> Content:
    """The rows of one table, in the target with the note that they are, in one transaction."""
    found = _Sum()
    with migrations.tables_may_be_rebuilt(write), write.begin(), _Unguarded(write, table):
        for batch in _batches(_rows(read, table)):
            for row in batch:
                found.add(row)
            write.execute(sa.insert(table), [_given(table, row) for row in batch])
        _go_on_counting(write, table)
        write.execute(sa.insert(DONE), {"name": table.name, **found.content._asdict()})
    return found.content


def _compare(write: sa.Connection, expected: Mapping[str, Content]) -> None:
    """Nothing; the target is what the source is, and names its release. Raises Refusal."""
    with write.begin():
        for table in Base.metadata.sorted_tables:
            found, wanted = _content(write, table), expected[table.name]
            if found != wanted:
                raise Refusal(
                    f"核对不符：{table.name} 应有 {wanted.rows} 行，目标有 {found.rows} 行"
                    f"{'，内容不同' if found.rows == wanted.rows else ''}。"
                    "没有启用目标数据库，请清空后重新迁移。"
                )
        lost = [] if _is_postgres(write) else write.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise Refusal(f"核对不符：{lost[0][0]} 中有记录指向不存在的记录。没有启用目标数据库。")
        DONE.drop(write)
        newest = {"newest": migrations.newest_revision()}
        write.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), newest)


def _content(connection: sa.Connection, table: sa.Table) -> Content:
    found = _Sum()
    for row in _rows(connection, table):
        found.add(row)
    return found.content


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[Sequence[Any]]:
    """The table's rows; NULL in a column of JSON as NULL, a null that was written there as None."""
    asked: list[sa.ColumnElement[Any]] = list(table.columns)
    json_ = [n for n, column in enumerate(table.columns) if isinstance(column.type, sa.JSON)]
    asked += [table.columns[n].is_(sa.null()) for n in json_]
    wanted = sa.select(*asked).order_by(*table.primary_key.columns)
    with connection.execute(wanted, execution_options={"yield_per": AT_ONCE}) as found:
        for row in found:
            values = list(row[: len(table.columns)])
            for place, n in enumerate(json_, len(table.columns)):
                values[n] = sa.null() if row[place] else values[n]
            yield values


def _batches(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while batch := list(itertools.islice(rows, AT_ONCE)):
        yield batch


def _given(table: sa.Table, row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip((column.key for column in table.columns), row, strict=True))


class _Sum:
    """Adds rows up; the order in which an engine sorts its words does not count."""

    def __init__(self) -> None:
        self._rows, self._sum = 0, 0

    def add(self, row: Sequence[Any]) -> None:
        said = json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True)
        self._sum += int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest(), "big")
        self._rows += 1

    @property
    def content(self) -> Content:
        return Content(self._rows, f"{self._sum % 2**256:064x}")


def _plain(value: Any) -> Any:
    if isinstance(value, sa.sql.elements.Null):
        return "NULL"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return f"{value.isoformat()}~{getattr(value, 'precision', 'day')}"
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)


class _Unguarded:
    """Inside, rows go in as they are: guards, and references within the table, wait."""

    def __init__(self, write: sa.Connection, table: sa.Table) -> None:
        self.write, self.table = write, table
        self.again: list[sa.Executable] = []

    def __enter__(self) -> None:
        name = self.write.dialect.identifier_preparer.quote(self.table.name)
        if _is_postgres(self.write):
            self.write.execute(sa.DDL(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            for key in self.table.foreign_key_constraints:
                if key.referred_table is self.table:
                    self.write.execute(sa.schema.DropConstraint(key))
                    self.again.append(sa.schema.AddConstraint(key))
            self.again.append(sa.DDL(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
            return
        triggers = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for trigger, statement in self.write.execute(triggers, {"table": self.table.name}).all():
            quoted = self.write.dialect.identifier_preparer.quote(trigger)
            self.write.execute(sa.DDL(f"DROP TRIGGER {quoted}"))
            self.again.append(sa.DDL(statement.replace("%", "%%")))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for statement in self.again if kind is None else ():
            self.write.execute(statement)


def _go_on_counting(write: sa.Connection, table: sa.Table) -> None:
    """The next row gets the next number; SQLite sees to that by itself."""
    column = table.autoincrement_column
    if column is None or not _is_postgres(write):
        return
    sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
    newest = write.scalar(sa.select(sa.func.max(column)))
    if newest is not None and write.scalar(sa.select(sequence)) is not None:
        write.execute(sa.select(sa.func.setval(sequence, newest)))
