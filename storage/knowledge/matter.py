"""What a message says, in parts that are each looked for by themselves.

Asked as a whole, a message finds what most of its words are about; a part finds what that part is
about. Pure, and linear in the text.
"""

import re

MOST_TEXT = 6_000  # characters; of a longer message its beginning and its end
# A part is a sentence. One that is longer, as where people type without marks, is read through a
# window of so many words that moves on by half of it.
WINDOW = 20
STRIDE = WINDOW // 2
LONGEST = 26
# Words after which a message that ends soon holds a name and no question.
SIGNED = 12

_END = re.compile(r"(?<=[.!?…。！？])[\"'»”’)\]]*\s+|\s*\n\s*")
# «Dear Ms Hill,» and «chào anh Nam,» before what is asked in the same breath.
_SALUTATION = re.compile(
    r"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings"
    r"|(?:xin |kính )?chào|(?:xin |kinh )?chao|kính gửi|kinh gui|alo)\b[^,.!?:\n]{0,30}[,!:]",
    re.IGNORECASE,
)
# Before the name of who signs: a line that holds nothing else, so «best» in a sentence is none.
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?\n]))[ \t]*(?:(?:(?:with )?(?:best|kind|warm|many) (?:regards|wishes|thanks)"
    r"|kind regards|regards|sincerely|yours (?:sincerely|truly|faithfully)|cheers|best"
    r"|many thanks|thank you|thanks|trân trọng|tran trong|thân mến|than men|thân ái|than ai"
    r"|cảm ơn|cam on|xin cảm ơn|xin cam on|chân thành cảm ơn)[^\n,.!?]{0,30}[,.!]*\s)"
    r"(?P<name>[^?]*)$",
    re.IGNORECASE,
)

_ASKS = re.compile(
    r"\?|^(?:and |so |also |but |then )?(?:how|what|when|where|which|who|whose|why|can|could|do"
    r"|does|did|is|are|may|will|would|should|must)\b"
    r"|\b(?:how (?:do|can|much|many|long|to)|bao (?:nhiêu|nhieu|lâu|lau|giờ|gio)|làm sao|lam sao"
    r"|(?:thế|the|như|nhu|khi|cách|cach|loại|loai|chỗ|cho) (?:nào|nao)|ở đâu|o dau|tại sao|tai sao"
    r"|vì sao|vi sao|(?:được|duoc|phải|phai|chưa|chua) (?:không|khong|ko|hông)|mấy|là gì|la gi)\b",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    """The parts of a message in order; the salutation and the signature are none."""
    return [part for sentence in sentences(bare(_shortened(text))) for part in windows(sentence)]


def sentences(text: str) -> list[str]:
    """A text cut where a sentence or a line ends; a dot in an address is no end."""
    return [each.strip() for each in _END.split(text) if each.strip()]


def bare(text: str) -> str:
    """A message without its salutation and its signature, unless nothing else is left."""
    begun = _SALUTATION.sub("", text, count=1)
    tail = max(len(begun) - 200, 0)
    closing = _CLOSING.search(begun, tail)
    if closing and len(closing["name"].split()) <= SIGNED:
        begun = begun[: closing.start()]
    return begun if begun.strip() else text


def asks(part: str) -> bool:
    """Whether a part is put as a question, with a mark or without."""
    return bool(_ASKS.search(part))


def windows(sentence: str) -> list[str]:
    """A sentence, or what is seen of a long one through a window that moves over it."""
    said = sentence.split()
    if len(said) <= LONGEST:
        return [sentence]
    starts = range(0, len(said) - STRIDE, STRIDE)
    return [" ".join(said[start : start + WINDOW]) for start in starts]


def _shortened(text: str) -> str:
    half = MOST_TEXT // 2
    return text if len(text) <= MOST_TEXT else f"{text[:half]}\n{text[-half:]}"
