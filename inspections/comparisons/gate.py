"""What a model's SQL may be: one SELECT over the named lists, with functions from a list; nothing else.

SQL is code and the engine has no border inside, so this gate is the first of four: it, the locked
settings, the child
process with limits, and two persons for each change.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

import duckdb

FUNCTIONS = frozenset(
    [
        "abs",
        "any_value",
        "arg_max",
        "arg_min",
        "avg",
        "best",
        "bool_and",
        "bool_or",
        "choose",
        "coalesce",
        "count",
        "count_star",
        "date_diff",
        "dense_rank",
        "exp",
        "first",
        "flatten",
        "floor",
        "greatest",
        "grouping",
        "hash",
        "hex",
        "as_of",
        "lag",
        "last",
        "lead",
        "least",
        "len",
        "list_apply",
        "list_filter",
        "struct_pack",
        "struct_extract",
        "linked",
        "list",
        "list_concat",
        "list_distinct",
        "list_slice",
        "list_sum",
        "list_value",
        "ln",
        "make_date",
        "max",
        "median",
        "min",
        "mode",
        "monthidx",
        "nullif",
        "quantile_cont",
        "quantile_disc",
        "rank",
        "round",
        "row_number",
        "string_agg",
        "sum",
        "year",
        "month",
        "unnest",
        "generate_series",
        "concat",
        "contains",
        "between",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "||",
        "!",
        "~~",
        "!~~",
        "=",
        "<>",
        "<",
        ">",
        "<=",
        ">=",
        "and",
        "or",
        "not",
    ]
)
TABLE_FUNCTIONS = frozenset({"unnest", "generate_series"})
#: what every model may read beside the lists it names
COMMON = frozenset({"登记", "village", "loose"})
#: an honest model stays far below; an endless join does not
MOST_ROWS = 10**9


class Refused(Exception):
    """The query is not allowed; the code names the kind, `what` the word of the query it is about."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}")
        self.code, self.what = code, what


def check(con: duckdb.DuckDBPyConnection, query: str, tables: frozenset[str]) -> None:
    """Nothing, or Refused: `query` must be one SELECT over `tables` and allowed functions."""
    try:
        statements = con.extract_statements(query)
    except duckdb.Error:
        raise Refused("syntax") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Refused("one_select")
    row = con.execute("select json_serialize_sql($1::varchar)", [query]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree.get("error"):
        raise Refused("one_select")
    nodes = list(_nodes(tree["statements"]))
    named = {name for node in nodes for name in _own_names(node)}
    for node in nodes:
        kind = node.get("type")
        if kind == "BASE_TABLE":
            if (
                node.get("schema_name")
                or node.get("catalog_name")
                or node["table_name"] not in tables | named
            ):
                raise Refused("table", str(node.get("table_name", "")))
        elif kind == "TABLE_FUNCTION":
            if node["function"]["function_name"] not in TABLE_FUNCTIONS:
                raise Refused("function", node["function"]["function_name"])
        elif kind in ("SHOW_REF", "RECURSIVE_CTE_NODE", "PIVOT", "DELIM_GET"):
            raise Refused("one_select")
        if "function_name" in node and node["function_name"].lower() not in FUNCTIONS:
            raise Refused("function", node["function_name"])


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _own_names(node: dict[str, Any]) -> list[str]:
    """The names a WITH gives to its parts."""
    ctes = node.get("cte_map")
    return [entry["key"] for entry in ctes["map"]] if isinstance(ctes, dict) else []


def estimate(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The largest number of rows the engine expects in one step of the query."""
    row = con.execute(f"explain (format json) {query}").fetchone()
    return max((_expected(node)[1] for node in json.loads(row[1])), default=0) if row else 0


def _expected(node: dict[str, Any]) -> tuple[int, int]:
    """The rows a step gives and the most any step from it down gives; of a product the engine says none."""
    below = [_expected(child) for child in node.get("children", [])]
    said = str((node.get("extra_info") or {}).get("Estimated Cardinality", "")).lstrip("~")
    if said.isdigit():
        rows = int(said)
    elif "PRODUCT" in node.get("name", ""):
        rows = math.prod(rows for rows, _ in below)
    else:
        rows = max((rows for rows, _ in below), default=0)
    return rows, max([rows, *(most for _, most in below)])
