"""What is asked of an element of a Word document, whatever its namespace."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# An element of lxml's, which has types of its own that say little.
XmlElement = Any

# What holds no words that are shown: properties, and what was deleted while changes were tracked.
SILENT = frozenset(
    {
        *(
            "pPr",
            "rPr",
            "tblPr",
            "tblGrid",
            "tblPrEx",
            "trPr",
            "tcPr",
            "sectPr",
            "sdtPr",
            "sdtEndPr",
        ),
        *("customXmlPr", "smartTagPr", "del", "moveFrom", "instrText", "delText", "delInstrText"),
        *("rt", "annotationRef", "fldData"),
    }
)
OFF = frozenset({"0", "false", "off"})


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def name_of(element: XmlElement) -> str:
    """The local name; empty for comments and entities, which are no elements."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def attribute(element: XmlElement, name: str, default: str = "") -> str:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if _local(key) == name:
            return str(value)
    return default


def number(element: XmlElement, name: str, default: int = 0) -> int:
    """An attribute that is a whole number; the default where it is none."""
    try:
        return int(attribute(element, name) or default)
    except ValueError:
        return default


def child(element: XmlElement | None, *path: str) -> XmlElement | None:
    """The first element down a path of local names, if there is one."""
    for wanted in path:
        if element is None:
            return None
        element = _first(element, wanted)
    return element


def _first(parent: XmlElement, wanted: str) -> XmlElement | None:
    # A loop, for this is asked of each run of a document and a generator takes twice as long.
    for each in parent:
        if name_of(each) == wanted:
            return each
    return None


def value(element: XmlElement | None, *path: str) -> str:
    """The `val` of an element down a path; empty where there is none."""
    found = child(element, *path)
    return "" if found is None else attribute(found, "val")


def switched_on(element: XmlElement | None, *path: str) -> bool:
    """Whether a switch down a path is there and not off."""
    found = child(element, *path)
    return found is not None and attribute(found, "val").lower() not in OFF


def within(element: XmlElement, wanted: str) -> Iterator[XmlElement]:
    """The elements of a name anywhere inside, in their order."""
    return (each for each in element.iter("{*}" + wanted))


def chosen(alternatives: XmlElement) -> XmlElement | None:
    """Of alternative contents the first that has any: the others say the same in older words."""
    full = (each for each in alternatives if name_of(each) in {"Choice", "Fallback"} and len(each))
    return next(full, None)
