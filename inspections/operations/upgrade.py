"""A newer program takes over a database: a copy first, then migration and proof in one transaction."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal, migrations
from inspections.database import now
from inspections.operations import copies
from inspections.operations.verify import verified
from inspections.site.refusal import Refusal


def upgraded(engine: sa.Engine, instance: Path) -> Path | None:
    """Where the copy of the old state lies; None when nothing was to do. Raises Refusal, the old state whole.

    A power cut in the middle leaves the old state: everything is one transaction of the database.
    """
    if migrations.is_current(engine):
        return None
    folder = instance / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-{migrations.newest_revision()}-{now():%Y%m%dT%H%M%S}.copy"
    copies.copied(engine, copy)
    copy.chmod(0o600)

    def proof(connection: sa.Connection) -> None:
        with orm.Session(connection, join_transaction_mode="create_savepoint") as session:
            found = verified(session, instance, quick=True)
            if found:
                raise Refusal(f"升级后的核对没有通过（{found[0].sentence}），已恢复原状，没有升级。")
            journal.record(session, "database.upgrade", to=migrations.newest_revision(), copy=copy.name)
            session.commit()

    try:
        migrations.upgrade(engine, proof)
    except sa.exc.SQLAlchemyError as fault:
        raise Refusal(f"升级没有完成，已恢复原状：{getattr(fault, 'orig', None) or fault}") from None
    return copy
