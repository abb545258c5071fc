"""What a property is filled with when its name says what is wanted.

======================================  =====================================================
name                                    value
======================================  =====================================================
confidence, certainty                   0 to 1 from the score and margin of the main choice
language, lang                          ISO 639-1 code
sentiment, mood                         positive, neutral or negative
urgency, priority                       low, normal (medium), high or urgent (critical)
complexity                              simple, complex or creative
wants_human, needs_human                true when a person is asked for
action_needed, needs_action             true when something is to be changed, repaid or put right
order_ids, orders, order_id, order      order numbers as written, without «#»
emails, email                           e-mail addresses
products, product                       products named by the prompt, quoted or capitalised
issue_type                              a short slug of what the message is about
summary                                 first sentences, at most 50 words
addressee, meant_for                    whom it is for and how sure that is (see `addressee`)
same_matter                             whether it shares words with what was written before it
questions, queries                      what it asks, a sentence each, with the thread's where short
notes                                   the most telling sentences, at most 150 words
seen, shown                             the words that the pictures carry; null without any
points                                  the first sentence of each of the first five paragraphs
body                                    what the agents of the thread said
worth_it                                true when an agent of the thread said something
title, subject                          first sentence, at most 10 words
reply                                   a line in the message's language for small talk only
======================================  =====================================================
"""

from collections.abc import Callable

from emulator.claude import tone
from emulator.claude.addressee import addressee
from emulator.claude.language import phrase
from emulator.claude.noting import notes
from emulator.claude.questions import questions
from emulator.claude.reading import Reading
from emulator.claude.text import sentences

URGENCY = (("low",), ("normal", "medium"), ("high",), ("urgent", "critical"))
LANGUAGES = {
    "en": "english",
    "vi": "vietnamese",
    "fr": "french",
    "es": "spanish",
    "de": "german",
    "pt": "portuguese",
    "it": "italian",
    "id": "indonesian",
    "ja": "japanese",
    "ko": "korean",
    "zh": "chinese",
    "th": "thai",
    "ru": "russian",
    "ar": "arabic",
}


_ACTIONS = frozenset(
    {"cancel", "refund", "return", "change", "broken", "wrong", "complaint", "address", "account"}
)


def _sentiment(reading: Reading) -> list[str]:
    value = tone.sentiment(reading.text)
    return ["negative" if value < 0 else "positive" if value > 0 else "neutral"]


def _urgency(reading: Reading) -> list[str]:
    level = tone.urgency(reading.text)
    nearest = sorted(range(len(URGENCY)), key=lambda other: abs(other - level))
    return [word for other in nearest for word in URGENCY[other]]


def _language(reading: Reading) -> list[str]:
    return [reading.language, LANGUAGES.get(reading.language, "other"), "other"]


def _complexity(reading: Reading) -> list[str]:
    if reading.creative:
        return ["creative", "complex"]
    if reading.effort > 1:
        return ["complex"]
    match = reading.choose(("simple", "complex", "creative"))
    if match and match.score > 0.5 and match.best != "creative":
        return [match.best]
    return ["simple"]


def _acts(reading: Reading) -> bool:
    if reading.small_talk:
        return False
    acted_on = not _ACTIONS.isdisjoint(reading.concepts)
    return acted_on or tone.wants_person(reading.text) or tone.sentiment(reading.text) < 0


def _issue(reading: Reading) -> str:
    named = [concept for concept in reading.concepts if concept != "greeting"]
    return "_".join((named or reading.key_words or ["general"])[:2])


def _title(reading: Reading) -> str:
    return " ".join((sentences(reading.text) or [""])[0].split()[:10])


def _points(reading: Reading) -> list[str]:
    paragraphs = (sentences(block) for block in reading.text.split("\n\n"))
    return [said[0] for said in paragraphs if said][:5]


def _questions(reading: Reading) -> list[str]:
    return [] if reading.small_talk else questions(reading.text, reading.request.earlier)


def _seen(reading: Reading) -> str | None:
    return "\n".join(filter(None, reading.request.pictures)) or None


def _reply(reading: Reading) -> str | None:
    if reading.small_talk is None:
        return None
    return phrase(tone.REPLIES[reading.small_talk], reading.language)


def _meant(reading: Reading) -> dict[str, object]:
    asks = reading.small_talk is None
    beside = {"brings": reading.brings, "wordless": reading.wordless}
    who, sure = addressee(reading.text, reading.request.thread, asks=asks, **beside)
    return {"who": who, "confidence": round(sure, 2)}


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


CHOICES: dict[str, Callable[[Reading], list[str]]] = {
    "sentiment": _sentiment,
    "mood": _sentiment,
    "urgency": _urgency,
    "priority": _urgency,
    "language": _language,
    "lang": _language,
    "complexity": _complexity,
}
"""Names whose value is one of several words, best first; the schema's enum decides."""

VALUES: dict[str, Callable[[Reading], object]] = {
    "wants_human": lambda reading: tone.wants_person(reading.text),
    "needs_human": lambda reading: tone.wants_person(reading.text),
    "action_needed": _acts,
    "needs_action": _acts,
    "order_ids": lambda reading: reading.order_ids,
    "orders": lambda reading: reading.order_ids,
    "order_id": lambda reading: _first(reading.order_ids),
    "order": lambda reading: _first(reading.order_ids),
    "emails": lambda reading: reading.emails,
    "email": lambda reading: _first(reading.emails),
    "products": lambda reading: reading.products,
    "product": lambda reading: _first(reading.products),
    "issue_type": _issue,
    "summary": lambda reading: reading.summary(50),
    "notes": lambda reading: notes(reading.text, 150),
    "points": _points,
    "questions": _questions,
    "queries": _questions,
    "addressee": _meant,
    "meant_for": _meant,
    "same_matter": lambda reading: reading.same,
    "seen": _seen,
    "shown": _seen,
    "body": lambda reading: "\n\n".join(reading.request.agents),
    "worth_it": lambda reading: bool(reading.request.agents),
    "title": _title,
    "subject": _title,
    "reply": _reply,
}
