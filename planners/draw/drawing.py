"""The draw: a plan that follows from a secret fixed beforehand and a public value that nobody could foresee.
Reads and writes no paper and keeps no log, which files.py and log.py do.

Commit: hashes of the problem, the program and a secret nonce are published with the name of a public source.
Seed: once the source has spoken, SHA-256 over input, nonce and public value; everything else follows from it.
Every hash is separated by purpose and every part of it by its length, so no two meanings share a digest.
"""

from __future__ import annotations

import ast
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from planners import VERSION
from planners.bound.bounds import lower_bound
from planners.formats.canonical import canonical_json, canonical_sha256
from planners.problem import Plan, Problem, Tie
from planners.referee.check import check
from planners.solve import gap_of, solve

#: The largest jitter, in km and risk points; ten times what is useful.
MOST_JITTER = 100
#: What solve() is given as time limit: no clock may cut a draw, or two machines would disagree.
NO_CLOCK = 30 * 24 * 3600.0
#: The largest cost that the problem format lets a tie or a risk have.
DEAREST = 1_000_000
WORD_BITS = 64


@dataclass(frozen=True, slots=True)
class Version:
    """The program that a draw is bound to: its number, the SHA-256 of its source, the solver's library."""

    planner: str
    source_sha256: str
    ortools: str

    def to_dict(self) -> dict[str, str]:
        return {"planner": self.planner, "source_sha256": self.source_sha256, "ortools": self.ortools}


@cache
def running_version() -> Version:
    """The version of this very program; line ends do not count."""
    return Version(VERSION, canonical_sha256(sources()), version("ortools"))


def sources() -> dict[str, str]:
    """The text, by path, of every module of the planner that can have a say in a draw, imports followed.

    The others (commands, zones) may change between commitment and verification.
    """
    folder = Path(__file__).parents[1]
    found: dict[str, str] = {}
    wanted = ["planners", "planners.formats", "planners.formats.parse", "planners.draw", __name__]
    while wanted:
        path = _source_of(folder, wanted.pop())
        name = path.relative_to(folder).as_posix()
        if name not in found:
            found[name] = path.read_text("utf-8")
            nodes = ast.walk(ast.parse(found[name]))
            modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
            ours = [module for module in modules if module.startswith("planners.")]
            wanted += ours + [module.rpartition(".")[0] for module in ours]  # a room's own file runs as well
    return found


def _source_of(folder: Path, module: str) -> Path:
    """The file of a module, for a package its `__init__.py`."""
    path = folder.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


# ---------------------------------------------------------------- hashes


def digest(purpose: str, *parts: bytes) -> bytes:
    """SHA-256 of purpose and parts, each preceded by its length in eight bytes."""
    sum_ = hashlib.sha256(b"planners.draw/1")
    for part in (purpose.encode("ascii"), *parts):
        sum_.update(len(part).to_bytes(8, "big") + part)
    return sum_.digest()


def nonce_sha256(nonce: bytes) -> str:
    """What is published of a nonce before the draw."""
    return digest("nonce", nonce).hex()


def public_words(value: str) -> str:
    """The public value in the one form that counts: words and numbers in their order, one space between.

    `０7，12 + 04` and `7 12 4` are the same value: nobody may try commas until a friendly plan appears.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", value).casefold())
    return " ".join((word.lstrip("0") or "0") if word.isdecimal() else word for word in words)


def seed_of(problem_sha256: str, program: Version, jitter: int, nonce: bytes, public: str) -> bytes:
    """The 32 bytes from which the plan follows. ValueError for a public value without a letter or digit."""
    words = public_words(public)
    if not words:
        raise ValueError("a public value needs at least one letter or digit")
    entry = {"problem_sha256": problem_sha256, "version": program.to_dict(), "jitter": jitter}
    input_sha256 = digest("input", canonical_json(entry).encode("utf-8"))
    return digest("seed", input_sha256, nonce, words.encode("utf-8"))


# ---------------------------------------------------------------- random numbers


def accepted(word: int, n: int, bits: int = WORD_BITS) -> int | None:
    """The word modulo n, or None for a word of the last, incomplete run of n words, which would be biased."""
    return word % n if word < (1 << bits) - (1 << bits) % n else None


def words(seed: bytes, purpose: str) -> Iterator[int]:
    """Endless 64-bit words: SHA-256 of seed, purpose and a counter, four words to the block."""
    block = 0
    while True:
        bytes_ = digest("stream", seed, purpose.encode("ascii"), block.to_bytes(8, "big"))
        for start in range(0, 32, 8):
            yield int.from_bytes(bytes_[start : start + 8], "big")
        block += 1


def below(stream: Iterator[int], n: int) -> int:
    """The next whole number from 0 to n - 1, each equally likely."""
    while True:
        number = accepted(next(stream), n)
        if number is not None:
            return number


# ---------------------------------------------------------------- the plan


def jittered(problem: Problem, seed: bytes, jitter: int) -> Problem:
    """A copy of the problem in which risks and distances have grown by 0 to `jitter` points and km at random.

    Rules, people and quotas are untouched, so a plan for the copy is legal for the problem and the other way
    round. The distances grow by soft ties, the only price that the format has for one person and one unit.
    """
    if jitter == 0:
        return problem
    risks, roads = words(seed, "risk"), words(seed, "distance")
    # In the order of the file, which the hash of the problem has fixed.
    units = tuple(
        replace(unit, risk=min(DEAREST, unit.risk + below(risks, jitter + 1))) for unit in problem.units
    )
    km = max(1, problem.weights.distance)
    ties = list(problem.ties)
    for person in problem.people:
        for unit in problem.units:
            cost = min(DEAREST, km * below(roads, jitter + 1))
            if cost:
                ties.append(Tie(person.id, unit.id, None, "jitter", False, cost))
    # Not through JSON: a county has some hundred thousand pairs, and the copy never leaves this file.
    return replace(problem, units=units, ties=tuple(ties))


def drawn_plan(problem: Problem, seed: bytes, jitter: int) -> Plan:
    """The plan that follows from the seed: solved on jittered costs, priced by the referee on the true ones.

    The same on every machine with the same version. BadInput when the pins contradict the rules;
    RuntimeError when the referee refuses the plan, which is a fault of the program.
    """
    number = int.from_bytes(digest("order", seed), "big")
    found = solve(jittered(problem, seed, jitter), NO_CLOCK, number)
    plan = replace(found, bound=None, gap=None)
    price = check(problem, plan)
    bound = lower_bound(problem).total if price.complete else None
    plan = replace(
        plan,
        objective_total=price.total,
        terms=dict(price.terms),
        bound=bound,
        gap=gap_of(price.total, bound),
    )
    broken = check(problem, plan).broken
    if broken:
        raise RuntimeError("; ".join(str(fault) for fault in broken))
    return plan
