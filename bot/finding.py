"""What a check found: something that is right, deserves a look, or keeps the desk from working."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One result; `sentence` tells a newcomer what is so and, where it is not right, what to do."""

    grade: Grade
    subject: str
    sentence: str


def ok(subject: str, sentence: str) -> Finding:
    return Finding("ok", subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding("warning", subject, sentence)


def wrong(subject: str, sentence: str) -> Finding:
    return Finding("wrong", subject, sentence)
