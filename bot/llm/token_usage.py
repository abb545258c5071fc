"""What a reply says that it used, as far as it can be believed.

A gateway between us and the API may leave `usage` out, or fill it with anything. That is no reason
to lose an answer: what is not known is reckoned from the text, and marked.
"""

import math
from dataclasses import replace
from typing import Any

from bot.llm.pricing import Tokens

# No model of today reads or writes so much in one call.
ABSURD = 20_000_000
# The ledger's word for a cost that was reckoned, where a price list's name stands otherwise.
UNKNOWN = "usage unknown"
# Characters a token, on the low side: 2.5 is what the 5.5 models' page gives.
CHARACTERS = 2.5
_COUNTS = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
}


def used(usage: Any, said: str, asked: int) -> tuple[Tokens, bool]:
    """The tokens of a reply by the classes of the price list, and whether they are known.

    `said` is its text, `asked` the characters of the request: what is not known is reckoned from
    them, on the high side.
    """
    counted = {name: _count(usage, field) for name, field in _COUNTS.items()}
    written = _count(usage, "cache_creation_input_tokens", missing=0)
    long = _long(usage)
    if counted["cache_read"] is None and getattr(usage, "cache_read_input_tokens", None) is None:
        counted["cache_read"] = 0
    if written is None or long is None or None in counted.values():
        return Tokens(input=_reckoned(asked), output=_reckoned(len(said))), False
    tokens = Tokens(
        input=counted["input"] or 0,
        output=counted["output"] or 0,
        cache_read=counted["cache_read"] or 0,
        cache_write_5m=max(written - long, 0),
        cache_write_1h=long,
    )
    return tokens, True


def at_least(counted: Tokens, text: str) -> Tokens:
    """The tokens of a reply that broke off: what was counted, and no less than its text makes.

    Output tokens are counted by the API only in its last event but one.
    """
    return replace(counted, output=max(counted.output, _reckoned(len(text))))


def _count(usage: Any, field: str, missing: int | None = None) -> int | None:
    value = getattr(usage, field, None)
    if value is None:
        return missing
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= ABSURD
    return value if sound else None


def _long(usage: Any) -> int | None:
    created = getattr(usage, "cache_creation", None)
    return 0 if created is None else _count(created, "ephemeral_1h_input_tokens", missing=0)


def _reckoned(characters: int) -> int:
    return math.ceil(characters / CHARACTERS)
