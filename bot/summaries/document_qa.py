"""Answering a question about a document from its own words."""

import asyncio

from bot.llm.calls import Citation, Completion, Question
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import TIMEOUT, Ask, NoAnswer
from bot.llm.tokens import paragraphs, split_text
from bot.values import Frozen

# Estimated tokens of a part, and of a paragraph, which is what can be cited.
PART = 20_000
MAX_TOKENS = 1_500


class QuotedAnswer(Frozen):
    """An answer and the sentences of the document that it rests on."""

    text: str
    quotes: tuple[str, ...]


class DocumentReader:
    """Reads documents of any length; a long one part by part, then what was found in them."""

    def __init__(self, model: str, *, part: int = PART, timeout: float = TIMEOUT) -> None:
        self._model = model
        self._part = part
        self._timeout = timeout
        self._prompt = load_prompt("question")

    async def answer(self, title: str, text: str, question: str, ask: Ask) -> QuotedAnswer:
        """Answer a question from a document.

        Raises:
            NoAnswer: the document does not answer it, or the model gave none.
            Stopped: the work was interrupted.
        """
        parts = split_text(text, self._part)
        replies = await asyncio.gather(
            *(
                self._ask(f"0-{number}", title, part, question, ask)
                for number, part in enumerate(parts)
            )
        )
        cited = [each for reply in replies for each in reply.citations]
        if not cited:
            raise NoAnswer("the document does not say")
        if len(parts) == 1:
            return _told(replies[0])
        # What was found in the parts is short enough to be read together.
        found = split_text("\n\n".join(dict.fromkeys(each.text for each in cited)), self._part)[0]
        reply = await self._ask("1", title, found, question, ask)
        if not reply.citations:
            raise NoAnswer("the document does not say")
        return _told(reply)

    async def _ask(self, key: str, title: str, part: str, question: str, ask: Ask) -> Completion:
        passage = {
            "type": "search_result",
            "source": "document",
            "title": title,
            "content": [{"type": "text", "text": text} for text in paragraphs(part)],
            "citations": {"enabled": True},
        }
        reply = await ask(
            key,
            Question(
                purpose="answer",
                model=self._model,
                prompt=self._prompt,
                content=[passage, {"type": "text", "text": fenced("message", question)}],
                max_tokens=MAX_TOKENS,
                timeout=self._timeout,
                deadline=self._timeout,
            ),
        )
        if not reply.usable:
            raise NoAnswer(f"the model stopped: {reply.call.stop_reason}")
        return reply


def _told(reply: Completion) -> QuotedAnswer:
    return QuotedAnswer(text=reply.text.strip(), quotes=_quotes(reply.citations))


def _quotes(citations: tuple[Citation, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.text.strip() for each in citations))
