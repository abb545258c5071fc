"""Images as the API takes and weighs them, and as the stand-in "reads" them.

The stand-in sees nothing. It takes the words that a PNG carries beside its pixels (text chunks, as
`emulator.drawing` writes them) for the words a model would read on it; any other picture is mute.
"""

import base64
import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from emulator.claude.errors import Json, invalid

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
LONGEST = 5 * 1024 * 1024
"""Bytes of base64, which is what is measured; Bedrock and Google Cloud still hold to 5 MiB."""

EDGE, EDGE_OF_MANY, MANY = 8_000, 2_000, 20
MOST = 100
SEEN_EDGE, SEEN_TOKENS = 1_568, 1_600
"""A larger picture is scaled down before the model sees it."""


@dataclass(frozen=True)
class Picture:
    """What is known of an image: pixels, and the words it carries."""

    width: int
    height: int
    text: str

    @property
    def tokens(self) -> int:
        """Width times height by 750, after scaling down."""
        scale = min(1.0, SEEN_EDGE / max(self.width, self.height))
        seen = math.ceil(self.width * scale * self.height * scale / 750)
        return min(seen, SEEN_TOKENS)


def check_pictures(found: Sequence[tuple[Json, str]]) -> None:
    """Rejects what the API rejects of a request's images, each given with its path.

    Raises:
        Refused: 400 for too many, a wrong type, bytes that are none, or one that is too large.
    """
    if len(found) > MOST:
        raise invalid(f"messages: at most {MOST} images are permitted, found {len(found)}")
    edge = EDGE_OF_MANY if len(found) > MANY else EDGE
    for block, where in found:
        picture = look(_data(block, where), _media_type(block, where), f"{where}.image.source")
        if max(picture.width, picture.height) > edge:
            raise invalid(
                f"{where}.image.source.base64.data: At least one of the image dimensions exceed"
                f" max allowed size: {edge} pixels"
            )


def picture(block: Json) -> Picture:
    """The picture of a block that was checked."""
    source = block["source"]
    return look(source["data"], source["media_type"], "")


@lru_cache(maxsize=32)
def look(data: str, media_type: str, where: str) -> Picture:
    """The picture in base64 `data`; raises Refused when it is none of that type."""
    try:
        raw = base64.b64decode(data, validate=True)
    except ValueError:
        raise invalid(f"{where}.base64: invalid base64 data") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(raw), formats=[*FORMATS.values()])
            opened.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise invalid("Could not process image") from None
    if opened.format != FORMATS[media_type]:
        is_really = next(name for name, known in FORMATS.items() if known == opened.format)
        raise invalid(
            f"{where}.base64: The image was specified using the {media_type} media type, but the"
            f" image appears to be a {is_really} image"
        )
    said = getattr(opened, "text", {})
    return Picture(opened.width, opened.height, "\n".join(map(str, said.values())))


def _data(block: Json, where: str) -> str:
    source = block.get("source")
    if not isinstance(source, dict) or source.get("type") != "base64":
        raise invalid(f"{where}.image.source.type: the stand-in takes 'base64'")
    data = source.get("data")
    if not isinstance(data, str) or not data:
        raise invalid(f"{where}.image.source.base64.data: Field required")
    if len(data) > LONGEST:
        raise invalid(
            f"{where}.image.source.base64: image exceeds 5 MB maximum: {len(data)} bytes >"
            f" {LONGEST} bytes"
        )
    return data


def _media_type(block: Json, where: str) -> str:
    media_type = block["source"].get("media_type")
    if media_type not in FORMATS:
        allowed = ", ".join(f"'{name}'" for name in FORMATS)
        raise invalid(f"{where}.image.source.base64.media_type: Input should be {allowed}")
    return str(media_type)
