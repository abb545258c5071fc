"""Pictures by their bytes, within what a model takes."""

import io
import os
from base64 import b64encode

import pytest
from PIL import ExifTags, Image

from bot.readers.document import CannotRead
from bot.readers.picture import MOST_BYTES, SEEN_EDGE, Picture, read_picture
from bot.readers.reader_limits import ReaderLimits
from emulator.drawing import screenshot

LIMITS = ReaderLimits()


def drawn(kind: str, size: tuple[int, int] = (40, 30), noise: bool = False) -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    if noise:
        picture = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_passes_as_it_is(kind: str) -> None:
    """With the media type of its bytes."""
    data = drawn(kind)
    assert read_picture(data, LIMITS) == Picture(f"image/{kind.lower()}", data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged"),
        (b"<!DOCTYPE html><html></html>", "damaged"),
        (b"%PDF-1.7", "damaged"),
        (b"\x89PNG\r\n\x1a\n and nothing more", "damaged"),
        (drawn("PNG")[:60], "damaged"),
        (drawn("JPEG", (400, 300), noise=True)[:2_000], "damaged"),
        (drawn("BMP"), "kind"),
        (drawn("TIFF"), "kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "kind"),
        (drawn("PNG", (3_000, 2_000)), "large"),
    ],
)
def test_what_is_none_is_refused(data: bytes, why: str) -> None:
    """A page, a broken file, another kind of picture, too many pixels; whatever its name says."""
    with pytest.raises(CannotRead) as refused:
        read_picture(data, ReaderLimits(megapixels=5))
    assert refused.value.why == why


def test_a_photograph_too_heavy_for_the_api_is_shrunk() -> None:
    """To what a model sees of it anyway; in base64 it stays under 5 MiB."""
    heavy = drawn("PNG", (1_700, 900), noise=True)
    shrunk = read_picture(heavy, LIMITS)

    assert len(heavy) > MOST_BYTES
    assert shrunk.media_type == "image/jpeg"
    assert len(b64encode(shrunk.data)) <= 5 * 1024 * 1024
    assert max(Image.open(io.BytesIO(shrunk.data)).size) == SEEN_EDGE


def test_a_very_long_picture_is_shrunk() -> None:
    """No edge is longer than the API takes."""
    shrunk = read_picture(drawn("PNG", (20, 8_001)), LIMITS)
    assert shrunk.media_type == "image/jpeg"
    assert max(Image.open(io.BytesIO(shrunk.data)).size) == SEEN_EDGE


def test_a_picture_is_turned_as_its_camera_noted_and_printed_colours_become_a_screens() -> None:
    """A model sees what a person sees."""
    lying, file = Image.new("RGB", (40, 30)), io.BytesIO()
    exif = lying.getexif()
    exif[ExifTags.Base.Orientation] = 6
    lying.save(file, "JPEG", exif=exif)
    printed = io.BytesIO()
    Image.new("CMYK", (40, 30)).save(printed, "JPEG")

    assert Image.open(io.BytesIO(read_picture(file.getvalue(), LIMITS).data)).size == (30, 40)
    assert Image.open(io.BytesIO(read_picture(printed.getvalue(), LIMITS).data)).mode == "RGB"


def test_a_screenshot_of_the_drawing_board_carries_its_words() -> None:
    """Which is how the stand-in, that cannot see, reads it."""
    opened = Image.open(io.BytesIO(screenshot("Payment failed\nError 502")))
    assert opened.text == {"Description": "Payment failed\nError 502"}  # type: ignore[attr-defined]
