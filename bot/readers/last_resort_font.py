"""A font that has one box for every letter there is, for fonts that a PDF names and does not hold.

PDFium asks where letters stand before it tells which they are, and forgets those that take no room.
Without the font of a scanner's hidden text, which is often Chinese or Japanese and set letter by
letter, that is all of them. With this font what is read depends on no font of the machine either.
"""

import ctypes
import struct
from collections.abc import Mapping
from typing import Any

import pypdfium2.raw as pdfium

UNITS, ASCENT = 1_000, 800  # of the box, which is as wide as a letter of Chinese is
WHOLE_FILE = 0
# Japanese, Korean, simplified and traditional Chinese. For letters of other scripts PDFium has
# fonts of its own, and a box as wide as these would part or join their words.
EAST_ASIAN = (128, 129, 134, 136)


def use_last_resort_font() -> None:
    """Give PDFium this font, and no other, from now on in this process."""
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(_INFO))


def last_resort_font() -> bytes:
    """The font as a TrueType file."""
    tables = _tables()
    places, contents = b"", b""
    begin = 12 + 16 * len(tables)
    for name, data in sorted(tables.items()):
        places += struct.pack(">4sIII", name, 0, begin + len(contents), len(data))
        contents += data + bytes(-len(data) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 16) + places + contents


def _tables() -> Mapping[bytes, bytes]:
    """Two glyphs, both the box, as OpenType describes its tables.

    The `cmap` is of format 13, in which a range of letters, here all, has one glyph.
    """
    corners = struct.pack(">4h4h", 0, UNITS, 0, -UNITS, 0, 0, ASCENT, 0)
    box = struct.pack(">5h2H4B", 1, 0, 0, UNITS, ASCENT, 3, 0, 1, 1, 1, 1) + corners + bytes(2)
    return {
        b"cmap": struct.pack(">4HI", 0, 1, 3, 10, 12)
        + struct.pack(">2H6I", 13, 0, 28, 0, 1, 0x21, 0x10FFFF, 1),
        b"glyf": box * 2,
        b"head": struct.pack(
            ">4I2H2q4h2H3h",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0),
            *(0, 0, UNITS, ASCENT, 0, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(
            ">I3hH11hH", 0x10000, ASCENT, -200, 0, UNITS, 0, 0, UNITS, 1, *[0] * 7, 2
        ),
        b"hmtx": struct.pack(">HhHh", UNITS, 0, UNITS, 0),
        b"loca": struct.pack(">3I", 0, len(box), 2 * len(box)),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">3H", 0, 0, 6),
        b"post": struct.pack(">2I2h5I", 0x30000, *[0] * 8),
    }


_FONT = last_resort_font()


def _copied(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """The bytes of the file, or of none of its tables by name: PDFium needs the file alone."""
    if table != WHOLE_FILE:
        return 0
    if buffer and size >= len(_FONT):
        ctypes.memmove(buffer, _FONT, len(_FONT))
    return len(_FONT)


def _mapped(_info: Any, _weight: int, _italic: int, charset: int, *_asked: Any) -> int | None:
    return 1 if charset in EAST_ASIAN else None


def _info() -> Any:
    """PDFium's way to ask for fonts (fpdf_sysfontinfo.h)."""
    info = pdfium.FPDF_SYSFONTINFO()
    answers = {
        "Release": lambda *_asked: None,
        "EnumFonts": lambda *_asked: None,
        "MapFont": _mapped,
        "GetFont": lambda *_asked: None,
        "GetFontData": _copied,
        "GetFaceName": lambda *_asked: 0,
        "GetFontCharset": lambda *_asked: 0,
        "DeleteFont": lambda *_asked: None,
    }
    info.version = 1
    for name, kind in info._fields_:
        if name in answers:
            setattr(info, name, kind(answers[name]))
    return info


# PDFium keeps its address for as long as the process lives.
_INFO = _info()
