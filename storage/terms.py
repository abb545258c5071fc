"""A question as search terms: any text goes in, only plain words come out."""

import re
from dataclasses import dataclass

from storage.folding import fold, pairs, words

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
with would yes yet you your yours
"""
_VIETNAMESE = """
à ạ ai anh ấy bạn bao bằng bị bởi các cái cảm cần chào chắc chỉ chị cho chứ chưa có còn con cô của
cùng cũng đã đang đâu đây đấy đế để đến đều đi đó dạ em ê gì giúp há hả hay hãy hiện họ hoặc hôm
hỏi khi không ko kia làm là lại lắm lên lúc mà mấy mình mỗi mọi một muốn nào này nay nên nếu nha
nhé nhiêu nhiều nhỉ như nhưng những nó nữa ơi ơn ở phải qua quá ra rằng rất rồi sao sau sẽ shop
tại thế thêm thì thôi thật tôi tới tớ trên trong từ tự từng và vẫn vào vậy về vì với vui vừa xin
"""
# Typed without accents «bạn» (you) is «ban»; typed with them, «bàn» (table) is no stop word.
STOP_WORDS = frozenset((*_ENGLISH.split(), *_VIETNAMESE.split(), *fold(_VIETNAMESE).split()))


@dataclass(frozen=True, slots=True)
class Terms:
    """`exact[i]` and `folded[i]` are one telling word; `pairs` also join it to its neighbours.

    `beside[i]` names the pairs that word i is part of.
    """

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]
    beside: tuple[frozenset[str], ...]


def read(question: str) -> Terms:
    """The terms of a question. Stop words tell nothing alone, but «bao lâu» tells as a pair."""
    spelled = words(_CODE.sub("", question[:MOST_TEXT]))[:MOST_WORDS]
    plain = [fold(word) for word in spelled]
    joined = pairs(plain)
    places = {plain[place]: place for place, word in enumerate(spelled) if _tells(word)}
    return Terms(
        exact=tuple(spelled[place] for place in places.values()),
        folded=tuple(places),
        pairs=tuple(dict.fromkeys(joined)),
        beside=tuple(frozenset(joined[max(place - 1, 0) : place + 1]) for place in places.values()),
    )


def _tells(word: str) -> bool:
    """Single letters are what is left of «it's» and the like."""
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
