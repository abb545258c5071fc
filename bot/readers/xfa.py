"""The words of a PDF that is a form of Adobe's (XFA): its pages say no more than «Please wait».

What is printed on such a form, and what people typed into it, stands beside the pages as XML. Where
something is shown is reckoned by programs that this reader does not run, so the words come in the
order in which the form has them.
"""

import ctypes
from collections import defaultdict, deque
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from bot.readers.word.word_xml import XmlElement, attribute, child, name_of

PARSING = {"resolve_entities": False, "no_network": True, "remove_comments": True}
UNSHOWN = frozenset({"hidden", "invisible", "inactive"})
DEEPEST = 200  # elements within elements


def form_text(document: pypdfium2.PdfDocument) -> str:
    """What is printed on a form and typed into it, a line each; empty for any other document."""
    if pdfium.FPDF_GetFormType(document) != pdfium.FORMTYPE_XFA_FULL:
        return ""
    packets = dict(_packets(document))
    typed = _Typed(packets.get("datasets"))
    lines = list(_printed(packets.get("template"), typed, DEEPEST))
    return "\n".join(filter(None, [*lines, *typed.left()]))


class _Typed:
    """What people typed in, by the names of fields."""

    def __init__(self, datasets: XmlElement | None) -> None:
        self._values: dict[str, deque[str]] = defaultdict(deque)
        data = child(datasets, "data")
        for each in () if data is None else data.iter():
            said = " ".join((each.text or "").split())
            if said and not len(each):
                self._values[name_of(each)].append(said)

    def take(self, name: str) -> str:
        """The next value of the fields that are called so; empty where there is none."""
        values = self._values.get(name)
        return values.popleft() if values else ""

    def left(self) -> Iterator[str]:
        """Values of fields that the form has by no such name."""
        for name, values in self._values.items():
            yield from (f"{name}: {value}" for value in values)


def _packets(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, XmlElement]]:
    for place in range(pdfium.FPDF_GetXFAPacketCount(document)):
        length = pdfium.FPDF_GetXFAPacketName(document, place, None, 0)
        name = ctypes.create_string_buffer(length)
        pdfium.FPDF_GetXFAPacketName(document, place, name, length)
        size = ctypes.c_ulong()
        pdfium.FPDF_GetXFAPacketContent(document, place, None, 0, size)
        content = ctypes.create_string_buffer(max(size.value, 1))
        pdfium.FPDF_GetXFAPacketContent(document, place, content, size.value, size)
        try:
            root = etree.fromstring(content.raw[: size.value], etree.XMLParser(**PARSING))
        except etree.LxmlError:
            continue
        yield name.value.decode("utf-8", "replace"), root


def _printed(element: XmlElement | None, typed: _Typed, deeper: int) -> Iterator[str]:
    if element is None or not deeper or attribute(element, "presence") in UNSHOWN:
        return
    kind = name_of(element)
    if kind == "draw":
        yield _words(child(element, "value"))
        return
    if kind in {"field", "exclGroup"}:
        value = typed.take(attribute(element, "name")) or _words(child(element, "value"))
        yield " ".join(filter(None, [_words(child(element, "caption", "value")), value]))
    for each in element:
        yield from _printed(each, typed, deeper - 1)


def _words(value: XmlElement | None) -> str:
    """The words of a value, which is a text or a piece of a web page."""
    if value is None or child(value, "image") is not None:
        return ""
    return " ".join(" ".join(str(each) for each in value.itertext()).split())
