"""Words of the stand-in's own: not knowing, and a little writing from the message's words."""

from emulator.claude import tone
from emulator.claude.language import phrase
from emulator.claude.reading import Reading

_UNKNOWN = {
    "en": "I'm sorry, I don't have any information about that.",
    "vi": "Xin lỗi, mình không có thông tin về việc này.",
    "fr": "Désolé, je n'ai pas d'information à ce sujet.",
    "es": "Lo siento, no tengo información sobre eso.",
    "de": "Leider habe ich dazu keine Informationen.",
    "pt": "Desculpe, não tenho informações sobre isso.",
    "ja": "申し訳ありませんが、その件についての情報がありません。",
}
_LINES = {
    "en": "{0}, a small bright thing,\nmade for {1}, light on the wing.\n"
    "{2} in hand, the day feels new:\nthis little line was made for you.",
    "vi": "{0} như nắng đầu ngày,\ntrao {1} gửi tới tay này yêu thương.\n"
    "{2} theo mỗi bước đường,\nlời nhỏ xin tặng vấn vương trong lòng.",
}
_ASKING_WORDS = """
    write compose draft create make poem haiku slogan tagline story song message text short line
    lines card about viet sang tac soan bai tho slogan cau chuyen loi chuc ngan giup"""
_ASKING = frozenset(_ASKING_WORDS.split())


def unknown(reading: Reading) -> str:
    """Says, in the message's language, that it does not know."""
    return phrase(_UNKNOWN, reading.language)


def greeting(reading: Reading) -> str | None:
    """An answer to small talk; None when the message is more than that."""
    kind = reading.small_talk
    return phrase(tone.REPLIES[kind], reading.language) if kind else None


def creation(reading: Reading) -> str:
    """A few lines built from the message's own words."""
    topics = [word for word in reading.key_words if word not in _ASKING and len(word) > 2]
    chosen = [*topics[-3:], "today", "you", "joy"][:3]
    first, second, third = chosen
    lines = phrase(_LINES, reading.language)
    return lines.format(first.capitalize(), second, third.capitalize())
