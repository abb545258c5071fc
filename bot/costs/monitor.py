"""The monitor: looks at spending, the cache, failures and the models, and raises alarms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.config.desk import Desk
from bot.config.sections import Alerts
from bot.costs.budget_watch import BudgetWatch
from bot.llm.calls import Call, ModelUnknown
from bot.llm.client import Claude
from bot.notices import Alarms
from bot.text.money import dollars, percent
from storage.costs.days import Days, day_of
from storage.db.database import Database
from storage.reports import spend
from storage.reports.spend import RecentCalls

HOUR = timedelta(hours=1)
# What is usual is the average of so many whole days before today.
USUAL_DAYS = 7
MODEL = "model"  # begins the name of an alarm about one


class Monitor:
    """Looks every few minutes, and once a day at the models."""

    def __init__(
        self, store: Database, desk: Desk, claude: Claude, alarms: Alarms, budget_watch: BudgetWatch
    ) -> None:
        self._store = store
        self._desk = desk
        self._claude = claude
        self._alarms = alarms
        self._budget_watch = budget_watch

    async def check_spending(self, now: datetime | None = None) -> None:
        """Compare the last hour with the week before, and take back budgets that are over."""
        moment = now or datetime.now(UTC)
        today = day_of(moment, self._desk.zone)
        week = Days(today - timedelta(days=USUAL_DAYS), today - timedelta(days=1), self._desk.zone)
        recent = await self._store.read(spend.recent_calls, moment - HOUR)
        usual = await self._store.read(spend.usual_calls, week)
        for name, sentence in judge_spending(recent, usual, self._desk.alerts).items():
            await self._alarms.set(name, sentence)
        await self._replaced()
        await self._budget_watch.sweep()

    async def check_models(self) -> None:
        """Whether a model in use was announced as deprecated; unknown is no reason for alarm."""
        for model in self._used():
            try:
                lifecycle, ends = await self._claude.lifecycle(model)
            except ModelUnknown:
                continue
            until = f" and ends on {ends:%Y-%m-%d}" if ends and lifecycle == "deprecated" else ""
            gone = lifecycle in ("deprecated", "retired")
            told = f"{model} is {lifecycle}{until}: choose another under [models]."
            await self._alarms.set(f"{MODEL}:{model}", told if gone else None)

    async def _replaced(self) -> None:
        """Take back what was said of models that the desk has stopped using."""
        used = {f"{MODEL}:{model}" for model in self._used()}
        for name in await self._alarms.names():
            if name.partition(":")[0] == MODEL and name not in used:
                await self._alarms.set(name, None)

    def _used(self) -> Iterable[str]:
        return dict.fromkeys(model for _, model in self._desk.models)


class SpendLimitAlarm:
    """Says that the API refuses every call because of its own spend limit, and when it is over."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._raised: bool | None = None

    async def follow(self, calls: Sequence[Call]) -> None:
        """Raise it after a call that was refused, clear it after calls that worked."""
        if self._raised is None:
            self._raised = await self._alarms.is_raised("spend_limit")
        refused = any(call.status == "spend_limit" for call in calls)
        worked = any(call.status == "ok" for call in calls) and not refused
        if refused or (worked and self._raised):
            self._raised = refused
            told = "Claude refuses every call until the limit is raised or the month ends (UTC). "
            await self._alarms.set(
                "spend_limit", f"{told}Until then people answer." if refused else None
            )


def judge_spending(
    recent: RecentCalls, usual: RecentCalls, rules: Alerts
) -> Mapping[str, str | None]:
    """A sentence for each alarm that should stand now, None for each that should not.

    `recent` is the last hour, `usual` the USUAL_DAYS whole days before today. From fewer calls
    than `rules.calls` nothing can be told, so that no alarm stands.
    """
    if recent.calls < rules.calls:
        return {"spend": None, "cache": None, "failures": None}
    return {
        "spend": _spend(recent, usual, rules),
        "cache": _cache(recent, usual, rules),
        "failures": _failures(recent, usual, rules),
    }


def _spend(recent: RecentCalls, usual: RecentCalls, rules: Alerts) -> str | None:
    hourly = Fraction(usual.nano_dollars, USUAL_DAYS * 24)
    if recent.nano_dollars <= max(hourly * Fraction(rules.spend), Fraction(rules.floor)):
        return None
    return f"{dollars(recent.nano_dollars)} in the last hour; {dollars(round(hourly))} is usual."


def _cache(recent: RecentCalls, usual: RecentCalls, rules: Alerts) -> str | None:
    now, before = _hit_rate(recent), _hit_rate(usual)
    if now >= before * Fraction(rules.cache):
        return None
    return (
        f"{percent(now)} of the prompts came from the cache in the last hour; "
        f"{percent(before)} is usual. Did a prompt change, or a model?"
    )


def _failures(recent: RecentCalls, usual: RecentCalls, rules: Alerts) -> str | None:
    now = Fraction(recent.failed, recent.calls)
    if now <= max(Fraction(rules.failures), 2 * _part(usual.failed, usual.calls)):
        return None
    return f"{percent(now)} of {recent.calls} calls in the last hour failed or were refused."


def _hit_rate(calls: RecentCalls) -> Fraction:
    return _part(calls.cache_read_tokens, calls.prompt_tokens)


def _part(amount: int, of: int) -> Fraction:
    return Fraction(amount, of) if of else Fraction(0)
