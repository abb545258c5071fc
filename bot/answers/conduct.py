"""What no text of the bot's may do, whatever it rests on: ask for secrets, or insult."""

import re
from collections.abc import Iterator
from typing import Literal

from bot.text.facts.fact import ScannedText

Misconduct = Literal["secret", "abuse"]

_PRIVATE = (
    r"(?:passwords?|passcodes?|passphrases?|pin(?: code| number)?s?|cv[vc]2?"
    r"|card(?:'s)? (?:number|details"
    r"|data|information)|(?:credit|debit|bank) card|card no|(?:full |complete )?(?:credit"
    r"|debit) card"
    r"|otps?|one[- ]time (?:code|password|pin)s?|(?:verification|security|sign-?in|log-?in|sms"
    r"|authentication|2fa|mfa|access|recovery) codes?|(?:six|four|\d)[- ]digit (?:code|pin)"
    r"|code (?:you|that you|we"
    r"|from)[^.?!\n]{0,30}"
    r"|(?:bank|online banking|login|log-in|account|sign-in) (?:credentials|login|password)"
    r"|credentials|social security(?: number)?|ssn|seed phrase|private key|secret (?:key|question"
    r"|answer)"
    r"|mother'?s maiden name|(?:id|identity|passport) (?:card )?(?:number|photo|scan)"
    r"|mat khau|ma otp|otp|ma pin|ma xac (?:thuc|nhan|minh)|so the(?: tin dung| ngan hang| atm)?"
    r"|ma cvv"
    r"|thong tin the|mat the|anh the|hinh the|(?:photos?|pictures?|scans?) of (?:your"
    r"|the) (?:\w+ ){0,2}card|ma bao mat|so (?:cccd|cmnd|can cuoc)|ma dang nhap"
    r"|tai khoan ngan hang va mat khau)"
)
_GIVE = (
    r"(?:send|tell|give|share|provide|reply with|reply|message|dm|text|e-?mail|forward|confirm"
    r"|let (?:us|me)"
    r" (?:know|have)|submit|disclose|hand over|read (?:out|me|us)|type|enter|write|post|paste"
    r"|supply|state"
    r"|include|attach|verify|show|need|require|have|get|know|gui|cho|cung cap|doc|nhan|nhap"
    r"|xac nhan"
    r"|chup|chia se|dua|bao|de lai|viet|dien|can biet|can co|can ban)"
)
_PLEA = (
    r"(?:^|(?<=[.!?:;,\n])[ \t]?|\b(?:please|just|kindly|then|and|to|you|must|should|could|but|or"
    r"|so|nhung|first|we|i|us|me"
    r"|hay|vui long|ban|nho|anh|chi|quy khach|minh|em|shop|lam on|la|giup|chung toi|toi)[ \t])"
)
_ASKED = re.compile(
    rf"{_PLEA}(?P<verb>{_GIVE})\b(?P<between>[^.?!\n]{{0,70}}?)\b{_PRIVATE}\b"
    rf"|\bwhat(?:'s| is| was| are)\b[^.?!\n]{{0,20}}?\b(?:your"
    rf"|the)\b[^.?!\n]{{0,20}}?\b{_PRIVATE}\b"
    rf"|\b{_PRIVATE}\b[^.?!\n]{{0,30}}?\b(?:la gi|la bao nhieu|please\?|la may)"
    rf"|\b(?:your|the) {_PRIVATE}\s*\?",
    re.MULTILINE,
)
# «Enter your password on the sign-in page» is help; here, to us, it is fishing.
_ELSEWHERE = frozenset(
    [
        "enter",
        "type",
        "nhap",
        "dien",
        "use",
        "have",
        "get",
        "know",
        "show",
        "write",
        "confirm",
        "verify",
        "submit",
        "need",
        "require",
        "include",
        "state",
        "nhan",
        "xac",
        "attach",
        "paste",
    ]
)
_TO_US = re.compile(
    r"\b(?:here|this (?:chat|thread|channel|conversation|message)|reply(?:ing)?|below|o day"
    r"|tai day|vao day"
    r"|tin nhan nay|doan chat|to (?:us|me)|with (?:us|me)|cho (?:shop|minh|em|chung toi"
    r"|ben minh))\b"
    r"|\b(?:we|i|shop|ben minh|chung toi|em)(?: \w+){0,2}? (?:need|require|have to (?:have|know)"
    r"|can)\b"
    r"|\b(?:can|could|may) (?:i|we) (?:have|get|know|see)\b"
    r"|\bwhat(?:'s| is| was) (?:your|the)\b"
)
_NEVER = re.compile(
    r"\b(?:never|not|don't|do not|won't|will not|no one|nobody|without|cannot|can't|avoid"
    r"|instead of"
    r"|refuse|isn't|aren't|khong|dung|chang|tuyet doi|chua)\b"
    r"(?:(?!\b(?:but|however|nhung|tuy nhien)\b)[^.?!\n])*\Z"
)
_LAST = re.compile(r"\b(?:change|reset|forgot(?:ten)?|new|doi|quen|dat lai|update)\b")
# Hard words insult by themselves, soft ones when they are said of the customer.
_SOFT = (
    r"ridiculous|silly|lazy|clueless|incompetent|ignorant|annoying|ugly|pathetic|nonsense|trash"
    r"|garbage|foolish|dumb|dense|slow-witted|careless|rude|childish|whiny|a (?:joke|pain|nuisance)"
)
_FOUL_AT = re.compile(
    r"\b(?:you(?:'re| are| were)|your (?:\w+ ){0,2}?(?:is|are|was)|(?:such|what) an?"
    rf"|people like you|how|that's|that is)(?: \w+){{0,2}}? (?:{_SOFT})\b"
    r"(?! (?:that|this|it|for you|when) )"
    rf"|\b(?:{_SOFT}) (?:questions?|requests?|people|customers?|complaints?|messages?|person)\b"
)
_FOUL = re.compile(
    r"\b(?:idiots?|idiotic|stupid(?:ity)?|morons?|moronic|dumbass|imbeciles?|fools?"
    r"|stop (?:complaining"
    r"|whining|wasting)|shut up|liars?|you(?:'re| are) lying|pathetic|losers?|scum"
    r"|crybab(?:y|ies)|dimwits?|dunces?|blockheads?"
    r"|half-?wits?|nitwits?|simpletons?|cretins?|whin(?:er"
    r"|ing|y)|fuck\w*"
    r"|shit\w*|bullshit|bastards?|bitch\w*|assholes?|damn you|go to hell|crap|jerks?"
    r"|nobody (?:cares|forced you|asked you)|who cares|we don't care|not our problem|your own fault"
    r"|too (?:stupid|dumb|lazy)"
    r"|can't you read|learn to read|get lost|piss off|screw you|hate you|retard\w*)\b"
)
_FOUL_VIETNAMESE = {
    "ngo ngan": ("ngớ ngẩn",), "nuc cuoi": ("nực cười",),
    "do hoi": ("dở hơi",), "lo bich": ("lố bịch",),
    "ngu xuan": ("ngu xuẩn",), "dan don": ("đần độn",), "dien ro": ("điên rồ",),
    "ngu si": ("ngu si",),
    "ngu": ("ngu",), "ngu ngoc": ("ngu ngốc",), "do ngu": ("đồ ngu",), "ngoc": ("ngốc",),
    "do khung": ("đồ khùng",), "dien a": ("điên à",), "do dien": ("đồ điên",),
    "cam mom": ("câm mồm",), "im mom": ("im mồm",), "cam di": ("câm đi",),
    "mat day": ("mất dạy",), "vo hoc": ("vô học",), "khon nan": ("khốn nạn",),
    "do toi": ("đồ tồi",), "lao toet": ("láo toét",), "phien phuc": ("phiền phức",),
    "mac ke ban": ("mặc kệ bạn",), "ke ban": ("kệ bạn",), "vo duyen": ("vô duyên",),
    "rac ruoi": ("rắc rối",), "may": ("mày",), "tao": ("tao",), "oc cho": ("óc chó",),
    "dot nat": ("dốt nát",), "ngu dot": ("ngu dốt",), "lam nham": ("lảm nhảm",),
    "bien di": ("biến đi",), "cut di": ("cút đi",), "than phien nhieu": ("than phiền nhiều",),
    "lac hau": ("lạc hậu",), "vo van": ("vớ vẩn",), "luoi bieng": ("lười biếng",),
}  # fmt: skip
_AMBIGUOUS = frozenset({"may", "tao", "ngu", "rac ruoi", "ngoc", "lam nham"})
_FOUL_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(_FOUL_VIETNAMESE, key=len, reverse=True))})\b")


