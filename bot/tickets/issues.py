"""An agent makes an issue of a ticket in GitHub or Jira; what becomes of it there comes back.

An issue is made once for each ticket: what was lost on its way is looked for before another is.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import httpx2
import structlog

from bot.config.trackers import TrackerConfig
from bot.runtime.tasks import Stoppable
from bot.text.invisible import visible
from bot.tickets.act_rules import Actor
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.refusals import ActionRefused
from bot.tickets.trackers import GONE, Tracker, TrackerFailed, TrackerIssue, tracker_of
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import issues
from storage.tickets.tables import Ticket

LONGEST_TITLE = 200
LONGEST_WORDS = 8_000
# Issues that are looked at each time; a tracker allows some thousands an hour.
AT_ONCE = 50
IN_DOUBT = "It may have been made: ask again in two minutes, and it is looked for first."

log = structlog.get_logger("issues")


class Issues(Stoppable):
    """Makes issues, and follows them."""

    def __init__(
        self,
        *,
        store: Database,
        trackers: Mapping[str, TrackerConfig],
        secrets: Mapping[str, str],
        desk: str,
        private: Callable[[str], Awaitable[bool]],
        cards: CardKeeper,
        outbox: Outbox,
    ) -> None:
        self._store = store
        self._configs = trackers
        self._desk = desk
        self._private = private
        self._cards = cards
        self._outbox = outbox
        self._http = httpx2.AsyncClient(follow_redirects=False) if trackers else None
        self._trackers: dict[str, Tracker] = {}
        if self._http is not None:
            self._trackers = {
                name: tracker_of(each, secrets[each.token], self._http)
                for name, each in trackers.items()
            }

    async def stop(self) -> None:
        """Close what is connected."""
        if self._http is not None:
            await self._http.aclose()

    async def create(self, actor: Actor, number: int, said: str) -> TrackerIssue:
        """Make an issue of a ticket, in the tracker that is `said` first or in the only one.

        Raises:
            ActionRefused, NotAllowed, NoTicket: it is not made, or nobody knows whether it was.
        """
        name, words = self._named(said)
        ticket, again = await self._begun(number, name)
        number = ticket.ticket_id
        tracker, mark = self._trackers[name], f"deskhand-{ticket.team_id}-T-{number}"
        made = None
        try:
            if again:
                made, again = await tracker.find(mark), False
            made = made or await tracker.create(_title(ticket), self._body(ticket, words), mark)
        except TrackerFailed as error:
            log.warning("issue not made", tracker=name, problem=str(error))
            # An attempt that was lost stays in doubt until the tracker has been searched for it.
            if error.doubtful or again:
                raise ActionRefused(f"{name}: {error}. {IN_DOUBT}") from None
            await self._store.write(issues.drop_issue, number)
            raise ActionRefused(f"{name}: {error}. No issue was made.") from None
        by = actor.act_key.by
        facts = (made.key, made.url, made.state)
        await self._store.write(issues.issue_made, number, *facts, by, utc_now())
        self._cards.touch(number)
        return made

    async def follow(self, now: datetime) -> None:
        """Look at those that may have changed, and tell the agents of those that have."""
        for name in self._trackers:
            await self._follow(name, now)

    async def _follow(self, name: str, now: datetime) -> None:
        for number, key in await self._store.read(issues.followed_issues, name, AT_ONCE):
            try:
                issue = await self._trackers[name].look(key)
            except TrackerFailed as error:
                log.warning("issues not followed", tracker=name, problem=str(error))
                if error.whole:
                    # All are asked for at the next look.
                    return
                await self._store.write(issues.issue_unseen, number, now)
                continue
            told = f"{name} {key} is {issue.state} now."
            if issue.state == GONE:
                told = f"{name} {key} is not there any more, or is not shown to the desk."
            note = await self._store.write(
                issues.issue_seen, number, issue.state, now, told, done=issue.done
            )
            if note is not None:
                self._cards.touch(number)
                await self._outbox.send(note)

    def _named(self, said: str) -> tuple[str, str]:
        if not self._trackers:
            raise ActionRefused("This desk makes no issues: desk.toml names no [trackers].")
        first, _, rest = said.strip().partition(" ")
        if first in self._trackers:
            return first, rest
        if len(self._trackers) > 1:
            raise ActionRefused(f"Say where: one of {', '.join(sorted(self._trackers))}.")
        return next(iter(self._trackers)), said

    async def _begun(self, number: int, name: str) -> tuple[Ticket, bool]:
        private = self._configs[name].private
        ticket, again = await self._store.write(
            issues.begin_issue, number, name, utc_now(), private=private
        )
        if not private and await self._private(ticket.channel_id):
            if not again:
                await self._store.write(issues.drop_issue, ticket.ticket_id)
            raise ActionRefused(f"{ticket.number} is private: no issue is made of it.")
        return ticket, again

    def _body(self, ticket: Ticket, words: str) -> str:
        """What an agent said of it, and the way back; the customer's words stay here."""
        place = f"team={ticket.team_id}&channel={ticket.channel_id}&message_ts={ticket.thread_ts}"
        back = f"{ticket.number} of {self._desk}: https://slack.com/app_redirect?{place}"
        return "\n\n".join(filter(None, (visible(words).strip()[:LONGEST_WORDS], back)))


def _title(ticket: Ticket) -> str:
    return " ".join(visible(ticket.title).split())[:LONGEST_TITLE] or ticket.number
