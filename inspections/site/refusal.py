"""What business functions raise when something cannot be done: one sentence for the person who asked.

A refusal is expected and changes nothing; a fault in the program is an ordinary exception.
"""


class Refusal(Exception):
    """The act is refused; the text is a whole Chinese sentence that names the place and what was expected."""


class Conflict(Refusal):
    """Somebody else changed the record first. `changes` says what, one line each."""

    def __init__(self, sentence: str, changes: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.changes = changes or []
