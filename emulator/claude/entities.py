"""What a message names: order numbers, e-mail addresses, products."""

import re

from emulator.claude.text import STOP_WORDS, fold, sentences, words

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ORDER = re.compile(
    r"#\s?(?P<hash>[A-Za-z]{0,4}-?\d{3,12})\b"
    r"|\b(?P<code>[A-Z]{1,5}-\d{3,12}|[A-Z]{1,3}\d{4,12})\b"
    r"|\b(?:orders?|order number|order id|đơn|đơn hàng|mã đơn|mã|don|don hang|ma don)"
    r"(?:\s(?:hàng|hang|number|no\.?|num|số|so|id|mã|ma|is|là|la))*\s?[:#]?\s?"
    r"(?P<named>[A-Za-z]{0,4}-?\d{3,12})\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_][\w-]*")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{2,60})[\"”»]")
_BEFORE = re.compile(
    r"\b(?:the|my|a|an|your|this|that|cái|chiếc|con|máy|bộ|cai|chiec|may|bo|le|la|el|mi)\s+\Z",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|to|at|from|near|đi|tới|đến|ở|tại|về|di|toi|den|o|tai|ve)\s+\Z", re.IGNORECASE
)
_CALENDAR = """monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december"""
_DATES = frozenset(_CALENDAR.split())
_NEVER = frozenset(fold(word) for word in ("I", "Mr", "Mrs", "Ms", "VND", "USD", "OK", "ASAP"))


def emails(text: str) -> list[str]:
    """E-mail addresses, each once."""
    return list(dict.fromkeys(_EMAIL.findall(text)))


def order_ids(text: str) -> list[str]:
    """Order numbers as written, without a leading «#», each once."""
    bare = _EMAIL.sub(" ", text)
    found = []
    for match in _ORDER.finditer(bare):
        if match["code"] and not match["code"][0].isupper():
            continue
        found.append(match["hash"] or match["code"] or match["named"])
    return list(dict.fromkeys(found))


def products(text: str, known: list[str]) -> list[str]:
    """Products the prompt names, then quoted names and capitalised runs inside a sentence."""
    folded = f" {' '.join(words(text))} "
    named = [name for name in known if f" {' '.join(words(name))} " in folded]
    quoted = _QUOTED.findall(text)
    loose = [] if text.isupper() else _capitalised(text)
    kept: dict[str, str] = {}
    for name in (*named, *quoted, *loose):
        if not any(fold(name) in other for other in kept):
            kept[fold(name)] = name
    return list(kept.values())


def names(text: str) -> list[str]:
    """Capitalised runs inside a sentence that are no order number, weekday or month."""
    if text.isupper():
        return []
    numbers = order_ids(text)
    found = [run for sentence in sentences(_EMAIL.sub(" ", text)) for run, _ in _runs(sentence)]
    return [run for run in found if _is_name(run, numbers)]


def _capitalised(text: str) -> list[str]:
    """Runs of capitalised words; one word alone needs an article or a noun marker before it."""
    found = []
    for sentence in sentences(_EMAIL.sub(" ", text)):
        for run, before in _runs(sentence):
            if not _PLACE.search(before) and (" " in run or _BEFORE.search(before)):
                found.append(run)
    numbers = order_ids(text)
    return [run for run in found if _is_name(run, numbers)]


def _runs(sentence: str) -> list[tuple[str, str]]:
    """Each capitalised run with what stands before it; a sentence's first word is no name."""
    runs: list[tuple[str, str]] = []
    end = -1
    for match in _TOKEN.finditer(sentence):
        token, before = match.group(), sentence[: match.start()]
        if runs and before[end:].strip() == "" and end >= 0 and _continues(token):
            runs[-1] = (sentence[len(runs[-1][1]) : match.end()], runs[-1][1])
        elif token[0].isupper() and before.strip():
            runs.append((token, before))
        else:
            end = -1
            continue
        end = match.end()
    return runs


def _continues(token: str) -> bool:
    return token[0].isupper() or token.isdigit()


def _is_name(run: str, numbers: list[str]) -> bool:
    folded = words(run)
    dull = STOP_WORDS | _NEVER | _DATES
    plain = all(word in dull or word.isdigit() for word in folded)
    return len(run) > 1 and not plain and not any(number in run for number in numbers)
