"""A draft on its way out: checked by another than its author (核稿), signed by leadership (签发), numbered.

The number is reserved when the paper is signed, gap-free per series and year; one that is given up stays on
record as void. Printing and handing out are the matter of `issue.py`.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Collection

from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.confirming import same_person
from inspections.accounts.models import User
from inspections.database import now, today, whole
from inspections.documents.course import approval, bases
from inspections.documents.course.issue import rewrite, unchanged
from inspections.documents.models import OF_VISITS, TO_A_BUREAU, UNNUMBERED, NumberSeries, Paper
from inspections.documents.wording import citing
from inspections.documents.wording.build import build_letter, names_in
from inspections.documents.wording.consistency import contradictions
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.facts_json import BadFacts, dump_facts, parse_facts
from inspections.typesetting.fonts import uncovered
from inspections.typesetting.layout import NotReady, is_addressed, lacking, letter_paper
from inspections.typesetting.letter import Letter, texts

#: these say how things stand on the day they are signed
OF_THE_DAY = ("reminder", "bulletin", "round_report")
WRITES = ("paper.draft", "paper.revise", "paper.replace")


def is_author(session: orm.Session, paper: Paper, user: User | None) -> bool:
    """Whether the user drafted the paper or revised it last, and therefore neither checks nor signs it."""
    if user is None:
        return False
    with whole(session):
        writers = [entry.actor_id for entry in journal.history(session, paper.uuid) if entry.act in WRITES]
    wrote = session.scalars(select(User).where(User.id.in_([paper.created_by_id, *writers[-1:]])))
    return any(same_person(user, one) for one in wrote)


def why_not(
    session: orm.Session, paper: Paper, user: User | None, chain: approval.Chain | None = None
) -> str:
    """Why this user may not take the draft's next step, as a sentence; empty when nothing is against it."""
    if user is None or paper.state not in UNNUMBERED:
        return ""
    chain = chain or approval.chain_of(session, paper)
    return approval.why_not(paper, chain, user, is_author(session, paper, user))


def check(session: orm.Session, paper: Paper, seen: int, user: User | None) -> None:
    """Nothing; the draft is checked and waits to be signed. Raises Conflict for an old page, Refusal for the
    own draft and naming each missing fact and all that cannot be printed."""
    unchanged(session, paper, seen)
    if paper.state != "draft":
        raise Refusal("文书不是草稿，不能核稿。")
    if why := why_not(session, paper, user):
        raise Refusal(why)
    bases.require_citable(session, paper)
    _complete(paper, trial(session, paper))
    if undecided := names_in(session, paper).undecided:
        raise Refusal(f"核稿前请逐一确认下列词是否人名：{'、'.join(undecided)}。")
    rewrite(session, paper)
    paper.state, paper.checked_by, paper.checked_at = "checked", user, now()
    session.flush()
    journal.record(session, "paper.check", paper.uuid, user)


def send_back(session: orm.Session, paper: Paper, reason: str, seen: int, user: User | None) -> None:
    """Nothing; the checked paper is a draft again. Raises Conflict for an old page, Refusal without one."""
    unchanged(session, paper, seen)
    if paper.state != "checked":
        raise Refusal("只有已核稿、还没有签发的文书可以退回。")
    if not reason.strip():
        raise Refusal("请写明退回的理由。")
    paper.state, paper.checked_by, paper.checked_at = "draft", None, None
    session.flush()
    journal.record(session, "paper.send_back", paper.uuid, user, reason=reason.strip())


