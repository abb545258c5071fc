"""`deskhand summarize`: one document in, a summary or an answer out."""

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

from bot.asking import NoAnswer, Stopped
from bot.batch.governor import Governor
from bot.batch.halt import Halt
from bot.batch.now import Now
from bot.batch.purse import Purse
from bot.batch.run import prices_for
from bot.claude import Call, Claude, Completion, Question
from bot.desk import desk_for_files
from bot.documents import Unreadable, read_document
from bot.logs import configure
from bot.pricing import dollars
from bot.reading import PART as READ
from bot.reading import Reader
from bot.settings import load_claude_settings
from bot.summarising import PART, Summariser

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
    configure("CRITICAL", settings.log_format)
    try:
        text = read_document(chosen.file)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return WRONG
    desk = desk_for_files(settings.desk_config)
    model = chosen.model or desk.models.triage
    claude_settings = settings.model_copy(update={"claude_retries": 0, "claude_in_flight": AT_ONCE})
    governor = Governor()
    claude = Claude(claude_settings, prices_for(model, desk), governor.heard)
    asking = _Asking(Now(claude, None, Purse(), governor, Halt(), at_once=AT_ONCE))

    async def work() -> str:
        try:
            if chosen.ask:
                reader = Reader(model, part=chosen.part or READ, timeout=TIMEOUT)
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

    def __init__(self, now: Now) -> None:
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
