"""Repeats a whole draw from its published papers and says part by part what agrees and what does not.
Trusts nothing that a paper says of itself; whether it was published in time only the public can know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planners.draw.drawing import drawn_plan, nonce_sha256, public_words, running_version, seed_of
from planners.draw.files import Commitment, Reveal
from planners.draw.log import Entry, Log
from planners.formats.canonical import canonical_sha256
from planners.formats.faults import BadInput
from planners.formats.parse import dump_plan
from planners.problem import Problem

#: What of a plan follows from the seed; only `seconds` does not.
REPEATED = {
    "problem_sha256": "所属问题",
    "seed": "种子",
    "version": "程序版本",
    "teams": "分组",
    "shortages": "缺口",
    "objective": "目标值",
    "bound": "下界",
    "gap": "差距",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of a draw: `fault` says in Chinese what does not agree, None when it does.

    `tried` is False where the part could not be looked at because an earlier one failed.
    """

    part: str
    fault: str | None
    tried: bool = True

    def __str__(self) -> str:
        if not self.tried:
            return f"未验  {self.part}：{self.fault}"
        return f"不符  {self.part}：{self.fault}" if self.fault else f"相符  {self.part}"


def verify(
    problem: Problem,
    commitment: Commitment,
    stated: str,
    reveal: Reveal,
    plan: dict[str, Any],
    log: Log | None,
) -> list[Finding]:
    """Every part of the draw in order. `stated` is the hash on the commitment; `plan` is the plan's JSON.

    The draw is proven when no finding has a fault. Takes as long as making the plan.
    """
    nonce = bytes.fromhex(reveal.nonce)
    seed = seed_of(problem.sha256, commitment.version, commitment.jitter, nonce, reveal.public)
    findings = [
        _equal("承诺书", commitment.sha256(), stated, "内容与所载承诺值不一致"),
        _equal("问题文件", problem.sha256, commitment.problem_sha256, "不是承诺时的问题文件"),
        _version(commitment),
        _equal("秘密数", nonce_sha256(nonce), commitment.nonce_sha256, "不是承诺时的秘密数"),
        _equal("揭示书", reveal.commitment, stated, "属于另一份承诺书"),
        _equal("种子", seed.hex(), reveal.seed, "由公开值、秘密数和问题文件算出的种子与所载不一致"),
        _equal("方案文件", canonical_sha256(plan), reveal.plan_sha256, "与揭示书所载的方案不是同一份"),
    ]
    if any(finding.fault for finding in findings if finding.part != "程序版本"):
        findings.append(Finding("重算方案", "前面各项有不符，重算没有意义", tried=False))
    else:
        findings += _repeated(problem, commitment, seed, plan)
    return findings if log is None else [*findings, *_logged(problem, stated, reveal, log)]


def _equal(part: str, found: str, expected: str, fault: str) -> Finding:
    return Finding(part, None if found == expected else f"{fault}（{found[:16]}…，应为{expected[:16]}…）")


def _version(commitment: Commitment) -> Finding:
    here, then = running_version().to_dict(), commitment.version.to_dict()
    other = [f"{key} {then[key][:16]}，本机为{here[key][:16]}" for key in here if here[key] != then[key]]
    return Finding("程序版本", "；".join(other) if other else None)


def _repeated(problem: Problem, commitment: Commitment, seed: bytes, plan: dict[str, Any]) -> list[Finding]:
    try:
        again = dump_plan(drawn_plan(problem, seed, commitment.jitter))
    except BadInput as bad:
        return [Finding("重算方案", f"问题文件无法求解：{bad}")]
    findings = []
    for key, name in REPEATED.items():
        same = canonical_sha256(again[key]) == canonical_sha256(plan.get(key))
        findings.append(Finding(f"重算{name}", None if same else _difference(key, again[key], plan.get(key))))
    return findings


def _difference(key: str, again: Any, stated: Any) -> str:
    if key == "teams" and isinstance(stated, list):
        rows = {row["id"]: row for row in again}
        other = [row["id"] for row in stated if rows.get(row["id"]) != row]
        missing = sorted(rows.keys() - {row["id"] for row in stated})
        return f"与重算结果不同的组：{'、'.join([*other, *missing][:8]) or '次序不同'}"
    return "与重算结果不同"


def _logged(problem: Problem, stated: str, reveal: Reveal, log: Log) -> list[Finding]:
    """That the log knows the commitment, this draw with its number and reason, and its plan."""
    committed = any((entry.kind, entry.commitment) == ("commit", stated) for entry in log.entries)
    plans = {(entry.commitment, entry.plan_sha256) for entry in log.of_problem(problem, "plan")}
    known = (reveal.commitment, reveal.plan_sha256) in plans
    return [
        Finding("日志中的承诺", None if committed else "日志里没有这份承诺书"),
        Finding("日志中的抽取", _draw_fault(log.of_problem(problem, "draw"), reveal)),
        Finding("日志中的方案", None if known else "日志里没有这份方案"),
    ]


def _draw_fault(draws: list[Entry], reveal: Reveal) -> str | None:
    for number, entry in enumerate(draws, start=1):
        if entry.sha256() == reveal.log_entry:
            if public_words(entry.public or "") != public_words(reveal.public):
                return "日志所载公开值与揭示书不同"
            if (number, entry.reason) != (reveal.number, reveal.reason):
                return f"日志中是第{number}次，理由：{entry.reason or '无'}，与揭示书不同"
            return None
    return "日志里没有这次抽取"
