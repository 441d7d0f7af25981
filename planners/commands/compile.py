"""The command `compile`: turns the innermost loops of the search into machine code, once after set-up.
It does nothing that the first plan would not do; but that plan would wait half a minute for it.
"""

from __future__ import annotations

import click

from planners.formats.parse import parse_problem

VILLAGES = ("V1", "V2", "V3", "V4")

#: Large enough to be searched at all: four villages, two of them in each of two rounds.
TINY = {
    "format": "planners.problem/1",
    "name": "compile",
    "rounds": [{"id": "R1", "name": "R1", "teams": 2}, {"id": "R2", "name": "R2", "teams": 2}],
    "template": {
        "name": "1",
        "slots": [{"id": "leader", "name": "leader", "min": 1, "max": 1, "needs": ["discipline"]}],
    },
    "areas": [],
    "units": [{"id": unit, "name": unit, "kind": "village"} for unit in VILLAGES],
    "offices": [],
    "people": [{"id": f"P{n}", "name": f"P{n}", "skills": ["discipline"]} for n in (1, 2)],
}


@click.command("compile")
def compile_search() -> None:
    """Compile the search, so that the first plan need not."""
    prepare()


def prepare() -> None:
    """Nothing; plans of this process need not compile the search. At once where it is kept."""
    from planners.annealing.anneal import BRISK, anneal
    from planners.books.tables import Tables
    from planners.search.construct import construct

    def never() -> bool:
        return False

    anneal(construct(Tables(parse_problem(TINY)), never), 0, BRISK, never, lambda _: None)
