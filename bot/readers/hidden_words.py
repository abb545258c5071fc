"""Words that a PDF holds and nobody sees on its page: white on white, beneath a picture, too small.

Whoever wants a desk to believe something that a person who looks at the page would not see writes
it so. What is seen is told by what is drawn: words without which the page looks the same are none.
The words of a scan are the exception: they are invisible, and stand where its picture shows them.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import cast

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from bot.readers.page_columns import Box
from bot.readers.page_objects import PATH, TEXT, Drawn, Ink, drawn_on, page_box

PICTURE = pdfium.FPDF_PAGEOBJ_IMAGE
INVISIBLE, STENCIL = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP
OUTLINE = pdfium.FPDF_TEXTRENDERMODE_STROKE
TOO_LOW = 1.0  # points; lower letters are a line at most
# The share of a page that the pictures of a scan take, and that of its texts which are not seen.
SCANNED, UNDER_A_SCAN = 0.5, 0.5
# From which colour on words may be too pale to be seen, of 255; and how far two may be apart to
# be taken for the same.
PALE, ALIKE = 205, 40
# How much the page has to change by a word, of 255, at so many dots a point.
SEEN, DOTS = 12, 1.2
COLOURS = 3  # red, green and blue; the fourth byte of a dot says nothing
LARGEST = 1_600  # dots of the longer side of a page that is drawn
# What is spent on drawing pages of a document; the dots of the pictures of one that is drawn, and
# how often it may be painted over.
SECONDS, MOST_DOTS, MOST_LAYERS = 2.0, 30_000_000, 300
MOST_PAIRS = 300_000  # of words and what may cover them
THIN = 2.0  # points; what is no higher or wider is a line, which covers nothing


@dataclass
class WordSight:
    """Looks through the pages of one document; `seconds` are those left for drawing them."""

    seconds: float = SECONDS
    unsure: int = field(default=0, init=False)

    def hide(self, page: pypdfium2.PdfPage) -> int:
        """Take what is not seen off a page that is in memory; how many pieces of text that were.

        `unsure` counts the pages with words that may be hidden and could not be drawn.
        """
        drawn = list(drawn_on(page.raw))
        texts = [each for each in drawn if each.kind == TEXT]
        if not texts:
            return 0
        around = page_box(page)
        unseen = [each for each in texts if _is_unseen(each, around)]
        known = {id(each) for each in unseen}
        doubted = [each for each in _doubted(drawn) if id(each) not in known]
        drawing = self._drawing(page, drawn, doubted, around)
        if drawing is not None:
            unseen += [each for each in doubted if not drawing.needs(each)]
        if len(unseen) >= UNDER_A_SCAN * len(texts):
            pictures = _scan(drawn, around)
            unseen = [each for each in unseen if not _is_on_a_scan(each, pictures, drawing)]
        _switch(unseen, on=False)
        return sum(each.own.area > 0 for each in unseen)

    def _drawing(
        self,
        page: pypdfium2.PdfPage,
        drawn: Sequence[Drawn],
        doubted: Sequence[Drawn],
        around: Box,
    ) -> "_Drawing | None":
        if not doubted:
            return None
        if self.seconds <= 0 or _is_dear(drawn, around):
            self.unsure += 1
            return None
        begun = process_time()
        drawing = _Drawing(page, doubted)
        self.seconds -= process_time() - begun
        return drawing


class _Drawing:
    """A page as it looks, and what of that some texts make."""

    def __init__(self, page: pypdfium2.PdfPage, texts: Sequence[Drawn]) -> None:
        self._page = page
        self._whole = self._drawn()
        _switch(texts, on=False)
        self._made = ImageChops.difference(self._whole, self._drawn())
        _switch(texts, on=True)

    def needs(self, text: Drawn) -> bool:
        """Whether the page would look otherwise without a text."""
        if pdfium.FPDFTextObj_GetTextRenderMode(text.raw) == STENCIL:
            return self.is_marked(text.box)  # It is not drawn, but what is drawn shows through it.
        return any(high >= SEEN for _low, high in self._range(self._made, text.box))

    def is_marked(self, box: Box) -> bool:
        """Whether a place of the page is not all of one colour."""
        return any(high - low >= SEEN for low, high in self._range(self._whole, box))

    def _drawn(self) -> Image.Image:
        scale = min(DOTS, LARGEST / max(self._page.get_size()))
        # Four bytes a dot, red first, is what Pillow has too, so that nothing is copied.
        how = {"prefer_bgrx": True, "rev_byteorder": True}
        drawn = self._page.render(scale=scale, draw_annots=False, may_draw_forms=False, **how)
        return drawn.to_pil()

    def _range(self, picture: Image.Image, box: Box) -> Sequence[tuple[int, int]]:
        """The darkest and the brightest of each colour within a box of the page."""
        across, up = ctypes.c_int(), ctypes.c_int()
        corners = []
        for x, y in ((box.left, box.bottom), (box.right, box.top)):
            place = (0, 0, *picture.size, 0, x, y, across, up)
            pdfium.FPDF_PageToDevice(self._page.raw, *place)
            corners.append((across.value, up.value))
        (left, right), (top, bottom) = (sorted(each) for each in zip(*corners, strict=True))
        within = picture.crop((left - 1, top - 1, right + 2, bottom + 2))
        return cast("Sequence[tuple[int, int]]", within.getextrema())[:COLOURS]


def _is_unseen(text: Drawn, page: Box) -> bool:
    """Whether its kind, its size or its place alone says that nobody sees a text."""
    if _is_invisible(text):
        return True
    if text.letter_size < TOO_LOW and text.box.narrowest < TOO_LOW:
        return True
    if text.own.area <= 0:
        return False  # Blanks, and letters of which the font has no shape.
    clip = text.clip
    return not text.box.meets(page) or (clip is not None and not text.own.meets(clip))


def _is_invisible(text: Drawn) -> bool:
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text.raw) == INVISIBLE)


def _scan(drawn: Sequence[Drawn], page: Box) -> Sequence[Box]:
    """The pictures that a page is made of; none where they are only on it."""
    pictures = [each.box for each in drawn if each.kind == PICTURE]
    shown = sum(each.common(page).area for each in pictures)
    return pictures if shown >= SCANNED * page.area else ()


def _is_on_a_scan(text: Drawn, scan: Sequence[Box], drawing: _Drawing | None) -> bool:
    """Whether a scan shows something where a text stands that cannot be seen itself."""
    if not any(each.holds(text.box) for each in scan):
        return False
    return drawing is None or _is_invisible(text) or drawing.is_marked(text.box)


def _doubted(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Texts that may be as pale as the page or in the colour of their ground, or covered."""
    found: dict[int, Drawn] = {}
    grounds: list[Ink] = []
    pictures: list[Box] = []
    for each in drawn:
        if each.kind == PATH and each.is_filled:
            if len(grounds) < ALIKE and each.fill not in grounds:
                grounds.append(each.fill)
        elif each.kind == TEXT and each.own.area > 0:
            ink = _ink(each)
            if (
                each.layered
                or pdfium.FPDFTextObj_GetTextRenderMode(each.raw) == STENCIL
                or _is_pale(ink)
                or any(_is_alike(ink, ground) for ground in grounds)
                or any(box.holds(each.box) for box in pictures)
            ):
                found[id(each)] = each
        elif each.kind != PATH:
            pictures.append(each.box)
    for each in _covered(drawn):
        found[id(each)] = each
    return list(found.values())


