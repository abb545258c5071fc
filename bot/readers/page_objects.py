"""What a PDF draws on a page, in the order in which it is drawn, and where."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import pypdfium2.raw as pdfium

from bot.readers.page_columns import Box

TEXT, PATH = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH
FORM = pdfium.FPDF_PAGEOBJ_FORM
DEEPEST = 8  # forms within forms
MOST_CORNERS = 50  # of an outline that something is clipped to
RECTANGLE = 5  # corners of one, the first again at the end

Matrix = tuple[float, float, float, float, float, float]
Ink = tuple[int, int, int, int]
"""Red, green, blue and how opaque it is, each of 255."""

UNMOVED: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something that is drawn, `kind` as PDFium calls it; `box` is where it stands on the page.

    `raw` is PDFium's, `own` the box as the form has it that it belongs to. `layered`: it stands on
    a layer, which may be switched off; `scale`: how much larger the
    page has it than the form.
    """

    kind: int
    raw: Any
    own: Box
    box: Box
    layered: bool
    scale: float

    @property
    def letter_size(self) -> float:
        """How high and wide the letters of a text are at least, in points."""
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(self.raw, size)
        a, b, c, d, _e, _f = _matrix(self.raw)
        return abs(size.value) * min(hypot(a, b), hypot(c, d)) * self.scale

    @property
    def fill(self) -> Ink:
        """The colour that it is filled with; black where there is none to tell."""
        return _colour(self.raw, pdfium.FPDFPageObj_GetFillColor)

    @property
    def stroke(self) -> Ink:
        """The colour of its outline; black where there is none to tell."""
        return _colour(self.raw, pdfium.FPDFPageObj_GetStrokeColor)

    @property
    def is_filled(self) -> bool:
        """Whether it is an area rather than a line."""
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(self.raw, mode, stroked)
        return bool(mode.value != pdfium.FPDF_FILLMODE_NONE)

    @property
    def clip(self) -> Box | None:
        """The room that it is cut to, as its form has it; None where it is not cut."""
        clip = pdfium.FPDFPageObj_GetClipPath(self.raw)
        boxes = [_around(clip, path) for path in range(pdfium.FPDFClipPath_CountPaths(clip))]
        known = [each for each in boxes if each is not None]
        if not known:
            return None
        return Box(
            max(each.left for each in known),
            max(each.bottom for each in known),
            min(each.right for each in known),
            min(each.top for each in known),
        )


def page_box(page: Any) -> Box:
    """The part of a page that is shown, which its parents may say."""
    found = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, found)
    return Box(found.left, found.bottom, found.right, found.top)


def drawn_on(page: Any) -> Iterator[Drawn]:
    """All that is drawn on a page of PDFium's, what stands in forms instead of these."""
    count = pdfium.FPDFPage_CountObjects(page)
    found = (pdfium.FPDFPage_GetObject(page, place) for place in range(count))
    yield from _drawn(found, UNMOVED, DEEPEST, layered=False)


def _drawn(found: Iterator[Any], moved: Matrix, deeper: int, *, layered: bool) -> Iterator[Drawn]:
    edges = [ctypes.c_float() for _edge in range(4)]
    scale = sqrt(abs(moved[0] * moved[3] - moved[1] * moved[2]))
    for raw in found:
        kind = pdfium.FPDFPageObj_GetType(raw)
        on_layer = layered or _is_layered(raw)
        if kind == FORM:
            if deeper:
                count = pdfium.FPDFFormObj_CountObjects(raw)
                within = (pdfium.FPDFFormObj_GetObject(raw, place) for place in range(count))
                placed = _after(_matrix(raw), moved)
                yield from _drawn(within, placed, deeper - 1, layered=on_layer)
            continue
        pdfium.FPDFPageObj_GetBounds(raw, *edges)
        own = Box(*(edge.value for edge in edges))
        yield Drawn(kind, raw, own, _moved(own, moved), on_layer, scale)


def _is_layered(raw: Any) -> bool:
    for place in range(pdfium.FPDFPageObj_CountMarks(raw)):
        name, length = ctypes.create_string_buffer(8), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(raw, place)
        into = ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR))
        pdfium.FPDFPageObjMark_GetName(mark, into, len(name), length)
        if name.raw[:4] == "OC".encode("utf-16-le") and length.value == len("OC\0") * 2:
            return True
    return False


def _matrix(raw: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, found)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _after(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    k, m, n, p, x, y = then
    return (
        *(a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p),
        *(e * k + f * n + x, e * m + f * p + y),
    )


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix == UNMOVED:
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def _colour(raw: Any, ask: Callable[..., Any]) -> Ink:
    parts = [ctypes.c_uint() for _part in range(4)]
    if not ask(raw, *parts):
        return (0, 0, 0, 255)
    red, green, blue, opaque = (part.value for part in parts)
    return (red, green, blue, opaque)


def _around(clip: Any, path: int) -> Box | None:
    """The box around an outline; None where it has too many corners to ask for."""
    count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
    if not 0 < count <= MOST_CORNERS:
        return None
    across, up, x, y = [], [], ctypes.c_float(), ctypes.c_float()
    # Nearly all are upright rectangles, of which two corners tell the others.
    for place in (0, 2) if count == RECTANGLE else range(count):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, place)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across.append(x.value)
        up.append(y.value)
    return Box(min(across), min(up), max(across), max(up))
