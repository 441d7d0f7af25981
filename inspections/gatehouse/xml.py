"""Walks through XML without building it: no document type, no entity, no depth or number without end."""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from . import MOST_DEPTH, MOST_ELEMENTS, MOST_TOKEN, Reason, Turned

Starts = Mapping[str, Callable[[Mapping[str, str]], None]]
Ends = Mapping[str, Callable[[], None]]


class Walk:
    """One reader for all parts of a file; elements are counted over all of them."""

    def __init__(self) -> None:
        self.elements = 0

    def through(
        self,
        pieces: Iterable[bytes],
        starts: Starts | None = None,
        ends: Ends | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Nothing; the handlers got the elements of their local name. Raises Turned for no plain XML."""
        parser = expat.ParserCreate()
        begin, finish = starts or {}, ends or {}
        depth = 0

        def entities(*_: object) -> None:
            raise Turned(Reason.ENTITIES)

        def opened(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.elements += 1
            if self.elements > MOST_ELEMENTS:
                raise Turned(Reason.TOO_MANY_CELLS)
            if depth > MOST_DEPTH:
                raise Turned(Reason.UNREADABLE)
            handler = begin.get(name) or begin.get(name.rpartition(":")[2])
            if handler is not None:
                handler(attributes)

        def closed(name: str) -> None:
            nonlocal depth
            depth -= 1
            handler = finish.get(name) or finish.get(name.rpartition(":")[2])
            if handler is not None:
                handler()

        parser.StartDoctypeDeclHandler = entities
        parser.EntityDeclHandler = entities
        parser.StartElementHandler = opened
        parser.EndElementHandler = closed
        if text is not None:
            parser.buffer_text = True
            parser.CharacterDataHandler = text
        try:
            fed = 0
            for piece in pieces:
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > MOST_TOKEN:  # read anew with every piece, for minutes
                    raise Turned(Reason.UNREADABLE)
            parser.Parse(b"", True)
        except (expat.ExpatError, UnicodeError, ValueError, LookupError):
            raise Turned(Reason.UNREADABLE) from None
