"""What a job would take, without a call that costs anything."""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.table import Table as Shown

from bot.batch.rows import ticket_rows
from bot.llm.calls import ModelUnknown, Question
from bot.llm.client import Claude
from bot.llm.pricing import Catalogue, Tokens
from bot.llm.tokens import estimate_tokens
from bot.summaries.summariser import Summariser
from bot.text.money import dollars
from bot.ticket_files.table import Table

# Questions whose tokens the API counts; those of the others follow from their length.
SAMPLE = 200
AT_ONCE = 10
# Tokens of a filled-in form: seven short fields and fifty words.
ANSWER = 120


@dataclass(frozen=True)
class Estimate:
    """Of all rows: questions, tokens that every question repeats, tokens of its own, answers."""

    rows: int
    bad: int
    questions: int
    shared: int
    own: int
    output: int
    counted: int

    def costs(self, model: str, catalogue: Catalogue) -> list[tuple[str, int]]:
        """Each way to run it and its nano-dollars, at the prices of this moment."""
        now = datetime.now(UTC)
        if not self.questions:
            return []
        own, output = self.own // self.questions, self.output // self.questions
        warm = Tokens(input=own, cache_read=self.shared, output=output)
        cold = Tokens(input=own + self.shared, output=output)
        return [
            (name, catalogue.cost(model, each, now, batch=batch).nano_dollars * self.questions)
            for name, each, batch in (
                ("now, prompt from the cache", warm, False),
                ("now, nothing from the cache", cold, False),
                ("batch, prompt from the cache", warm, True),
                ("batch, nothing from the cache", cold, True),
            )
        ]


async def estimate_job(table: Table, summariser: Summariser, claude: Claude) -> Estimate:
    """Read all rows and have the API count the tokens of some of their questions.

    Raises:
        ModelUnknown: the API could not be asked.
    """
    rows = bad = questions = guessed = 0
    sample: list[Question] = []
    draw = random.Random(0)  # noqa: S311 - the same rows at every run
    for row in ticket_rows(table):
        rows += 1
        bad += row.problem is not None
        for question in summariser.questions(row.text) if row.problem is None else ():
            questions += 1
            guessed += estimate_tokens(str(question.content))
            if len(sample) < SAMPLE:
                sample.append(question)
            elif (place := draw.randrange(questions)) < SAMPLE:
                sample[place] = question
    if not sample:
        return Estimate(rows, bad, 0, 0, 0, 0, 0)
    shared, ratio = await _measured(sample, summariser, claude)
    own = round(guessed * ratio)
    return Estimate(rows, bad, questions, shared, own, questions * ANSWER, len(sample))


async def _measured(
    sample: list[Question], summariser: Summariser, claude: Claude
) -> tuple[int, float]:
    """The tokens of the prompt, and how many tokens there are to one that we would guess."""
    lines = asyncio.Semaphore(AT_ONCE)

    async def count(question: Question) -> int:
        async with lines:
            return await claude.count(question)

    counted = asyncio.gather(*(count(each) for each in sample), return_exceptions=True)
    empty = summariser.questions(".")[0]
    shared = await claude.count(empty) - estimate_tokens(str(empty.content))
    found = [
        (each - shared, estimate_tokens(str(question.content)))
        for question, each in zip(sample, await counted, strict=True)
        if isinstance(each, int)
    ]
    if not found:
        raise ModelUnknown("tokens could not be counted")
    return shared, sum(real for real, _ in found) / sum(guess for _, guess in found)


def estimate_table(found: Estimate, model: str, catalogue: Catalogue) -> Shown:
    """The estimate as a table."""
    table = Shown(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_row("rows", f"{found.rows:,} ({found.bad:,} cannot be used)")
    table.add_row("model calls", f"{found.questions:,}")
    table.add_row("prompt, the same in each", f"{found.shared:,} tokens")
    table.add_row("tickets", f"{found.own:,} tokens")
    table.add_row("answers", f"{found.output:,} tokens, at {ANSWER} each")
    for name, cost in found.costs(model, catalogue):
        table.add_row(name, dollars(cost))
    table.add_row("counted by the API", f"{found.counted:,} of {found.questions:,} calls")
    return table
