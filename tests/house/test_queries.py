"""What a page asks the database does not grow with what stands in it.

Every page that is opened (GET) is asked by everybody who may, and again with twice the rows: 25 statements
at most, and not one more than before. Papers (PDF) are laid out for it only in `make soak`.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from inspections import all_models, create_app
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import open_engine
from planners.annealing import anneal
from tests.conftest import NoWorker, make_tables
from tests.house.full_county import FullCounty

MOST = 25
#: what states the problem anew reads every table that a plan rests on; figures and what waits come from many
ALLOWED = {
    "/": 50,
    "/plans/<uuid:name>/adjust": 33,
    "/plans/<uuid:name>/refit": 32,
    "/papers/<uuid:name>": 27,
    "/papers/<uuid:name> #1": 30,
    "/papers/new": 30,
    "/figures": 35,
    "/figures.xlsx": 35,
    "/people/<uuid:name>/known.xlsx": 30,
}
EVERYTHING = ("planner", "leader", "recipient")
READ_OR_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
#: what wants a file, a form or a question first, leads to another page, or belongs to a library
UNSEEN = {
    "static",
    "bootstrap.static",
    "roster.review",
    "roster.marked_file",
    "checklists.preview",
    "documents.sheet",
    "batches.download",
    "findings.photo",
    "findings.small_photo",
    "tablet.authority",
    "checks.problem",
    "adjusting.seat",
    "refits.against",
    "documents.of_figures",
    "approval.listing",
    "security.code",
}


class Asked(NamedTuple):
    """What came of one request: status and the statements that it took."""

    status: int
    statements: tuple[str, ...]


class Site:
    """The application on a database of its own, with a browser for each role."""

    def __init__(self, folder: Path) -> None:
        all_models()
        engine = open_engine(f"sqlite:///{folder / 'full.db'}")
        make_tables(engine)
        engine.dispose()
        self.app = create_app(
            {"INSTANCE": folder, "WTF_CSRF_ENABLED": False}
            | {"DATABASE_URL": f"sqlite:///{folder / 'full.db'}"}
        )
        self.app.extensions["jobs"] = NoWorker()
        self.open_session = self.app.extensions["sessions"]
        self.said: list[str] = []
        event.listen(self.app.extensions["engine"], "before_cursor_execute", self._note)
        self.full = FullCounty(self.open_session())

    def _note(self, *given: Any) -> None:
        if given[2].startswith(READ_OR_WRITE):
            self.said.append(given[2])

    def browser(self, user: User) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
        return client

    def asked(self, papers: bool) -> dict[tuple[str, str], Asked]:
        """What each page took, by its rule and the role that asked.

        The office, the team and the township open whatever they may; others what none of these may.
        """
        found: dict[tuple[str, str], Asked] = {}
        table = self.app.extensions["permissions"].table
        opened: set[str] = set()
        for role in sorted(self.full.users, key=[*EVERYTHING, *self.full.users].index):
            client = self.browser(self.full.users[role])
            for rule in self.app.url_map.iter_rules():
                if role not in EVERYTHING and rule.rule in opened and rule.rule != "/":
                    continue
                action = getattr(self.app.view_functions[rule.endpoint], "action", "")
                if "GET" not in (rule.methods or ()) or rule.endpoint in UNSEEN:
                    continue
                if table[action][role] is Reach.NEVER or rule.rule.endswith(".pdf") is not papers:
                    continue
                for number, address in enumerate(self.addresses(rule)):
                    self.said.clear()
                    with client.get(address) as answer:
                        asked = Asked(answer.status_code, tuple(self.said))
                    if asked.status == 200:
                        opened.add(rule.rule)
                    found[f"{rule.rule} #{number}" if number else rule.rule, role] = asked
        return found

    def addresses(self, rule: Rule) -> list[str]:
        """The rule's addresses for what is looked at."""
        first = self.address(rule)
        also = self.full.also.get(rule.endpoint, [])
        return [first, *(re.sub(r"[0-9a-f-]{36}", str(each), first) for each in also)]

    def address(self, rule: Rule) -> str:
        values: dict[str, Any] = {}
        for name in rule.arguments:
            converter = rule._converters[name]
            if (rule.endpoint, name) in self.full.words:
                continue
            if type(converter).__name__ == "UUIDConverter":
                part = rule.rule.split("<")[0].rstrip("/").rpartition("/")[2]
                values[name] = self.full.named[part]
            elif type(converter).__name__ == "AnyConverter":
                values[name] = sorted(getattr(converter, "items", ()))[0]
            else:
                values[name] = 1
        values |= {name: of for (endpoint, name), of in self.full.words.items() if endpoint == rule.endpoint}
        built = rule.build(values)
        assert built is not None
        return built[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(anneal, "TRIES", 5_000)
        patched.setattr(anneal, "TRIES_PER_SEAT", 0)
        opened = Site(tmp_path_factory.mktemp("full"))
        opened.full.solve(opened.open_session, townships=2)
        yield opened
        opened.app.extensions["engine"].dispose()


def too_many(site: Site, papers: bool) -> list[str]:
    before = site.asked(papers)
    site.full.grow(len(site.full.grown))
    site.full.solve(site.open_session, townships=4)
    faults = []
    for (rule, role), now in site.asked(papers).items():
        few, many = len(before[rule, role].statements), len(now.statements)
        if many > min(ALLOWED.get(rule, MOST), few):
            faults.append(f"{rule} as {role}: {few} statements, {many} with twice the rows")
    opened = {rule for (rule, _), one in before.items() if one.status == 200}
    return faults + [f"{rule}: nobody opened it" for rule in {rule for rule, _ in before} - opened]


def test_no_page_asks_more_than_25_times_nor_more_with_twice_the_rows(site: Site) -> None:
    faults = too_many(site, papers=False)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("tail", ["", "/adjust"])
def test_the_page_of_a_plan_is_sent_small_and_repeats_nothing_that_was_asked(site: Site, tail: str) -> None:
    address = f"/plans/{site.full.named['plans']}{tail}?version=7f3a9c51e2d80b46"
    planner = site.browser(site.full.users["planner"])
    small = planner.get(address, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(small.data).decode()
    assert "csrf_token" in page
    assert "7f3a9c51e2d80b46" not in page


@pytest.mark.soak
def test_no_paper_asks_more_than_25_times_nor_more_with_twice_the_rows(site: Site) -> None:
    faults = too_many(site, papers=True)
    assert not faults, "\n".join(faults)
