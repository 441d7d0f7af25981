"""Changes a file a little at a time and tells which changes no test notices.

`make mutants FILE=inspections/followup/rectification.py TESTS=tests/followup`: works on a copy of the tree,
prints each unnoticed change as a diff, and the score. Which of them stand for good, and why: docs/mutants.md.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parents[1]
PACKAGES = ("inspections", "planners")
NOTICED = ("killed", "timeout", "segfault", "caught by type check")


def copied(target: Path) -> list[str]:
    """The names at the top of the copy: everything that git knows or would add."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, found.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return sorted(path.name for path in target.iterdir())


def settings(file: str, tests: list[str], top: list[str]) -> str:
    """What mutmut reads as setup.cfg."""

    def listed(names: list[str]) -> str:
        return "".join(f"\n    {name}" for name in names)

    beside = [name for name in top if name not in PACKAGES and not name.startswith(".")]
    return (
        f"[mutmut]\nsource_paths={listed(list(PACKAGES))}\nonly_mutate={file}\nalso_copy={listed(beside)}\n"
        f"pytest_add_cli_args_test_selection={listed(tests)}\n"
        f"pytest_add_cli_args={listed(['-p', 'no:cacheprovider'])}\n"
    )


def mutmut(copy: Path, *words: str, quiet: bool = False) -> str:
    """What mutmut prints when quiet; else it prints itself."""
    command = [sys.executable, "-m", "mutmut", *words]
    ran = subprocess.run(command, cwd=copy, check=False, text=True, stdout=subprocess.PIPE if quiet else None)
    return ran.stdout or ""


@click.command(help=__doc__)
@click.argument("file")
@click.argument("tests", nargs=-1)
@click.option("--only", multiple=True, help="functions to change, by name; * stands for any letters")
def main(file: str, tests: tuple[str, ...], only: tuple[str, ...]) -> None:
    module = file.removesuffix(".py").replace("/", ".")
    chosen = list(tests) or [str(Path("tests", *Path(file).parts[1:-1]))]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "setup.cfg").write_text(settings(file, chosen, copied(copy)))
        patterns = [f"{module}.x*{name}__mutmut_*" for name in only]
        mutmut(copy, "run", "--max-children", str(os.cpu_count() or 1), *patterns)
        kept = json.loads((copy / "mutants" / f"{file}.meta").read_text())["exit_code_by_key"]
        ended = {name: status_by_exit_code[code] for name, code in kept.items() if code is not None}
        for name in (name for name, status in ended.items() if status not in NOTICED):
            click.echo(mutmut(copy, "show", name, quiet=True))
    counts = Counter(ended.values())
    noticed = sum(counts[status] for status in NOTICED)
    click.echo(f"{file}: {noticed} of {len(ended)} changes noticed by {' '.join(chosen)}; {dict(counts)}")


if __name__ == "__main__":
    main()
