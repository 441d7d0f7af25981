"""Gives every unit its round by one min-cost flow and lays out the teams that visit them.
It only counts heads, to send no round more teams than it can staff; who goes is staffing.py's business."""

from __future__ import annotations

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from planners.books.draft import Draft
from planners.books.network import Arcs
from planners.books.pins import Anchor, seat_pinned
from planners.books.tables import Bools, Ints, Tables
from planners.formats.faults import BadInput, Fault
from planners.search.grouping import Teams, group, welcomes

Layout = list[Teams]  # per round


def schedule(tables: Tables, anchored: list[Anchor]) -> Layout:
    """Which units share a team in which round, anchors first. Units that fit nowhere are in no team."""
    rounds, demands = _rounds_of_units(tables, anchored)
    layout: Layout = []
    for round_ in range(len(tables.rounds)):
        here = [anchor for anchor in anchored if anchor.round == round_]
        bases = [(anchor, anchor.units or demands.get(id(anchor), [])) for anchor in here]
        taken = {unit for _, units in bases for unit in units}
        free = [unit for unit, at in enumerate(rounds) if at == round_ and unit not in taken]
        layout.append(group(tables, round_, [(anchor, units) for anchor, units in bases if units], free))
    return layout


def lay_out(tables: Tables, layout: Layout) -> Draft:
    """A draft with the teams of the layout and nobody but pinned members in them."""
    draft = Draft(tables)
    anchored = []
    for round_, rows in enumerate(layout):
        for place, (anchor, units) in enumerate(rows):
            draft.open(round_, units)
            if anchor is not None:
                anchored.append((anchor, place))
    faults = seat_pinned(draft, anchored)
    if faults:
        raise BadInput(faults)
    return draft


def staffable_teams(tables: Tables, round_: int) -> int:
    """How many teams of the round can have every `min` filled, by skills, absences and quotas alone."""
    most = tables.teams[round_]
    needing = np.nonzero(tables.lowest > 0)[0]
    if not needing.size:
        return most
    offices, people = len(tables.problem.offices), len(tables.people)
    first_person = 1 + offices
    first_slot = first_person + people
    sink = first_slot + len(tables.slots)
    called = np.nonzero(tables.present[:, round_] & (tables.max_teams > 0))[0]
    slot, place = np.nonzero(tables.fits[:, called])
    low, high = 0, most
    while low < high:
        teams = (low + high + 1) // 2
        tails = np.concatenate(
            [np.zeros(offices), 1 + tables.office[called], first_person + called[place], first_slot + needing]
        )
        heads = np.concatenate(
            [1 + np.arange(offices), first_person + called, first_slot + slot, np.full(needing.size, sink)]
        )
        capacities = np.concatenate(
            [tables.cap[:, round_], np.ones(called.size + place.size), teams * tables.lowest[needing]]
        )
        network = SimpleMaxFlow()
        network.add_arcs_with_capacity(
            tails.astype(np.int32), heads.astype(np.int32), capacities.astype(np.int64)
        )
        network.solve(0, sink)
        if network.optimal_flow() == teams * int(tables.lowest.sum()):
            low = teams
        else:
            high = teams - 1
    return low


