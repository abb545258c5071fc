"""Pictures as a model takes them: measured before they are decoded, shrunk beyond its limits."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from bot.readers.document import CannotRead
from bot.readers.reader_limits import ReaderLimits

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# Bytes that are at most 5 MiB in base64, which is what the API and the clouds that resell it
# measure (platform.claude.com: vision), and the longest edge of a picture in pixels.
MOST_BYTES = 5 * 1024 * 1024 * 3 // 4
MOST_EDGE = 8_000
# A model sees no more than this of an edge, so shrinking to it loses nothing.
SEEN_EDGE = 1_568
# How pictures begin that a model does not take.
OTHER_KINDS = (b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"8BPS", b"<svg", b"<?xml")
# What a broken picture makes Pillow raise, by where it is broken.
DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError),
    *(OverflowError, ZeroDivisionError, NotImplementedError, struct.error, zlib.error),
    *(UnidentifiedImageError, RuntimeError),
)


@dataclass(frozen=True)
class Picture:
    """A picture within the API's limits."""

    media_type: str
    data: bytes


def read_picture(data: bytes, limits: ReaderLimits) -> Picture:
    """A picture, whatever its name says.

    Raises:
        CannotRead: by its bytes it is none, of another kind, broken, or has too many pixels.
    """
    if _is_other_kind(data):
        raise CannotRead("kind")
    try:
        # Pillow's own measure is off: ours comes before anything is decoded.
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(BytesIO(data), formats=list(MEDIA_TYPES)) as picture:
            return _prepared(picture, data, limits)
    except DAMAGE as error:
        raise CannotRead("damaged", error) from None


def _prepared(picture: Image.Image, data: bytes, limits: ReaderLimits) -> Picture:
    media_type = MEDIA_TYPES[str(picture.format)]
    whole = max(picture.size)
    if whole > MOST_EDGE:
        # A JPEG can be decoded at a fraction of its size; no other kind can.
        picture.draft("RGB", (SEEN_EDGE, SEEN_EDGE))
    if picture.width * picture.height > limits.megapixels * 1_000_000:
        raise CannotRead("large", f"{picture.size} pixels")
    picture.load()
    if len(data) > MOST_BYTES or whole > MOST_EDGE or _is_strange(picture):
        return Picture("image/jpeg", _shrunk(picture))
    return Picture(media_type, data)


def _is_other_kind(data: bytes) -> bool:
    """Whether the bytes begin like HEIC, AVIF, TIFF, BMP or SVG."""
    return data[4:8] == b"ftyp" or data.lstrip().startswith(OTHER_KINDS)


def _is_strange(picture: Image.Image) -> bool:
    """Whether a model may see it otherwise than people do: turned, or in the colours of print."""
    upright = picture.getexif().get(ExifTags.Base.Orientation, 1) in {0, 1}
    return picture.mode in {"CMYK", "YCbCr", "LAB"} or not upright


def _shrunk(picture: Image.Image) -> bytes:
    picture.thumbnail((SEEN_EDGE, SEEN_EDGE))
    # A telephone writes its pictures lying on their side and notes which way is up.
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    file = BytesIO()
    upright.save(file, "JPEG", quality=85)
    return file.getvalue()
