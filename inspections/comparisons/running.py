"""An exercise from a folder of lists: checked first, then handed to the host process; either whole
or nothing.

Callers: the command line and the worker's job. Neither sees a row; both get counts, hits and faults.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspections.comparisons import result
from inspections.comparisons.faults import BadInput, Fault, shown
from inspections.comparisons.host import free_space
from inspections.comparisons.library import Model
from inspections.comparisons.lists import values
from inspections.comparisons.lists.keys import new_key
from inspections.comparisons.lists.kinds import kind_of, stem

ROOT = Path(__file__).parents[2]
WORK = "compare-"
#: free space asked for, as a multiple of the lists' size
SPACE = 1.5


@dataclass(frozen=True)
class Scope:
    """What exercise.json may say: a name, the first and the last month (year * 12 + month - 1)."""

    name: str = ""
    first: int | None = None
    last: int | None = None


@dataclass
class Outcome:
    """What came out: the lists with counts, the hits, what models did not run and why, seconds and
    peak memory."""

    lists: list[dict[str, Any]] = field(default_factory=list)
    hits: list[result.Hit] = field(default_factory=list)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory: int = 0


Progress = Callable[[str, int, int], None]


def nobody(_stage: str, _done: int, _total: int) -> None:
    """A progress nobody watches."""


def run(
    folder: Path, models: Mapping[str, Model], progress: Progress = nobody, key: bytes | None = None
) -> Outcome:
    """The outcome of all `models` over the lists of `folder`; BadInput with every fault found,
    nothing kept."""
    files, exercise = examine(folder)
    with _workplace(files) as work:
        return compare(files, exercise, models, work, key or new_key(), progress)


def examine(folder: Path) -> tuple[list[Path], Scope]:
    """The lists of a folder by name and the exercise; BadInput when a file is no list or the
    exercise is none."""
    if not folder.is_dir():
        raise BadInput([Fault(shown(folder.name), "no_folder")])
    files = sorted(
        path
        for path in folder.iterdir()
        if path.name.endswith((".csv", ".csv.gz", ".CSV")) and path.is_file()
    )
    faults = [Fault(shown(path.name), "unknown_kind") for path in files if kind_of(stem(path)) is None]
    faults += [
        Fault(shown(path.name), "no_header", {"expected": "、".join(c.name for c in found[0].columns)})
        for path in files
        if path.stat().st_size == 0 and (found := kind_of(stem(path)))
    ]
    if not files:
        faults.append(Fault(shown(folder.name), "no_lists"))
    exercise, wrong = _exercise(folder / "exercise.json")
    if faults or wrong:
        raise BadInput(faults + wrong)
    return files, exercise


def _exercise(path: Path) -> tuple[Scope, list[Fault]]:
    if not path.exists():
        return Scope(), []

    def wrong(expected: str) -> tuple[Scope, list[Fault]]:
        return Scope(), [Fault(path.name, "bad_exercise", {"expected": expected})]

    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return wrong('JSON，如 {"name": "…", "from": "2023-01", "to": "2025-12"}')
    if not isinstance(found, dict) or set(found) - {"name", "from", "to"}:
        return wrong("只有 name、from、to 三项的对象")
    months: list[int | None] = []
    for part in ("from", "to"):
        month = None
        if found.get(part) is not None:
            month = values.month(found[part]) if isinstance(found[part], str) else None
            if month is None:
                return wrong(f"{part} 为月份，如 2025-12")
        months.append(month)
    first, last = months
    if first is not None and last is not None and first > last:
        return wrong("from 不晚于 to")
    if not isinstance(found.get("name", ""), str):
        return wrong("name 为文字")
    return Scope(found.get("name", ""), first, last), []


@contextlib.contextmanager
def _workplace(files: Sequence[Path]) -> Iterator[Path]:
    """A directory of this job alone, gone afterwards; what jobs that died left is removed first."""
    parent = Path(tempfile.gettempdir())
    for left in parent.glob(f"{WORK}*-*"):
        owner = left.name.removeprefix(WORK).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
    needed = int(SPACE * sum(path.stat().st_size for path in files))
    if free_space(parent) < needed:
        raise BadInput([Fault(str(parent), "disk_full", {"megabytes": str(needed >> 20)})])
    with tempfile.TemporaryDirectory(prefix=f"{WORK}{os.getpid()}-") as work:
        yield Path(work)


def compare(
    files: Sequence[Path],
    exercise: Scope,
    models: Mapping[str, Model],
    work: Path,
    key: bytes,
    progress: Progress = nobody,
) -> Outcome:
    """The outcome over these files, read under `key` into `work`; BadInput with every fault that
    was found."""
    numbered = list(enumerate(files, start=1))
    order = {
        "key": key.hex(),
        "files": [(number, str(path.resolve())) for number, path in numbered],
        "work": str(work),
        "period": [exercise.first, exercise.last],
        "models": {code: model.text for code, model in models.items()},
    }
    return _ordered(order, _printed(files), models, work, progress)


def compare_received(
    lists: Mapping[int, tuple[str, str]],
    names: Mapping[str, str],
    models: Mapping[str, Model],
    work: Path,
    progress: Progress = nobody,
) -> Outcome:
    """The same over lists that lie hashed in `work` since they came: file and kind by number. `names` are the
    places' names by their hash (hex); the key is not needed any more."""
    order = {
        "key": "",
        "files": [],
        "received": [(number, kind) for number, (_, kind) in sorted(lists.items())],
        "names": dict(names),
        "work": str(work),
        "period": [None, None],
        "models": {code: model.text for code, model in models.items()},
    }
    printed = {number: file for number, (file, _) in lists.items()}
    return _ordered(order, printed, models, work, progress)


