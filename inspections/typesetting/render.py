"""Prints a paper as PDF: the only place that imports weasyprint; its fetcher serves the paper's own assets.

It opens no connection and no file outside templates/typesetting, and decides nothing about what a paper says.
"""

import datetime as dt
import gc
import hashlib
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import weasyprint  # type: ignore[import-untyped]  # it carries no type hints
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from weasyprint.urls import (  # type: ignore[import-untyped]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from inspections.typesetting.columns import NUMBER
from inspections.typesetting.composer import Line
from inspections.typesetting.fonts import font_file, role_stylesheet, uncovered
from inspections.typesetting.letter import split_gaps
from inspections.typesetting.paper import Asset, Printout
from inspections.wording import SHANGHAI

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "typesetting"
_DRAWINGS = ("letter-lines.svg", "draft.svg", "letter-lines-draft.svg")
_STYLESHEETS = {
    "letter": ("paper.css", "table.css", "official.css", "letter.css"),
    "general": ("paper.css", "table.css", "official.css", "general.css"),
    "minutes": ("paper.css", "table.css", "official.css", "general.css", "minutes.css"),
    "form": ("paper.css", "table.css", "form.css"),
    "notice": ("paper.css", "table.css", "notice.css"),
    "slips": ("slips.css",),
    "answer_slips": ("answer_slips.css",),
}
#: a letter has lines of its own below the mark of a draft
_DRAFTS_OF = {"letter": ("letter-draft.css",)}
_PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
_BASE = "paper:/"
_LINE = Markup('<span class="line" style="letter-spacing:{}em">{}</span>')
_RUN = Markup('<span class="{}" style="letter-spacing:{}em">{}</span>')
_DAY = re.compile(r"(\d{4}年)(\d{1,2}月\d{1,2}日)")
_WHOLE = Markup('<span class="day">{}</span>')
_NUMBER = re.compile(f"({NUMBER.pattern})")
_SPLIT_DAY = Markup('{}<span class="day">{}</span>')
#: characters of markup from which a paper is a long list
LONG = 100_000


class PaperError(Exception):
    """The paper cannot be printed; the message says why in Chinese."""


class AssetRefused(PaperError):
    """The paper asked for something that is not its own; nothing was fetched."""


#: at the foot of every sheet, below the page number, where GB/T 9704-2012 has nothing
_TRACE = """@page { @bottom-center {
  content: "留痕码 %s"; font: 8pt/4mm var(--font-song); color: #000; white-space: nowrap;
  vertical-align: bottom; padding-bottom: 9mm;
} }"""


@dataclass(frozen=True)
class RenderedPaper:
    """The bytes of a PDF, their SHA-256, the number of pages and the file used for each font family."""

    data: bytes
    sha256: str
    pages: int
    fonts: dict[str, str]


class PaperAssets(URLFetcher):
    """Serves asset:<drawing> and photo:<name> from memory and refuses every other address, whoever asks."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The asset named by the address. Raises AssetRefused for anything else."""
        scheme, _, name = url.partition(":")
        asset = self._assets.get(name) if scheme == "photo" else None
        if asset and asset.media_type in _PHOTO_TYPES:
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
        if scheme == "asset" and name in _DRAWINGS:
            drawing = (TEMPLATES / name).read_bytes()
            return URLFetcherResponse(url, drawing, {"Content-Type": "image/svg+xml"})
        self.refused.append(url)
        raise self.refusal()

    def refusal(self) -> AssetRefused:
        """The exception that names what was refused."""
        return AssetRefused(f"文书引用了不属于它的内容，已拒绝：{'、'.join(self.refused)[:200]}")


def render_pdf(paper: Printout) -> RenderedPaper:
    """The paper as PDF: PDF/A-3a when issued, plain and marked as a draft otherwise.

    The same paper gives the same bytes. Raises PaperError, and jinja2.UndefinedError when a value is missing.
    """
    markup = _environment().get_template(paper.template).render(paper=paper, **paper.values)
    if unprintable := uncovered(markup):
        raise PaperError(f"没有字体可以印出这些字符：{' '.join(unprintable)}")
    attached = _attached(paper) if paper.issued else []
    return print_markup(markup, stylesheets(paper), paper.assets, archival=paper.issued, attached=attached)


def stylesheets(paper: Printout) -> list[str]:
    """The CSS of its format in the order of the cascade, the fonts first."""
    base = paper.template.removesuffix(".html")
    names = [*_STYLESHEETS[base]]
    if not paper.issued:
        names += ["draft.css", *_DRAFTS_OF.get(base, ())]
    sheets = [role_stylesheet(), *((TEMPLATES / name).read_text(encoding="utf-8") for name in names)]
    return [*sheets, _TRACE % paper.trace] if paper.trace else sheets


def _attached(paper: Printout) -> list[weasyprint.Attachment]:
    """The source data of the paper (PDF/A-3, ISO 19005-3, 6.8), dated like the paper itself."""
    moment = dt.datetime.combine(paper.day or dt.date(2000, 1, 1), dt.time(), SHANGHAI)
    return [
        weasyprint.Attachment(
            string=paper.source.decode(),
            base_url=_BASE,
            name="facts.json",
            description="本文的源数据",
            created=moment,
            modified=moment,
            relationship="Source",
        )
    ]


def one_of_many(paper: Printout) -> RenderedPaper:
    """The same, for a process that prints many in turn: what one leaves behind goes before the next."""
    printed = render_pdf(paper)
    gc.collect()
    return printed


def print_markup(
    markup: str,
    stylesheets: Sequence[str],
    assets: Mapping[str, Asset],
    archival: bool,
    attached: Sequence[weasyprint.Attachment] = (),
) -> RenderedPaper:
    """HTML and CSS of this program as PDF, fetching through PaperAssets only. Raises PaperError."""
    fetcher = PaperAssets(assets)
    identity = hashlib.sha256("\0".join((markup, *stylesheets)).encode()).digest()[:16]
    variant = "pdf/a-3a" if archival else None
    target = io.BytesIO()
    try:
        with without_collection(len(markup) > LONG), warnings.catch_warnings():
            html = weasyprint.HTML(string=markup, base_url=_BASE, url_fetcher=fetcher)
            styles = [weasyprint.CSS(string=css, base_url=_BASE, url_fetcher=fetcher) for css in stylesheets]
            document = html.render(stylesheets=styles, pdf_variant=variant, pdf_identifier=identity)
            # WeasyPrint leaves its own colour profile open for the collector to close.
            warnings.filterwarnings("ignore", "unclosed file .*sRGB2014.icc", ResourceWarning)
            options = {"pdf_variant": variant, "pdf_identifier": identity, "attachments": list(attached)}
            document.write_pdf(target, **options)
    except FatalURLFetchingError as error:
        raise fetcher.refusal() from error
    except RecursionError as error:
        raise PaperError("文书的层次嵌套过深，无法排版") from error
    if fetcher.refused:  # drawings swallow a refusal and would only leave a hole in the page
        raise fetcher.refusal()
    data = target.getvalue()
    faces = {(font.family, font.weight >= 600) for font in document.fonts.values()}
    fonts = {family + " Bold" * bold: font_file(family, bold) for family, bold in faces}
    return RenderedPaper(
        data, hashlib.sha256(data).hexdigest(), len(document.pages), dict(sorted(fonts.items()))
    )


@contextmanager
def without_collection(wanted: bool) -> Iterator[None]:
    """Inside the block Python does not look for garbage, only once behind it: a long list makes boxes by the
    hundred thousand, and looking through them again and again takes a fifth of the time. Nothing changes for
    a paper for which that is not `wanted`."""
    was_on = gc.isenabled() and wanted
    if was_on:
        gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()


def mark_gaps(text: str) -> Markup:
    """The text escaped for HTML, with every mark of a missing fact in red."""
    pieces = (
        Markup('<span class="gap">{}</span>').format(piece) if is_gap else escape(piece)
        for piece, is_gap in split_gaps(text)
    )
    return Markup("").join(pieces)


def in_cell(text: str, whole: bool = False) -> Markup:
    """The same for the cell of a table, where a date breaks after its year and nowhere else.

    `whole`: no number breaks either; the column has room for it.
    """
    if day := _DAY.fullmatch(text):
        return _SPLIT_DAY.format(*day.groups())
    if not whole:
        return mark_gaps(text)
    pieces = _NUMBER.split(text)
    return Markup("").join(_WHOLE.format(one) if at % 2 else mark_gaps(one) for at, one in enumerate(pieces))


def composed(lines: Sequence[Line]) -> Markup:
    """The composed lines as HTML: spans with their spacing, joined by line feeds; missing facts in red."""
    whole = "".join(line.text for line in lines)
    red = [is_gap for piece, is_gap in split_gaps(whole) for _ in piece]
    html, at = [], 0
    for line in lines:
        runs: list[tuple[str, str, bool]] = []
        for run in line.runs:
            for is_gap, group in groupby(range(at, at + len(run.text)), key=red.__getitem__):
                runs.append(("".join(whole[place] for place in group), f"{run.spacing:.5f}", is_gap))
            at += len(run.text)
        # every element costs the printer time: what most of the line shares, the line says
        spaced = [(len(text), spacing) for text, spacing, _ in runs]
        mostly = max(spaced)[1]
        html.append(_LINE.format(mostly, Markup("").join(_run(*run, mostly) for run in runs)))
    return Markup("\n").join(html)


def _run(text: str, spacing: str, is_gap: bool, mostly: str) -> Markup:
    if not is_gap and spacing == mostly:
        return escape(text)
    return _RUN.format("gap" if is_gap else "run", spacing, text)


@cache
def _environment() -> Environment:
    """An environment of its own: strict about missing values, no request, no functions."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters["gaps"] = mark_gaps
    environment.filters["in_cell"] = in_cell
    environment.filters["composed"] = composed
    return environment
