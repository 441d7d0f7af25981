"""Changes a CHECK of a table in a migration, on either database. SQLite can only build the table anew.

Used inside `upgrade()` of a migration; columns and keys are changed with alembic's own operations.
"""

import sqlalchemy as sa
from alembic import op


def change_check(table: str, name: str, condition: str | None) -> None:
    """Nothing; the check `ck_<table>_<name>` now says `condition`, or is gone for None.

    On SQLite the other checks, indexes and triggers of the table are kept as they are.
    """
    full = f"ck_{table}_{name}"
    connection = op.get_bind()
    known = {one["name"] for one in sa.inspect(connection).get_check_constraints(table)}
    if connection.dialect.name != "sqlite":
        if full in known:
            op.drop_constraint(op.f(full), table, type_="check")
        if condition is not None:
            op.create_check_constraint(op.f(full), table, condition)
        return
    triggers = [
        row.sql
        for row in connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        )
    ]
    with op.batch_alter_table(table, recreate="always") as rebuilt:
        if full in known:
            rebuilt.drop_constraint(op.f(full), type_="check")
        if condition is not None:
            rebuilt.create_check_constraint(op.f(full), condition)
    for trigger in triggers:
        op.execute(trigger)
