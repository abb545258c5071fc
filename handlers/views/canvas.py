"""A picture of bars and words, drawn by Pillow, which knows where each of its words stands."""

import io
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

Colour = str
# Pixels: the left and right edge, and the upper and lower one, of what is drawn.
PixelBox = tuple[float, float, float, float]


class DrawnWords(NamedTuple):
    """Words of a picture, and the pixels that they cover: left, top, right, bottom."""

    words: str
    box: PixelBox


class Canvas:
    """A white picture of so many pixels. Words are in the one font that Pillow brings along.

    Where words stand is told by an anchor of Pillow's: `rm` is the middle of their right end.
    """

    def __init__(self, width: int, height: int, size: float) -> None:
        self.width, self.height, self.size = width, height, size
        self.labels: list[DrawnWords] = []
        self._image = Image.new("RGB", (width, height), "white")
        self._draw = ImageDraw.Draw(self._image)
        self._font = ImageFont.load_default(size)

    def bar(self, box: PixelBox, colour: Colour) -> None:
        """A filled rectangle; one without height or width is not drawn."""
        left, top, right, bottom = map(round, box)
        if left < right and top < bottom:
            # Pillow takes its last pixels as part of it.
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def rule(self, left: float, right: float, height: float, colour: Colour) -> None:
        """A thin level line."""
        self._draw.line((round(left), round(height), round(right), round(height)), colour, 2)

    def label(
        self, words: str, place: tuple[float, float], anchor: str, colour: Colour, weight: float = 0
    ) -> None:
        """Words at a place; with a weight each stroke is so many pixels broader on either side."""
        self._draw.text(
            place, words, colour, self._font, anchor, stroke_width=weight, stroke_fill=colour
        )
        box = self._draw.textbbox(place, words, self._font, anchor, stroke_width=weight)
        self.labels.append(DrawnWords(words, box))

    def length(self, words: str) -> float:
        """The pixels that words are long."""
        return self._draw.textlength(words, font=self._font)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        buffer = io.BytesIO()
        self._image.save(buffer, format="png", optimize=True)
        return buffer.getvalue()