def misconduct(text: str, articles: str) -> Iterator[tuple[Misconduct, str]]:
    """What in a text asks for a secret or insults, as written; what articles say is no insult."""
    page = ScannedText(text)
    for start, end in _secrets(page.folded):
        yield "secret", page.text[start:end]
    plain = ScannedText(articles).folded
    for start, end in _insults(page):
        if page.folded[start:end] not in plain:
            yield "abuse", page.text[start:end]


def _secrets(folded: str) -> Iterator[tuple[int, int]]:
    for match in _ASKED.finditer(folded):
        before = max((folded.rfind(mark, 0, match.start()) for mark in ".?!\n"), default=-1) + 1
        if _NEVER.search(folded[before : match.start()]) or _NEVER.search(match["between"] or ""):
            continue
        ends = [place for mark in ".?!\n" if (place := folded.find(mark, match.end())) >= 0]
        until = min(ends, default=len(folded)) + 1
        sentence = folded[before:until]
        verb = (match["verb"] or "").split()[:1]
        if verb and verb[0] in _ELSEWHERE and not _TO_US.search(sentence):
            continue
        if _LAST.search(match["between"] or ""):
            continue
        yield match.start(), match.end()


def _insults(page: ScannedText) -> Iterator[tuple[int, int]]:
    for pattern in (_FOUL, _FOUL_AT):
        for match in pattern.finditer(page.folded):
            yield match.span()
    for match in _FOUL_WORDS.finditer(page.folded):
        exact = page.accented or match[0] not in _AMBIGUOUS
        if exact and page.spelled(*match.span(), *_FOUL_VIETNAMESE[match[0]]):
            yield match.span()
