"""The finished sample county, loaded once for all tests of a process; each works on a copy of its folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from inspections import create_app, migrations
from inspections.sample import counties, finished_round, ready, rectified
from inspections.sample.catalogue import load_catalogue


@dataclass(frozen=True)
class SampleCounty:
    """An instance that nobody uses, and the accounts as they are shown: role, login, password."""

    instance: Path
    accounts: list[dict[str, str]]

    def copied_to(self, instance: Path) -> Path:
        shutil.copytree(self.instance, instance, dirs_exist_ok=True)
        return instance


def load(instance: Path) -> SampleCounty:
    """清河县 with its rosters, accounts, finished round, printed papers and rectification."""
    app = create_app({"INSTANCE": instance})
    migrations.upgrade(app.extensions["engine"])
    with app.extensions["sessions"]() as session:
        load_catalogue(session)
        counties.load_rosters(session)
        counties.load_cycles(session, "qinghe")
        accounts = counties.load_accounts(session, instance)
        finished_round.load(session, instance / "photos")
        ready.load(session)
        session.commit()
    finished_round.print_papers(app.extensions["sessions"])
    with app.extensions["sessions"]() as session:
        rectified.load(session)
        session.commit()
    app.extensions["engine"].dispose()
    return SampleCounty(instance, accounts)
