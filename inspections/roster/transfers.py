"""Whether a row of the people's sheet is somebody on record who moved, the same put right, or another person.

A row that names an office other than the one on record is never taken for a correction without being asked:
a post that was held bars, and a second entry of one person bars nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inspections.naming.names import key
from inspections.roster.faults import Fault, Told
from inspections.roster.row import Answer, Became, Row

Stored = Mapping[Any, Mapping[str, Any]]


@dataclass(frozen=True)
class Question:
    """A row whose person is on record elsewhere. `alike` are (code, office's code) of whom it may be.

    `coded`: the row names the person by code, so that only the office is in question.
    """

    place: str
    name: str
    office: str
    alike: tuple[tuple[str, str], ...]
    coded: bool
    answer: Answer | None


class Transfers:
    """The questions of one file, and what was answered."""

    def __init__(self, stored: Stored, answers: Mapping[str, Answer]) -> None:
        self._stored = {values["code"]: values for values in stored.values()}
        self._answers = answers
        self.questions: list[Question] = []
        self.told: list[Told] = []

    def ask(self, rows: Iterable[Row], office_of: Callable[[Row], tuple[str, str]], made: set[int]) -> None:
        """Nothing; fills `questions` and gives rows that mean somebody on record that person's code.

        `office_of` says code and name of a row's office; `made` are the rows (by id) without a code.
        """
        named = [row for row in rows if row.values.get("name") and row.values.get("code")]
        claimed = {row.values["code"] for row in named} & self._stored.keys()
        for row in named:
            code, (office, called) = row.values["code"], office_of(row)
            known = self._stored.get(code)
            if known is not None:
                self._returned(row, known)
                if office and office != known["office"]:
                    self._question(row, called, ((code, known["office"]),), True)
                continue
            alike = [one for one in self._alike(row) if one["code"] not in claimed]
            if id(row) not in made:
                self._beside(row, alike)
                continue
            self._left(row, [one for one in alike if one.get("gone")])
            present = tuple((one["code"], one["office"]) for one in alike if not one.get("gone"))
            if present:
                self._question(row, called, present, False)

    def _alike(self, row: Row) -> list[Mapping[str, Any]]:
        said = key(row.values["name"])
        return [values for values in self._stored.values() if key(values["name"]) == said]

    def _question(self, row: Row, office: str, alike: tuple[tuple[str, str], ...], coded: bool) -> None:
        answer = self._answers.get(row.place)
        if answer is not None and answer.who and answer.who not in {code for code, _ in alike}:
            answer = None
        self.questions.append(Question(row.place, row.values["name"], office, alike, coded, answer))
        if answer is not None and answer.became is not Became.ANOTHER:
            row.values["code"] = answer.who
            row.became = answer

    def _returned(self, row: Row, known: Mapping[str, Any]) -> None:
        if known.get("gone"):
            said = f"第 {row.number} 行的{row.values['name']}已离开，导入不算返回；返回的请在其页面登记"
            self.told.append(Told(row.title, said))

    def _left(self, row: Row, gone: list[Mapping[str, Any]]) -> None:
        if gone:
            said = (
                f"第 {row.number} 行的{row.values['name']}与一名已离开的人同名，按另一个人导入；"
                "是同一人的请先在其页面登记返回"
            )
            self.told.append(Told(row.title, said))

    def _beside(self, row: Row, alike: list[Mapping[str, Any]]) -> None:
        if alike:
            said = (
                f"第 {row.number} 行的{row.values['name']}与名册中另一人同名，编号不同，按另一个人导入；"
                "是同一人的导入后可在其页面“并为一条”"
            )
            self.told.append(Told(row.title, said))


def unasked(questions: Iterable[Question], rows: Iterable[Row], today: str) -> list[Fault]:
    """Where nobody can be asked (a command): rows named by code count as moves of today, and bar; a fault for
    each row of which nobody knows who it is."""
    by_place = {row.place: row for row in rows}
    faults = []
    for question in questions:
        if question.answer is not None:
            continue
        if question.coded:
            by_place[question.place].became = Answer(Became.MOVED, question.alike[0][0], today)
        else:
            sentence = (
                f"名册中已有{question.name}，这一行的机构不同：是调动还是另一个人？"
                f"请在“导入与导出名册”页上传并回答，或用“人事变动”表登记"
            )
            faults.append(Fault(question.place, sentence))
    return faults
