"""Pictures for tests and the demo: words drawn on a screen, and carried in the file as well.

A person sees a small screenshot. The Claude stand-in, which cannot see, reads the same words from
the PNG's text chunk (iTXt, "Description").
"""

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

WIDTH = 640
LINE = 26
MARGIN = 32
PAPER, INK, BAR = (248, 248, 250), (32, 32, 40), (31, 95, 91)


def screenshot(text: str, *, width: int = WIDTH) -> bytes:
    """A PNG that shows `text` under a coloured bar, as an application would show a message."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, 52) or [""]]
    drawn = Image.new("RGB", (width, 2 * MARGIN + LINE * (len(lines) + 1)), PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, width, LINE), fill=BAR)
    font = ImageFont.load_default(18)
    for number, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + LINE * (number + 1) - 8), line, fill=INK, font=font)
    carried = PngInfo()
    carried.add_itxt("Description", text)
    file = io.BytesIO()
    drawn.save(file, "PNG", pnginfo=carried)
    return file.getvalue()
