"""Draws the sheets of a PDF, for people who look at them and for the check that measures ink."""

import io
import threading

import pypdfium2
from PIL import Image

#: PDFium may be entered by one thread at a time, whatever the document: everybody who draws does so here
_ENTERED = threading.Lock()

#: dots per inch of a picture on a page: 1,000 across an upright sheet
ON_SCREEN = 121


def drawn(data: bytes, number: int, resolution: int) -> Image.Image:
    """Sheet `number` (from 1) in RGB at that many dots per inch. Raises IndexError when the file has none."""
    with _ENTERED:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise IndexError(number) from None
        try:
            if not 1 <= number <= len(document):
                raise IndexError(number)
            return document[number - 1].render(scale=resolution / 72).to_pil().convert("RGB")
        finally:
            document.close()


def picture(data: bytes, number: int) -> bytes:
    """The sheet as PNG for a page of the desk. Raises IndexError when the file has none."""
    held = io.BytesIO()
    drawn(data, number, ON_SCREEN).quantize(64).save(held, "PNG")
    return held.getvalue()
