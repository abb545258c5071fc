"""An answer from the desk's own articles, with its sources, or the reason why there is none."""

from collections.abc import Sequence
from typing import Any

from bot.claude import Call, Claude, ModelUnavailable, Question
from bot.desk import Desk
from bot.grounds import Source
from bot.inbound import Frozen
from bot.prompt import fenced, load_prompt
from bot.retrieval import Library, prefer
from bot.settings import Settings
from bot.triage import Triage
from storage.database import Database
from storage.documents import Hit

MAX_TOKENS = 2_000
MAX_MESSAGE = 12_000
MAX_THREAD = 12_000


class Answer(Frozen):
    """The text of an answer and what it rests on; or no text, and why. And what was paid."""

    text: str | None = None
    reason: str = ""
    sources: tuple[Source, ...] = ()
    calls: tuple[Call, ...] = ()


class Answerer:
    """Searches the articles, asks a model, and prefers no answer to one without grounds."""

    def __init__(self, claude: Claude, store: Database, desk: Desk, settings: Settings) -> None:
        self._claude = claude
        self._library = Library(store)
        self._settings = settings
        self._prompt = load_prompt("answer", name=desk.desk.name, about=desk.desk.about)

    async def answer(self, text: str, thread: str, triage: Triage, model: str, user: str) -> Answer:
        """Answer a message with the given model, in the customer's language.

        Nothing found and facts needed is no answer, and so is a reply that cites nothing: only a
        creative request may be answered from the model's own words.
        """
        creative = triage.complexity == "creative"
        hits = prefer(await self._library.find(text, thread), triage.language)
        if not hits and not creative:
            return Answer(reason="no article fits the question")
        try:
            reply = await self._claude.ask(
                Question(
                    purpose="answer",
                    model=model,
                    prompt=self._prompt,
                    content=_content(text, thread, triage.language, hits),
                    max_tokens=MAX_TOKENS,
                    timeout=self._settings.answer_timeout,
                    deadline=self._settings.answer_deadline,
                    user=user,
                )
            )
        except ModelUnavailable as error:
            return Answer(reason=f"the model failed: {error.reason}", calls=(error.call,))
        calls = (reply.call,)
        if not reply.usable:
            return Answer(reason=f"the model stopped: {reply.call.stop_reason}", calls=calls)
        sources = _sources({each.source for each in reply.citations}, hits)
        if not sources and not creative:
            return Answer(reason="the articles found do not answer it", calls=calls)
        return Answer(text=reply.text.strip(), sources=sources, calls=calls)


def _content(text: str, thread: str, language: str, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    question = "\n".join(
        [
            f"<language>{language}</language>",
            fenced("thread", thread[-MAX_THREAD:]),
            fenced("message", text[:MAX_MESSAGE]),
        ]
    )
    return [*(_result(hit) for hit in hits), {"type": "text", "text": question}]


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "type": "search_result",
        "source": hit.passage.source,
        "title": " · ".join((hit.passage.title, *hit.passage.heading)),
        # A content block is the unit that can be cited, so each paragraph is one.
        "content": [{"type": "text", "text": paragraph} for paragraph in hit.passage.paragraphs],
        "citations": {"enabled": True},
    }


def _sources(cited: set[str], hits: Sequence[Hit]) -> tuple[Source, ...]:
    """The cited articles, each once, in the order they were found; what we did not send is out."""
    found: dict[str, Source] = {}
    for passage in (hit.passage for hit in hits):
        if passage.source in cited:
            found.setdefault(
                passage.source,
                Source(title=passage.title, url=passage.url or None, source=passage.source),
            )
    return tuple(found.values())
