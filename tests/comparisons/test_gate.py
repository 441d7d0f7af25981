"""A model is one SELECT over the lists it names: what else SQL can do is refused before it runs."""

import duckdb
import pytest

from inspections.comparisons import engine, gate
from inspections.comparisons.library import BadModel, library, read

LISTS = frozenset({"低保", "登记"})


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("create table 低保 as select range pid, range pos from range(1000)")
    opened.execute("create table 登记 as select range pid from range(1000)")
    return opened


@pytest.mark.parametrize("code", sorted(library()))
def test_every_model_handed_out_passes(con: duckdb.DuckDBPyConnection, code: str) -> None:
    gate.check(con, library()[code].query, engine.tables_of(library()[code]))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select 1; select 2", "one_select"),
        ("drop view 低保", "one_select"),
        ("copy (select 1) to 'x.csv'", "one_select"),
        ("create table t as select 1", "one_select"),
        ("set memory_limit = '9GB'", "one_select"),
        ("attach ':memory:' as m", "one_select"),
        ("install httpfs", "one_select"),
        ("select * from", "syntax"),
        ("select * from 户籍", "table"),
        ("select * from '/etc/passwd.csv'", "table"),
        ("select * from information_schema.tables", "table"),
        ("select * from read_csv('/etc/passwd')", "function"),
        ("select * from read_blob('x')", "function"),
        ("select * from duckdb_settings()", "function"),
        ("select * from query('select 1')", "function"),
        ("select error('leak: ' || pid) from 低保", "function"),
        ("select getenv('HOME')", "function"),
        ("select length(repeat('x', 600000000))", "function"),
        ("select (select content from read_text('x')) from 低保", "function"),
        ("with recursive r as (select 1 n union all select n + 1 from r) select * from r", "one_select"),
        ("show tables", "one_select"),
    ],
)
def test_what_is_no_honest_model_is_refused(con: duckdb.DuckDBPyConnection, query: str, why: str) -> None:
    with pytest.raises(gate.Refused) as refused:
        gate.check(con, query, LISTS)
    assert refused.value.code == why


def test_an_endless_join_is_seen_before_it_runs(con: duckdb.DuckDBPyConnection) -> None:
    assert gate.estimate(con, "select count(*) from 低保 a, 低保 b, 登记 c, 登记 d") > gate.MOST_ROWS
    assert gate.estimate(con, "select count(*) from 低保 a join 登记 using (pid)") < gate.MOST_ROWS


def test_a_head_that_is_not_whole_is_named() -> None:
    whole = library()["M02"].text
    with pytest.raises(BadModel, match="ask"):
        read(whole.replace("-- ask:", "-- asked:"))
    with pytest.raises(BadModel, match="direction"):
        read(whole.replace("presence", "both"))
    with pytest.raises(BadModel, match="没有的名单"):
        read(whole.replace("-- lists: 低保", "-- lists: 没有的名单"))
