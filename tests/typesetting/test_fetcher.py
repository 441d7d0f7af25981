"""The printer fetches a paper's own assets and nothing else, whichever way markup or CSS asks."""

import io
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader

from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Paragraph
from inspections.typesetting.paper import Asset
from inspections.typesetting.render import AssetRefused, PaperAssets, PaperError, print_markup, render_pdf
from tests.typesetting.samples import handover

CANARY = "canary-7f3a91"


def dot() -> bytes:
    """A PNG of one red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on the loopback address and the paths it was asked for; /away redirects to /goal."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302 if self.path == "/away" else 200)
            self.send_header("Location", "/goal")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file with a word that must never reach a PDF."""
    file = tmp_path / "canary.txt"
    file.write_text(CANARY)
    return file


MARKUP = {
    "image": '<img src="{url}">',
    "image set": '<img srcset="{url} 2x" src="{url}">',
    "attached link": '<link rel="attachment" href="{url}">',
    "attached anchor": '<a rel="attachment" href="{url}">x</a>',
    "style sheet link": '<link rel="stylesheet" href="{url}">',
    "imported style": '<style>@import "{url}";</style>',
    "imported style as url": "<style>@import url({url});</style>",
    "background": '<p style="background: url({url})">x</p>',
    "list mark": '<ul><li style="list-style-image: url({url})">x</li></ul>',
    "generated content": "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    "border image": '<p style="border: 5px solid; border-image: url({url}) 1">x</p>',
    "page background": "<style>@page {{ background: url({url}) }}</style><p>x</p>",
    "object": '<object data="{url}" type="image/png"></object>',
    "embed": '<embed src="{url}" type="image/png">',
    "font face": "<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font: 9pt f }}</style><p>",
    "svg image": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "svg xlink image": '<svg width="9" height="9"><image xlink:href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><use href="{url}#x"/></svg>',
    "base and relative": '<base href="{url}"><img src="canary.txt">',
}

STYLE = {
    "import": '@import "{url}";',
    "background": "p {{ background: url({url}) }}",
    "page": "@page {{ background: url({url}) }}",
    "sheet's font face": "@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}",
    "colour profile": "@color-profile --p {{ src: url({url}) }} p {{ color: color(--p 1 0 0) }}",
}

# WeasyPrint opens no other document for a fragment, and no font for a sheet without a font configuration.
NEVER_ASKED = {"svg use", "sheet's font face"}


def addresses(canary: Path, web: str) -> list[str]:
    return [canary.as_uri(), str(canary), f"{web}/direct", f"{web}/away", "ftp://127.0.0.1/x", "data:,x"]


def nothing_leaked(data: bytes) -> None:
    reader = PdfReader(io.BytesIO(data))
    assert set(reader.attachments) <= {"facts.json"}  # the paper's own source
    assert all(CANARY not in page.extract_text() for page in reader.pages)
    assert CANARY.encode() not in data


@pytest.mark.parametrize("way", MARKUP)
def test_markup_cannot_fetch(
    way: str, canary: Path, listener: tuple[str, list[str]], printer_warnings: list[str]
) -> None:
    web, asked = listener
    for address in addresses(canary, web):
        markup = f"<html><body>{MARKUP[way].format(url=address)}</body></html>"
        if way in NEVER_ASKED:
            nothing_leaked(print_markup(markup, [], {}, archival=True).data)
            continue
        with pytest.raises(AssetRefused):
            print_markup(markup, [], {}, archival=True)
    assert asked == []
    printer_warnings.clear()


@pytest.mark.parametrize("way", STYLE)
def test_a_style_sheet_cannot_fetch(
    way: str, canary: Path, listener: tuple[str, list[str]], printer_warnings: list[str]
) -> None:
    web, asked = listener
    for address in addresses(canary, web):
        sheet = STYLE[way].format(url=address)
        if way in NEVER_ASKED:
            nothing_leaked(print_markup("<p>x</p>", [sheet], {}, archival=False).data)
            continue
        with pytest.raises(AssetRefused):
            print_markup("<p>x</p>", [sheet], {}, archival=False)
    assert asked == []
    printer_warnings.clear()


