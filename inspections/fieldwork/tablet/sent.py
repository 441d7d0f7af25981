"""What a tablet sent, as JSON that can be worked with; anything else is a sentence, never a fault of ours."""

import json
import uuid
from typing import Any

from inspections.site.refusal import Refusal

#: a working paper with its cases is five deep
DEEPEST = 32


def sent_object(body: bytes, expected: str) -> dict[str, Any]:
    """The JSON object in the body of a request. Raises Refusal that says what was `expected`."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict) or not _storable(sent):
        raise Refusal(f"上传的内容应为 {expected} 格式的 JSON。")
    return sent


def named_uuid(said: Any) -> uuid.UUID | None:
    """The random name in that text, or None."""
    try:
        return uuid.UUID(str(said))
    except ValueError:
        return None


def counted(said: Any) -> int | None:
    """The count from 0 that this is, or None."""
    return said if type(said) is int and 0 <= said < 2**31 else None


def named_list(said: Any, most: int) -> list[uuid.UUID] | None:
    """The random names in that list of at most so many; None where it is none."""
    if not isinstance(said, list) or len(said) > most:
        return None
    names = [named_uuid(each) for each in said]
    return [each for each in names if each is not None] if None not in names else None


def _storable(sent: Any) -> bool:
    """Whether every database can keep it: no NaN, no half of a character, not nested without end."""
    level: list[Any] = [sent]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            break
    if level:
        return False
    try:
        json.dumps(sent, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


def _inside(each: Any) -> Any:
    if isinstance(each, dict):
        return each.values()
    return each if isinstance(each, list) else ()
