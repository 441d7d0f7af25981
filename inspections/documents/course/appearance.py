"""How a printed paper looks: measured against the standard and drawn sheet by sheet, by the worker and once.

Pages tell the measures and show the drawings; what is issued stays the PDF.
"""

import logging
from collections.abc import Callable
from dataclasses import astuple

from sqlalchemy import delete, orm, select

from inspections.documents.models import PaperFile, PaperLook, PaperSheet
from inspections.typesetting.check import Element, NotReadable, check
from inspections.typesetting.picture import picture

log = logging.getLogger(__name__)

#: the job's name in the queue; its key is the number of the stored file
JOB = "look_over_paper"


def waiting(session: orm.Session) -> list[str]:
    """The job keys of stored files that nobody has looked over, oldest first."""
    wanted = select(PaperFile.id).where(~PaperFile.look.has()).order_by(PaperFile.id)
    return [str(number) for number in session.scalars(wanted)]


def look_over(open_session: Callable[..., orm.Session], key: str) -> None:
    """Nothing; measures and drawings stand beside the stored file, and those of the paper's files before are
    cleared away. Run again it leaves them as they are.
    """
    with open_session(reading=True) as session:
        file = session.get(PaperFile, int(key))
        if file is None or file.look is not None:
            return
        data, pages, paper = file.data, file.pages, file.paper_id
    measures = [list(astuple(one)) for one in _measured(data)]
    sheets = _drawn(data, pages)
    with open_session() as session:
        held = session.get(PaperFile, int(key), with_for_update=True)
        if held is None or held.look is not None:
            return
        session.add(PaperLook(file_id=held.id, measures=measures))
        session.add_all(PaperSheet(file_id=held.id, number=n, picture=one) for n, one in enumerate(sheets, 1))
        before = select(PaperFile.id).where(PaperFile.paper_id == paper, PaperFile.id < held.id)
        session.execute(delete(PaperSheet).where(PaperSheet.file_id.in_(before)))
        session.commit()


def measured(file: PaperFile | None) -> list[Element]:
    """The elements of the stored PDF with their measures; empty for none, or one that nobody looked over."""
    if file is None or file.look is None:
        return []
    return [Element(*row) for row in file.look.measures]


def sheet_of(session: orm.Session, file: PaperFile, number: int) -> bytes | None:
    """The drawing of one sheet (from 1) as PNG; None where there is none."""
    wanted = select(PaperSheet.picture).where(PaperSheet.file_id == file.id, PaperSheet.number == number)
    return session.scalar(wanted)


def _measured(data: bytes) -> list[Element]:
    try:
        return check(data)
    except NotReadable:
        return []
    except Exception:
        # one paper that cannot be measured must not keep all later ones waiting; it fails its check
        log.exception("a stored paper could not be measured")
        return [Element("版面核验", "能核验", "不能核验，请打开 PDF 查看", False)]


def _drawn(data: bytes, pages: int) -> list[bytes]:
    try:
        return [picture(data, number) for number in range(1, pages + 1)]
    except Exception:
        log.exception("a stored paper could not be drawn")
        return []
