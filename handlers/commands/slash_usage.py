"""`/usage`: what the desk costs, for admins."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.desk import Desk
from bot.costs.budget_watch import BudgetWatch
from bot.reports import wording as words
from bot.reports.periods import Period, PeriodError, period_named
from bot.reports.publisher import DigestPublisher
from bot.runtime.tasks import BackgroundTasks
from bot.text.money import NANO, dollars
from bot.tickets.refusals import ActionRefused
from handlers.commands.parse import read_slash_command
from handlers.errors import answered, ephemeral
from handlers.types import Ack, MessageBody, Payload, Respond
from handlers.views.blocks import Block, context, header, section
from handlers.views.digest import budget_bar, digest_message, digest_table
from handlers.views.mrkdwn import person_mention
from handlers.views.texts import NOT_ADMIN
from storage.costs.daily_totals import DayCalls
from storage.db.database import Database
from storage.reports import spend

HELP = """`/usage today`, `week`, `month`, `last month`, `2026-11` · what it cost, what came of it
`/usage by intent`, `model`, `channel`, `user` or `ticket`, with a period behind it · the dearest
`/usage export month` · the daily totals as a CSV file, in a direct message
`/usage budgets` · how far they are used; `/usage lift desk` lifts one for today"""
KINDS = {"channel": "channel", "user": "requester", "ticket": "ticket"}
ROWS = 20

log = structlog.get_logger("slack")


class UsageCommand:
    """What can be asked with `/usage`."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        desk: Desk,
        digest_publisher: DigestPublisher,
        budget_watch: BudgetWatch,
        background: BackgroundTasks,
    ) -> None:
        self._client = client
        self._store = store
        self._desk = desk
        self._digest_publisher = digest_publisher
        self._budget_watch = budget_watch
        self._background = background

    async def usage(self, ack: Ack, command: Payload, respond: Respond) -> None:
        """Acknowledge the command, then answer an admin; anyone else is told who may ask."""
        await ack()
        telling = self._tell(*read_slash_command(command), respond)
        self._background.begin(answered(telling, ephemeral(respond)))

    async def _tell(self, user: str, asked: str, respond: Respond) -> None:
        if user not in self._desk.desk.admins:
            raise ActionRefused(NOT_ADMIN)
        try:
            message = await self._answer(asked, user)
        except PeriodError as problem:
            message = {"text": f"{problem}.\n{HELP}"}
        await respond(**message, response_type="ephemeral")

    async def _answer(self, asked: str, user: str) -> MessageBody:
        first, _, rest = asked.partition(" ")
        match first.lower():
            case "" | "help":
                return {"text": HELP}
            case "by":
                kind, _, period = rest.partition(" ")
                return await self._by(kind.lower(), self._period(period or "month"))
            case "export":
                return await self._export(self._period(rest or "month"), user)
            case "budgets":
                return await self._budgets()
            case "lift":
                return await self._lift(rest, user)
        return await self._of(self._period(asked))

    def _period(self, text: str) -> Period:
        return period_named(text, datetime.now(UTC), self._desk.zone)

    async def _of(self, period: Period) -> MessageBody:
        return digest_message(await self._digest_publisher.digest(period, datetime.now(UTC)), {})

    async def _by(self, kind: str, period: Period) -> MessageBody:
        if kind in KINDS:
            rows = await self._store.read(spend.subject_costs, KINDS[kind], period.days, ROWS)
            total = await self._store.read(spend.usual_calls, period.days)
            dearest = [(name, nano) for name, _, nano in rows]
            return _ranking(kind, period, dearest, total.nano_dollars)
        if kind in ("intent", "model"):
            digest = await self._digest_publisher.digest(period, datetime.now(UTC))
            ranked = digest.by_intent if kind == "intent" else digest.by_model
            return _ranking(kind, period, list(ranked[:ROWS]), digest.nano_dollars)
        return {"text": f"I can list by intent, model, channel, user or ticket.\n{HELP}"}

    async def _budgets(self) -> MessageBody:
        usages = await self._budget_watch.budget_usages()
        if not usages:
            return {"text": "No budget is set for the desk or a channel: see docs/budgets.md."}
        lifted = await self._budget_watch.lifted()
        lines = [
            f"{budget_bar(each)}{' · lifted for today' if each.limit.name in lifted else ''}"
            for each in usages
        ]
        return {"text": "Budgets", "blocks": [section("\n".join(lines))]}

    async def _lift(self, name: str, user: str) -> MessageBody:
        scope, _, subject = name.partition(" ")
        reference = re.fullmatch(r"<[#@]([A-Z0-9]+)(?:\|[^>]*)?>", subject)
        budget = f"{scope.lower()} {reference[1] if reference else subject.upper()}".strip()
        if await self._budget_watch.lift(budget, user):
            return {"text": f"Lifted for today: {budget}."}
        return {"text": f"No budget is called {budget!r}.\n{HELP}"}

    async def _export(self, period: Period, user: str) -> MessageBody:
        rows = await self._store.read(spend.day_rows, period.days)
        try:
            place = await self._client.conversations_open(users=user)
            await self._client.files_upload_v2(
                channel=place["channel"]["id"],
                content=csv_of(rows),
                filename=f"usage-{period.days.first}-{period.days.last}.csv",
                title=f"Usage, {period.label}",
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("export not sent", user=user, error=type(error).__name__)
            return {"text": "Slack did not take the file. Please try again in a while."}
        return {"text": f"I have sent you {period.label} as a CSV file, in a direct message."}


def csv_of(rows: list[DayCalls]) -> bytes:
    """The daily totals as a CSV file with a heading; amounts in dollars with nine decimals."""
    names = list(DayCalls.model_fields)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([_heading(name) for name in names])
    for row in rows:
        writer.writerow([_cell(name, getattr(row, name)) for name in names])
    return file.getvalue().encode()


AMOUNTS = ("nano_dollars", "first_counted", "on_sonnet", "on_opus")


def _heading(name: str) -> str:
    return "dollars" if name == "nano_dollars" else name


def _cell(name: str, value: Any) -> Any:
    if name in AMOUNTS:
        return f"{value // NANO}.{value % NANO:09d}"
    # A spreadsheet takes a text that begins so for a formula.
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
    )


def _ranking(kind: str, period: Period, rows: list[tuple[str, int]], total: int) -> MessageBody:
    shown = [(_shown(kind, name), nano) for name, nano in rows]
    blocks: list[Block] = [header(f"Usage by {kind} · {period.label}")]
    if kind in KINDS:
        lines = [f"{name}  {cost}  {part}" for name, cost, part in words.ranked_rows(shown, total)]
        blocks.append(section("\n".join(lines) or "Nothing was spent."))
    else:
        blocks.append(
            section(digest_table((kind, "cost", "part"), words.ranked_rows(shown, total)))
        )
    blocks.append(context(f"{dollars(total)} in all"))
    return {"text": f"Usage by {kind}, {period.label}: {dollars(total)}", "blocks": blocks}


def _shown(kind: str, name: str) -> str:
    if not name:
        return "none"
    return {"channel": f"<#{name}>", "user": person_mention(name), "ticket": f"T-{name}"}.get(
        kind, name
    )
