"""What is said instead of an answer: a question back, a refusal, or that it is not known.

A prompt that describes outcomes (`<outcome name="ask">`) gets the name of the one chosen in
brackets on the first line. Which one fits is read from the message alone: one that names no subject
is asked about, one about the world at large is turned down, any other is not known.
"""

from emulator.claude.language import phrase
from emulator.claude.reading import Reading
from emulator.claude.text import STOP_WORDS, Lexicon, fold, words
from emulator.claude.writing import unknown

_QUESTIONS = {
    "en": "Could you tell me which product or order this is about?",
    "vi": "Bạn cho mình biết đây là sản phẩm hay đơn hàng nào được không?",
    "fr": "De quel produit ou de quelle commande s'agit-il ?",
    "es": "¿De qué producto o pedido se trata?",
}
_REFUSALS = {
    "en": "I'm sorry, I can only help with our shop here.",
    "vi": "Xin lỗi, tại đây mình chỉ hỗ trợ được các vấn đề của cửa hàng thôi ạ.",
    "fr": "Désolé, je ne peux aider ici que pour notre boutique.",
    "es": "Lo siento, aquí solo puedo ayudar con nuestra tienda.",
}
# Words that ask something of a thing without naming it.
_ATTRIBUTES_TEXT = """
    price cost costs cheap expensive much many long big large small size colour color available
    stock work works working broken break broke help problem problems issue question questions
    information info details thing things something anything stuff one ones one's need get got
    please still again now really today yesterday
    gia bao nhieu tien ban con het mau size kich thuoc giup hoi van de cai nay kia do no hang can
    cho minh voi loi hong duoc khong the nao bi sao vay shop oi a nhe roi muon la gi hom qua
    ho tro"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_TEXT.split())
_POINTING = Lexicon("it", "this", "that", "these", "those", "them", "cái này", "cái đó", "nó")
_WORLD = Lexicon(
    "weather", "forecast", "football", "world cup", "president", "prime minister", "election",
    "capital of", "bitcoin", "stock market", "stock price", "horoscope", "homework", "essay",
    "python", "javascript", "source code", "sql query", "equation", "theorem", "translate",
    "population of", "who invented", "movie", "recipe for", "tell me a joke", "meaning of life",
    "thời tiết", "bóng đá", "tổng thống", "thủ tướng", "thủ đô", "chứng khoán", "tử vi",
    "bài tập về nhà", "lập trình", "phương trình", "dịch giúp", "kể chuyện cười", "công thức nấu",
)  # fmt: skip
# A message with more words than this has said what it is about.
SHORT = 12


def vague(reading: Reading) -> str | None:
    """A question back, where the prompt allows it and neither message nor thread name a subject."""
    said = words(reading.text)
    if _name(reading, "ask") is None or not said or len(said) > SHORT or reading.order_ids:
        return None
    named = [word for word in reading.key_words if fold(word) not in _ATTRIBUTES]
    if named or not (reading.text in _POINTING or len(reading.key_words) <= 2):
        return None
    return None if reading.request.earlier and _subject(reading) else _asked(reading)


def elsewhere(reading: Reading) -> str | None:
    """A refusal, where the prompt allows it and the message is about the world at large."""
    scope = _name(reading, "out of scope")
    if scope is None or reading.text not in _WORLD:
        return None
    return f"[{scope}]\n{phrase(_REFUSALS, reading.language)}"


def instead(reading: Reading) -> str:
    """What is said when no passage answers the message."""
    name = _name(reading, "unknown")
    said = unknown(reading)
    return f"[{name}]\n{said}" if name else said


def _subject(reading: Reading) -> bool:
    """Whether the customer named something before."""
    known = _ATTRIBUTES | STOP_WORDS
    return any(word not in known for word in words(reading.request.earlier))


def _asked(reading: Reading) -> str:
    return f"[{_name(reading, 'ask')}]\n{phrase(_QUESTIONS, reading.language)}"


def _name(reading: Reading, wanted: str) -> str | None:
    names = [one.name for one in reading.request.described if one.tag == "outcome"]
    return next((name for name in names if fold(name) == wanted), None)
