"""Notes on a part of a long text: its most telling sentences, word for word, in their order."""

from collections import Counter
from math import log

from emulator.claude.text import STOP_WORDS, sentences, stem, words


def notes(text: str, limit: int) -> str:
    """The sentences whose words are rarest in the text, at most `limit` words in all.

    What a text says over and over tells little about it; what it says once is worth a note.
    """
    said = sentences(text)
    named = [
        {stem(word) for word in words(each) if word not in STOP_WORDS and not word.isdigit()}
        for each in said
    ]
    counts = Counter(word for each in named for word in each)
    ranked = sorted(
        range(len(said)),
        key=lambda place: -sum(log(len(said) / counts[word]) for word in named[place]),
    )
    left, picked = limit, []
    for place in ranked:
        left -= len(said[place].split())
        if left < 0:
            break
        picked.append(place)
    return " ".join(said[place] for place in sorted(picked)) or " ".join(text.split()[:limit])
