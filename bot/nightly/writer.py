"""The editor: reads how an agent solved a ticket, and drafts an article if others could use it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.config.desk import Desk
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import TIMEOUT, Ask, Language, StructuredCall, lowered
from bot.values import Frozen

# An article is longer than a form of labels.
MAX_TOKENS = 1_500
# Characters of a thread that are read: its end, where the solution stands.
MOST = 24_000

ArticleAudience = Annotated[Literal["agents", "public"], BeforeValidator(lowered)]


class DraftedArticle(Frozen):
    """An article for the knowledge base, or the judgement that there is none in this ticket."""

    worth_it: bool
    title: str
    body: str
    audience: ArticleAudience
    language: Language

    @property
    def usable(self) -> bool:
        """Whether there is anything to show."""
        return self.worth_it and bool(self.title.strip()) and bool(self.body.strip())


class ArticleWriter:
    """Drafts articles with the model that answers complex questions."""

    def __init__(self, desk: Desk, *, timeout: float = TIMEOUT) -> None:
        prompt = load_prompt("article", name=desk.desk.name, about=desk.desk.about)
        self._structured_call = StructuredCall(
            DraftedArticle,
            "article",
            prompt,
            desk.models.complex,
            max_tokens=MAX_TOKENS,
            timeout=timeout,
        )

    @property
    def model(self) -> str:
        """The model that drafts."""
        return self._structured_call.model

    async def draft(self, key: str, asked: str, thread: str, ask: Ask) -> DraftedArticle:
        """Draft an article from a thread whose customer first `asked` this.

        Raises:
            NoAnswer: the model refused, was cut short, or filled the form in wrongly twice.
            Stopped: the work was interrupted.
        """
        content = f"{fenced('thread', thread[-MOST:])}\n{fenced('message', asked[:MOST])}"
        return await self._structured_call.fill(key, content, ask)
