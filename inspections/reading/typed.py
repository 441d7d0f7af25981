"""What somebody typed as text: without what nobody sees, narrow, and as a message repeats it."""

import datetime as dt
import re
import unicodedata
from typing import Any

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ufffe\uffff"
    r"\ud800-\udfff\U000e0100-\U000e01ef]"
)


class EntryFault(ValueError):
    """What was typed cannot be taken; the text says what was found and what is allowed."""


def tidy(value: Any) -> str:
    """The entry as text: no blanks around it, no invisible characters, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e20 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return INVISIBLE.sub("", text).strip()


def narrow(value: Any) -> str:
    """The tidy text with full-width digits, letters and signs made narrow; for codes, numbers and dates.

    A leading apostrophe, which spreadsheets use to mark text, is dropped.
    """
    return unicodedata.normalize("NFKC", tidy(value)).strip().removeprefix("'").strip()


def quoted(value: Any) -> str:
    """“…” around the entry, shortened: how a message repeats what was found."""
    text = tidy(value).replace("\n", " ")
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"
