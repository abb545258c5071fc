"""Pictures as a model takes them: looked at by their bytes, shrunk where they exceed its limits."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# Bytes that are at most 5 MiB in base64, which is what the API and the clouds that resell it
# measure (platform.claude.com: vision), and the longest edge of a picture in pixels.
MOST_BYTES = 5 * 1024 * 1024 * 3 // 4
MOST_EDGE = 8_000
# A model sees no more than this of an edge, so shrinking to it loses nothing.
SEEN_EDGE = 1_568


class NotAnImage(ValueError):
    """The bytes are no PNG, JPEG, GIF or WebP, or a broken one."""


def claims_image(name: str, media_type: str) -> bool:
    """Whether a file is called a picture of a kind that a model takes."""
    return media_type in MEDIA_TYPES.values() or name.lower().endswith(NAMES)


def prepare_image(data: bytes) -> tuple[str, bytes]:
    """The media type and the bytes of a picture within the limits, whatever its name says.

    Blocks: decoding takes a tenth of a second for a photograph.

    Raises:
        NotAPicture: by its bytes it is none.
    """
    try:
        picture = Image.open(BytesIO(data), formats=list(MEDIA_TYPES))
        media_type = MEDIA_TYPES[str(picture.format)]
        picture.load()
        if len(data) > MOST_BYTES or max(picture.size) > MOST_EDGE:
            return "image/jpeg", _shrunk(picture)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise NotAnImage(str(error)) from None
    return media_type, data


def _shrunk(picture: Image.Image) -> bytes:
    # A telephone writes its pictures lying on their side and notes which way is up.
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((SEEN_EDGE, SEEN_EDGE))
    file = BytesIO()
    upright.save(file, "JPEG", quality=85)
    return file.getvalue()
