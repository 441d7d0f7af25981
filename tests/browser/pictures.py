"""Takes the pictures of README and docs: `python -m tests.browser.pictures INSTANCE`, after `make demo`.

Not a test. The instance is the one that the demo filled; its accounts are read from it.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.site import serving
from tests.chromium import launched

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 860


def main(instance: Path) -> None:
    """Nothing; docs/pictures holds the plan page, a checklist, a working paper and a letter."""
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
        browser.close()
    letter = next((instance / "demo").glob("*1号-交办函-*.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "letter"
        command = [
            "pdftoppm",
            "-r",
            "70",
            "-png",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            str(letter),
            str(page),
        ]
        subprocess.run(command, check=True, timeout=60)
        _smaller(page.with_suffix(".png"), PICTURES / "letter.png")


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
