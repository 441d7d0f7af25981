"""Yes and no, as people tick and write them."""

from collections.abc import Mapping
from typing import Any

from inspections.reading.typed import EntryFault, narrow, quoted

_YES = "是|硬|硬性|对|有|Y|YES|TRUE|T|1|√|✓|✔|☑|已|已培训|已参加|参加|已完成|合格|应|需要|属实|同意"
_NO = (
    "否|软|软性|不|不是|无|没有|没|N|NO|FALSE|F|0|×|✗|✘|X|☐|□|未|未培训|未参加|未完成|不合格|不应|不需要|"
    "不属实|不同意"
)
YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(_YES.split("|"), True),
    **dict.fromkeys(_NO.split("|"), False),
}


def yes_no(value: Any) -> bool:
    """True or False. Raises EntryFault."""
    found = YES_NO.get(narrow(value).upper())
    if found is None:
        raise EntryFault(f"{quoted(value)}不符，应为 是 或 否")
    return found
