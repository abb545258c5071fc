"""What a text that cites nothing must not do: state how the desk does things.

A greeting, a question back and a refusal may be polite and say what the desk is for. As soon as
they say that delivery is free, they answer, and an answer cites.
"""

import re
from collections.abc import Iterable, Iterator

from bot.text.facts.fact import ScannedText

_MATTER = (
    r"(?:deliver(?:y|ies|s|ed)?|shipping|ship(?:s|ped|ments?)?|refunds?|returns?|warrant(?:y|ies)"
    r"|prices?|costs?"
    r"|fees?|charges?|discounts?|vouchers?|coupons?|stock|opening hours|open|closed|payments?"
    r"|instal?ments?"
    r"|exchanges?|gifts?|guarantees?|orders?|parcels?|products?|items?|accounts?|subscriptions?"
    r"|plans?"
    r"|repairs?|sale|offers?|store|shop|branch(?:es)?|cancel(?:lation)?s?|invoices?|support|app"
    r"|service"
    r"|giao hang|phi|hoan tien|doi tra|tra hang|bao hanh|gia|giam gia|ma giam|ton kho|con hang"
    r"|het hang"
    r"|mo cua|dong cua|thanh toan|tra gop|qua tang|don hang|san pham|khuyen mai|sua chua|cua hang"
    r"|ship)"
)
_SAYS = (
    r"(?:is|are|was|were|takes?|costs?|can be|may be|must be|will be|has|have|includes?"
    r"|comes? with|covers?"
    r"|lasts?|arrives?|applies|apply|works?|starts?|ends?|always|never|accepts?|offers?|allows?"
    r"|gives?|ships?"
    r"|delivers?|refunds?|sells?|provides?|supports?|la|duoc|mat|khong|co|bao gom|ap dung|gom"
    r"|luon|dang|chi|trong|tron|con|het)"
)
_STATED = re.compile(
    rf"\b{_MATTER}\b[^.!?\n]{{0,60}}?\b{_SAYS}\b|\b(?:we|our (?:shop|store|team)|shop|ben minh"
    rf"|chung toi|cua hang)"
    rf" (?:do |also |always |never |only |can |will |now |khong |co |deu |luon |dang "
    rf"|se )*{_SAYS}\b[^.!?\n]{{0,60}}?\b{_MATTER}\b"
    rf"|\b(?:you can|you may|you must|you are entitled|ban co the|ban phai"
    rf"|ban duoc)\b[^.!?\n]{{0,60}}?\b{_MATTER}\b"
    r"|\b(?:we|shop|ben minh|chung toi)(?: also| always| never| only| still| even| can| do| will"
    r"| dang| luon| deu| co)*"
    r" (?:buy|take|pay|close|rent|trade|deliver|ship|refund|repair|exchange|sell|open|accept"
    r"|offer|replace|charge|discount|stock"
    r"|giao|hoan|doi|sua|ban|mo cua|giam|tang|mien)\b"
)
_NEWS = re.compile(
    r"\b(?:on sale|special offers?|promotions?|we (?:never|always) \w+|on (?:its|the) way"
    r"|nearly there|uu dai"
    r"|khuyen mai|tren duong(?: giao| toi| den)|co qua|dang giao)\b"
)
# What the desk may say of itself without a source: what it is for, and that it does not know.
_MODEST = re.compile(
    r"\b(?:help|assist|questions? about|answer|ask|tell (?:me|us)|let (?:me|us) know"
    r"|what (?:would|can|do)|glad"
    r"|happy|welcome|sorry|afraid|unfortunately|not (?:something|able|sure|part)|outside"
    r"|only (?:for|about)"
    r"|i'm here|i am here|here for|here to|please (?:describe|say|write|send|choose)|could you"
    r"|can you|would you|do you mean|did you"
    r"|which|thank|thanks|enjoy|hope|ho tro|giup|tro giup|hoi|tra loi|cho (?:minh|em|shop) biet"
    r"|vui long|xin loi|rat tiec|chi (?:co the|ho tro)"
    r"|cam on|chuc|y ban la|ban muon|ban can)\b"
)
_SURE = re.compile(
    r"\b(?:free|mien phi|guaranteed|always|never|any time|bat cu luc nao|within|trong vong"
    r"|cheap(?:er|est)?"
    r"|discount(?:ed)?|in stock|con hang|sold out|het hang|giam gia|refundable|non-refundable"
    r"|at no (?:extra )?cost"
    r"|without (?:a )?(?:receipt|charge|fee)|no (?:charge|fee|cost|limit)|khong mat phi|tang kem"
    r"|tang)\b"
)
_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
_CLAUSE = re.compile(r"[,;:](?=\s)|\s(?:but|and|so|nhung|va|con|nen)\s|\s[–—-]\s")
_ASKING = re.compile(
    r"\s*(?:and |or |so |but |hay |hoac |va )*(?:do|does|did|is|are|was|were|can|could|would|will"
    r"|shall|which|what"
    r"|when|where|who|whose|whom|how|why|may|might|have|has|had|should|in|for|on|with|to|if"
    r"|please|or|about|any"
    r"|co phai|co|bao|may|dau|nao|ban|anh|chi|minh|shop (?:co|nao)|loai|don|hang|san pham|hay)\b"
)


def assertions(text: str, own: Iterable[str] = ()) -> Iterator[str]:
    """The clauses of a text that state something of the desk's business, as written.

    What the desk says of itself (`own`) may be repeated.
    """
    page = ScannedText(text)
    ours = " ".join(ScannedText(each).folded for each in own)
    for sentence in _SENTENCE.finditer(page.folded):
        asks = sentence[0].rstrip().endswith(("?", "？"))
        for start, end in _clauses(page.folded, *sentence.span()):
            said = page.folded[start:end].strip(" .!,;:")
            last = asks and end == sentence.end()
            if last or (asks and _ASKING.match(said)) or (ours and said in ours):
                continue
            if _states(said):
                yield page.text[start:end].strip(" ,;:")


def _clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE.finditer(folded, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _states(said: str) -> bool:
    if _NEWS.search(said):
        return True
    return bool(_STATED.search(said)) and bool(not _MODEST.search(said) or _SURE.search(said))
