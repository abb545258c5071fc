"""`deskhand summarize`: one document in, a summary or an answer out."""

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

from bot.batch.live import LiveCalls
from bot.batch.rate_limit import RateLimiter
from bot.batch.run import prices_for
from bot.batch.stop import StopSignal
from bot.config.desk import desk_for_files
from bot.config.settings import load_claude_settings
from bot.costs.reservation import SpendCap
from bot.llm.calls import Call, Completion, Question
from bot.llm.client import Claude
from bot.llm.structured import NoAnswer, Stopped
from bot.readers.reader import Unreadable
from bot.readers.registry import read_path
from bot.runtime.logs import configure_logs
from bot.summaries.document_qa import PART as READ
from bot.summaries.document_qa import DocumentReader
from bot.summaries.summariser import PART, Summariser
from bot.text.money import dollars

DONE, NONE, WRONG = 0, 1, 2
AT_ONCE = 10
# Seconds for a part: longer than a ticket takes.
TIMEOUT = 60.0


def add_summarize(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("file", type=Path)
    command.add_argument("--ask", metavar="QUESTION", help="answer this from the document")
    command.add_argument("--model", help="default: the desk's triage model")
    command.add_argument("--part", type=int, help="tokens a call reads at most")
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(command=summarize)


def summarize(chosen: argparse.Namespace) -> int:
    """Print the summary or the answer; 0 done, 1 no answer, 2 the file cannot be read."""
    settings = load_claude_settings(chosen.env)
    configure_logs("CRITICAL", settings.log_format)
    try:
        text = read_path(chosen.file).text
    except Unreadable as error:
        print(error, file=sys.stderr)
        return WRONG
    desk = desk_for_files(settings.desk_config)
    model = chosen.model or desk.models.triage
    claude_settings = settings.model_copy(update={"claude_retries": 0, "claude_in_flight": AT_ONCE})
    rate_limiter = RateLimiter()
    claude = Claude(claude_settings, prices_for(model, desk), rate_limiter.adjust_to_reply)
    asking = _Asking(
        LiveCalls(claude, None, SpendCap(), rate_limiter, StopSignal(), at_once=AT_ONCE)
    )

    async def work() -> str:
        try:
            if chosen.ask:
                reader = DocumentReader(model, part=chosen.part or READ, timeout=TIMEOUT)
                told = await reader.answer(chosen.file.name, text, chosen.ask, asking.ask)
                return "\n".join([told.text, "", *(f"> {quote}" for quote in told.quotes)])
            summariser = Summariser(desk, model, part=chosen.part or PART, timeout=TIMEOUT)
            digest = await summariser.document("0", text, asking.ask)
            return "\n".join([digest.summary, "", *(f"- {point}" for point in digest.points)])
        finally:
            await claude.close()

    try:
        print(asyncio.run(work()).strip())
    except (NoAnswer, Stopped) as error:
        print(error, file=sys.stderr)
        return NONE
    finally:
        Console(stderr=True).print(asking.spent, highlight=False, style="dim")
    return DONE


class _Asking:
    """Asks, and remembers what it took."""

    def __init__(self, now: LiveCalls) -> None:
        self._now = now
        self._calls: list[Call] = []

    async def ask(self, key: str, question: Question) -> Completion:
        """The answer to a question."""
        reply = await self._now.ask(key, question)
        self._calls.append(reply.call)
        return reply

    @property
    def spent(self) -> str:
        """What the calls came to."""
        cost = sum(call.nano_dollars for call in self._calls)
        return f"{len(self._calls)} model calls, {dollars(cost)}"
