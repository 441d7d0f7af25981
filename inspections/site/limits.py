"""How much each address takes: one table, which the pages hold and by which the front is configured.

Nobody who has not signed in may send more than a form's worth; a signed-in person a long form; files only
where files are asked for.
"""

import re
from collections.abc import Iterator, Mapping

from werkzeug.routing import Map

KB, MB = 1024, 1024 * 1024

#: whoever has not signed in: the sign-in form and the questionnaire
STRANGERS = 64 * KB
#: every other address: a working paper with each of its boxes full is 0.4 MB
FORM = 2 * MB
#: twelve photographs, counted by the form, which answers with its own sentence up to twice of it
PHOTOGRAPHS = 200 * MB
#: a list of five million rows; it is never laid down on the way, so that no number lies there in clear
LIST = 1024 * MB

#: endpoint → bytes
ROUTES: Mapping[str, int] = {
    "roster.upload": 24 * MB,
    "life_sheets.upload": 24 * MB,
    "life_sheets.upload_units": 24 * MB,
    "stand_in.declare": 6 * MB,
    "stand_in.train": 6 * MB,
    "checklists.upload": 6 * MB,
    "workdays.bring": MB,
    "fieldwork.save": PHOTOGRAPHS,
    "writing.new": PHOTOGRAPHS,
    "writing.edit": PHOTOGRAPHS,
    "followup.act": 140 * MB,
    "letter_plans.page": 24 * MB,
    "photo_views.photo": 16 * MB,
    "comparisons.bring": LIST,
}


def most(endpoint: str | None, known: bool) -> int:
    """How many bytes a request may bring there; `known`: whether the sender has signed in."""
    return ROUTES.get(endpoint or "", FORM) if known else STRANGERS


def patterns(addresses: Map) -> Iterator[tuple[str, int]]:
    """A pattern of paths and its limit for every address that takes files: what the front has to know."""
    for rule in addresses.iter_rules():
        if rule.endpoint in ROUTES:
            words = re.split(r"<[^>]+>", rule.rule)
            yield f"^{'[^/]+'.join(map(re.escape, words))}$", ROUTES[rule.endpoint]
