"""What may be answered to a question of each type, its one canonical form, and its words in Chinese.

Pure; the forms and the ledger both ask here, so that a page and a tablet accept the same.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from inspections import wording
from inspections.site import privacy

CHOICES = {"yes": "是", "no": "否", "na": "不适用"}
UNSEEN = {"unchecked": "未查", "impossible": "无法查"}
UNITS = {"count": "项（次）", "days": "天", "money": "元", "ratio": "%", "sample": "例"}

MOST = 999_999
#: decimals of yuan and of a share ("0.0512" is 5.12 %)
DECIMALS = {"money": 2, "ratio": 4}
#: 1000 %
MOST_SHARE = Decimal(10)
MOST_YUAN = Decimal("99999999999.99")
LONGEST_NOTE = 2000
LONGEST_CAPTION = 80
LONGEST_DETAIL = 500
LONGEST_CASE = 200
MOST_CASES = 50
LONGEST_REASON = 200


class Unfit(ValueError):
    """The value does not fit the question; the text is a Chinese sentence."""


def canonical(answer_type: str, value: Any, options: Sequence[Mapping[str, str]] = ()) -> Any:
    """The value in the form in which the ledger keeps it; None (answer withdrawn) stays None.

    yes_no, yes_no_na: a word of CHOICES · count, days: int · money: yuan as text, two decimals at most ·
    ratio: a share as text ("0.05" is 5 %) · sample: {"checked", "abnormal", "detail", "cases"?} · choice: a
    code of `options` · date: ISO text · text · any type: {"state": "unchecked"|"impossible", "reason"}.
    Raises Unfit.
    """
    if value is None:
        return None
    if isinstance(value, dict) and "state" in value:
        return _unseen(value)
    if answer_type == "yes_no":
        return _choice(value, ("yes", "no"))
    if answer_type == "yes_no_na":
        return _choice(value, ("yes", "no", "na"))
    if answer_type in ("count", "days"):
        return _whole(value, "数量" if answer_type == "count" else "天数")
    if answer_type == "money":
        return _exact(value, "金额", DECIMALS["money"], MOST_YUAN)
    if answer_type == "ratio":
        return _exact(value, "比例", DECIMALS["ratio"], MOST_SHARE)
    if answer_type == "sample":
        return _sample(value)
    if answer_type == "choice":
        return _option(value, options)
    if answer_type == "date":
        return _date(value)
    if answer_type == "text":
        return text(value, LONGEST_DETAIL, "填写内容") or None
    raise ValueError(f"unknown answer type {answer_type!r}")


def text(value: Any, longest: int, name: str) -> str:
    """The text without space around it. Raises Unfit where it is none, too long or holds a card number."""
    if not isinstance(value, str):
        raise Unfit(f"{name}应为文字。")
    bare = value.strip().replace("\r\n", "\n")
    if len(bare) > longest:
        raise Unfit(f"{name}最多 {longest} 字，现有 {len(bare)} 字。")
    if "\x00" in bare:
        raise Unfit(f"{name}含有不能保存的字符。")
    if privacy.private_number(bare):
        raise Unfit(privacy.SENTENCE)
    return bare


def photo(value: Any) -> dict[str, Any]:
    """What is said about a photograph: {"caption"?, "taken_at"?, "place"?: {"lat", "lon", "accuracy"}}.

    Degrees and metres are numbers, the time is ISO text. Raises Unfit.
    """
    if not isinstance(value, dict) or not set(value) <= {"caption", "taken_at", "place"}:
        raise Unfit("照片说明应含 caption、taken_at、place。")
    said: dict[str, Any] = {"caption": text(value.get("caption") or "", LONGEST_CAPTION, "照片说明")}
    taken, place = value.get("taken_at"), value.get("place")
    if taken is not None:
        try:
            said["taken_at"] = dt.datetime.fromisoformat(str(taken)).isoformat()
        except ValueError:
            raise Unfit("拍摄时间应为日期和时间。") from None
    if place is not None:
        said["place"] = _place(place)
    return said


def photo_id(value: Any) -> str:
    """The id of the photograph in its one form. Raises Unfit."""
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise Unfit("照片编号不正确。") from None


def _place(value: Any) -> dict[str, float]:
    limits = {"lat": (-90, 90), "lon": (-180, 180), "accuracy": (0, 1_000_000)}
    if not isinstance(value, dict) or set(value) != set(limits):
        raise Unfit("位置应含纬度、经度和精度。")
    for name, (least, most) in limits.items():
        number = value[name]
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not least <= number <= most:
            raise Unfit("位置的纬度、经度或精度不正确。")
    return {name: float(value[name]) for name in limits}


def words(answer_type: str, value: Any, options: Sequence[Mapping[str, str]] = ()) -> str:
    """The answer as a page says it: 是, 抽查 20 例，异常 3 例, 1.2万元, 未查：账册未到; empty for None."""
    if value is None:
        return ""
    if isinstance(value, dict) and "state" in value:
        return f"{UNSEEN[value['state']]}：{value['reason']}"
    if answer_type in ("yes_no", "yes_no_na"):
        return CHOICES[value]
    if answer_type == "choice":
        return next((each["name"] for each in options if each["code"] == value), str(value))
    if answer_type == "date":
        return wording.date_words(dt.date.fromisoformat(value))
    if answer_type == "text":
        return str(value)
    if answer_type == "sample":
        return f"抽查 {value['checked']} 例，异常 {value['abnormal']} 例"
    if answer_type == "money":
        return wording.money_words(Decimal(value))
    if answer_type == "ratio":
        return f"{wording.decimal_words(Decimal(value) * 100)}%"
    return f"{value} {UNITS[answer_type]}"


def is_unseen(value: Any) -> bool:
    """Whether the answer says that the matter was not or could not be checked."""
    return isinstance(value, dict) and "state" in value


def _option(value: Any, options: Sequence[Mapping[str, str]]) -> str:
    if not isinstance(value, str) or value not in [each["code"] for each in options]:
        raise Unfit(f"请选择{'、'.join(each['name'] for each in options)}之一。")
    return value


def _date(value: Any) -> str:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Unfit("日期应为年-月-日，例：2026-03-01。") from None


def _choice(value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Unfit(f"请选择{'、'.join(CHOICES[word] for word in allowed)}之一。")
    return value


def _unseen(value: dict[str, Any]) -> dict[str, str]:
    if set(value) != {"state", "reason"} or value["state"] not in (*UNSEEN,):
        raise Unfit("请选择“未查”或“无法查”，并写明原因。")
    reason = text(value["reason"], LONGEST_REASON, "原因")
    if not reason:
        raise Unfit(f"选择“{UNSEEN[value['state']]}”时请写明原因。")
    return {"state": value["state"], "reason": reason}


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise Unfit(f"{name}应为 0 至 {MOST} 的整数。")
    return value


def _exact(value: Any, name: str, decimals: int, most: Decimal) -> str:
    limit = f"{most:f} 元" if name == "金额" else f"{most * 100:f}%"
    fault = Unfit(f"{name}应为不小于 0 的数字，最多 2 位小数，不超过 {limit}。")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise fault
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise fault from None
    if not number.is_finite() or not 0 <= number <= most or number != round(number, decimals):
        raise fault
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".") if number else "0"


def _sample(value: Any) -> dict[str, Any]:
    needed = {"checked", "abnormal"}
    if not isinstance(value, dict) or not needed <= set(value) <= needed | {"detail", "cases"}:
        raise Unfit("请填写抽查数和异常数。")
    checked, abnormal = _whole(value["checked"], "抽查数"), _whole(value["abnormal"], "异常数")
    if abnormal > checked:
        raise Unfit(f"异常数（{abnormal}）不能多于抽查数（{checked}）。")
    cases = _cases(value.get("cases", []))
    if len(cases) > abnormal:
        raise Unfit(f"异常明细 {len(cases)} 条，多于异常数 {abnormal}。")
    detail = text(value.get("detail", ""), LONGEST_DETAIL, "异常明细")
    return {"checked": checked, "abnormal": abnormal, "detail": detail} | ({"cases": cases} if cases else {})


def _cases(value: Any) -> list[dict[str, Any]]:
    """The abnormal cases one by one: {"what", "photos": ids of photographs}."""
    if not isinstance(value, list) or len(value) > MOST_CASES:
        raise Unfit(f"异常明细最多 {MOST_CASES} 条。")
    cases = []
    for each in value:
        if (
            not isinstance(each, dict)
            or set(each) != {"what", "photos"}
            or not isinstance(each["photos"], list)
        ):
            raise Unfit("异常明细每条应有说明和照片。")
        if len(each["photos"]) > MOST_CASES:
            raise Unfit(f"一条异常明细最多 {MOST_CASES} 张照片。")
        what = text(each["what"], LONGEST_CASE, "异常明细")
        cases.append({"what": what, "photos": [photo_id(name) for name in each["photos"]]})
    return cases
