"""Whether a customer wants a text made up for them: a poem, a card, a slogan."""

from bot.text.frames import frames
from bot.text.language import language_of
from bot.text.locale import locales
from storage.text.folding import fold

_WANTED = frames("text_wanted")


def wants_a_text(message: str) -> bool:
    """Whether the message asks for one, by its words; in languages we cannot read, yes."""
    spoken = language_of(message)
    if spoken is not None and spoken not in locales():
        return True
    return _WANTED.search(fold(message)) is not None
