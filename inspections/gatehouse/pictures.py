"""Opens a photograph: looks how large it is before it is decoded, sets it upright, encodes it anew.

What comes out holds no position, no name of a phone and nothing hidden behind the picture.
"""

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from . import MOST_PIXELS, Reason, Turned

LONGEST_SIDE = 4096
SMALL_SIDE = 480
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class Upright:
    """The picture encoded anew and a small JPEG of it."""

    data: bytes
    small: bytes
    media_type: str
    width: int
    height: int


def read(data: bytes) -> Upright:
    """The picture in these bytes. Raises Turned."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Turned(Reason.HEIC)
    # decided by the limits below, before anything is decoded
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
    try:
        opened = Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES))
    except Image.DecompressionBombError:
        raise Turned(Reason.TOO_MANY_PIXELS) from None
    except _FAULTS:
        raise Turned(Reason.NO_PICTURE) from None
    kind = opened.format or "JPEG"
    if opened.width * opened.height > MOST_PIXELS[kind]:
        raise Turned(Reason.TOO_MANY_PIXELS)
    try:
        return _upright(opened, kind)
    except Image.DecompressionBombError:
        raise Turned(Reason.TOO_MANY_PIXELS) from None
    except _FAULTS:
        raise Turned(Reason.BROKEN_PICTURE) from None


def _upright(opened: Image.Image, kind: str) -> Upright:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG far too large is decoded smaller
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if kind == "JPEG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    profile = upright.info.get("icc_profile")
    upright.info.clear()  # position, comments, XMP: all of it would be written out again
    small = upright.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    lossy = {} if kind == "PNG" else {"quality": 90}
    return Upright(
        data=_encoded(upright, kind, icc_profile=profile, **lossy),
        small=_encoded(_on_white(small), "JPEG", quality=80, icc_profile=profile),
        media_type=MEDIA_TYPES[kind],
        width=upright.width,
        height=upright.height,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparency, which a JPEG cannot hold."""
    if picture.mode in ("RGB", "L"):
        return picture
    opaque = Image.new("RGB", picture.size, "white")
    layered = picture.convert("RGBA")
    opaque.paste(layered, mask=layered.getchannel("A"))
    return opaque


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **{key: value for key, value in options.items() if value is not None})
    return out.getvalue()
