"""Words that a PDF holds and nobody sees on its page: white on white, beneath a picture, too small.

Whoever wants a desk to believe something that a person who looks at the page would not see writes
it so. What is seen is told by what is drawn: words without which the page looks the same are none.
The words of a scan are the exception: they are invisible, and stand where its picture shows them.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import process_time

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from bot.readers.page_columns import Box
from bot.readers.page_objects import PATH, TEXT, Colour, Drawn, drawn_on

PICTURE = pdfium.FPDF_PAGEOBJ_IMAGE
INVISIBLE, OUTLINE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_STROKE
TOO_LOW = 1.0  # points; lower letters are a line at most
# The share of a page that the pictures of a scan take, and that of its words which are invisible.
SCANNED, UNDER_A_SCAN = 0.5, 0.5
# From which colour on words may be too pale to be seen, of 255; and how far two may be apart to
# be taken for the same.
PALE, ALIKE = 205, 40
# How much the page has to change by a word, of 255, at so many dots a point.
SEEN, DOTS = 14, 1.5
LARGEST = 1_600  # dots of the longer side of a page that is drawn
# What is spent on drawing pages of a document, and the dots of pictures that are drawn for it.
SECONDS, MOST_DOTS = 2.0, 30_000_000
MOST_PAIRS = 300_000  # of words and what may cover them


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
        around = _page_box(page)
        pictures = [each.box for each in drawn if each.kind == PICTURE]
        is_scan = _is_scan(texts, pictures, around)
        hidden = [each for each in texts if _is_unseen(each, around, is_scan, pictures)]
        known = {id(each) for each in hidden}
        doubted = [each for each in _doubted(drawn) if id(each) not in known]
        if is_scan:
            doubted = [each for each in doubted if not _is_invisible(each)]
        hidden += self._drawn_in_vain(page, drawn, doubted)
        for each in hidden:
            pdfium.FPDFPageObj_SetIsActive(each.raw, False)  # noqa: FBT003 - it takes no names
        return len(hidden)

    def _drawn_in_vain(
        self, page: pypdfium2.PdfPage, drawn: Sequence[Drawn], doubted: Sequence[Drawn]
    ) -> list[Drawn]:
        """Those without which the page looks the same."""
        if not doubted:
            return []
        if self.seconds <= 0 or _dots_of_pictures(drawn) > MOST_DOTS:
            self.unsure += 1
            return []
        begun = process_time()
        scale = min(DOTS, LARGEST / max(page.get_size()))
        whole = _picture(page, scale)
        _switch(doubted, on=False)
        without = _picture(page, scale)
        _switch(doubted, on=True)
        changed = ImageChops.difference(whole, without)
        found = [each for each in doubted if not _shows(changed, page, each.box)]
        self.seconds -= process_time() - begun
        return found


def _is_unseen(text: Drawn, page: Box, is_scan: bool, pictures: Sequence[Box]) -> bool:
    """Whether its place, its size or its kind alone says that nobody sees a text."""
    if _is_invisible(text):
        return not (is_scan and any(_holds(each, text.box) for each in pictures))
    if not _meet(text.box, page) or text.letter_size < TOO_LOW:
        return True
    clip = text.clip
    return clip is not None and not _meet(text.own, clip)


def _is_invisible(text: Drawn) -> bool:
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text.raw) == INVISIBLE)


def _is_scan(texts: Sequence[Drawn], pictures: Sequence[Box], page: Box) -> bool:
    """Whether a page is a picture with its words beneath it."""
    shown = sum(_area(_common(each, page)) for each in pictures)
    if shown < SCANNED * _area(page):
        return False
    return sum(map(_is_invisible, texts)) >= UNDER_A_SCAN * len(texts)


def _doubted(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Texts that may be as pale as the page or in the colour of their ground, or covered."""
    found: dict[int, Drawn] = {}
    grounds: list[Colour] = []
    pictures: list[Box] = []
    for each in drawn:
        if each.kind == PATH and each.is_filled:
            if len(grounds) < ALIKE and each.fill not in grounds:
                grounds.append(each.fill)
        elif each.kind == TEXT:
            ink = _ink(each)
            if (
                each.layered
                or _is_pale(ink)
                or any(_is_alike(ink, ground) for ground in grounds)
                or any(_holds(box, each.box) for box in pictures)
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
            if each.kind != PATH or each.is_filled:
                covers.append(each.box)
            continue
        pairs += len(covers)
        if pairs > MOST_PAIRS or any(_holds(box, each.box) for box in covers):
            found.append(each)
    return found


def _ink(text: Drawn) -> Colour:
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text.raw)
    return text.stroke if mode == OUTLINE else text.fill


def _is_pale(colour: Colour) -> bool:
    red, green, blue, opaque = colour
    return min(red, green, blue) >= PALE or opaque < 255 - PALE


def _is_alike(ink: Colour, ground: Colour) -> bool:
    return all(abs(one - other) < ALIKE for one, other in zip(ink[:3], ground[:3], strict=True))


def _page_box(page: pypdfium2.PdfPage) -> Box:
    """The part of a page that is shown, which its parents may say."""
    found = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, found)
    return Box(found.left, found.bottom, found.right, found.top)


def _common(one: Box, other: Box) -> Box:
    return Box(
        max(one.left, other.left),
        max(one.bottom, other.bottom),
        min(one.right, other.right),
        min(one.top, other.top),
    )


def _area(box: Box) -> float:
    return max(box.right - box.left, 0) * max(box.top - box.bottom, 0)


def _meet(one: Box, other: Box) -> bool:
    common = _common(one, other)
    return common.left < common.right and common.bottom < common.top


def _holds(box: Box, other: Box) -> bool:
    """Whether the middle of another box lies within a box."""
    across, up = (other.left + other.right) / 2, (other.bottom + other.top) / 2
    return box.left <= across <= box.right and box.bottom <= up <= box.top


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


def _picture(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    drawn = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    return drawn.to_pil().convert("RGB")


def _shows(changed: Image.Image, page: pypdfium2.PdfPage, box: Box) -> bool:
    """Whether a picture is not black within a box of the page."""
    x, y, corners = ctypes.c_int(), ctypes.c_int(), []
    for across, up in ((box.left, box.bottom), (box.right, box.top)):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *changed.size, 0, across, up, x, y)
        corners.append((x.value, y.value))
    (left, top), (right, bottom) = (min(pair) for pair in zip(*corners, strict=True)), (
        max(pair) for pair in zip(*corners, strict=True)
    )
    shown = changed.crop((left - 1, top - 1, right + 2, bottom + 2))
    return any(high >= SEEN for _low, high in shown.getextrema())
