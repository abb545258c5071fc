"""What a text that cites nothing must not do: state how the desk does things.

A greeting, a question back and a refusal may be polite and say what the desk is for. As soon as
they say that delivery is free, they answer, and an answer cites. A clause is polite when it is made
of the words that people are polite with, of the customer's own and of the desk's about itself; what
such words are stands in `bot/locales/`, like the frames by which a statement is known.
"""

import re
from collections.abc import Iterable, Iterator

from bot.text.facts.fact import ScannedText
from bot.text.frames import LazyPattern, any_of, frames
from bot.text.locale import locales
from storage.text.folding import fold, stem

# Words of a clause that are none of those: one may be a matter, two say something about it.
STRANGE = 2
# Words of a clause that only goes on with what the one before it lists.
FEW = 4
_STATED, _NEWS = frames("stated"), frames("news")
_HUMBLE = LazyPattern(lambda: rf"\b{any_of('humble')}\b")
_SURE = LazyPattern(lambda: rf"\b{any_of('sure_of')}\b")
_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
_CLAUSE = re.compile(r"[,;:](?=\s)|\s(?:but|and|so|nhung|va|con|nen)\s|\s[–—-]\s")
_OPENS = LazyPattern(
    lambda: (
        r"\W*(?:and |or |so |but |hay |hoac |va )*"
        rf"(?:(?P<asks>{any_of('asks')})|{any_of('opens')})\b"
    )
)
_ASKED = LazyPattern(lambda: rf"\b(?:{any_of('asked')}|{any_of('whether')})\b")
# Somebody or something else does it, not «I» and «you».
_OTHERS = re.compile(r"\W*(?:the|our|all|every|most|some|many|its|their|cac|moi|tat ca)\s")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")


def _spoken(kind: str, accented: bool) -> str:
    listed = [each for words in locales().values() for each in getattr(words.spoken, kind)]
    known = listed if accented else list(map(fold, listed))
    # Folded ones fit what is written without accents only: «về» is no «vé».
    ends = (r"\b", r"\b") if accented else (r"(?<![^\W_])(?<!-)", r"(?![^\W_])")
    return f"{ends[0]}(?:{'|'.join(sorted(known, key=len, reverse=True))}){ends[1]}"


def _lazily(kind: str) -> tuple[LazyPattern, LazyPattern]:
    """The words of a kind as they are written, and without their accents."""
    return (
        LazyPattern(lambda: _spoken(kind, accented=True)),
        LazyPattern(lambda: _spoken(kind, accented=False)),
    )


_SAID = _lazily("said")
_MODEST = _lazily("modest")


def assertions(text: str, own: Iterable[str] = (), asked: Iterable[str] = ()) -> Iterator[str]:
    """The clauses of a text that state something of the desk's business, as written.

    What the desk says of itself (`own`) may be repeated, and so may the words that were `asked`.
    """
    page = ScannedText(text)
    own = [ScannedText(each).folded for each in own]
    ours = " ".join(own)
    echoed = {stem(word) for each in (*own, *map(fold, asked)) for word in _WORD.findall(each)}
    written = page.text.lower().replace("’", "'")
    modest = False
    for sentence in _SENTENCE.finditer(page.folded):
        asks = sentence[0].rstrip().endswith(("?", "？"))
        asked_of = False
        for start, end in _clauses(page.folded, *sentence.span()):
            said = page.folded[start:end].strip(" .!,;:")
            # «Did you know …?» tells rather than asks.
            asking = asks and not _NEWS.search(said)
            last = asking and end == sentence.end()
            if last or (ours and said in ours):
                continue
            opens = _OPENS.match(said) if asking else None
            if asking and ((opens and opens["asks"]) or _ASKED.search(said)):
                asked_of = True
                continue
            if asked_of and not _states(said):
                # «What is broken: the cable, the light or the box?» asks to its end.
                continue
            # «… only with orders, delivery and returns» goes on in the same vein.
            modest = _is_modest(written[start:end]) or (modest and len(said.split()) <= FEW)
            strange = not (modest or opens) and _strange(written[start:end], echoed)
            if _states(said) or strange:
                yield page.text[start:end].strip(" ,;:")


def _clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE.finditer(folded, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _states(said: str) -> bool:
    """Whether a clause speaks of the desk's business in so many words."""
    if _NEWS.search(said):
        return True
    return bool(_STATED.search(said)) and bool(not _HUMBLE.search(said) or _SURE.search(said))


def _is_modest(clause: str) -> bool:
    return any(pattern.search(clause) for pattern in _MODEST)


def _strange(clause: str, echoed: set[str]) -> bool:
    """Whether a clause says more than one says out of politeness."""
    allowed = 1 if _OTHERS.match(clause) else STRANGE
    for pattern in _SAID:
        clause = pattern.sub(lambda known: "-" * len(known[0]), clause)
    strange = [
        word for word in _WORD.findall(clause) if len(word) > 1 and stem(fold(word)) not in echoed
    ]
    return len(strange) >= allowed
