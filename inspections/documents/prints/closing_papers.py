"""整改验收单 and 销号审批表 of one problem: what was promised, reported, seen on site and approved, by whom.

Built from the steps of the register alone; a box that nobody has filled yet is left for the pen.
"""

from collections.abc import Iterable, Mapping

from inspections.followup.models import WAYS, Item, ItemStep
from inspections.followup.rulebook import RATINGS
from inspections.typesetting.letter import PEN, Letter, Status, fields
from inspections.units.models import place_on
from inspections.wording import SHANGHAI, date_words, moment_words, money_words

Rows = list[tuple[str, str]]


def acceptance(item: Item, issuer: str, names: Mapping[str, str]) -> Letter:
    """整改验收单: the plan, the report and the look on site. `names`: the words of the taxonomy by code."""
    plan, report, seen = _last(item, "submit_plan"), _last(item, "report_done"), _rating(item)
    rows = [
        *_head(item, names),
        ("整改措施", plan.said.get("measures", "") if plan else "立行立改，未另报方案"),
        ("整改责任人", plan.said.get("persons", "") if plan else item.responsible),
        ("整改结果", _outcome(item, report)),
        ("报送材料", _proofs(report)),
        ("核验情况", f"{RATINGS[seen.action]}。{seen.text}" if seen else ""),
        ("核验材料", _proofs(seen)),
    ]
    return _letter(item, issuer, "整改验收单", rows, [("核验人", seen), ("整改报告人", report)], bool(seen))


def closing(item: Item, issuer: str, names: Mapping[str, str]) -> Letter:
    """销号审批表: report, review of its material, look on site and the leader's approval, each by another."""
    report, sent, seen = _last(item, "report_done"), _last(item, "assign_check"), _rating(item)
    closed = _last(item, "close") if item.state == "closed" else None
    rows = [
        *_head(item, names),
        ("整改结果", _outcome(item, report)),
        ("材料审核", f"材料齐全，派{sent.said.get('checker', '')}现场核验" if sent else ""),
        ("核验结论", f"{RATINGS[seen.action]}。{seen.text}" if seen else ""),
        ("审批意见", f"{closed.text or '同意销号'}（{_day(closed)}）" if closed else ""),
    ]
    boxes = [("整改报告人", report), ("材料审核人", sent), ("现场核验人", seen), ("审批人", closed)]
    return _letter(item, issuer, "问题销号审批表", rows, boxes, bool(closed))


def _head(item: Item, names: Mapping[str, str]) -> Rows:
    return [
        ("问题", f"{item.title}（{names.get(item.category, item.category)}）"),
        ("单位", place_on(item.unit, item.served_on)),
        ("责任单位", item.responsible),
        ("交办", f"{item.letter}，{date_words(item.served_on)}"),
        ("整改方式和时限", f"{WAYS[item.way]}，{date_words(item.due)}前"),
    ]


def _letter(
    item: Item,
    issuer: str,
    title: str,
    rows: Rows,
    boxes: Iterable[tuple[str, ItemStep | None]],
    done: bool,
) -> Letter:
    """The form; a draft until its last box is filled. Empty facts stay visible as a dash."""
    signed = [(name, _signature(step)) for name, step in boxes]
    last = item.steps[-1].at.astimezone(SHANGHAI)
    return Letter(
        issuer=issuer,
        code="",
        year=item.served_on.year,
        number=None,
        serial=item.finding.number,
        title=title,
        to=(),
        cc=(),
        date=last.date(),
        body=(fields(*[(name, text or "—") for name, text in rows], *signed),),
        seal_zone=False,
        status=Status.ISSUED if done else Status.DRAFT,
    )


def _outcome(item: Item, report: ItemStep | None) -> str:
    """What was reported, with what was paid back where something was."""
    if report is None:
        return ""
    money = f"清退追缴兑付{money_words(item.recovered)}，{item.households}户。" if item.recovered else ""
    return f"{report.text}{money}"


def _day(step: ItemStep) -> str:
    return date_words(step.at.astimezone(SHANGHAI).date())


def _signature(step: ItemStep | None) -> str:
    return f"{step.actor.name}　{moment_words(step.at)}" if step is not None else PEN


def _proofs(step: ItemStep | None) -> str:
    if step is None or not step.proofs:
        return ""
    return "；".join(f"{proof.name}（{proof.sha256[:8]}）" for proof in step.proofs)


def _last(item: Item, action: str) -> ItemStep | None:
    """The newest step of that name."""
    return next((step for step in reversed(item.steps) if step.action == action), None)


def _rating(item: Item) -> ItemStep | None:
    """The rating of the newest report, None while nobody has looked at it."""
    for step in reversed(item.steps):
        if step.action in RATINGS:
            return step
        if step.action == "report_done":
            return None
    return None
