"""Thanks and okay, told by rules: no model is asked what «cảm ơn bạn nhiều» means.

A message is one only when nothing else stands in it. What is doubtful is none: then the model
decides.
"""

import re
from typing import Literal

from storage.text.folding import fold

Courtesy = Literal["thanks", "okay"]

# Longer than this, somebody has more to say. Characters.
LONGEST = 60

# Whole phrases first: their words may mean something else alone («all» in "that is all", say).
_THANKS_EN = (
    "thank you so much|thank you very much|thank you|thank u|thanks a lot|thanks a million|"
    "thanks so much|thanks very much|many thanks|thanks|thx|tks|thnx|ty|cheers|"
    "much appreciated|i appreciate it|appreciate it|appreciated|"
    "that solved it|that helped|that helps|it helped|that works|it works|it works now|"
    "that worked|it worked|problem solved|solved"
)
_THANKS_VI = (
    "cam on rat nhieu|cam on nhieu|cam on|cam un|camon|cam ta|da ta|thanks|thank|tks|"
    "duoc roi|xong roi|hieu roi|ro roi"
)
_OKAY_EN = (
    "ok|okay|okey|oki|okie|k|kk|got it|understood|i see|all right|alright|fine|sounds good|"
    "will do|noted|good|great|perfect|cool|nice|wonderful|awesome|excellent|lovely|super"
)
_OKAY_VI = "ok|oke|oki|okie|okay|vang|da|u|uh|um|tot qua|tot|tuyet voi|tuyet|hay qua|duoc"
# What may stand beside them and adds nothing.
_AROUND_EN = (
    "you|u|so much|very much|a lot|again|for that|for this|for your help|for the help|"
    "for the quick reply|for the fast reply|for helping|for the info|for the information|"
    "then|now|guys|team|everyone|all|there|oh|ah|and|it|that is all|thats all|that's all|"
    "bye|goodbye|have a nice day|have a good day|yes|yep"
)
_AROUND_VI = (
    "ban|ban nhe|ad|admin|shop|anh|chi|em|a|c|e|minh|toi|bot|team|"
    "nhieu|rat nhieu|lam|qua|nhe|nha|ah|oi|roi|the|vay|thi|da|vang|da vang|"
    "da ho tro|da giup|da giup do|vi da giup|vi da ho tro|de minh thu|chuc ngay tot lanh"
)
_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u27bf\u2764\ufe0f\u200d\u263a]|:[a-z0-9_+'-]+:|[:;=]-?[)dp]|<3"
)
_GLAD = re.compile(
    "(?:[👍👌🙏❤😊🙂😀😍🥰✅💯🎉 \ufe0f\U0001f3fb-\U0001f3ff]"
    "|:(?:\\+1|pray|heart|ok_hand|smile|thumbsup):)+"
)
_MARKS = re.compile(r"[.!~,…\s]+")


def _alternatives(*lists: str) -> str:
    words = sorted({word for each in lists for word in each.split("|")}, key=len, reverse=True)
    return "|".join(re.escape(word) for word in words)


def _whole(core: str, around: str) -> re.Pattern[str]:
    """Nothing but phrases of both lists, and one of the core at least."""
    every = _alternatives(core, around)
    return re.compile(rf"(?=.*\b(?:{_alternatives(core)})\b)(?:(?:{every})\b ?)+")


_RULES: tuple[tuple[Courtesy, str, re.Pattern[str]], ...] = (
    ("thanks", "en", _whole(_THANKS_EN, f"{_OKAY_EN}|{_AROUND_EN}")),
    ("thanks", "vi", _whole(_THANKS_VI, f"{_OKAY_VI}|{_AROUND_VI}")),
    ("okay", "en", _whole(_OKAY_EN, _AROUND_EN)),
    ("okay", "vi", _whole(_OKAY_VI, _AROUND_VI)),
)


def courtesy_in(text: str) -> tuple[Courtesy, str | None] | None:
    """What a message is that says thanks or okay and nothing else, and in which language if any.

    Vietnamese is known with its diacritics and without. A question, a number, a «but» or any other
    word makes it none.
    """
    if len(text) > LONGEST or "?" in text:
        return None
    plain = _MARKS.sub(" ", _EMOJI.sub(" ", fold(text).replace("’", "'"))).strip()
    if not plain:
        return ("okay", None) if _GLAD.fullmatch(text.strip()) else None
    for kind, language, rule in _RULES:
        if rule.fullmatch(plain):
            return kind, language
    return None