def _covered(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Texts that something is drawn over afterwards."""
    covers: list[Box] = []
    found: list[Drawn] = []
    pairs = 0
    for each in reversed(drawn):
        if each.kind != TEXT:
            if each.box.narrowest > THIN and (each.kind != PATH or each.is_filled):
                covers.append(each.box)
            continue
        if each.own.area <= 0:
            continue
        pairs += len(covers)
        if pairs > MOST_PAIRS or any(box.holds(each.box) for box in covers):
            found.append(each)
    return found


def _ink(text: Drawn) -> Ink:
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text.raw)
    return text.stroke if mode == OUTLINE else text.fill


def _is_pale(colour: Ink) -> bool:
    red, green, blue, opaque = colour
    return min(red, green, blue) >= PALE or opaque < 255 - PALE


def _is_alike(ink: Ink, ground: Ink) -> bool:
    return all(abs(one - other) < ALIKE for one, other in zip(ink[:3], ground[:3], strict=True))


def _is_dear(drawn: Sequence[Drawn], page: Box) -> bool:
    """Whether a page takes long to draw: PDFium cannot be stopped while it does."""
    painted = sum(each.box.common(page).area for each in drawn if each.kind != TEXT)
    return painted > MOST_LAYERS * page.area or _dots_of_pictures(drawn) > MOST_DOTS


def _dots_of_pictures(drawn: Sequence[Drawn]) -> int:
    dots = 0
    for each in drawn:
        if each.kind == PICTURE:
            wide, high = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(each.raw, wide, high)
            dots += wide.value * high.value
    return dots


def _switch(texts: Sequence[Drawn], *, on: bool) -> None:
    for each in texts:
        pdfium.FPDFPageObj_SetIsActive(each.raw, on)
