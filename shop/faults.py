"""What a shop's system does on a bad day, one fault for each request that it meets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

# slow: answers after `seconds`. error: answers with `status`. drop: cuts the connection; of a
# write, after it was done. garbage: HTML instead of JSON. schema: fields renamed and of other
# types. foreign: the order of `number` instead of the one asked for, whoever asks. injected:
# `text` in the place of the status. half: a write that is noted and not done, answered with 500.
# said: `text` instead of an answer, with `status` and `headers`.
# odd: `json` in the place of the total, as it stands there. words: «OK», for what was done.
FaultKind = Literal[
    "slow",
    "error",
    "drop",
    "garbage",
    "schema",
    "foreign",
    "injected",
    "half",
    "huge",
    "odd",
    "said",
    "words",
]


@dataclass
class ShopFault:
    """A fault for requests whose path holds `path`; `times` of them, None for all."""

    kind: FaultKind
    path: str = "/"
    times: int | None = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    met: int = 0

    def strikes(self, path: str) -> bool:
        """Whether it meets a request, which counts as one of its times."""
        if self.path not in path or (self.times is not None and self.met >= self.times):
            return False
        self.met += 1
        return True
