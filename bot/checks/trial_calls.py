"""A call to each model of the desk: whether it answers, how fast, and for how much."""

import asyncio
from collections.abc import Sequence

from bot.checks.finding import Finding, ok, unreachable, wrong
from bot.config.desk import Desk
from bot.config.settings import Settings, SettingsError
from bot.llm.calls import Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.price_files import prices_of
from bot.llm.prompts import Prompt
from bot.text.money import dollars

PROMPT = Prompt("Answer with the one word: ok", "trial")
# Room to think and for a word; seconds.
TOKENS, PATIENCE = 512, 30.0
# What asking again may mend.
PASSING = frozenset(
    {"deadline", "timeout", "connection", "rate_limit_error", "overloaded_error", "api_error"}
)


async def check_calls(settings: Settings, desk: Desk) -> Sequence[Finding]:
    """Ask each model for a word. It costs a fraction of a cent, which is in no ledger."""
    try:
        catalogue = prices_of(desk)
    except SettingsError as error:
        return [wrong("prices", str(error).removeprefix("prices: "))]
    models = dict.fromkeys(model for _, model in desk.models)
    once = settings.model_copy(update={"claude_retries": 0})
    async with Claude(once, catalogue) as claude:
        return await asyncio.gather(*(_called(claude, model) for model in models))


async def _called(claude: Claude, model: str) -> Finding:
    question = Question(
        purpose="trial",
        model=model,
        prompt=PROMPT,
        content="Are you there?",
        max_tokens=TOKENS,
        timeout=PATIENCE,
        deadline=PATIENCE,
    )
    try:
        return _answered(model, await claude.ask(question))
    except ModelUnavailable as problem:
        told = f"gave no answer to a test call ({problem.reason})"
        return (unreachable if problem.reason in PASSING else wrong)(model, told)


def _answered(model: str, reply: Completion) -> Finding:
    cost = dollars(reply.call.nano_dollars)
    return ok(model, f"answered a test call in {reply.call.latency_ms:,} ms for {cost}")
