"""The two papers of a draw as JSON: the commitment, published before, and the reveal, published after.
Holds their fields and their hashes; whether they fit problem and plan is for verify.py to say.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from planners.draw.drawing import MOST_JITTER, Version, digest, public_words
from planners.formats.canonical import canonical_json
from planners.formats.faults import BAD, BadInput, Reading
from planners.formats.fields import Choice, Field, OrNull, Record, Text, Whole

COMMIT_FORMAT = "planners.draw-commit/1"
REVEAL_FORMAT = "planners.draw-reveal/1"
HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Hex:
    """Thirty-two bytes as 64 small hexadecimal digits."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        text = Text(1).read(value, path, reading)
        if text is BAD or HEX.fullmatch(text):
            return text
        return reading.refuse(path, "expected 64 hexadecimal digits in small letters")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}


@dataclass(frozen=True, slots=True)
class PublicValue:
    """Text with at least one letter or digit."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        text = Text(1).read(value, path, reading)
        if text is BAD or public_words(text):
            return text
        return reading.refuse(path, "expected at least one letter or digit")

    def schema(self) -> dict[str, Any]:
        return Text(1).schema()


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is fixed and published before anybody can know the public value.

    `number` counts the commitments on this problem and `reason` says why there is another one. `log_before`
    is the newest hash of the log at that moment: once published, older entries cannot change unseen.
    """

    made: str
    problem_name: str
    problem_sha256: str
    version: Version
    jitter: int
    nonce_sha256: str
    source: str
    number: int
    reason: str | None
    log_before: str

    def sha256(self) -> str:
        """The one value to be published on a notice board; it stands for all the others."""
        return digest("commitment", canonical_json(asdict(self)).encode("utf-8")).hex()

    def to_dict(self) -> dict[str, Any]:
        return {"format": COMMIT_FORMAT, **asdict(self), "commitment": self.sha256()}


@dataclass(frozen=True, slots=True)
class Reveal:
    """What is published after the draw, so that anybody can repeat it. `log_entry` is this draw's hash."""

    commitment: str
    nonce: str
    public: str
    seed: str
    plan_sha256: str
    number: int
    reason: str | None
    log_entry: str

    def to_dict(self) -> dict[str, Any]:
        return {"format": REVEAL_FORMAT, **asdict(self)}


_NUMBER = Field(Whole(1), note="1 for the first on this problem")
_REASON = Field(OrNull(Text(1)), note="why there is another one on the same problem")

COMMIT = Record(
    {
        "format": Field(Choice((COMMIT_FORMAT,))),
        "made": Field(Text(1), note="time in UTC; a claim, only publication proves it"),
        "problem_name": Field(Text()),
        "problem_sha256": Field(Hex(), note="of the canonical JSON of the problem"),
        "version": Field(
            Record({"planner": Field(Text(1)), "source_sha256": Field(Hex()), "ortools": Field(Text(1))})
        ),
        "jitter": Field(Whole(0, MOST_JITTER), note="in km and risk points"),
        "nonce_sha256": Field(Hex()),
        "source": Field(Text(1), note="which public value will count, of which day, written how"),
        "number": _NUMBER,
        "reason": _REASON,
        "log_before": Field(Hex()),
        "commitment": Field(Hex(), note="SHA-256 over the other fields"),
    }
)

REVEAL = Record(
    {
        "format": Field(Choice((REVEAL_FORMAT,))),
        "commitment": Field(Hex()),
        "nonce": Field(Hex()),
        "public": Field(PublicValue()),
        "seed": Field(Hex()),
        "plan_sha256": Field(Hex(), note="of the canonical JSON of the plan"),
        "number": _NUMBER,
        "reason": _REASON,
        "log_entry": Field(Hex()),
    }
)


def read_record(shape: Record, data: object) -> dict[str, Any]:
    """The fields of a JSON value. BadInput with all faults."""
    reading = Reading()
    found: dict[str, Any] = shape.read(data, "", reading)
    if reading.faults:
        raise BadInput(reading.told())
    return found


def parse_commitment(data: object) -> tuple[Commitment, str]:
    """The commitment and the hash that its file states, which may be another than its fields have."""
    found = read_record(COMMIT, data)
    stated: str = found.pop("commitment")
    del found["format"]
    return Commitment(**found | {"version": Version(**found["version"])}), stated


def parse_reveal(data: object) -> Reveal:
    """The reveal in parsed JSON. BadInput with all faults."""
    found = read_record(REVEAL, data)
    del found["format"]
    return Reveal(**found)
