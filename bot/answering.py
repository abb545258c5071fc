"""An answer from the desk's own articles, with its sources, or the reason why there is none."""

from collections.abc import Sequence

from bot.attached import NOTHING, Attached, Block
from bot.claude import Call, Claude, ModelUnavailable, Question
from bot.desk import Desk
from bot.grounds import Source
from bot.inbound import Frozen
from bot.prompt import fenced, load_prompt
from bot.retrieval import Library, prefer
from bot.settings import Settings
from bot.triage import Triage
from storage.database import Database
from storage.documents import Passage

MAX_TOKENS = 2_000
MAX_MESSAGE = 12_000
MAX_THREAD = 12_000
# Characters of a message that the articles are searched with.
SEARCHED = 2_000


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

    async def answer(
        self,
        text: str,
        thread: str,
        triage: Triage,
        model: str,
        user: str,
        attached: Attached = NOTHING,
        pictures: Sequence[Block] = (),
    ) -> Answer:
        """Answer a message with the given model, in the customer's language.

        What the customer attached may be cited like an article; it is theirs, and says nothing
        about what the desk promises.

        Nothing found and facts needed is no answer, and so is a reply that cites nothing: only a
        creative request may be answered from the model's own words.
        """
        creative = triage.complexity == "creative"
        found = await self._library.find(_searched(text, triage), thread)
        hits = (each.passage for each in prefer(found, triage.language))
        passages = (*attached.passages, *hits)
        if not passages and not creative:
            return Answer(reason="no article fits the question")
        try:
            reply = await self._claude.ask(
                Question(
                    purpose="answer",
                    model=model,
                    prompt=self._prompt,
                    content=[
                        *map(_result, passages),
                        *pictures,
                        _asked(text, thread, triage.language),
                    ],
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
        sources = _sources({each.source for each in reply.citations}, passages)
        if not sources and not creative:
            return Answer(reason="the articles found do not answer it", calls=calls)
        return Answer(text=reply.text.strip(), sources=sources, calls=calls)


def _searched(text: str, triage: Triage) -> str:
    """What the articles are searched with: the words, and those on the pictures."""
    words = " ".join(filter(None, (text[:SEARCHED].strip(), triage.seen)))
    return words or triage.summary


def _asked(text: str, thread: str, language: str) -> Block:
    question = "\n".join(
        [
            f"<language>{language}</language>",
            fenced("thread", thread[-MAX_THREAD:]),
            fenced("message", text[:MAX_MESSAGE]),
        ]
    )
    return {"type": "text", "text": question}


def _result(passage: Passage) -> Block:
    return {
        "type": "search_result",
        "source": passage.source,
        "title": " · ".join((passage.title, *passage.heading)),
        # A content block is the unit that can be cited, so each paragraph is one.
        "content": [{"type": "text", "text": paragraph} for paragraph in passage.paragraphs],
        "citations": {"enabled": True},
    }


def _sources(cited: set[str], sent: Sequence[Passage]) -> tuple[Source, ...]:
    """The cited articles, each once, in the order they were found; what we did not send is out."""
    found: dict[str, Source] = {}
    for passage in sent:
        if passage.source in cited:
            found.setdefault(
                passage.source,
                Source(title=passage.title, url=passage.url or None, source=passage.source),
            )
    return tuple(found.values())
