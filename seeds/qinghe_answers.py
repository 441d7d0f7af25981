"""What the teams of the finished round of 清河县 answered, item by item, on each visit.

The abnormal answers are those of the hand-kept findings; every other answer is an everyday harmless one.
"""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import tables
from roster import lot_of

#: the visit that was cut short, and the share of its items that were reached
SHORT_VISIT, REACHED = "QHV501", 0.7
#: one item in so many could not be checked, and says why
UNCHECKED_ONE_IN = 30
WHY_UNCHECKED = (
    "会计外出培训，凭证柜无法开启，列入回头看",
    "该项目档案已送镇归档，驻点期间未调回",
    "涉及农户外出务工，未能见面",
    "连续降雨，现场无法到达",
)
REMARKS = ("已核对原件", "已现场查看", "与镇台账比对一致", "已走访核实", "复制件附卷")
#: who of the team answers, by the role that the checklist names; members of the villages take turns
SLOTS = {"discipline": "leader", "finance": "finance", "civil": "welfare", "village": "member"}
#: how many of an "all" sample there are in a village, at least and at most
ALL_OF = (3, 12)


def made(folder: Path, catalogue: Path) -> list[dict[str, str]]:
    """The rows of answers.csv, from the teams, visits and findings of `folder` and the village checklist."""
    items = tables.read(catalogue / "village.csv")
    kinds = {row["编号"]: row["类型"] for row in tables.read(folder / "places.csv")}
    found = {(row["单位编号"], row["条目"]): row for row in tables.read(folder / "findings.csv")}
    teams: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in tables.read(folder / "teams.csv"):
        slots = teams.setdefault((row["轮次"], row["小组"]), {})
        slots.setdefault(row["岗位"], []).append(row["人员编号"])
    rows = []
    for visit in tables.read(folder / "visits.csv"):
        unit = visit["单位编号"]
        lot = lot_of(f"答案{unit}")
        asked = [
            item
            for item in items
            if item["applies_to"] in ("both", "community" if kinds[unit] == "社区" else "village")
        ]
        if unit == SHORT_VISIT:
            asked = [item for item in asked if lot.random() < REACHED or (unit, item["code"]) in found]
        clock = working_hours(dt.date.fromisoformat(visit["进点日期"]), lot)
        for number, item in enumerate(asked):
            holders = teams[visit["轮次"], visit["小组"]][SLOTS[item["assignee_role"]]]
            finding = found.get((unit, item["code"]))
            answer = abnormal(finding) if finding else everyday(item, lot)
            rows.append(
                {
                    "轮次": visit["轮次"],
                    "小组": visit["小组"],
                    "单位编号": unit,
                    "条目": item["code"],
                    **answer,
                    "填写人": finding["编制人"] if finding else holders[number % len(holders)],
                    "填写时间": at(finding["发现日期"], lot) if finding else next(clock),
                }
            )
    return rows


def abnormal(finding: dict[str, str]) -> dict[str, str]:
    """The answer at which the finding began."""
    remark = f"见底稿{finding['编号']}"
    return {**{name: finding[name] for name in ("结果", "抽查数", "异常数")}, "说明": remark}


def everyday(item: dict[str, str], lot: random.Random) -> dict[str, str]:
    """An answer that does not trigger, of the item's own type; now and then the item was not checked."""
    if not lot.randrange(UNCHECKED_ONE_IN):
        return {"未查原因": lot.choice(WHY_UNCHECKED)}
    remark = "" if lot.randrange(8) else lot.choice(REMARKS)
    kind, expression = item["answer_type"], item["trigger_expr"]
    if kind == "sample":
        asked = item["sample_min"]
        checked = lot.randint(*ALL_OF) if asked == "all" else int(asked) + lot.choice((0, 0, 0, 1, 2))
        odd = lot.randint(0, checked // 3) if expression.startswith("ratio_gt") else 0
        return {"抽查数": str(checked), "异常数": str(odd), "说明": remark}
    if kind == "yes_no_na" and not lot.randrange(2):
        return {"结果": "不适用", "说明": "近三年无此类事项"}
    if kind in ("yes_no", "yes_no_na"):
        return {"结果": "否" if expression == "eq:yes" else "是", "说明": remark}
    comparison, limit = expression.split(":")
    if kind == "ratio":
        return {"结果": f"{lot.uniform(0, float(limit) * 0.8):.3f}", "说明": remark}
    if comparison == "lt":
        return {"结果": str(int(limit) + lot.randint(0, 2)), "说明": remark}
    return {"结果": str(lot.randint(0, int(limit) * 3 // 4)), "说明": remark}


def working_hours(first: dt.date, lot: random.Random) -> Iterator[str]:
    """Moments one after another from the first morning on; five days hold some 120 answers."""
    moment = dt.datetime.combine(first, dt.time(9, 5))
    while True:
        yield f"{moment:%Y-%m-%d %H:%M}"
        moment += dt.timedelta(minutes=lot.randint(6, 19))
        if moment.hour >= 17:
            moment = dt.datetime.combine(moment.date() + dt.timedelta(1), dt.time(9, lot.randint(0, 20)))


def at(day: str, lot: random.Random) -> str:
    """A moment of the working hours of `day`."""
    return f"{day} {lot.choice((9, 10, 11, 14, 15, 16)):02}:{lot.randrange(60):02}"
