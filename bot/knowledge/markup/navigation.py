"""Lists of links within a page and «skip to content»: ways around a page, and no words of it."""

import re
from collections import Counter
from collections.abc import Sequence

FEWEST = 3  # links in a list that is a table of contents
LONGEST = 500  # characters of a line of links

_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[[^\]]*\]\(#[^)]*\)\s*$")
_SKIP = re.compile(
    r"\s*(?:[-*+]\s+)?\[?(?:skip|jump) to (?:the )?(?:main |page )?(?:content|navigation|search)\]?"
    r"(?:\([^)]*\))?\s*$|\s*\[(?:back to top|↑[^\]]*|edit (?:this|on) [^\]]*)\]\([^)]*\)\s*$",
    re.IGNORECASE,
)
_WAYS = re.compile(
    r"\s*\[\s*(?:[«‹<←]|&larr;|prev\w*|zurück)[^\]]*\]\([^)]*\)[\s|·•]*(?:\[[^\]]*\]\([^)]*\))?\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r" {0,3}#{1,6}\s|\s*\*\*[^*]+\*\*:?\s*$")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def without_navigation(lines: Sequence[str], left_out: Counter[str]) -> list[str]:
    """The lines without what only leads around; a heading over nothing else goes with it."""
    kept: list[str] = []
    number = 0
    fenced = False
    while number < len(lines):
        line = lines[number]
        if _FENCE.match(line):
            fenced = not fenced
        run = 0 if fenced else _run(lines, number)
        if run >= FEWEST:
            left_out["navigation"] += 1
            number = _after(lines, number)
            _drop_heading(kept, lines, number)
        elif not fenced and len(line) < LONGEST and (_SKIP.match(line) or _WAYS.match(line)):
            left_out["navigation"] += 1
            number += 1
        else:
            kept.append(line)
            number += 1
    return kept


def _run(lines: Sequence[str], start: int) -> int:
    """How many items of a list of links within the page begin at a line."""
    if len(lines[start]) > LONGEST or not _ITEM.match(lines[start]):
        return 0
    return sum(bool(lines[each].strip()) for each in range(start, _after(lines, start)))


def _after(lines: Sequence[str], start: int) -> int:
    """The first line after a list of links."""
    end = start
    while end < len(lines) and (_ITEM.match(lines[end]) or not lines[end].strip()):
        end += 1
    return end


def _drop_heading(kept: list[str], lines: Sequence[str], following: int) -> None:
    """Drop the heading that stood over a list, where nothing else stands under it."""
    above = next((at for at in range(len(kept) - 1, -1, -1) if kept[at].strip()), None)
    alone = following >= len(lines) or _HEADING.match(lines[following]) is not None
    if above is not None and alone and _HEADING.match(kept[above]):
        del kept[above:]
