"""Finds numbers of persons (identity cards, bank cards) in what somebody typed, so that none is stored.

It looks at text only and knows no record; names are not its business.
"""

import re
import unicodedata

SENTENCE = "不得录入身份证号、银行卡号，请删去后再保存。"

#: whole runs of digits only: the 20 digits of an electronic invoice are not a card number
_NUMBERS = re.compile(
    r"""(?<!\d)(?:
        \d{17}[\dX]                                 # identity card, 18 characters
      | \d{6}[ -]\d{8}[ -]\d{3}[\dX]                # the same, spaced
      | [1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}  # the old one, 15 digits with a birthday
      | \d{16,19}                                   # bank card
      | \d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?      # the same in groups of four
    )(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)


def holds_personal_number(text: str) -> bool:
    """Whether the text holds an identity card or bank card number; full-width digits count too."""
    return _NUMBERS.search(unicodedata.normalize("NFKC", text)) is not None
