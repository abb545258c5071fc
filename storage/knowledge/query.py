"""What is asked, as search terms: any text goes in, only plain words come out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from storage.knowledge.matter import asks, bare, sentences
from storage.text.folding import fold, pairs, stem, words

MOST_WORDS = 40  # of a part: more stand in it only where nothing but marks is between them
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
# What friendly people say around their question. A part that tells nothing else asks nothing; in
# any other these are words as good as all.
_COURTESIES = """
appreciate appreciated apologies apologise apologize best bless bother bothering busy cheers dear
excellent fine folks friend friends friendly glad grateful great greetings guys happy hear hope
hoping kind kindly kindness lovely love luck missed nicely patience pleasant pleased pleasure
quick question questions quickly reading regards reply sincerely sorry soon support team
thankful thought time truly understanding weekend week well wish wishes wishing wonderful
wonderfully wondering work world yours answer answers ask asking advance
bác biết buổi bận cảm chân chúc công đợi gửi hi hồi hoan hỗ trợ khỏe kính lành lỗi lời may mắn mến
mong muộn năng ngày người nhân nhà nhiệt niềm phiền phản sáng sớm sức tâm thân thành tiện tình
tốt trân trọng trả trưa tối tuần tuyệt vời vâng việc viết xem yêu ý
"""
# Typed without accents «bạn» (you) is «ban»; typed with them, «bàn» (table) is no stop word.
ENGLISH = frozenset(_ENGLISH.split())
STOP_WORDS = frozenset((*ENGLISH, *_VIETNAMESE.split(), *fold(_VIETNAMESE).split()))
COURTESIES = frozenset((*_COURTESIES.split(), *fold(_COURTESIES).split()))


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
    question: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """All that is looked for anywhere."""
        return (*self.stems, *self.folded, *self.pairs)

    @property
    def asks(self) -> bool:
        """Whether anything but courtesies is said."""
        return any(each.word not in COURTESIES for each in self.telling)


def read_terms(part: str) -> Terms:
    """The terms of a part. Stop words tell nothing alone, but «bao lâu» tells as a pair."""
    spelled = words(_CODE.sub("", part))[:MOST_WORDS]
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
        question=asks(part),
    )


def asking(parts: Iterable[str]) -> list[Terms]:
    """The terms of each part that asks anything; where all are mere courtesies, of those."""
    said = [each for each in map(read_terms, parts) if each.telling]
    return [each for each in said if each.asks] or said


def told(text: str) -> list[str]:
    """The sentences of a text that say more than courtesies, all words of each of them.

    Its salutation and its signature are none. Where everything is a courtesy, all of them.
    """
    said = sentences(bare(text))
    return [each for each in said if _says(each)] or said


def _says(sentence: str) -> bool:
    spelled = words(sentence)
    return any(word.isdigit() or (_tells(word) and word not in COURTESIES) for word in spelled)


def together(parts: Sequence[Terms]) -> Terms:
    """The terms of all parts as those of one question."""
    if len(parts) == 1:
        return parts[0]
    said = {each.folded: each for part in parts for each in part.telling}
    return Terms(
        stems=tuple(dict.fromkeys(chain.from_iterable(part.stems for part in parts))),
        folded=tuple(dict.fromkeys(chain.from_iterable(part.folded for part in parts))),
        pairs=tuple(dict.fromkeys(chain.from_iterable(part.pairs for part in parts))),
        telling=tuple(said.values()),
    )


def _tells(word: str) -> bool:
    """Single letters are what is left of «it's» and the like."""
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