def sign(
    session: orm.Session,
    paper: Paper,
    seen: int,
    user: User | None,
    day: dt.date | None = None,
    confirmed: Collection[str] = (),
) -> None:
    """Nothing; the paper has its number and its date (the day of signing, GB/T 9704-2012, 7.3.5.4).

    Raises Conflict for an old page; Refusal for the own draft, naming each missing fact, and each finding
    that another numbered letter of the kind cites, and when the records say something else by now than what
    was checked. `confirmed` are the unchecked citations that the signer answers for by name (`bases`); one
    that is missing is refused. The number is the next of its series and year, reserved in this transaction:
    it is given back if anything fails.
    """
    if paper.round is not None:
        citing.hold_round(session, paper.round)
    session.expire(paper)  # as it is now that nobody else can move it
    unchanged(session, paper, seen)
    if paper.state != "checked":
        raise Refusal(
            "文书还没有核稿，不能签发。" if paper.state == "draft" else "文书已经签发，不必重复操作。"
        )
    chain = approval.chain_of(session, paper)
    if why := why_not(session, paper, user, chain):
        raise Refusal(why)
    if user is not None and (left := approval.missing(paper, chain)):
        raise Refusal(f"还须{approval.named(left)}会签，不能签发。")
    if paper.kind in OF_VISITS and (twice := citing.cited_elsewhere(session, paper)):
        named = "、".join(f"{finding}（{number}）" for finding, number in twice)
        raise Refusal(f"下列底稿已列入同文种的文书，不能重复交办：{named}。请先退回，从草稿中去掉。")
    if paper.kind not in OF_THE_DAY and dump_facts(build_letter(session, paper)) != paper.facts:
        raise Refusal("核稿以后，底稿、版头或用语有变动。请退回，按新的内容重新核稿。")
    answered = bases.require_confirmed(session, paper, confirmed)
    day = day or today()
    letter = trial(session, paper, day)
    _complete(paper, letter)
    number = next_number(session, letter.code, letter.year)
    paper.facts = dump_facts(build_letter(session, paper, number, day))
    paper.code, paper.year, paper.number = letter.code, letter.year, number
    paper.title, paper.trouble = letter.title, ""
    paper.office = letter.to[0] if paper.kind in TO_A_BUREAU and letter.to else ""
    paper.state, paper.signed_by, paper.signed_at = "signed", user, now()
    session.flush()
    said = {"bases": answered} if answered else {}
    journal.record(session, "paper.sign", paper.uuid, user, number=paper.number, year=paper.year, **said)


def void(session: orm.Session, paper: Paper, reason: str, seen: int, user: User | None) -> None:
    """Nothing; the signed paper never goes out, its number is given up and stays on record with the reason.

    Its findings may be cited anew. Raises Conflict for an old page, Refusal without a reason or once printed.
    """
    unchanged(session, paper, seen)
    if paper.state != "signed":
        raise Refusal("只有已签发、还没有印发的文书可以作废；已印发的，请另行起草替代。")
    if not reason.strip():
        raise Refusal("请写明作废的理由。")
    paper.state, paper.void_reason = "void", reason.strip()
    session.flush()
    journal.record(session, "paper.void", paper.uuid, user, number=paper.number, reason=reason.strip())


def trial(session: orm.Session, paper: Paper, day: dt.date | None = None) -> Letter:
    """The letter as it would be signed on `day` (default: today), to see what it still lacks."""
    return build_letter(session, paper, number=1, day=day or today())


def unfit(kind: str, letter: Letter) -> list[str]:
    """Why the letter could not be printed, in Chinese; a number is given only when there is no reason."""
    try:
        letter_paper(kind, parse_facts(json.dumps(dump_facts(letter)).encode(), is_addressed(kind)))
    except BadFacts as bad:
        return [fault.words for fault in bad.faults]
    except NotReady as refused:
        return refused.reasons
    lost = uncovered("".join(text for _, text in texts(letter)))
    return [f"没有字体可以印出这些字符：{' '.join(lost)}"] if lost else []


def next_number(session: orm.Session, code: str, year: int) -> int:
    """The next number of a series: one after the last, without gaps, each given once."""
    wanted = select(NumberSeries).where(NumberSeries.code == code, NumberSeries.year == year)
    if session.scalar(wanted) is None:
        with contextlib.suppress(exc.IntegrityError), session.begin_nested():
            session.add(NumberSeries(code=code, year=year, last=0))  # unless another letter was faster
    series = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
    series.last += 1
    session.flush()
    return series.last


def require_seen(paper: Paper, page: str) -> None:
    """Nothing; `page` is the SHA-256 of the very pages that the paper has now: what is signed was seen.

    Raises Refusal while the pages are still being made, Conflict when they are others than those shown.
    """
    if paper.file is None or not paper.file_is_current:
        raise Refusal("版面还在生成，请看过最后的版面再签发。")
    if page != paper.file.sha256:
        raise Conflict("版面已有变动，您看到的不是最后的版面，没有签发。", ["请看过现在的版面再签发。"])


def _complete(paper: Paper, letter: Letter) -> None:
    if gaps := lacking(paper.kind, letter):
        raise Refusal(f"还缺少{'、'.join(gaps)}，补齐后才能核稿、签发。")
    if found := contradictions(paper.kind, letter):
        raise Refusal("".join(f"{each.place}：{each.sentence}" for each in found))
    if faults := unfit(paper.kind, letter):
        raise Refusal(f"文书还不能印发：{'；'.join(faults)}。")
