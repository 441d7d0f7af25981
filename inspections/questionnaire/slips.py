"""The slips that open the questionnaire, each once: square codes to be cut out, shuffled and handed round."""

from collections.abc import Sequence

import segno
from markupsafe import Markup

from inspections.database import today
from inspections.typesetting.paper import Printout


def answer_slips(place: str, addresses: Sequence[str]) -> Printout:
    """The paper, a slip an address. No slip has a number: nobody can tell one from another."""
    return Printout(
        template="answer_slips.html",
        title=f"{place}问卷答卷条",
        author="巡回驻点",
        subject="问卷答卷条",
        day=today(),
        issued=True,
        values={"place": place, "codes": [_code(address) for address in addresses]},
    )


def _code(address: str) -> Markup:
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=4, omitsize=True)
    return Markup(drawn)  # noqa: S704 (drawn by segno from our own address)
