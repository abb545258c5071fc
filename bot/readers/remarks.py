"""What the source of a text says of its parts and no reader of the text sees: classes, conditions.

It is handed on, one a line, so that whoever knows the words can tell that a part is for some only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.readers.document import REMARKS

MOST, LONGEST = 200, 120  # remarks of a text, and characters of one

_ASCIIDOC = re.compile(
    r"^(?:ifn?def::(?P<condition>[^\[\]\n]{1,120})\[|//[ \t]*tag::(?P<tag>[\w-]{1,80})\["
    r"|\[(?P<roles>[^\]\n]{1,200})\][ \t]*$|:(?P<set>[\w-]{1,80}):[ \t]*$)",
    re.MULTILINE,
)
_ROLE = re.compile(r"\.([\w-]+)|\brole=[\"']?([\w -]+)")
_RESTRUCTURED = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:container|class|rst-class|only|tags|ifconfig)::[ \t]*(.{1,200})$",
    re.MULTILINE,
)
_PARTING = re.compile(r"[,;+\s]+")


def asciidoc_remarks(text: str) -> Iterator[str]:
    """Conditions, tags and roles of blocks, and attributes that are set without a value."""
    for found in _ASCIIDOC.finditer(text):
        if found["roles"]:
            yield from (one or other for one, other in _ROLE.findall(found["roles"]))
        else:
            yield from _PARTING.split(found["condition"] or found["tag"] or found["set"])


def restructured_remarks(text: str) -> Iterator[str]:
    """Classes and conditions of directives."""
    for found in _RESTRUCTURED.finditer(text):
        yield from _PARTING.split(found[1])


def with_remarks(front: Mapping[str, str], remarks: Iterable[str]) -> Mapping[str, str]:
    """What a file says of itself, and these remarks of its source."""
    said = [front[REMARKS]] if front.get(REMARKS) else []
    fitting = (f"class: {each}" for each in remarks if each and len(each) <= LONGEST)
    told = [*said, *list(dict.fromkeys(fitting))[:MOST]]
    return {**front, REMARKS: "\n".join(told)} if told else front
