"""A question as search terms: any text goes in, only plain words come out."""

import re
from dataclasses import dataclass

from storage.text.folding import fold, pairs, stem, words

MOST_WORDS = 40  # a pasted page would otherwise become a query of thousands of terms
MOST_TEXT = 4_000
_CODE = re.compile(r"\b[^\W\d_]{1,4}-(?=\d)")  # the letters of an order number say nothing

_ENGLISH = """
a about again ago all already also am an and any are as at be been between but by can could did do
does either else ever every for from get getting go good got had has have he hello help her here
hers hey hi him his how i if im in into is it its just know let like lot many maybe me mine more
morning evening afternoon most much my need never nice no nor not nothing now of off oh ok okay on
once one only or other our out please really she should since so some something still tell than
thank thanks that the their them then there these they thing this those to today tomorrow tonight
too up us very want was way we were what when where whether which while who whom whose why will
with would yes yet you your yours s t d m ll re ve
"""
_VIETNAMESE = """
à ạ ai anh ấy bạn bao bằng bị bởi các cái cảm cần chào chắc chỉ chị cho chứ chưa có còn con cô của
cùng cũng đã đang đâu đây đấy đế để đến đều đi đó dạ em ê gì giúp há hả hay hãy hiện họ hoặc hôm
hỏi khi không ko kia làm là lại lắm lên lúc mà mấy mình mỗi mọi một muốn nào này nay nên nếu nha
nhé nhiêu nhiều nhỉ như nhưng những nó nữa ơi ơn ở phải qua quá ra rằng rất rồi sao sau sẽ shop
tại thế thêm thì thôi thật tôi tới tớ trên trong từ tự từng và vẫn vào vậy về vì với vui vừa xin
"""
# Typed without accents «bạn» (you) is «ban»; typed with them, «bàn» (table) is no stop word.
ENGLISH = frozenset(_ENGLISH.split())
STOP_WORDS = frozenset((*ENGLISH, *_VIETNAMESE.split(), *fold(_VIETNAMESE).split()))


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word that says what is asked about: its English stem with accents, and without them.

    `beside` names the pairs it makes with its neighbours.
    """

    word: str
    stem: str
    folded: str
    beside: frozenset[str]

    @property
    def plain(self) -> bool:
        """Whether it is written without accents."""
        return self.word == self.folded


@dataclass(frozen=True, slots=True)
class Terms:
    """What is looked for in each index, each term once, and the words that must be covered.

    Vietnamese stop words are looked for: they are common, so they weigh little, and typed without
    accents they may be other words. English ones are not, and count only in pairs.
    """

    stems: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]
    telling: tuple[TellingWord, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All that is looked for anywhere."""
        return (*self.stems, *self.folded, *self.pairs)


def read_terms(question: str) -> Terms:
    """The terms of a question. Stop words tell nothing alone, but «bao lâu» tells as a pair."""
    spelled = words(_CODE.sub("", question[:MOST_TEXT]))[:MOST_WORDS]
    plain = [fold(word) for word in spelled]
    joined = pairs(plain)
    searched = [place for place, word in enumerate(spelled) if word not in ENGLISH]
    telling = {plain[place]: place for place, word in enumerate(spelled) if _tells(word)}
    return Terms(
        stems=tuple(dict.fromkeys(stem(spelled[place]) for place in searched)),
        folded=tuple(dict.fromkeys(plain[place] for place in searched)),
        pairs=tuple(dict.fromkeys(joined)),
        telling=tuple(
            TellingWord(
                spelled[place],
                stem(spelled[place]),
                plain[place],
                frozenset(joined[max(place - 1, 0) : place + 1]),
            )
            for place in telling.values()
        ),
    )


def _tells(word: str) -> bool:
    """Single letters are what is left of «it's» and the like."""
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
