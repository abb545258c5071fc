"""How much work a message asks for: simple, complex or creative."""

import re

from emulator.claude.concepts import concepts
from emulator.claude.text import fold, stem, words

_CREATIVE = re.compile(
    r"\b(?:write|compose|draft|create|invent|come up with|make up|rewrite)\b[^.?!]{0,40}"
    r"\b(?:poem|haiku|slogan|tagline|story|song|lyrics|limerick|rap|verse|ad|advert|caption"
    r"|card|wish|toast|joke|speech|post|message|text|description|name)s?\b"
    r"|\b(?:viet|sang tac|nghi|soan|lam|dat|tao)\b[^.?!]{0,30}"
    r"\b(?:tho|slogan|khau hieu|cau chuyen|bai hat|loi chuc|cau chuc|thiep|quang cao"
    r"|caption|loi bai|tho luc bat|bai viet|truyen)\b"
    r"|\b(?:a poem|a slogan|a haiku|bai tho|mot bai tho)\b"
)
_REASONING = re.compile(
    r"\b(?:why|explain|difference|compare|versus|vs|recommend|which one|better|depends|step by"
    r" step|troubleshoot|pros and cons|both|tai sao|vi sao|giai thich|so sanh|khac nhau|khac gi"
    r"|nen chon|nen mua|tu van|uu nhuoc diem|tot hon|nhu the nao)\b"
)


def is_creative(text: str) -> bool:
    """Whether something is to be written rather than answered."""
    return bool(_CREATIVE.search(fold(text)))


def effort_asked(text: str) -> float:
    """A rough measure: above 1 a message is complex; length, questions, reasoning, topics."""
    found = words(text)
    questions = text.count("?") + text.count("？")
    reasoning = len(set(_REASONING.findall(fold(text))))
    topics = len(concepts([stem(word) for word in found]))
    return (
        len(found) / 60 + max(0, questions - 1) * 0.5 + reasoning * 0.9 + max(0, topics - 3) * 0.15
    )
