"""What a chart or a diagram in a Word document says."""

from collections.abc import Mapping

from bot.readers.word.word_xml import XmlElement, child, name_of, number, within


def drawing_text(part: XmlElement) -> str:
    """The words of a chart, each series with its values where they stand, or of a diagram."""
    words = (_text(each) for each in within(part, "t"))
    series = (_series(each) for each in within(part, "ser"))
    return "\n".join(filter(None, [*dict.fromkeys(words), *series]))


def _series(series: XmlElement) -> str:
    """A series of a chart as a line: `2025: Hanoi 4.3, Hue 2.5`."""
    title = child(series, "tx")
    name = "" if title is None else " ".join(_text(each) for each in within(title, "v"))
    labels, values = _points(series, "cat", "xVal"), _points(series, "val", "yVal")
    places = sorted({*labels, *values})
    pairs = ((labels.get(place, ""), _rounded(values.get(place, ""))) for place in places)
    said = ", ".join(filter(None, (" ".join(filter(None, pair)) for pair in pairs)))
    return f"{name}: {said}" if name and said else name or said


def _points(series: XmlElement, *names: str) -> Mapping[int, str]:
    """What stands at each place of an axis; places without a value are not said in the XML.

    Labels of several levels stand one before the other.
    """
    found: dict[int, str] = {}
    for axis in (each for each in series if name_of(each) in names):
        for point in within(axis, "pt"):
            said, place = _text(child(point, "v")), number(point, "idx")
            found[place] = f"{said} {found[place]}" if place in found else said
    return found


def _rounded(value: str) -> str:
    """A figure without the digits that only a processor sees: 4.4000000000000004."""
    try:
        return f"{float(value):.12g}" if "." in value else value
    except ValueError:
        return value


def _text(element: XmlElement | None) -> str:
    return "" if element is None else (element.text or "").strip()
