"""What a look at something came to, in a sentence."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

# `unreachable`: it could not be asked now, and nothing says that anything has to be put right.
Grade = Literal["ok", "warning", "wrong", "unreachable"]


log = structlog.get_logger("check")


@dataclass(frozen=True)
class Finding:
    """One result; `sentence` says what is so and, where it is not right, what to do."""

    grade: Grade
    subject: str
    sentence: str


def ok(subject: str, sentence: str) -> Finding:
    return Finding("ok", subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding("warning", subject, sentence)


def wrong(subject: str, sentence: str) -> Finding:
    return Finding("wrong", subject, sentence)


def unreachable(subject: str, sentence: str) -> Finding:
    return Finding("unreachable", subject, sentence)


async def looked(subject: str, look: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    """What a look found; one that fails in a way nobody foresaw is a finding too, not the end."""
    try:
        return await look
    except Exception as error:
        log.exception("check failed", subject=subject)
        told = f"could not be looked at ({type(error).__name__}): please report what stands above"
        return [wrong(subject, told)]
