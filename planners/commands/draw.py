"""The commands of the draw: commit, solve, verify and predictability (contracts §2, docs/draw.md).
Holds no protocol and no hash; it reads files, keeps the log, prints and chooses the exit code.

Exit: 0 done or proven · 1 refused, or something does not agree · 2 bad input · 3 drawn, with named shortages.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planners.commands.files import Reading, fail, json_in, secret_in, text_of, write_new, write_whole
from planners.formats.faults import BadInput, Fault

if TYPE_CHECKING:
    from planners.draw.log import Entry

REFUSED, PARTIAL = 1, 3
LOG_NAME = "DRAWS.jsonl"

_LOG_HELP = f"The log of all commitments and draws. Without: {LOG_NAME} beside the problem."
_REASON_HELP = "Why there is another one on the same problem; it is published."


@click.group()
def draw() -> None:
    """Draw a plan that nobody can foresee or quietly repeat: commit, solve, verify."""


@draw.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.option(
    "--source", required=True, help="The public value that will count: which, of which day, written how."
)
@click.option(
    "--jitter", type=click.IntRange(0, 100), default=9, show_default=True, help="In km and risk points."
)
@click.option("--out", "commit_file", default="COMMIT.json", show_default=True, help="To be published.")
@click.option(
    "--nonce", "nonce_file", default="NONCE", show_default=True, help="To be kept secret until the draw."
)
@click.option("--log", "log_file", metavar="DRAWS.jsonl", help=_LOG_HELP)
@click.option("--reason", help=_REASON_HELP)
def commit(
    problem_file: str,
    source: str,
    jitter: int,
    commit_file: str,
    nonce_file: str,
    log_file: str | None,
    reason: str | None,
) -> None:
    """Fix problem, program, jitter and a secret before the public value is known."""
    from planners.draw import log as draw_log
    from planners.draw.drawing import nonce_sha256, running_version
    from planners.draw.files import Commitment
    from planners.formats.parse import read_problem

    reading = Reading()
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    if not source.strip():
        reading.refuse("--source", Fault("", "expected the name of a public source"))
    for file in (commit_file, nonce_file):
        reading.expect_new(file)
    reading.finish()
    log_file = log_file or str(Path(problem_file).with_name(LOG_NAME))
    try:
        with draw_log.opened(log_file) as log:
            earlier = log.of_problem(problem, "commit")
            reason = _refuse_silent_repeat(earlier, reason, "承诺")
            nonce = os.urandom(32)
            commitment = Commitment(
                made=draw_log.now(),
                problem_name=problem.name,
                problem_sha256=problem.sha256,
                version=running_version(),
                jitter=jitter,
                nonce_sha256=nonce_sha256(nonce),
                source=source.strip(),
                number=len(earlier) + 1,
                reason=reason,
                log_before=log.head(),
            )
            log.append("commit", problem, commitment.sha256(), reason=reason)
    except BadInput as bad:
        fail(log_file, bad)
    write_new(nonce_file, nonce.hex() + "\n", 0o600)
    write_new(commit_file, text_of(commitment.to_dict()), 0o644)
    click.echo(f"承诺值 {commitment.sha256()}")
    click.echo(f"第{commitment.number}次承诺。请立即公布{commit_file}，妥善保密{nonce_file}。")


@draw.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.option("--commit", "commit_file", required=True, metavar="COMMIT.json", help="As it was published.")
@click.option("--nonce", "nonce_file", required=True, metavar="NONCE", help="The secret that goes with it.")
@click.option("--public", required=True, metavar="VALUE", help="What the public source has said.")
@click.option("--out", "plan_file", required=True, metavar="PLAN.json", help="Where the plan is written.")
@click.option("--reveal", "reveal_file", metavar="REVEAL.json", help="Without: REVEAL.json beside the plan.")
@click.option("--jitter", type=click.IntRange(0, 100), help="Only to make sure: must be the committed one.")
@click.option("--log", "log_file", metavar="DRAWS.jsonl", help=_LOG_HELP)
@click.option("--reason", help=_REASON_HELP)
def solve(
    problem_file: str,
    commit_file: str,
    nonce_file: str,
    public: str,
    plan_file: str,
    reveal_file: str | None,
    jitter: int | None,
    log_file: str | None,
    reason: str | None,
) -> None:
    """Draw the plan that follows from commitment, nonce and public value. Every draw is logged first."""
    from planners.draw import log as draw_log
    from planners.draw.drawing import drawn_plan, nonce_sha256, public_words, running_version, seed_of
    from planners.draw.files import Reveal, parse_commitment
    from planners.formats.canonical import canonical_sha256
    from planners.formats.parse import dump_plan, read_problem

    reveal_file = reveal_file or str(Path(plan_file).with_name("REVEAL.json"))
    log_file = log_file or str(Path(problem_file).with_name(LOG_NAME))
    reading = Reading()
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    commitment, stated = reading.take(commit_file, lambda: parse_commitment(json_in(commit_file)))
    secret = reading.take(nonce_file, lambda: secret_in(nonce_file))
    if not public_words(public):
        reading.refuse("--public", Fault("", "expected at least one letter or digit"))
    for file in (plan_file, reveal_file):
        reading.expect_writable(file)
    reading.finish()
    nonce = bytes.fromhex(secret)
    if commitment.sha256() != stated:
        reading.refuse(commit_file, Fault("commitment", "expected the SHA-256 of the other fields"))
    if commitment.problem_sha256 != problem.sha256:
        reading.refuse(commit_file, Fault("problem_sha256", f"expected this problem's, {problem.sha256}"))
    here, then = running_version().to_dict(), commitment.version.to_dict()
    for key in (key for key in here if here[key] != then[key]):
        reading.refuse(commit_file, Fault(f"version.{key}", f"expected this program's, {here[key]}"))
    if jitter not in (None, commitment.jitter):
        reading.refuse("--jitter", Fault("", f"expected the committed one, {commitment.jitter}"))
    if nonce_sha256(nonce) != commitment.nonce_sha256:
        reading.refuse(nonce_file, Fault("", "expected the nonce that was committed to"))
    reading.finish()

    try:
        with draw_log.opened(log_file) as log:
            earlier = log.of_problem(problem, "draw")
            reason = _refuse_silent_repeat(earlier, reason, "抽取")
            if all((entry.kind, entry.commitment) != ("commit", stated) for entry in log.entries):
                click.echo(f"注意：{log_file} 里没有这份承诺书，核验时会指出。", err=True)
            # On record before anybody can see the plan: who then stops the program has drawn all the same.
            entry = log.append("draw", problem, stated, public=public, reason=reason)
    except BadInput as bad:
        fail(log_file, bad)
    seed = seed_of(problem.sha256, commitment.version, commitment.jitter, nonce, public)
    try:
        plan = drawn_plan(problem, seed, commitment.jitter)
    except BadInput as bad:
        fail(problem_file, bad)
    data = dump_plan(plan)
    plan_sha256 = canonical_sha256(json.loads(json.dumps(data)))
    try:
        with draw_log.opened(log_file) as log:
            log.append("plan", problem, stated, public=public, plan_sha256=plan_sha256)
    except BadInput as bad:
        fail(log_file, bad)
    number = len(earlier) + 1
    reveal = Reveal(
        stated, nonce.hex(), public, seed.hex(), plan_sha256, number, reason, log_entry=entry.sha256()
    )
    write_whole(plan_file, text_of(data))
    write_whole(reveal_file, text_of(reveal.to_dict()))
    kind = f"合法方案，有{len(plan.shortages)}处缺口" if plan.shortages else "合法完整方案"
    click.echo(f"第{number}次抽取。{kind}，目标总值{plan.objective_total}")
    click.echo(f"请公布{plan_file}、{reveal_file}和{log_file}。")
    sys.exit(PARTIAL if plan.shortages else 0)


@draw.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.argument("commit_file", metavar="COMMIT.json")
@click.argument("reveal_file", metavar="REVEAL.json")
@click.argument("plan_file", metavar="PLAN.json")
@click.option(
    "--log", "log_file", metavar="DRAWS.jsonl", help="Look for this draw in the published log as well."
)
def verify(
    problem_file: str, commit_file: str, reveal_file: str, plan_file: str, log_file: str | None
) -> None:
    """Repeat a draw from its published files. Exit 1: lines of parts that do not agree begin with 不符."""
    from planners.draw.files import parse_commitment, parse_reveal
    from planners.draw.log import read_log
    from planners.draw.verify import verify as findings_of
    from planners.formats.parse import parse_plan, read_problem

    reading = Reading()
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    commitment, stated = reading.take(commit_file, lambda: parse_commitment(json_in(commit_file)))
    reveal = reading.take(reveal_file, lambda: parse_reveal(json_in(reveal_file)))
    plan = reading.take(plan_file, lambda: json_in(plan_file))
    log = reading.take(log_file, lambda: read_log(str(log_file))) if log_file else None
    reading.finish()
    # Only its shape: that it names another problem or strange people is for the findings to say.
    reading.take(plan_file, lambda: parse_plan(plan, problem, previous=True))
    reading.finish()
    findings = findings_of(problem, commitment, stated, reveal, plan, log)
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"承诺值 {stated}，请与当时公布的核对。")
    click.echo(f"公开值 {reveal.public}，请与“{commitment.source}”核对。")
    for name, number, reason in (
        ("承诺", commitment.number, commitment.reason),
        ("抽取", reveal.number, reveal.reason),
    ):
        if number > 1 or reason:
            click.echo(f"第{number}次{name}，理由：{reason or '未写'}")
    wrong = sum(finding.fault is not None and finding.tried for finding in findings)
    click.echo(f"核验不通过：{wrong}处不符。" if wrong else "核验通过：方案可由公布的材料原样重算。")
    sys.exit(REFUSED if wrong else 0)


@draw.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.option("--draws", type=click.IntRange(2, 1000), default=8, show_default=True, help="Of each jitter.")
@click.option(
    "--jitter", "jitters", type=click.IntRange(0, 100), multiple=True, help="May be repeated. Without: 9."
)
def predictability(problem_file: str, draws: int, jitters: tuple[int, ...]) -> None:
    """Print how well round and leader of a unit can be foretold without and with jitter, and the price."""
    from planners.draw.predictability import measure, table
    from planners.formats.parse import read_problem

    reading = Reading()
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    reading.finish()
    rows = []
    for jitter in sorted({0, *(jitters or (9,))}):

        def say(done: int, jitter: int = jitter) -> None:
            click.echo(f"扰动{jitter}：第{done}/{draws}次", err=True)

        try:
            rows.append(measure(problem, jitter, draws, say))
        except BadInput as bad:
            fail(problem_file, bad)
    click.echo(table(rows), nl=False)


def _refuse_silent_repeat(earlier: list[Entry], reason: str | None, what: str) -> str | None:
    """The reason without spaces around it, None for none; ends the program when one is needed and lacking."""
    reason = (reason or "").strip() or None
    if earlier and reason is None:
        last = earlier[-1]
        click.echo(
            f"拒绝：日志第{last.line}行（{last.at}）已有对同一问题的{what}，这将是第{len(earlier) + 1}次；"
            "确需重来，请用 --reason 写明理由，理由将一并公布。",
            err=True,
        )
        sys.exit(REFUSED)
    return reason
