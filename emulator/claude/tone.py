"""What a message sounds like: sentiment, urgency, a wish for a person, plain small talk."""

import re

from emulator.claude.text import Lexicon, fold, words

_NEGATIVE = Lexicon(
    "angry", "annoyed", "annoying", "awful", "bad", "broken", "complain", "complaint", "damaged",
    "defective", "disappointed", "disappointing", "disgusting", "fed up", "frustrated",
    "frustrating", "furious", "hate", "horrible", "never again", "nobody answers", "not happy",
    "not working", "doesn't work", "outrageous", "pathetic", "poor", "ridiculous", "rude", "scam",
    "stole", "terrible", "unacceptable", "unhappy", "upset", "useless", "waste", "worst", "wrong",
    "still waiting", "ignored", "stopped working", "not good", "cheated", "fraud",
    "tệ", "quá tệ", "thất vọng", "bực", "bực mình", "tức giận", "giận", "lừa đảo", "kém",
    "không hài lòng", "khiếu nại", "phàn nàn", "vô trách nhiệm", "chậm trễ", "quá lâu", "quá chậm",
    "bị hỏng", "bị lỗi", "bị vỡ", "hỏng", "thái độ", "không chấp nhận được", "khó chịu", "chán",
    "mãi chưa", "mãi không", "không ai trả lời", "dở", "quá đáng", "sai hàng", "giao sai",
)  # fmt: skip
_POSITIVE = Lexicon(
    "amazing", "awesome", "excellent", "fantastic", "glad", "good", "great", "happy", "helpful",
    "love", "lovely", "perfect", "pleased", "thank you so much", "thanks a lot", "wonderful",
    "well done", "appreciate", "brilliant", "thanks", "thank you",
    "tuyệt", "tuyệt vời", "rất tốt", "tốt quá", "hài lòng", "thích", "cảm ơn nhiều", "xuất sắc",
    "ưng ý", "vui", "đẹp", "cảm ơn", "nhiệt tình",
)  # fmt: skip
_NEGATED = Lexicon(
    "not good", "not happy", "not great", "not helpful", "not pleased", "not perfect",
    "isn't good", "isn't great", "no good", "không tốt", "không hài lòng", "không thích",
    "không vui", "không đẹp",
)  # fmt: skip

_URGENT = Lexicon(
    "urgent", "urgently", "asap", "immediately", "emergency", "right now", "right away",
    "khẩn cấp", "ngay lập tức", "ngay bây giờ", "cần gấp", "gấp quá", "gấp lắm", "rất gấp",
    "gấp ạ", "gấp nhé", "gấp giúp", "khẩn",
)  # fmt: skip
_PRESSING = Lexicon(
    "today", "tonight", "tomorrow", "as soon as possible", "still waiting", "deadline", "hurry",
    "by friday", "this week", "third time", "legal", "lawyer", "charged twice", "fraud", "stolen",
    "hôm nay", "tối nay", "ngày mai", "sớm nhất", "càng sớm càng tốt", "mãi chưa", "lần thứ ba",
    "luật sư", "trừ tiền hai lần", "lừa đảo",
)  # fmt: skip
_CALM = Lexicon(
    "no rush", "no hurry", "not urgent", "whenever", "when you have time", "just curious",
    "just wondering", "không gấp", "không vội", "khi nào rảnh", "lúc nào cũng được",
    "hỏi cho biết",
)  # fmt: skip

