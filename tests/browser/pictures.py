"""Takes the pictures of README and docs: `python -m tests.browser.pictures INSTANCE`, after `make demo`.

Not a test. The instance is the one that the demo filled; its accounts are read from it.
"""

import csv
import sys
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.render import render_pdf
from tests.browser.site import serving
from tests.chromium import launched

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
EXAMPLES = PICTURES.parent / "schemas" / "examples"
WIDTH, HEIGHT = 1280, 860


def main(instance: Path) -> None:
    """Nothing; docs/pictures holds the plan page, a checklist, and three sets of papers."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (instance / "demo-accounts.csv").open(encoding="utf-8", newline="") as lines:
        passwords = {row["login"]: row["password"] for row in csv.DictReader(lines)}
    with serving(instance) as address, sync_playwright() as playwright:
        browser = launched(playwright)
        planner = _signed_in(browser.new_context(locale="zh-CN").new_page(), address, "planner", passwords)
        planner.goto(f"{address}/rounds")
        planner.get_by_role("link", name="2027年大冶市全域驻点").first.click()
        planner.get_by_role("link", name="第 1 版").first.click()
        _take(planner, "plan")
        leader = _signed_in(browser.new_context(locale="zh-CN").new_page(), address, "leader1", passwords)
        leader.set_viewport_size({"width": 800, "height": 1000})
        leader.goto(f"{address}/postings")
        leader.get_by_role("link", name="柳树村").first.click()
        leader.locator("a[href*='/sections/B']").first.click()
        _take(leader, "checklist")
        leader.goto(f"{address}/findings")
        leader.locator("main a[href*='/findings/']").first.click()
        leader.wait_for_load_state()
        paper = leader.request.get(f"{leader.url}/paper.pdf").body()
        browser.close()
    letter = next((instance / "demo").glob("*1号-交办函-*.pdf")).read_bytes()
    facts = parse_facts((EXAMPLES / "round_report.json").read_bytes())
    report = render_pdf(letter_paper("round_report", facts)).data
    _sheets(letter, "letter", first=True)
    for name, data in (("papers-letter", letter), ("papers-report", report), ("papers-working", paper)):
        _sheets(data, name)


def _sheets(data: bytes, name: str, first: bool = False) -> None:
    """The pages of a PDF side by side, or the first alone, as docs/pictures/<name>.png."""
    pages = [page.render(scale=70 / 72).to_pil() for page in pypdfium2.PdfDocument(data)][: 1 if first else 4]
    gap = 0 if first else 12
    width, height = sum(page.width + gap for page in pages) - gap, max(page.height for page in pages)
    wide = Image.new("RGB", (width, height), "#888")
    at = 0
    for page in pages:
        wide.paste(page, (at, 0))
        at += page.width + gap
    wide.quantize(96).save(PICTURES / f"{name}.png", optimize=True)


def _signed_in(page: Page, address: str, login: str, passwords: dict[str, str]) -> Page:
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"{address}/sign-in")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(passwords[login])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/")
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    raw = PICTURES / f"{name}.png"
    page.screenshot(path=str(raw))
    _smaller(raw, raw)


def _smaller(source: Path, target: Path) -> None:
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(96).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
