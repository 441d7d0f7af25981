"""Hands a paper that is printed when it is asked for to a browser, which is told to keep no copy of it."""

import io
from typing import Any

from flask import send_file

from inspections.typesetting.paper import Printout
from inspections.typesetting.render import render_pdf


def printed(paper: Printout, name: str) -> Any:
    """The answer with the PDF under that file name. Raises PaperError as `render_pdf` does."""
    answer = send_file(io.BytesIO(render_pdf(paper).data), "application/pdf", download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
