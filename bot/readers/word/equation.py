"""Equations of Word's as a line of text: x^2, (a+b)/c, √(x), ∑_(i=1)^n."""

from collections.abc import Callable, Mapping

from bot.readers.word.word_xml import XmlElement, attribute, child, name_of

# Where an element does not say which sign it is.
INTEGRAL = "∫"
HAT = "\u0302"


def equation_text(element: XmlElement) -> str:
    """The text of an equation, or of a part of one, in reading order."""
    writer = WRITERS.get(name_of(element))
    if writer is not None:
        return writer(element)
    return (element.text or "") if name_of(element) == "t" else _all(element)


def _all(element: XmlElement) -> str:
    return "".join(equation_text(each) for each in element if not name_of(each).endswith("Pr"))


def _part(element: XmlElement, name: str) -> str:
    found = child(element, name)
    return "" if found is None else _all(found)


def _grouped(text: str) -> str:
    return text if len(text) == 1 else f"({text})"


def _script(element: XmlElement) -> str:
    """A base with what stands below and above it."""
    below, above = _part(element, "sub"), _part(element, "sup")
    low = f"_{_grouped(below)}" if below else ""
    high = f"^{_grouped(above)}" if above else ""
    return f"{_part(element, 'e')}{low}{high}"


def _sign(element: XmlElement) -> str:
    """A sum, product or integral: its sign, its limits, what it is of."""
    sign = child(element, "naryPr", "chr")
    return (
        f"{INTEGRAL if sign is None else attribute(sign, 'val')}{_script_only(element)}"
        f"{_part(element, 'e')}"
    )


def _script_only(element: XmlElement) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    return (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")


def _fraction(element: XmlElement) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: XmlElement) -> str:
    return f"{_part(element, 'deg')}√{_grouped(_part(element, 'e'))}"


def _delimited(element: XmlElement) -> str:
    properties = child(element, "dPr")
    opening, parting, closing = (
        default if (sign := child(properties, name)) is None else attribute(sign, "val")
        for name, default in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
    )
    parts = (_all(each) for each in element if name_of(each) == "e")
    return f"{opening}{parting.join(parts)}{closing}"


def _rows(element: XmlElement) -> str:
    """A matrix or a set of equations: rows parted by semicolons."""
    rows = (each for each in element if name_of(each) in {"mr", "e"})
    return "; ".join(
        ", ".join(_all(cell) for cell in row if name_of(cell) == "e")
        if name_of(row) == "mr"
        else _all(row)
        for row in rows
    )


def _limit(element: XmlElement) -> str:
    mark = "_" if name_of(element) == "limLow" else "^"
    return f"{_part(element, 'e')}{mark}{_grouped(_part(element, 'lim'))}"


def _function(element: XmlElement) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _accent(element: XmlElement) -> str:
    sign = child(element, "accPr", "chr")
    return f"{_part(element, 'e')}{HAT if sign is None else attribute(sign, 'val')}"


WRITERS: Mapping[str, Callable[[XmlElement], str]] = {
    "f": _fraction,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "sPre": lambda element: f"{_script_only(element)}{_part(element, 'e')}",
    "nary": _sign,
    "rad": _root,
    "d": _delimited,
    "m": lambda element: f"[{_rows(element)}]",
    "eqArr": _rows,
    "limLow": _limit,
    "limUpp": _limit,
    "func": _function,
    "acc": _accent,
    "br": lambda _element: " ",
}
