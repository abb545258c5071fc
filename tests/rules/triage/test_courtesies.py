"""Thanks and okay, told by rules: a table."""

import pytest

from bot.triage.courtesies import courtesy_in

THANKS = [
    ("Thanks", "en"),
    ("thanks!", "en"),
    ("Thank you so much!", "en"),
    ("Thank you so much, that helped!", "en"),
    ("THANK YOU VERY MUCH 🙏", "en"),
    ("many thanks, guys", "en"),
    ("thx :)", "en"),
    ("ok thanks", "en"),
    ("Great, thank you!", "en"),
    ("Perfect. Thanks a lot for your help", "en"),
    ("got it, thanks", "en"),
    ("It works now, thank you", "en"),
    ("That’s all, thanks", "en"),
    ("problem solved", "en"),
    ("Cảm ơn", "vi"),
    ("cám ơn bạn", "vi"),
    ("Cảm ơn bạn nhiều nhé!", "vi"),
    ("cam on ban nhieu nhe", "vi"),
    ("CAM ON SHOP", "vi"),
    ("Dạ vâng, em cảm ơn ạ", "vi"),
    ("da vang em cam on a", "vi"),
    ("ok cảm ơn shop ❤️", "vi"),
    ("Mình cảm ơn admin đã hỗ trợ", "vi"),
    ("tốt quá, cảm ơn ad", "vi"),
    ("Mình hiểu rồi, cảm ơn nhiều", "vi"),
    ("được rồi ạ", "vi"),
]
OKAY = [
    ("ok", "en"),
    ("OK.", "en"),
    ("Okay, got it", "en"),
    ("alright then", "en"),
    ("Understood!", "en"),
    ("sounds good", "en"),
    ("vâng ạ", "vi"),
    ("dạ", "vi"),
    ("oke ạ", "vi"),
    ("tốt quá", "vi"),
    ("tuyệt vời ạ", "vi"),
    ("👍", None),
    ("🙏🏻 👍", None),
    (":+1:", None),
]
NEITHER = [
    "",
    "   ",
    "?",
    "thanks?",
    "ok?",
    "Thanks, but it still does not work",
    "thank you, and where is order 1042",
    "ok, cancel it",
    "Thanks for nothing",
    "no thanks",
    "not ok",
    "thanks 1042",
    "ok 2",
    "yes",
    "no",
    "you",
    "bạn",
    "nhiều",
    "shop ơi",
    "cảm ơn nhưng chưa được",
    "cam on, con don kia thi sao",
    "chưa được",
    "không được",
    "chua ok",
    "ok không?",
    "được không",
    "dạ chưa ạ",
    "cảm ơn, cho mình gặp nhân viên",
    "👎",
    "😡",
    "thanks " * 20,
    "Hello",
    "Xin chào",
    "I want a refund, thanks",
    "great, another delay",
]


@pytest.mark.parametrize(("text", "language"), THANKS)
def test_thanks_is_known_when_nothing_else_stands_there(text: str, language: str) -> None:
    """With and without diacritics, capitals, marks and smileys."""
    assert courtesy_in(text) == ("thanks", language)


@pytest.mark.parametrize(("text", "language"), OKAY)
def test_okay_is_known(text: str, language: str | None) -> None:
    """A thumb up has no language."""
    assert courtesy_in(text) == ("okay", language)


@pytest.mark.parametrize("text", NEITHER)
def test_whatever_asks_or_doubts_is_for_the_model(text: str) -> None:
    """One word more, a number, a question: a rule has no business there."""
    assert courtesy_in(text) is None
