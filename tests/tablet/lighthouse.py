"""`make lighthouse`: what Lighthouse says of the tablet's page for somebody who is signed in.

Optional: Lighthouse is an npm package and fetched for the purpose; nothing else here needs node.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.site import serving
from tests.chromium import EXECUTABLE
from tests.tablet.bench import county

LIGHTHOUSE = "lighthouse@12"
#: the least score of each category, of 100
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}


def scores(address: str, cookie: str, folder: Path) -> dict[str, int]:
    """The scores of the page at the address, by category. Raises CalledProcessError."""
    out, headers = folder / "lighthouse.json", folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": f"session={cookie}"}))
    line = [
        "npx", "--yes", LIGHTHOUSE, f"{address}/tablet/", "--quiet", "--output=json", f"--output-path={out}",
        f"--extra-headers={headers}", "--chrome-flags=--headless=new --no-sandbox",
        f"--only-categories={','.join(LEAST)}",
    ]  # fmt: skip
    subprocess.run(line, check=True, env={**os.environ, "CHROME_PATH": EXECUTABLE})
    found = json.loads(out.read_text("utf-8"))["categories"]
    return {name: round(found[name]["score"] * 100) for name in LEAST}


def main() -> int:
    """0 when every category reaches its score, 1 when one does not, 2 without node."""
    if shutil.which("npx") is None:
        print("make lighthouse needs node and npm", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        tablets, _ = county(folder / "instance")
        with serving(folder / "instance") as address:
            found = scores(address, tablets[0][2], folder)
    for name, score in found.items():
        print(f"{name}: {score} (at least {LEAST[name]})")
    return 0 if all(found[name] >= least for name, least in LEAST.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
