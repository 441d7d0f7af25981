"""工作底稿 of one problem on paper: what it says, its three signatures, its photographs with their hashes.

Built from the finding alone; who may see it is the page's matter.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from PIL import Image

from inspections.findings import evidence
from inspections.findings.drafting import LABELS
from inspections.findings.models import Finding, FindingStep, Photo
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import (
    PEN,
    Block,
    Column,
    Heading,
    Letter,
    Picture,
    Pictures,
    Status,
    Table,
    fields,
)
from inspections.typesetting.paper import Asset, Printout
from inspections.units.models import place_on
from inspections.wording import SHANGHAI, date_words, digest_words, moment_words, money_words

#: pixels of a photograph's longer side on paper: 74 mm at some 340 dots an inch
PIXELS = 1000


def laid_out(finding: Finding, photos: Path, issuer: str, names: dict[str, str]) -> Printout:
    """The paper for the printer: to be archived when it is signed, marked as a draft before.

    `names` are the words of the taxonomy by code. A photograph whose file is gone is named without its
    picture. Raises NotReady.
    """
    shown = {
        photo.id.hex: _shrunk(evidence.path_of(photos, photo.id, small=False)) for photo in finding.photos
    }
    assets = {name: Asset(data, "image/jpeg") for name, data in shown.items() if data is not None}
    return letter_paper("working_paper", _letter(finding, issuer, names, assets), assets)


def _letter(finding: Finding, issuer: str, names: dict[str, str], assets: dict[str, Asset]) -> Letter:
    signed = _last(finding, "signed")
    body: list[Block] = [fields(*_rows(finding, names))]
    if finding.photos:
        body.append(Heading(1, "照片"))
        there = [photo for photo in finding.photos if photo.id.hex in assets]
        if there:
            body.append(
                Pictures(tuple(Picture(one.id.hex, _caption(one, n)) for n, one in enumerate(there, 1)))
            )
        body += [Heading(1, "证据目录"), _evidence(finding.photos, assets)]
    return Letter(
        issuer=issuer,
        code="",
        year=finding.created_at.astimezone(SHANGHAI).year,
        number=None,
        serial=finding.number,
        title="驻点监督检查工作底稿",
        to=(),
        cc=(),
        date=(signed.at if signed else finding.current.at).astimezone(SHANGHAI).date(),
        body=tuple(body),
        seal_zone=False,
        status=Status.ISSUED if signed else Status.DRAFT,
    )


def _rows(finding: Finding, names: dict[str, str]) -> list[tuple[str, str]]:
    said, posting = finding.current, finding.posting
    rows = [
        (LABELS["title"], said.title),
        ("编号", finding.number),
        ("被检查单位", place_on(posting.unit, posting.team.round.start)),
        ("问题来源", f"监督清单 {finding.item_code}" if finding.item_code else "驻点监督发现"),
        (LABELS["category"], f"{said.category} {names.get(said.category, '')}".strip()),
        (LABELS["severity"], f"{names.get(said.severity, '')}（{said.severity}）"),
        (LABELS["place"], said.place),
        (LABELS["period"], said.period),
        ("涉及金额", money_words(said.amount) if said.amount is not None else "无"),
        (LABELS["responsible"], said.responsible),
        (LABELS["method"], said.method),
    ]
    rows += [
        (LABELS[name], getattr(said, name))
        for name in ("summary", "process", "basis", "evidence", "statement")
    ]
    looked = _last(finding, "in_review") is not None or finding.state in ("draft", "in_review")
    done = finding.state in ("submitted", "signed")
    submitted = _last(finding, "submitted") if done else None
    signed = _last(finding, "signed")
    rows += [
        ("经办人编制", _signature(finding.steps[0])),
        ("组员复核" if looked else "提交审签（本组无其他组员复核）", _signature(submitted)),
        ("组长审签", _signature(signed)),
        ("提供人签名", PEN),
    ]
    return rows


def _signature(step: FindingStep | None) -> str:
    return f"{step.actor.name}　{moment_words(step.at)}" if step is not None else PEN


def _last(finding: Finding, state: str) -> FindingStep | None:
    """The newest step of that name; a signature ends with a return."""
    for step in reversed(finding.steps):
        if step.state == state:
            return step
        if step.state == "returned":
            return None
    return None


def _caption(photo: Photo, number: int) -> str:
    day = date_words(photo.received_at.astimezone(SHANGHAI).date())
    return f"照片{number}　{photo.caption or photo.item_code or ''}（{photo.author.name}，{day}）"


def _evidence(photos: Sequence[Photo], assets: dict[str, Asset]) -> Table:
    rows = []
    for number, photo in enumerate(photos, 1):
        gone = "" if photo.id.hex in assets else "（原件缺失）"
        rows.append(
            (str(number), f"{photo.caption or '照片'}{gone}", str(photo.id), digest_words(photo.sha256))
        )
    widths = (("序号", 12), ("说明", 36), ("编号", 44), ("SHA-256", 64))
    return Table(tuple(Column(title, Decimal(mm)) for title, mm in widths), tuple(rows))


def _shrunk(path: Path) -> bytes | None:
    """The photograph as it is printed, the same bytes each time; None where the file is gone or broken."""
    try:
        with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as picture:
            picture.thumbnail((PIXELS, PIXELS))
            made = io.BytesIO()
            picture.convert("RGB").save(made, "JPEG", quality=80)
            return made.getvalue()
    except OSError:
        return None
