"""Measures printing: `python -m tests.typesetting.bench --out docs/benchmarks-papers.md`.

Not a test. The same words are printed by this program, by LibreOffice from the DOCX that this program
writes, and by Typst from a plain page of the same size; neither of them composes lines or makes PDF/A here.
"""

import argparse
import gc
import json
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import typst

from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import KINDS, is_addressed, letter_paper
from inspections.typesetting.letter import Letter, Paragraph, Table, texts
from inspections.typesetting.render import one_of_many, render_pdf
from inspections.typesetting.word_file import word_file
from tests.measuring import line, peak_megabytes, seconds
from tests.typesetting.samples import handover

EXAMPLES = Path(__file__).parents[2] / "docs" / "schemas" / "examples"
RUNS, PAPERS, ROWS, PAGES = 7, 110, 400, 9
TYPST = """#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm))
#set text(font: ("FandolFang R", "FandolFang", "Noto Serif CJK SC"), size: 15.8pt, lang: "zh")
#set par(first-line-indent: 2em, leading: 12pt, justify: true)
"""


def main() -> None:
    """Nothing; the table is written to the file named, or printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--batch", action="store_true", help="print the batch and say time and memory")
    asked = parser.parse_args()
    gc.freeze()  # as the program's own processes do at their start
    if asked.batch:
        print(json.dumps(batch()))
        return
    letter = nine_pages()
    pages = printed(letter)
    rows = problem_list(), "problem_list"
    lines = [
        line(
            f"a letter of {pages} pages, warm: {spread(RUNS)}",
            "0.45 s",
            seconds(lambda: printed(letter), RUNS),
        ),
        line(f"a list of {ROWS} rows, warm: {spread(3)}", "5 s", seconds(lambda: printed(*rows), 3)),
    ]
    command = [sys.executable, "-m", "tests.typesetting.bench", "--batch"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    lines += [
        line(f"{PAPERS} papers of all kinds in one process", "60 s", f"{told['seconds']:.0f} s"),
        line("its memory at most", "600 MB", f"{told['megabytes']:.0f} MB"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines += others(letter, Path(folder))
    text = HEAD.format(python=platform.python_version()) + "\n".join(lines) + "\n"
    if asked.out:
        asked.out.write_text(text, "utf-8")
    print(text)


HEAD = """# Benchmarks of papers

`python -m tests.typesetting.bench`, part of `make bench`: one process, Python {python}, 2 cores. LibreOffice
prints the DOCX that this program writes of the same letter; Typst sets the same words on the same page.
Neither makes PDF/A with tags or composes lines here: their times are a measure of speed alone.

| | target | measured |
| --- | --- | --- |
"""


def nine_pages() -> Letter:
    """A 交办函 of running text on nine pages, without its annex."""
    text = "检查发现村级财务公开不够及时，第三季度收支没有按月张贴，村民代表会议记录不全。" * 4
    paragraphs = 1
    while True:
        letter = replace(handover(), annexes=(), body=tuple(Paragraph(text) for _ in range(paragraphs)))
        if render_pdf(letter_paper("handover", letter)).pages >= PAGES:
            return letter
        paragraphs += 1


def problem_list() -> Letter:
    """The example of a list with so many rows."""
    letter = example("problem_list")
    [table] = letter.body
    assert isinstance(table, Table)
    return replace(letter, body=(replace(table, rows=table.rows[:1] * ROWS),))


def example(kind: str) -> Letter:
    return parse_facts((EXAMPLES / f"{kind}.json").read_bytes(), is_addressed(kind))


def batch() -> dict[str, float]:
    """The seconds and the most megabytes of a process that prints so many papers, all kinds in turn."""
    kinds = list(KINDS)
    letters = {kind: example(kind) for kind in kinds}
    began = time.perf_counter()
    for n in range(PAPERS):
        kind = kinds[n % len(kinds)]
        one_of_many(letter_paper(kind, letters[kind]))
    taken = time.perf_counter() - began
    return {"seconds": taken, "megabytes": peak_megabytes()}


def others(letter: Letter, folder: Path) -> list[str]:
    """The same letter by LibreOffice and by Typst."""
    file = folder / "letter.docx"
    file.write_bytes(word_file("handover", letter))
    copies = [folder / f"letter-{n}.docx" for n in range(10)]
    for copy in copies:
        copy.write_bytes(file.read_bytes())

    def office(*files: Path) -> None:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300)

    office(file)
    source = folder / "letter.typ"
    words = "\n\n".join(text for path, text in texts(letter) if path.startswith("body"))
    source.write_text(TYPST + words, "utf-8")
    return [
        line(f"the letter by LibreOffice, started for it: {spread(3)}", "", seconds(lambda: office(file), 3)),
        line(f"ten by LibreOffice, started once: {spread(3)}", "", seconds(lambda: office(*copies), 3)),
        line(
            f"the same words by Typst, in this process: {spread(RUNS)}",
            "",
            seconds(lambda: typst.compile(str(source)), RUNS),
        ),
    ]


def spread(runs: int) -> str:
    return f"median (slowest) of {runs}"


def printed(letter: Letter, kind: str = "handover") -> int:
    """The number of pages of the paper, which is printed anew."""
    return render_pdf(letter_paper(kind, letter)).pages


if __name__ == "__main__":
    main()