_PERSON = re.compile(
    r"\b(?:real|actual|live) (?:person|human|agent|people)\b|\bhuman (?:being|agent|support)\b"
    r"|\b(?:talk|speak|chat|connect|transfer|escalate|get|want|need|give|put|call|reach|see|ask)"
    r"\b[^.?!]{0,28}\b(?:human|person|agent|manager|supervisor|representative|operator|staff"
    r"|someone from|somebody from)\b"
    r"|\b(?:talk|speak) (?:to|with) (?:someone|somebody)\b"
    r"|\bnguoi that\b|\btong dai vien\b|\bkhong (?:muon )?(?:noi chuyen )?(?:voi )?(?:bot|may)\b"
    r"|\b(?:gap|noi chuyen|ket noi|chuyen|trao doi|lien he|can|muon|goi|xin)\b[^.?!]{0,24}"
    r"\b(?:nhan vien|quan ly|tu van vien|con nguoi|nguoi phu trach|nguoi ho tro)\b"
    r"|\bnot (?:a |with a )?(?:bot|robot|machine)\b"
)

_GREETING = Lexicon(
    "hello", "hi", "hey", "good morning", "good afternoon", "good evening", "greetings",
    "xin chào", "chào", "alo", "bonjour", "hola",
)  # fmt: skip
_THANKS = Lexicon(
    "thanks", "thank you", "thx", "cheers", "appreciate it", "cảm ơn", "cám ơn", "merci",
    "gracias", "tks",
)  # fmt: skip
_GOODBYE = Lexicon("bye", "goodbye", "see you", "have a nice day", "good night", "tạm biệt")
_SPOKEN_ALONG = """
    so very much a lot you your the team everyone all guys there again for help helping that was
    great perfect awesome ok okay good nice got it shop ban anh chi em minh nhe nha oi nhieu rat
    da vang moi nguoi ad admin ca lam qua nhiet tinh ho tro duoc roi and today day have appreciate
    is be well now"""
_FILLER = frozenset(_SPOKEN_ALONG.split())


def sentiment(text: str) -> float:
    """Below zero is negative, above zero positive, zero neutral."""
    bad, good = len(_NEGATIVE.hits(text)), len(_POSITIVE.hits(text))
    negated = len(_NEGATED.hits(text))
    shouting = text.isupper() and len(text) > 20
    return good - negated - 1.5 * bad - (0.5 if shouting or "!!" in text else 0) * (not good)


def urgency(text: str) -> int:
    """0 low, 1 normal, 2 high, 3 urgent."""
    if text in _CALM:
        return 0
    if text in _URGENT:
        return 3
    return 2 if text in _PRESSING or sentiment(text) <= -3 else 1


def wants_person(text: str) -> bool:
    """Whether the writer asks for a human being."""
    return bool(_PERSON.search(fold(text)))


def small_talk(text: str) -> str | None:
    """What a message is when it is only that: greeting, thanks or goodbye."""
    rest = words(text)
    kinds = (("goodbye", _GOODBYE), ("thanks", _THANKS), ("greeting", _GREETING))
    kind = next((kind for kind, lexicon in kinds if text in lexicon), None)
    if kind is None or len(rest) > 12 or "?" in text:
        return None
    spoken = {word for _, lexicon in kinds for hit in lexicon.hits(text) for word in words(hit)}
    strangers = [word for word in rest if word not in spoken and word not in _FILLER]
    return kind if len(strangers) <= (1 if len(rest) > 1 else 0) else None


REPLIES = {
    "greeting": {
        "en": "Hello! How can I help you today?",
        "vi": "Xin chào! Mình có thể giúp gì cho bạn?",
        "fr": "Bonjour ! Comment puis-je vous aider ?",
        "es": "¡Hola! ¿En qué puedo ayudarle?",
    },
    "thanks": {
        "en": "You're welcome! Let us know if there is anything else.",
        "vi": "Không có gì ạ! Bạn cần thêm gì cứ nhắn nhé.",
        "fr": "Avec plaisir ! N'hésitez pas si vous avez d'autres questions.",
        "es": "¡De nada! Aquí estamos si necesita algo más.",
    },
    "goodbye": {
        "en": "Goodbye, and have a nice day!",
        "vi": "Tạm biệt bạn, chúc bạn một ngày tốt lành!",
        "fr": "Au revoir et bonne journée !",
        "es": "¡Adiós, que tenga un buen día!",
    },
}
