"""Files kept at hand for a while, so that nothing is fetched twice."""

from collections import OrderedDict
from typing import Any

# Bytes of files kept at hand.
CACHED_BYTES = 64_000_000


class AttachmentCache:
    """What was fetched lately, up to a number of bytes; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def take(self, name: str) -> Any:
        """What is kept under a name, or None."""
        if name not in self._kept:
            return None
        self._kept.move_to_end(name)
        return self._kept[name][0]

    def keep(self, name: str, thing: Any, size: int) -> None:
        """Keep a thing of so many bytes, if there is room for it at all."""
        self._kept[name] = (thing, size)
        while sum(taken for _thing, taken in self._kept.values()) > self._most:
            self._kept.popitem(last=False)
