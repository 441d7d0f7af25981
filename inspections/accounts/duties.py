"""What an account does in the county's own house, beside its role: who checks, who signs, who only reads.

A role says which pages open; the duty says whose name stands under a paper. Practice of the counties: the
county committee reads, the commission for discipline signs.
"""

from collections.abc import Mapping

DUTIES: Mapping[str, str] = {
    "": "无",
    "office": "办公室",
    "room": "监督检查室主任",
    "deputy": "纪委分管领导",
    "secretary": "纪委书记（监委主任）",
    "reader": "县委领导（只阅）",
}
#: reads everything that leadership reads and decides nothing
READER = "reader"
#: what an account of the role may do beside; every other role has no duty
OF_ROLE: Mapping[str, tuple[str, ...]] = {
    "planner": ("", "office", "room"),
    "leadership": ("deputy", "secretary", "reader"),
}
#: reading that is not called so
_ALSO_READING = ("assets.", "session.", "recusal.kinds", "paper.batch")


def fitting(role: str, duty: str) -> str:
    """The duty as far as such an account can have it; none where the role has another house or none."""
    return duty if duty in OF_ROLE.get(role, ()) else ""


def unfit(role: str, duty: str) -> str:
    """Why an account of that role cannot have that duty, as a sentence; empty when it can."""
    fit = OF_ROLE.get(role, ("",))
    if duty in fit:
        return ""
    if role == "leadership":
        return f"领导的账号须选择职务：{'、'.join(DUTIES[one] for one in fit)}。"
    return "职务只用于县统筹和领导的账号。"


def is_reading(action: str) -> bool:
    """Whether the action of the table of permissions only reads."""
    return action.endswith(".read") or action.startswith(_ALSO_READING)
