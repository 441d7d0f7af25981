"""The process in which lists are read and models run: `python -m inspections.comparisons.host`.

The order comes as one line of JSON on standard input (the key too: never in an argument, a setting
or a file of the
job), progress and results go out line by line on standard output. The host itself sees no number:
each list is read in
a child forked for it, without core dumps, that ends when its list is done; models run in a child with limits.
"""

import ctypes
import functools
import json
import os
import pickle
import resource
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from inspections.comparisons import engine, library, linking
from inspections.comparisons.faults import BadInput, shown
from inspections.comparisons.lists import loading
from inspections.comparisons.lists.kinds import kinds

READERS = 2
MODEL_MEMORY = 1500 << 20
PR_SET_DUMPABLE = 4


def main() -> None:
    """Does what the order on standard input says; ends when it is done or its parent is gone."""
    os.umask(0o077)
    order = json.loads(sys.stdin.readline())
    harden()
    work = Path(order["work"])
    key = bytes.fromhex(order.pop("key"))
    files = [(number, Path(path)) for number, path in order["files"]]
    loaded: dict[int, str] | None
    if "received" in order:  # read when they came, by `receiving.py`
        names, loaded = order["names"], dict(order["received"])
    else:
        names, loaded = _load(key, files, work)
    if loaded is None:
        return
    linked = work / "linked"
    linked.mkdir(exist_ok=True)
    by_kind: dict[str, list[Path]] = {}
    for number, kind in sorted(loaded.items()):
        by_kind.setdefault(kind, []).append(_hashed(work, number))
    present = set(by_kind)
    for lacking in kinds().values():
        if lacking.name not in by_kind:
            target = work / f"empty-{lacking.name}.parquet"
            loading.write_empty(lacking, target)
            by_kind[lacking.name] = [target]
    period = order["period"][0], order["period"][1]
    start = time.monotonic()
    linked_by = _forked(functools.partial(_link, work, by_kind, names, linked, period))
    if not linked_by or linked_by[-1][0] != "linked":
        _say({"event": "fault", "file": "compare run", "code": "killed", "facts": {}})
        return
    _say({"event": "linked", **linked_by[-1][1], "seconds": time.monotonic() - start})
    _run(order["models"], present, linked, period[1])
    _say({"event": "done", "memory": _peak()})


def _say(event: dict[str, Any]) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)