def _rounds_of_units(tables: Tables, anchored: list[Anchor]) -> tuple[Ints, dict[int, list[int]]]:
    """(round of each unit or -1, the unit found for each anchor without units), high risk early."""
    units, rounds = len(tables.units), len(tables.rounds)
    result = np.full(units, -1, dtype=np.int64)
    hungry = [anchor for anchor in anchored if not anchor.units]
    for anchor in anchored:
        result[anchor.units] = anchor.round
    free = np.nonzero(result < 0)[0]
    price = tables.round_price
    # Each penalty outweighs the longest chain of exchanges among the cheaper ones.
    chain = 2 * rounds + 2
    thin_price = chain * (int(price.max(initial=0)) + 1)
    strain_price = chain * 2 * thin_price
    lost_price = chain * 2 * strain_price
    certain = -chain * 4 * lost_price
    price = price + thin_price * _thin(tables)
    open_ = tables.is_open & ~_hosts_pinned(tables, anchored) & _welcome_somewhere(tables, anchored)

    first_round = 1 + units
    first_hungry = first_round + rounds
    sink = first_hungry + len(hungry)
    arcs = Arcs()
    arcs.add(0, 1 + free, 1, 0)
    # Whoever is visited by nobody pays like a round after the last, so that the least risky are left out.
    arcs.add(1 + free, sink, 1, lost_price + max(1, tables.weights.risk) * rounds * tables.risk[free])
    row, column = np.nonzero(open_[free])
    placing = arcs.add(1 + free[row], first_round + column, 1, price[free[row], column])
    fed = []
    for number, anchor in enumerate(hungry):
        fitting = free[welcomes(tables, anchor, anchor.round)[free] & open_[free, anchor.round]]
        fed.append((arcs.add(1 + fitting, first_hungry + number, 1, price[fitting, anchor.round]), fitting))
        arcs.add(first_hungry + number, sink, 1, certain)
    for round_, (teams, visits) in enumerate(zip(tables.teams, tables.visits, strict=True)):
        here = [anchor for anchor in anchored if anchor.round == round_]
        used = sum(max(1, len(anchor.units)) for anchor in here)
        room = teams * visits - used
        easy = max(0, min(room, staffable_teams(tables, round_) * visits - used))
        arcs.add(first_round + round_, sink, easy, 0)
        arcs.add(first_round + round_, sink, room - easy, strain_price)
    flows, _ = arcs.solve({0: int(free.size), sink: -int(free.size)})
    chosen = flows[placing] > 0
    result[free[row[chosen]]] = column[chosen]
    found: dict[int, list[int]] = {}
    faults = []
    for anchor, (part, fitting) in zip(hungry, fed, strict=True):
        found[id(anchor)] = [int(unit) for unit in fitting[flows[part] > 0]]
        result[found[id(anchor)]] = anchor.round
        if not found[id(anchor)]:
            faults.append(
                Fault(f"pins[{anchor.pins[0]}]", "no unit is left that these people may visit (H12)")
            )
    if faults:
        raise BadInput(faults)
    return result, found


def _thin(tables: Tables) -> Bools:
    """U×R: too few people may visit the unit and are present in the round, for at least one slot."""
    thin = np.zeros((len(tables.units), len(tables.rounds)), dtype=np.bool_)
    for slot, may in enumerate(tables.may):
        heads = may.T.astype(np.float32) @ tables.present.astype(np.float32)
        for unit, recent in enumerate(tables.recent):
            for person, row in recent.items():
                here = [r for r in range(heads.shape[1]) if row.barred >> r & 1]
                heads[unit, here] -= may[person, unit] & tables.present[person, here]
        thin |= heads < tables.lowest[slot]
    return thin


def _welcome_somewhere(tables: Tables, anchored: list[Anchor]) -> Bools:
    """U×R: the round has a team without pins, or a pinned one whose people may visit the unit."""
    welcome = np.ones((len(tables.units), len(tables.rounds)), dtype=np.bool_)
    for round_, teams in enumerate(tables.teams):
        here = [anchor for anchor in anchored if anchor.round == round_]
        if here and len(here) == teams:
            welcome[:, round_] = np.logical_or.reduce([welcomes(tables, anchor, round_) for anchor in here])
    return welcome


def _hosts_pinned(tables: Tables, anchored: list[Anchor]) -> Bools:
    """U×R: a pinned member of the round lives there and would have to stay at home (H10)."""
    blocked = np.zeros((len(tables.units), len(tables.rounds)), dtype=np.bool_)
    if tables.problem.rules.host_stays:
        for anchor in anchored:
            for person in anchor.members:
                if tables.home[person] >= 0:
                    blocked[tables.home[person], anchor.round] = True
    return blocked
