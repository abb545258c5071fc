"""Pictures by their bytes, within what a model takes."""

import io
import os
from base64 import b64encode

import pytest
from PIL import Image

from bot.attachments.images import MOST_BYTES, SEEN_EDGE, NotAnImage, prepare_image
from emulator.drawing import screenshot


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
    assert prepare_image(data) == (f"image/{kind.lower()}", data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html></html>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n and nothing more",
        drawn("PNG")[:60],
        drawn("JPEG", (400, 300), noise=True)[:2_000],
        drawn("BMP"),
        drawn("TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
    ],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    """A wrong type, a page, or a broken file, whatever its name says."""
    with pytest.raises(NotAnImage):
        prepare_image(data)


def test_a_photograph_too_heavy_for_the_api_is_shrunk() -> None:
    """To what a model sees of it anyway; in base64 it stays under 5 MiB."""
    heavy = drawn("PNG", (1_700, 900), noise=True)
    media_type, data = prepare_image(heavy)

    assert len(heavy) > MOST_BYTES
    assert media_type == "image/jpeg"
    assert len(b64encode(data)) <= 5 * 1024 * 1024
    assert max(Image.open(io.BytesIO(data)).size) == SEEN_EDGE


def test_a_very_long_picture_is_shrunk() -> None:
    """No edge is longer than the API takes."""
    media_type, data = prepare_image(drawn("PNG", (20, 8_001)))
    assert media_type == "image/jpeg"
    assert max(Image.open(io.BytesIO(data)).size) == SEEN_EDGE


def test_a_screenshot_of_the_drawing_board_carries_its_words() -> None:
    """Which is how the stand-in, that cannot see, reads it."""
    opened = Image.open(io.BytesIO(screenshot("Payment failed\nError 502")))
    assert opened.text == {"Description": "Payment failed\nError 502"}  # type: ignore[attr-defined]