def harden() -> None:
    """No core dump, no other process of the user reads this one's memory, and the end comes with
    the parent's."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_DUMPABLE, 0)
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _hashed(work: Path, number: int) -> Path:
    return work / f"{number:04}.parquet"


def _load(
    key: bytes, files: list[tuple[int, Path]], work: Path
) -> tuple[dict[str, str], dict[int, str] | None]:
    """The places' names and each file's kind; None instead when a fault was said."""
    names: dict[str, str] = {}
    kinds_of: dict[int, str] = {}
    faulty = False
    largest_first = sorted(files, key=lambda file: (-file[1].stat().st_size, file[0]))
    jobs: list[tuple[int, Callable[[], Iterator[tuple[str, Any]]]]] = [
        (number, functools.partial(_read, key, number, path, _hashed(work, number)))
        for number, path in largest_first
    ]
    paths = dict(files)
    for number, answers in _together(jobs, READERS):
        if not answers:
            faulty = True
            _say({"event": "fault", "file": shown(paths[number].name), "code": "killed", "facts": {}})
        for what, answer in answers:
            if what == "faults":
                faulty = True
                for where, code, facts in answer:
                    _say({"event": "fault", "file": where, "code": code, "facts": facts})
            else:
                names.update(answer.pop("places"))
                kinds_of[number] = answer["kind"]
                _say({"event": "loaded", "number": number, **answer})
    return names, None if faulty else kinds_of


def _read(key: bytes, number: int, path: Path, target: Path) -> Iterator[tuple[str, Any]]:
    try:
        yield "loaded", loading.Loader(key, number, path, target).load().as_dict()
    except BadInput as bad:
        yield "faults", [(fault.where, fault.code, fault.facts) for fault in bad.faults]
    except OSError as fault:
        full = fault.errno == 28
        facts = {"megabytes": str(path.stat().st_size >> 20)} if full else {}
        yield "faults", [(shown(path.name), "disk_full" if full else "unreadable", facts)]


def _link(
    work: Path,
    by_kind: dict[str, list[Path]],
    names: dict[str, str],
    linked: Path,
    period: tuple[int | None, int | None],
) -> Iterator[tuple[str, Any]]:
    con = engine.connect(work)
    yield "linked", {"units": linking.link(con, by_kind, names, linked, period)}


def _run(texts: dict[str, str], present: set[str], linked: Path, last: int | None) -> None:
    """Says the hits of each model whose lists are there; a model that kills its process fails alone."""
    models = [library.read(text) for text in texts.values()]
    waiting = []
    for model in models:
        if lacking := [name for name in model.lists if name not in present]:
            _say({"event": "model", "code": model.code, "lacking": lacking})
        else:
            waiting.append(model)
    while waiting:
        batch = list(waiting)
        for what, answer in _stream(functools.partial(_models, batch, linked, last)):
            if what == "begun":
                waiting.pop(0)
                begun = answer
            else:
                _say({"event": "model", **answer})
                begun = None
        if begun is not None:
            _say({"event": "model", "code": begun, "failed": "memory"})
        elif len(waiting) == len(batch):
            for model in waiting:
                _say({"event": "model", "code": model.code, "failed": "engine"})
            return


def _models(batch: list[library.Model], linked: Path, last: int | None) -> Iterator[tuple[str, Any]]:
    size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (size + MODEL_MEMORY, size + MODEL_MEMORY))
    con = engine.open_lists(linked, last)
    for model in batch:
        yield "begun", model.code
        start = time.monotonic()
        try:
            hits = [asdict(hit) for hit in engine.run(con, model)]
        except engine.ModelFailed as failed:
            yield "ran", {"code": model.code, "failed": str(failed)}
        except MemoryError:
            yield "ran", {"code": model.code, "failed": "memory"}
        else:
            yield "ran", {"code": model.code, "hits": hits, "seconds": round(time.monotonic() - start, 2)}


def _spawn(job: Callable[[], Iterator[tuple[str, Any]]]) -> tuple[int, BinaryIO]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, os.fdopen(reading, "rb")
    try:
        harden()
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            for answer in job():
                pickle.dump(answer, out)
                out.flush()
        os._exit(0)
    except BaseException as fault:
        sys.stderr.write(f"comparison child: {type(fault).__name__}\n" + _places_of(fault))
        os._exit(1)


def _places_of(fault: BaseException) -> str:
    """Where in our files a fault arose, and none of its words, for they may hold a row."""
    places, trace = [], fault.__traceback__
    while trace:
        places.append(f"  {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}\n")
        trace = trace.tb_next
    return "".join(places)


def _answers(child: int, pipe: BinaryIO) -> Iterator[tuple[str, Any]]:
    with pipe:
        while True:
            try:
                yield pickle.load(pipe)  # noqa: S301 - written by our own child
            except (EOFError, pickle.UnpicklingError):
                break
    os.waitpid(child, 0)


def _stream(job: Callable[[], Iterator[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
    return _answers(*_spawn(job))


def _forked(job: Callable[[], Iterator[tuple[str, Any]]]) -> list[tuple[str, Any]]:
    return list(_stream(job))


def _together(
    jobs: list[tuple[int, Callable[[], Iterator[tuple[str, Any]]]]], places: int
) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    """Each job's answers as it ends, so many at a time."""
    running: dict[int, tuple[int, int, BinaryIO]] = {}
    jobs = list(jobs)
    while jobs or running:
        while jobs and len(running) < places:
            number, job = jobs.pop(0)
            child, pipe = _spawn(job)
            running[pipe.fileno()] = (number, child, pipe)
        for ready in select.select(list(running), [], [])[0]:
            number, child, pipe = running.pop(ready)
            yield number, list(_answers(child, pipe))


def _peak() -> int:
    """The largest resident size of the host and of any of its children, in bytes."""
    own, theirs = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, theirs) * 1024


def free_space(folder: Path) -> int:
    """The bytes free where the folder lies."""
    return shutil.disk_usage(folder).free


if __name__ == "__main__":
    main()
