"""Where marks in a text end, looked for within a bound on all the work that looking takes."""

import re

# How often a text may be gone over in vain. Marks without ends would make it once for each of them.
IN_VAIN = 20
AT_LEAST = 100_000


class Ends:
    """The ends in one text. What was looked for once and is not there is not looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = len(text) * IN_VAIN + AT_LEAST
        self._next: dict[str, int] = {}

    def find(self, close: str, start: int) -> int | None:
        """Where an end begins, at or after a place."""
        known = self._next.get(close, -2)
        if known == -2 or -1 < known < start:
            known = self._next[close] = self.text.find(close, start)
        return known if known >= 0 else None

    def match(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """An end that a pattern knows, at or after a place."""
        if self._next.get(pattern.pattern) == -1:
            return None
        found = pattern.search(self.text, start)
        if found is None:
            self._next[pattern.pattern] = -1
        return found

    def closing(self, name: str, start: int) -> int | None:
        """Where the closing tag of an element begins, in small letters or capitals."""
        found = [self.find(f"</{each}", start) for each in dict.fromkeys((name, name.upper()))]
        return min((each for each in found if each is not None), default=None)

    def allowed(self, most: int) -> int:
        """How far a mark may be followed by now."""
        return min(most, max(self._left, 0))

    def spent(self, start: int, end: int | None, most: int = 20_000) -> int | None:
        """An end that was found, or None after it was looked for in vain, which counts."""
        if end is None:
            self._left -= min(most, len(self.text) - start)
        return end
