"""Finds what looks like a person in a sentence: recall first, what is unsure is said to be so.

A dictionary of ordinary words (rjieba) says where a surname is part of a word: 高度, 方案. What it does not
explain is a name until somebody says that it is none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import rjieba

from inspections.naming.names import DOT, HAN, key
from inspections.naming.surnames import surnames
from inspections.naming.variants import RADICALS
from inspections.naming.words import (
    ENDING,
    FOLLOWING,
    GIVEN,
    LEADS,
    NO_GIVEN,
    ORDINARY,
    PLACES,
    RELATIVES,
    ROLES,
)

_HAN = re.compile(f"[{HAN}]")
_ROLE = re.compile(f"(?:{'|'.join(sorted({*ROLES, *RELATIVES}, key=len, reverse=True))})(?:代表|[:：])?")
_PLACE = re.compile(rf"(?:{'|'.join(PLACES)})(?!会计|干部|民|医|支书|主任|委(?!会)|集体|里|级)")
_ENUMERATION = re.compile("、|和|与|及|以及|，")
_QUOTED = re.compile("《[^》]*》|〔[^〕]*〕")
_DOTS = re.compile("[·•‧∙⋅・･．.●]")
_FIRM = re.compile(
    r"$|[\s，。；、：！？（）()“”《》【】,;:]|\d|反映|表示|承认|陈述|证实|等|共计|夫妇|同志|代领|领取|签字|经手"
)
#: 老王头, 小李, 王大爷, 张婶: how a village calls its people
_FAMILIAR = re.compile(
    rf"[老小](?P<first>[{HAN}])[头汉]?(?=[，。；：、（(\s]|$|反映|举报|来访|来电|投诉|家|称|说)|"
    rf"(?P<last>[{HAN}])(?:大爷|大娘|大妈|大叔|大婶|大伯|老汉|老太太?|奶奶|爷爷|婶子?|师傅|嫂)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text (from, to) and the name there, plain; `sure`: no reader need confirm it."""

    start: int
    end: int
    name: str
    sure: bool


