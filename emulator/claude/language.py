"""Which language a text is in, as an ISO 639-1 code.

By script first, then by letters only Vietnamese has (in more than a name), then by the share of
common words; the Vietnamese list is folded, and the shape of its syllables counts, so that a text
typed without diacritics is recognised as well.
"""

import re
from functools import lru_cache

from emulator.claude.text import words

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
)
_VIETNAMESE_LETTERS = re.compile("[\u1ea0-\u1ef9đơưăĐƠƯĂ]")
_VIETNAMESE_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:[aeiouy]{1,3})(?:ch?|m|nh?|ng|p|t)?\Z"
)

_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\w+")

_WORDS = {
    "en": "the is my your and you i it have to where what when how please not can do does in on"
    " for with want would like thanks thank hello hi hey order this that are was of a an get"
    " me we no yes why which there been still",
    "vi": "toi minh em anh chi ban cua khong duoc roi dau nao hoi giup muon huy hang don tra lai"
    " tien giao chua nhan sao san pham bao nhieu gia voi shop oi nhe nha vay thi la va den hom"
    " nay ngay qua bi loi hong doi mua dat xin chao cam on ma co gi cai nhung dang se phai"
    " lam biet xem cho ai khi toan",
    "fr": "le la les des je ne pas vous mon ma mes votre est une un ou bonjour merci avec pour"
    " commande que qui dans sur ai suis il elle nous",
    "es": "el la los las de mi su que no es un una por favor hola gracias donde pedido con para"
    " esta quiero como cuando se lo yo",
    "de": "der die das ich nicht ist mein meine und sie bitte wo bestellung ein eine hallo danke"
    " mit fur auf habe wann wie",
    "pt": "o os as meu minha nao que por onde pedido obrigado ola com para esta quero como quando"
    " voce um uma eu",
    "it": "il lo gli mio mia non che per dove ordine ciao grazie con sono una un e quando come"
    " vorrei ho",
    "id": "saya yang tidak pesanan dan di ini itu apa bagaimana kapan terima kasih tolong belum"
    " sudah ke dari untuk mana",
}
_COMMON = {code: frozenset(text.split()) for code, text in _WORDS.items()}


@lru_cache(maxsize=1024)
def language(text: str) -> str | None:
    """The language of a text; None when nothing in it tells."""
    for code, script in _SCRIPTS:
        if script.search(text):
            return code
    if _accented(text.split()):
        return "vi"
    return _by_words(words(_ADDRESS.sub(" ", text)))


def _accented(found: list[str]) -> bool:
    """Whether words carry what only Vietnamese does; one name in another language does not do."""
    accented = [word for word in found if _VIETNAMESE_LETTERS.search(word)]
    return any(word[0].islower() for word in accented) or 2 * len(accented) > len(found)


def _by_words(found: list[str]) -> str | None:
    scores: dict[str, float] = {
        code: sum(word in common for word in found) for code, common in _COMMON.items()
    }
    shaped = sum(bool(_VIETNAMESE_SYLLABLE.match(word)) for word in found)
    if len(found) >= 3 and shaped > 0.8 * len(found):
        scores["vi"] += 0.34 * shaped
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else None


def same_language(one: str, other: str) -> bool:
    """Whether two texts are in one language, as far as can be told."""
    return language(one) == language(other)


def phrase(table: dict[str, str], code: str | None) -> str:
    """An entry of a table of phrases in the language asked for, else in English."""
    return table.get(code or "en", table["en"])
