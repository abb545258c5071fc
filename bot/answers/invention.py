"""Whether a customer wants a text made up for them: a poem, a card, a slogan."""

import re

from bot.text.language import language_of
from storage.text.folding import fold

_MAKE = (
    r"\b(?:write|compose|draft|invent|make up|come up with|create|rhyme|brainstorm|suggest|give me"
    r"|imagine|tell me|need|want|viet|sang tac|soan|lam|nghi ra|dat|goi y|ke|cho (?:minh|em|toi"
    r"|xin))\b"
)
_TEXT = (
    r"\b(?:poems?|haikus?|limericks?|rhymes?|verses?|songs?|lyrics|slogans?|taglines?|captions?"
    r"|jokes?"
    r"|stor(?:y|ies)|fairy ?tales?|toasts?|speech(?:es)?|cards?|greetings?|wish(?:es)?|invitations?"
    r"|names? for|letters?|lines?|sonnets?|riddles?|essays?|posts?|blurbs?|mottos?|texts?"
    r"|tho|bai tho|cau chuc|loi chuc|thiep|khau hieu|slogan|truyen|cau chuyen|bai hat|ten cho"
    r"|loi bai"
    r"|thu cam on|loi cam on|cau doi|bai viet|caption|chuc mung)\b"
)
_WANTED = re.compile(rf"{_MAKE}[^.!?\n]{{0,60}}?{_TEXT}|{_TEXT}[^.!?\n]{{0,40}}?{_MAKE}")


def wants_a_text(message: str) -> bool:
    """Whether the message asks for one, by its words; in languages we cannot read, yes."""
    spoken = language_of(message)
    if spoken is not None and spoken not in ("en", "vi"):
        return True
    return _WANTED.search(fold(message)) is not None