def hits(text: str, known: Collection[str] = (), ordinary: Collection[str] = ()) -> list[Hit]:
    """What looks like a person, in the order of the text, no two overlapping.

    `known` are names of people on record, `ordinary` words that name no person (units, townships).
    """
    found: list[Hit] = []
    for hit in sorted(_Reading(text, known, ordinary).all(), key=lambda hit: (hit.start, -hit.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


class _Reading:
    """One text, flattened: blanks out of Han words, odd forms plain, each letter with its place."""

    def __init__(self, text: str, known: Collection[str], ordinary: Collection[str]) -> None:
        self.places: list[int] = []
        plain: list[str] = []
        for at, sign in enumerate(text):
            flat = unicodedata.normalize("NFKC", sign.translate(RADICALS)).translate(RADICALS)
            flat = flat if len(flat) == 1 else sign
            if (flat.isspace() and flat != "\n") or flat in "\u200b\u200c\u200d\ufeff\u2060":
                before = plain[-1] if plain else ""
                after = text[at + 1 :].lstrip(" \u3000\xa0\t\u200b")[:1]
                after = unicodedata.normalize("NFKC", after) or " "
                if (
                    before
                    and (_HAN.match(before) or before == DOT)
                    and (_HAN.match(after) or _DOTS.match(after))
                ):
                    continue
            if _DOTS.fullmatch(flat) and plain and _HAN.match(plain[-1]):
                flat = DOT
            plain.append(flat)
            self.places.append(at)
        self.text = "".join(plain)
        self.places.append(len(text))
        self.known = {key(name) for name in known if len(key(name)) > 1}
        self.closed = self._closed(ordinary)
        self.tokens = rjieba.tokenize(self.text, hmm=False)
        self.token_at = {start: word for word, start, _ in self.tokens}
        self.within: dict[int, tuple[int, str]] = {}
        for word, start, end in self.tokens:
            for at in range(start, end):
                self.within[at] = (start, word)
        roles = list(self._roles())
        self.after_role = {match.end() for match in roles}
        self.in_role = {
            at for match in roles for at in range(match.start() + 1, match.end())
        } - self.after_role

    def _roles(self) -> Iterator[re.Match[str]]:
        for at in range(len(self.text)):
            match = _ROLE.match(self.text, at)
            if match:
                yield match

    def _closed(self, ordinary: Collection[str]) -> set[int]:
        """The places that no name may begin in: titles of laws, names of units."""
        closed = {at for match in _QUOTED.finditer(self.text) for at in range(*match.span())}
        for word in (*ORDINARY, *ordinary):
            start = self.text.find(word) if len(word) > 1 else -1
            while start >= 0:
                closed.update(range(start, start + len(word)))
                start = self.text.find(word, start + 1)
        return closed

    def all(self) -> Iterator[Hit]:
        """Every candidate, overlapping ones too."""
        yield from self._dotted()
        yield from self._on_record()
        yield from self._familiar()
        behind: set[int] = set()
        at, last = 0, -1
        while at < len(self.text):
            hit = (
                None
                if at in self.closed or at in self.in_role
                else self._person(at, self._led(at) or at in behind)
            )
            if hit is None:
                at += 1
                continue
            start, end, sure = hit
            if start == last and self.text[start] in surnames().ordinary and start not in self.after_role:
                at += 1  # 王大明曾三次: right behind a name stands what is said of it
                continue
            yield self._hit(start, end, sure)
            at = last = end
            more = _ENUMERATION.match(self.text, at)
            if more and sure:
                behind.add(more.end())

    def _hit(self, start: int, end: int, sure: bool) -> Hit:
        last = self.places[end - 1] + 1
        return Hit(self.places[start], last, self.text[start:end], sure)

    def _led(self, at: int) -> bool:
        return at in self.after_role

    def _on_record(self) -> Iterator[Hit]:
        for name in self.known:
            start = self.text.find(name)
            while start >= 0:
                word = rjieba.has_word(name) and not _is_name(name)
                yield self._hit(start, start + len(name), not word)
                start = self.text.find(name, start + 1)

    def _dotted(self) -> Iterator[Hit]:
        """阿依古丽·买买提: to both sides of the dot as far as the letters are no ordinary words."""
        for dot in (at for at, sign in enumerate(self.text) if sign == DOT and 0 < at < len(self.text) - 1):
            if not _HAN.match(self.text[dot + 1]) or not _HAN.match(self.text[dot - 1]):
                continue
            start = dot
            while start > 0 and dot - start < 8:
                begin, word = self.within[start - 1]
                if start in self.after_role or (start < dot and not self._foreign(word)):
                    break
                start = begin
            end = dot + 1
            while end < len(self.text) and end - dot < 9:
                word = self.token_at.get(end, self.text[end])
                if word == DOT:
                    end += 1
                elif end == dot + 1 or self.text[end - 1] == DOT or self._foreign(word):
                    end += len(word)
                else:
                    break
            yield self._hit(start, end, True)

    def _familiar(self) -> Iterator[Hit]:
        for match in _FAMILIAR.finditer(self.text):
            surname = match["first"] or match["last"]
            if surname in surnames().single and match.start() not in self.closed:
                yield self._hit(*match.span(), surname not in surnames().ordinary)

    def _foreign(self, word: str) -> bool:
        """Whether the word can be a piece of an ethnic name: a letter that ends none, or a name."""
        if not all(_HAN.match(sign) for sign in word):
            return False
        if len(word) == 1:
            return word not in ENDING and word not in LEADS
        return word in surnames().compound or _is_name(word)

    def _person(self, at: int, led: bool) -> tuple[int, int, bool] | None:
        """(from, to, sure) of a name that begins here, or None."""
        known = surnames()
        surname = self._surname(at)
        if not surname:
            return self._unknown(at) if led else None
        begin, word = self.within[at]
        if begin < at and not led and not self._torn(at, begin, word):
            return None
        end = self._end(at, surname, led)
        end = next((place for place in range(at, end or at) if place in self.closed), end)
        if end is None or end <= at + len(surname):
            return None
        given = self.text[at + len(surname) : end]
        firm = _FIRM.match(self.text, end) is not None
        likely = all(sign in GIVEN for sign in given)
        strong = len(surname) > 1 or surname not in known.ordinary
        loose = all(len(self.token_at.get(at + n, "  ")) == 1 for n in range(1, end - at))
        if not led and not strong and not likely and not (loose and len(given) > 1):
            return None
        if not led and (self._place(at, surname, end) or self._measure(at)):
            return None
        if not led and surname in LEADS | {"代", "付"} and self._surname(at + 1):
            # 由王大明 is 王大明; 向贵大军 may be either, and is masked as a whole
            if surname not in "向和付代应经从同" or self._surname(at + 1) not in known.ordinary:
                return None
            other = self._end(at + 1, self._surname(at + 1), led=False)
            return at, max(end, other or end), False
        return at, end, begin == at and (led or strong) and (firm or likely)

    def _surname(self, at: int) -> str:
        """The longest surname that begins here; empty where none does."""
        known = surnames()
        for length in (4, 3, 2):
            if self.text[at : at + length] in known.compound - known.ethnic:
                return self.text[at : at + length]
        sign = self.text[at : at + 1]
        return sign if sign in known.single else ""

    def _measure(self, at: int) -> bool:
        """3张发票: a letter behind a number counts things."""
        return at > 0 and (self.text[at - 1].isdigit() or self.text[at - 1] in "几每两各第")

    def _torn(self, at: int, begin: int, word: str) -> bool:
        """由|于小芳 read as 由于: the word before the name took its surname, single letters are left over."""
        if len(word) != 2 or at != begin + 1 or word[0] not in LEADS | ENDING:
            return False
        rest = self.token_at.get(at + 1, "")
        return 1 <= len(rest) <= 2 and all(sign in GIVEN for sign in rest)

    def _end(self, at: int, surname: str, led: bool) -> int | None:
        """Where the name ends, or None where the dictionary says that this is no name."""
        begin, word = self.within[at]
        given = at + len(surname)
        if begin == at and len(word) > len(surname):
            return self._end_of_word(at, surname, word, led)
        first = self._letter(given)
        if not first or first in NO_GIVEN:
            return None
        following = self.token_at.get(given, first)
        if len(following) >= 2 and not led and following in FOLLOWING:
            return None
        if len(following) == 2:
            if following in FOLLOWING:
                return None
            if following[1] in ENDING and following[1] not in GIVEN:  # 严|勇于 is 严勇 and 于
                return given + 1
            return given + 2
        if len(following) > 2:
            return given + 2 if led or all(sign in GIVEN for sign in following[:2]) else None
        if first in ENDING and not led:
            second = self._letter(given + 1)
            if not (first in GIVEN and second in GIVEN):
                return None
        second = self._letter(given + 1)
        if not second or second in NO_GIVEN:
            return given + 1
        if len(self.token_at.get(given + 1, second)) > 1:  # 金|明代办: the dictionary may have torn the name
            return given + 2 if second in GIVEN and (led or self._resumes(given + 2)) else given + 1
        if second in ENDING and not (
            second in GIVEN and (second == "才" or _FIRM.match(self.text, given + 2))
        ):
            return given + 1
        return given + 2

    def _resumes(self, at: int) -> bool:
        """Whether the sentence goes on well from here: with a word, or a letter that stands alone."""
        rest = rjieba.cut(self.text[at : at + 6], hmm=False)
        return not rest or len(rest[0]) > 1 or not _HAN.match(rest[0]) or rest[0] in ENDING | LEADS | {"代"}

    def _end_of_word(self, at: int, surname: str, word: str, led: bool) -> int | None:
        """A word of the dictionary begins with the surname: 王大明 is a name, 高度 none, 高兴|明 perhaps."""
        end = at + len(word)
        if _is_name(word):
            more = self._letter(end) if len(self.token_at.get(end, "  ")) == 1 else ""
            ends = more in ENDING and not (
                more in GIVEN and (more == "才" or _FIRM.match(self.text, end + 1))
            )
            return (
                end + 1
                if len(word) == len(surname) + 1 and more and not ends and more not in NO_GIVEN
                else end
            )
        if len(word) == len(surname) + 1:
            more = self._letter(end)
            alone = bool(more) and len(self.token_at.get(end, "  ")) == 1
            if alone and more not in NO_GIVEN and (more not in ENDING or (led and more in GIVEN)):
                return end + 1 if led or (word[-1] in GIVEN and more in GIVEN) else None
            return end if led and _FIRM.match(self.text, end) and word[-1] in GIVEN else None
        if len(word) == len(surname) + 2 and led and all(sign in GIVEN for sign in word[len(surname) :]):
            return end
        return None

    def _unknown(self, at: int) -> tuple[int, int, bool] | None:
        """Letters behind a role that no word explains: a name whose surname the list lacks."""
        following = self.token_at.get(at + 1, "")
        if _is_rare(self._letter(at)) and len(following) == 2 and all(map(_HAN.match, following)):
            return at, at + 3, False
        end = at
        while end < len(self.text) and end - at < 3:
            sign = self._letter(end)
            if not sign or len(self.token_at.get(end, "  ")) != 1 or sign in ENDING | NO_GIVEN:
                break
            end += 1
        return (at, end, False) if end - at >= 2 else None

    def _place(self, at: int, surname: str, end: int) -> bool:
        """李家湾, 王庄村: a place, no person."""
        rest = self.text[at + len(surname) : end + 2]
        return bool(_PLACE.match(self.text, end)) or (rest[:1] == "家" and bool(_PLACE.match(rest, 1)))

    def _letter(self, at: int) -> str:
        sign = self.text[at : at + 1]
        return sign if sign and _HAN.match(sign) else ""


def _is_rare(sign: str) -> bool:
    """Whether the letter is none of the 3,755 common ones: behind a role it begins a name."""
    try:
        return bool(sign) and sign.encode("gb2312")[0] >= 0xD8
    except UnicodeEncodeError:
        return True


def _is_name(word: str) -> bool:
    """Whether the dictionary has the word as a name of a person."""
    tags = rjieba.tag(word, hmm=False)
    return len(tags) == 1 and tags[0][1].startswith("nr")