def _ordered(
    order: dict[str, Any],
    printed: Mapping[int, str],
    models: Mapping[str, Model],
    work: Path,
    progress: Progress,
) -> Outcome:
    """What the host made of the order. A `progress` that raises ends the host at once."""
    outcome = Outcome()
    faults: list[Fault] = []
    raw: list[dict[str, Any]] = []
    units: dict[int, str] = {}
    done, begun, ended = 0, time.monotonic(), False
    host = subprocess.Popen(
        [sys.executable, "-m", "inspections.comparisons.host"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(work), "HOME": str(work)},
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert host.stdin is not None and host.stdout is not None  # noqa: S101 - pipes were asked for
        host.stdin.write(json.dumps(order) + "\n")
        host.stdin.close()
        for line in host.stdout:
            event = json.loads(line)
            what = event.pop("event")
            if what == "fault":
                faults.append(Fault(event["file"], event["code"], event["facts"]))
            elif what == "loaded":
                done += 1
                outcome.lists.append({**event, "file": printed[event["number"]]})
                progress("读取名单", done, len(printed))
            elif what == "linked":
                units = {int(vid): name for vid, name in event["units"].items()}
                outcome.seconds["load"] = time.monotonic() - begun - event["seconds"]
                outcome.seconds["link"] = event["seconds"]
                done = 0
                progress("对人对户", 1, 1)
            elif what == "model":
                done += 1
                progress("运行模型", done, len(models))
                _note(outcome, raw, event)
            else:
                ended, outcome.memory = True, event["memory"]
        host.wait()
    finally:
        if host.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(host.pid, signal.SIGKILL)
            host.wait()
        if host.stdout is not None:
            host.stdout.close()
    if faults or not ended:
        raise BadInput(sorted(faults, key=str) or [Fault("compare run", "killed")])
    outcome.lists.sort(key=lambda found: found["number"])
    outcome.hits = result.compose(raw, models, printed, units)
    return outcome


def _note(outcome: Outcome, raw: list[dict[str, Any]], event: dict[str, Any]) -> None:
    code = event["code"]
    if "lacking" in event:
        outcome.lacking[code] = event["lacking"]
    elif "failed" in event:
        outcome.failed[code] = event["failed"]
    else:
        outcome.seconds[code] = event["seconds"]
        raw += event["hits"]


def _printed(files: Sequence[Path]) -> dict[int, str]:
    """Each file's name as it may be printed; two that look alike then are told apart."""
    names: dict[int, str] = {}
    for number, path in enumerate(files, start=1):
        name = shown(path.name)
        names[number] = name if name not in names.values() else f"{name}~{number}"
    return names
