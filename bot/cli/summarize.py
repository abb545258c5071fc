"""`deskhand summarize`: one document in, a summary or an answer out."""

import argparse
import asyncio
import sys
from contextlib import closing

from rich.console import Console

from bot.batch.live import LiveCalls
from bot.batch.rate_limit import RateLimiter
from bot.batch.run import prices_for
from bot.batch.stop import StopSignal
from bot.cli.terminal.arguments import ExitCode
from bot.config.desk import Desk
from bot.config.desk_file import desk_for_files
from bot.config.settings import ClaudeSettings
from bot.config.settings_file import load_claude_settings
from bot.costs.reservation import SpendCap
from bot.llm.calls import Call, Completion, Question
from bot.llm.client import Claude
from bot.llm.structured import Ask, NoAnswer, Stopped
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import ReaderLimits
from bot.readers.registry import READERS
from bot.readers.unreadable import Unreadable
from bot.runtime.logs import configure_logs
from bot.summaries.document_qa import PART as READ
from bot.summaries.document_qa import DocumentReader
from bot.summaries.summariser import PART, Summariser
from bot.text.money import dollars

AT_ONCE = 10
# Pictures are read with a message alone, where there is somebody to say what they are for.
OTHER_KIND = (
    "is none that can be summarised: text, Markdown, HTML, reStructuredText, AsciiDoc, "
    "notebooks, PDF and Word are"
)
# Seconds for a part: longer than a ticket takes.
TIMEOUT = 60.0


def summarize(chosen: argparse.Namespace) -> int:
    """Print the summary or the answer; 0 done, 1 no answer, 2 the file cannot be read."""
    settings = load_claude_settings(chosen.env)
    configure_logs("CRITICAL", settings.log_format)
    desk = desk_for_files(settings.desk_config)
    try:
        with closing(ReaderPool(ReaderLimits(**desk.readers.model_dump()))) as readers:
            document = readers.read_path(chosen.file, READERS)
    except OSError as error:
        print(f"{chosen.file}: {error.strerror or error}", file=sys.stderr)
        return ExitCode.WRONG
    except Unreadable as error:
        print(f"{chosen.file}: {OTHER_KIND}" if error.why == "kind" else error, file=sys.stderr)
        return ExitCode.WRONG
    for what, count in document.left_out.items():
        print(f"{chosen.file}: not read: {count} {what}", file=sys.stderr)
    return asyncio.run(_tell(chosen, document.text, settings, desk))


async def _tell(
    chosen: argparse.Namespace, text: str, settings: ClaudeSettings, desk: Desk
) -> ExitCode:
    model = chosen.model or desk.models.triage
    # Live calls retry by themselves, and heed the API's limits.
    single = settings.model_copy(update={"claude_retries": 0, "claude_in_flight": AT_ONCE})
    limiter = RateLimiter()
    async with Claude(single, prices_for(model, desk), limiter.adjust_to_reply) as claude:
        calls = _CountedCalls(
            LiveCalls(claude, None, SpendCap(), limiter, StopSignal(), at_once=AT_ONCE)
        )
        try:
            work = _answer if chosen.ask else _summary
            print((await work(chosen, text, desk, model, calls.ask)).strip())
        except (NoAnswer, Stopped) as error:
            print(error, file=sys.stderr)
            return ExitCode.INCOMPLETE
        finally:
            Console(stderr=True).print(calls.spent, highlight=False, style="dim")
    return ExitCode.DONE


async def _answer(chosen: argparse.Namespace, text: str, _desk: Desk, model: str, ask: Ask) -> str:
    reader = DocumentReader(model, part=chosen.part or READ, timeout=TIMEOUT)
    told = await reader.answer(chosen.file.name, text, chosen.ask, ask)
    return "\n".join([told.text, "", *(f"> {quote}" for quote in told.quotes)])


async def _summary(chosen: argparse.Namespace, text: str, desk: Desk, model: str, ask: Ask) -> str:
    summariser = Summariser(desk, model, part=chosen.part or PART, timeout=TIMEOUT)
    found = await summariser.document("0", text, ask)
    return "\n".join([found.summary, "", *(f"- {point}" for point in found.points)])


class _CountedCalls:
    """Live calls, and what they came to."""

    def __init__(self, live: LiveCalls) -> None:
        self._live = live
        self._calls: list[Call] = []

    async def ask(self, key: str, question: Question) -> Completion:
        """The answer to a question."""
        reply = await self._live.ask(key, question)
        self._calls.append(reply.call)
        return reply

    @property
    def spent(self) -> str:
        """How many calls were made, and their cost."""
        cost = sum(call.nano_dollars for call in self._calls)
        return f"{len(self._calls)} model calls, {dollars(cost)}"
