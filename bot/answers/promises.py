"""Words by which an answer claims to have done something, or promises that somebody will.

The bot can do nothing but write, so such words are true only where an article says them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from storage.text.folding import fold

_DONE = (
    "cancel+ed|refunded|changed|updated|sent|shipped|processed|scheduled|booked|escalated|applied"
    "|credited|approved|issued|added|removed|fixed|resolved|reset|unlocked|forwarded|contacted"
    "|created|registered|arranged|deleted|transferred|reserved|upgraded|activated|ordered|checked"
    "|looked (?:up|into)|verified|notified|confirmed|initiated|submitted|extended|waived"
)
_DO = (
    "cancel|refund|change|update|send|ship|process|schedule|book|escalate|apply|credit|approve"
    "|issue|add|remove|fix|resolve|reset|unlock|forward|contact|create|register|arrange|delete"
    "|transfer|reserve|upgrade|activate|call|email|check|look into|verify|notify|get back|follow up"
    "|make sure|ensure|guarantee|compensate|reimburse|replace|deliver|extend|waive"
)
_DOING = "processing|cancel+ing|refunding|sending|updating|changing|checking|transferring"
_WE = r"(?:i|we|our (?:team|colleague|support|staff)|the (?:team|shop))"
_SO_FAR = "(?: just| already| now| also| gone ahead and)*"
_WILL = "(?:'ll| will| shall|'m going to| am going to|'re going to| are going to)"
_GLADLY = "(?: now| also| gladly| personally| happily)*"
_THING = r"\byour [\w -]{2,40}?"
_ENGLISH = (
    rf"\b{_WE}(?:'ve| have| has|'d)?{_SO_FAR} (?:{_DONE})\b",
    rf"{_THING} (?:has|have)(?: now| just| already)? been (?:{_DONE})\b",
    rf"{_THING} (?:is|are|was|were) (?:now|already|successfully) (?:{_DONE})\b",
    rf"\b{_WE}{_WILL}{_GLADLY} (?:{_DO})\b",
    r"\byou will (?:definitely|certainly|surely) (?:get|receive)\b",
    r"\b(?:i|we) (?:promise|guarantee|assure you|hereby)\b",
    rf"\b(?:i am|i'm|we are|we're) (?:now )?(?:{_DOING})\b",
)
_SELF = "(?:minh|toi|em|chung toi|chung minh|ben minh|ben em|shop|nhan vien)"
_VI_DO = (
    "huy|hoan|doi|gui|cap nhat|xu ly|dat|chuyen|tao|ap dung|xac nhan|kiem tra|mo khoa|xoa|them"
    "|lien he|dang ky|thay|sua|bao|goi|den bu|boi thuong|giam|tang|giao|phe duyet|duyet"
)
_VI_THING = r"\b(?:don(?: hang)?|yeu cau|tai khoan|khoan tien|tien)(?: [\w-]+){0,4}"
_VIETNAMESE = (
    rf"\b{_SELF} (?:da|vua|da vua|vua moi) (?:{_VI_DO})\b",
    rf"\b{_SELF} (?:se|dang) (?:{_VI_DO})\b",
    rf"{_VI_THING} (?:da duoc|vua duoc|da bi) (?:{_VI_DO})\b",
    rf"\b{_SELF} (?:cam ket|dam bao|hua)\b",
)
_CLAIM = re.compile("|".join((*_ENGLISH, *_VIETNAMESE)))
# «Once your order has been sent, …» says when, not that it has.
_WHEN = re.compile(
    r"\b(?:if|when|once|after|until|unless|whether|before|as soon as|neu|khi|sau khi|truoc khi"
    r"|den khi|cho den khi|ngay khi|lieu)\b[^.!?;\n]*\Z"
)


def find_promises(text: str, articles: Iterable[str]) -> Iterator[str]:
    """The claims in a text that stand in none of the articles, as written."""
    folded = _plain(text)
    ground = " ".join(_plain(each) for each in articles)
    for match in _CLAIM.finditer(folded):
        if match[0] not in ground and not _WHEN.search(folded[: match.start()]):
            yield text[match.start() : match.end()] if len(text) == len(folded) else match[0]


def _plain(text: str) -> str:
    return "".join(map(_letter, text))


@lru_cache(maxsize=4_096)
def _letter(char: str) -> str:
    return "'" if char == "’" else fold(char) or char
