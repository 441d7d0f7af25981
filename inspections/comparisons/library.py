"""The models: SQL with a reviewed head (seeds/models/*.sql), read and checked; nothing runs here."""

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from inspections.comparisons.lists.kinds import kinds

SEEDS = Path(__file__).parents[2] / "seeds" / "models"
#: the parts of a head, all required though some may be empty
HEAD = (
    "code",
    "name",
    "covers",
    "lists",
    "also",
    "direction",
    "subject",
    "category",
    "severity",
    "topics",
    "period",
    "means",
    "ask",
    "whom",
    "false alarms",
    "says",
)


@dataclass(frozen=True)
class Model:
    """One model: its head as fields, its query, and the fingerprint by which a change is noticed."""

    code: str
    name: str
    covers: str
    lists: tuple[str, ...]
    also: tuple[str, ...]
    direction: str  # presence or absence
    subject: str  # person, household, plot, account, …
    category: str  # of the taxonomy
    severity: str
    topics: tuple[str, ...]  # groups of the checklist under which its tasks stand
    period: str
    means: str
    ask: str
    whom: str
    false_alarms: str
    says: str
    query: str
    text: str

    @property
    def sha256(self) -> str:
        """The fingerprint of head and query."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class BadModel(ValueError):
    """A model's head is not whole; the text says what is missing."""


def read(text: str) -> Model:
    """The model of one SQL file; BadModel when a part of the head is missing or names an unknown list."""
    head: dict[str, str] = {}
    body: list[str] = []
    for line in text.splitlines():
        match = re.fullmatch(r"-- ([a-z ]+): ?(.*)", line)
        if match and match[1] in HEAD and not body:
            head[match[1]] = match[2].strip()
        elif line.strip():
            body.append(line)
    missing = [part for part in HEAD if part not in head]
    if missing:
        raise BadModel(f"模型的说明缺少：{'、'.join(missing)}")
    if head["direction"] not in ("presence", "absence"):
        raise BadModel("direction 应为 presence 或 absence")
    lists, also = _words(head["lists"]), _words(head["also"])
    unknown = [name for name in (*lists, *also) if name not in kinds()]
    if unknown or not lists:
        raise BadModel(f"lists 与 also 应为已有的名单种类，不是：{'、'.join(unknown)}")
    return Model(
        head["code"],
        head["name"],
        head["covers"],
        lists,
        also,
        head["direction"],
        head["subject"],
        head["category"],
        head["severity"],
        _words(head["topics"]),
        head["period"],
        head["means"],
        head["ask"],
        head["whom"],
        head["false alarms"],
        head["says"],
        "\n".join(body),
        text,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("、") if word.strip())


@functools.cache
def library() -> dict[str, Model]:
    """The models handed out with the program, by code."""
    models = [read(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.sql"))]
    return {model.code: model for model in models}