FILES = ("/etc/passwd", "/proc/self/environ", "/etc/hostname", "/dev/zero", "/var/lib/secret", "/tmp")
HOSTS = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "127.1", "2130706433")
SCHEMES = (
    "ftp", "gopher", "jar", "dict", "ldap", "sftp", "tftp", "smb", "ws", "wss", "blob", "about", "chrome",
    "view-source", "mailto", "javascript", "vbscript", "cid", "urn", "netdoc", "expect", "php",
)  # fmt: skip
#: addresses that somebody could smuggle into a paper
PAYLOADS = (
    *(f"file://{path}" for path in FILES),
    *(f"file:{path}" for path in FILES[:3]),
    *(f"FILE://localhost{path}" for path in FILES[:2]),
    *(f"http://{host}/x" for host in HOSTS),
    *(f"https://{host}/x" for host in HOSTS[:4]),
    *(f"{scheme}://127.0.0.1/x" for scheme in SCHEMES),
    "data:text/plain,x", "data:image/svg+xml,<svg/>", "data:;base64,eA==",
    "photo:../../secret_key", "photo:%2e%2e/secret_key", "photo:other", "photo:", "asset:../paper.css",
    "asset:%2e%2e/paper.css", "asset:paper.css", "asset:", "Photo:own", "ASSET:draft.svg",
    "//127.0.0.1/x", "/etc/passwd", "../../etc/passwd", "..%2f..%2fetc/passwd", "canary.txt",
    "http:127.0.0.1", "https:/127.0.0.1", "file:/etc/passwd#x", "file:///etc/passwd?x", "http://a@127.0.0.1/x",
    "file:////etc/passwd", "http://127.0.0.1:0/x", "unix:/run/x.sock",
)  # fmt: skip
CHANNELS = {
    "html": '<img src="{url}">',
    "css": '<style>p {{ background: url("{url}") }}</style><p>x</p>',
    "svg": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
}


def test_there_are_payloads_enough() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_payload_is_fetched_and_the_fetcher_was_asked_for_each(
    channel: str, printer_warnings: list[str]
) -> None:
    own = {"own": Asset(dot(), "image/png")}
    for url in PAYLOADS:
        markup = f"<html><body>{CHANNELS[channel].format(url=escape(url))}</body></html>"
        with pytest.raises(AssetRefused):
            print_markup(markup, [], own, archival=True)
    printer_warnings.clear()


def test_a_payload_in_a_field_of_a_paper_is_words() -> None:
    """Every field at once holds every payload, as an address, as markup and as a style."""
    for way in ("{url}", '<img src="{url}">', "url({url})", "&lt;img src={url}&gt;"):
        text = "；".join(way.format(url=url) for url in PAYLOADS)
        letter = replace(handover(), body=(Paragraph(text),), title="关于测试的函", annexes=())
        printed = render_pdf(letter_paper("handover", letter))
        nothing_leaked(printed.data)
        reader = PdfReader(io.BytesIO(printed.data))
        words = "".join(page.extract_text() for page in reader.pages)
        assert "secret_key" in words.replace("\n", "")
        assert not any(page.images for page in reader.pages)


def test_a_paper_prints_its_own_photo_and_no_other() -> None:
    own = {"17": Asset(dot(), "image/png")}
    page = PdfReader(io.BytesIO(print_markup('<img src="photo:17">', [], own, archival=False).data)).pages[0]
    assert len(page.images) == 1
    for other in ("photo:18", "photo:../17", "asset:paper.css", "asset:../typesetting/draft.svg", "photo:"):
        with pytest.raises(AssetRefused):
            print_markup(f'<img src="{other}">', [], own, archival=False)


def test_a_photo_that_is_a_drawing_cannot_fetch_either(canary: Path, printer_warnings: list[str]) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<style>@import "{canary.as_uri()}";</style>'
        f'<image href="{canary.as_uri()}" width="9" height="9"/></svg>'
    )
    own = {"17": Asset(drawing.encode(), "image/svg+xml")}
    with pytest.raises(AssetRefused):
        print_markup('<img src="photo:17">', [], own, archival=False)
    printer_warnings.clear()


def test_the_fetcher_refuses_even_when_asked_directly() -> None:
    fetcher = PaperAssets({})
    for address in (
        "file:///etc/hosts",
        "http://127.0.0.1/",
        "FILE:///etc/hosts",
        "photo:1",
        "",
        "about:blank",
    ):
        with pytest.raises(AssetRefused):
            fetcher.fetch(address)
        with pytest.raises(AssetRefused):
            fetcher(address)
        with pytest.raises(AssetRefused):
            fetcher.open(address)


def test_markup_nested_too_deep_is_refused_with_a_sentence() -> None:
    with pytest.raises(PaperError, match="嵌套"):
        print_markup("<div>" * 400 + "x" + "</div>" * 400, [], {}, archival=False)
