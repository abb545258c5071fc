"""PDF documents, by PDFium: the words of their pages, with forms filled in and annotations.

A scanned page is a picture and has no words.
"""

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from bot.readers.document import CannotRead, Document, told_front
from bot.readers.hidden_words import WordSight
from bot.readers.page_columns import Box, in_columns
from bot.readers.page_letters import PARTED, LetterReader
from bot.readers.page_objects import page_box
from bot.readers.reader_limits import ReaderLimits
from bot.readers.xfa import form_text

# Letters of a page that are looked at, and the share of them that may be unknown.
LETTERS, FEW = 300, 0.05
SILENT = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}
UNSHOWN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
TYPED = {
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
}
TICKED = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
LOCKED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}


def read_pdf(data: bytes, limits: ReaderLimits) -> Document:
    """The text of a PDF; one that is encrypted, but not for readers, opens.

    Raises:
        CannotRead: locked, damaged, or of more pages or characters than the limits say.
    """
    # PDFium does not say of every failure what it was, and goes on saying what an earlier one was.
    pdfium.FPDF_LoadMemDocument64(b"", 0, None)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise CannotRead("locked" if error.err_code in LOCKED else "damaged", error) from None
    try:
        return _document(document, limits)
    finally:
        document.close()


def _document(document: pypdfium2.PdfDocument, limits: ReaderLimits) -> Document:
    if len(document) > limits.pages:
        raise CannotRead("large", f"{len(document)} pages")
    document.init_forms()
    pages = _Pages(document)
    form = form_text(document)
    texts: list[str] = []
    size = len(form)
    for number in range(len(document)):
        text = pages.text(number)
        size += len(text)
        if size > limits.characters:
            raise CannotRead("large", "more text than is read")
        if text:
            texts.append(text)
    text = "\n\n".join(texts)
    if form:
        # The pages of most such forms say that a program is wanted to show them, and nothing else.
        text = form if len(form) > len(text) else f"{form}\n\n{text}"
    title = document.get_metadata_value("Title")
    return Document(text, told_front({"title": title}), pages.left_out)


class _Pages:
    """The pages of a document, read one after another; `left_out` counts what has no words."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._letters = LetterReader()
        self._sight = WordSight()
        self._counted = Counter(
            {"embedded documents": int(pdfium.FPDFDoc_GetAttachmentCount(document))}
        )

    @property
    def left_out(self) -> Mapping[str, int]:
        unsure = Counter({"pages with words that may be hidden": self._sight.unsure})
        return dict(+(self._counted + unsure))

    def text(self, number: int) -> str:
        """The words of a page, its form and its annotations; empty when it cannot be drawn."""
        try:
            page = self._document[number]
        except pypdfium2.PdfiumError:
            self._counted["pages without text"] += 1
            return ""
        unseen = list(_annotated(page, self._document.formenv))
        if unseen:
            # What people typed into a form becomes a part of the page, where it stands.
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page.close()
            page = self._document[number]
        self._counted["pages with hidden words"] += self._sight.hide(page) > 0
        text = self._words(page)
        page.close()
        said = (each for each in unseen if _plain(each) not in _plain(text))
        whole = "\n".join(filter(None, [text, *dict.fromkeys(said)]))
        self._counted["pages without text"] += not whole
        return whole

    def _words(self, page: pypdfium2.PdfPage) -> str:
        words, shown = page.get_textpage(), page_box(page)
        try:
            boxes = [Box(*words.get_rect(place)) for place in range(words.count_rects())]
            mended, lost = self._letters.text(words)
            if any(shown.cuts(box) for box in boxes):
                # A line that runs on beyond the page is seen up to its edge.
                text = _within(words, shown)
            else:
                text = in_columns(boxes, lambda box: _within(words, box)) or mended
            unnamed = lost or _is_guessed(words)
            self._counted["pages in letters that do not say what they are"] += unnamed
        finally:
            words.close()
        lines = PARTED.sub("", text).splitlines()
        return "\n".join(line.strip() for line in lines).strip()


def _within(words: pypdfium2.PdfTextPage, box: Box) -> str:
    return words.get_text_bounded(box.left, box.bottom, box.right, box.top)


def _is_guessed(words: pypdfium2.PdfTextPage) -> bool:
    """Whether a font does not say which letters its shapes are, for more than a few of them."""
    count: int = words.count_chars()
    looked = range(0, count, count // LETTERS + 1)
    wrong: int = sum(pdfium.FPDFText_HasUnicodeMapError(words, place) == 1 for place in looked)
    return wrong > FEW * len(looked)


def _annotated(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None) -> Iterator[str]:
    """What each annotation says, and each field of a form holds; "" where that is no text."""
    for place in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind not in SILENT and not pdfium.FPDFAnnot_GetFlags(note) & UNSHOWN:
                yield _said(note, kind, form)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _said(note: Any, kind: int, form: pypdfium2.PdfFormEnv | None) -> str:
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        return _field(note, form) if form else ""
    return _string(lambda *into: pdfium.FPDFAnnot_GetStringValue(note, b"Contents", *into))


def _field(note: Any, form: pypdfium2.PdfFormEnv) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, note)
    if kind in TYPED:
        return _string(lambda *into: pdfium.FPDFAnnot_GetFormFieldValue(form, note, *into))
    if kind in TICKED and pdfium.FPDFAnnot_IsChecked(form, note):
        name = _string(lambda *into: pdfium.FPDFAnnot_GetFormFieldName(form, note, *into))
        return f"☒ {name}"
    return ""


def _string(get: Callable[[Any, int], int]) -> str:
    """A string of PDFium's, which first says how many bytes it takes."""
    length = get(None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    get(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0").strip()


def _plain(text: str) -> str:
    return "".join(text.split())
