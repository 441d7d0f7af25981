"""Writes the reminders of a day as the worker does, dies where it is told: `URL DAY before|after|never`."""

import datetime as dt
import os
import signal
import sys

from sqlalchemy import orm

from inspections import all_models, database
from inspections.followup import reminders


def main() -> None:
    """Nothing, or the death of this process before or after the commit."""
    url, day, moment = sys.argv[1:4]
    all_models()
    open_session = database.session_factory(database.open_engine(url))

    def opened() -> orm.Session:
        session = open_session()
        commit = session.commit

        def dying() -> None:
            if moment == "after":
                commit()
            os.kill(os.getpid(), signal.SIGKILL)

        if moment != "never":
            session.commit = dying  # type: ignore[method-assign]
        return session

    with database.at(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(1), dt.UTC)):
        reminders.run(opened, day)


if __name__ == "__main__":
    main()
