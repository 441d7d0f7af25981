"""The slips with logins and one-time passwords: one strip a person, each township on its own sheets."""

from collections.abc import Sequence
from itertools import groupby

from inspections.database import today
from inspections.lives.accounts import Slip
from inspections.typesetting.paper import Printout


def slips_paper(slips: Sequence[Slip], address: str) -> Printout:
    """The paper. `address` is where people sign in."""
    ordered = sorted(
        slips, key=lambda slip: (slip.place, slip.user.person.office.code if slip.user.person else "")
    )
    places = [(place, list(found)) for place, found in groupby(ordered, key=lambda slip: slip.place)]
    return Printout(
        template="slips.html",
        title="账号口令条",
        author="巡回驻点",
        subject="账号口令条",
        day=today(),
        issued=True,
        values={"places": places, "address": address, "day": today()},
    )
