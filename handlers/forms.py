"""Forms that were sent off: one function for each. A mistake stands beside its field."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.deskwork import REFUSALS, Deskwork, Refused, elsewhere, told
from bot.opening import Opening, Request
from bot.spans import NotATime, wake_up
from handlers import modals
from handlers.access import Access
from handlers.clicks import Payload, Submission, read_submission
from handlers.modals import REASONS, URGENCIES
from handlers.verbs import Field, Form
from storage import tickets
from storage.columns import utc_now
from storage.database import Database

Ack = Callable[..., Awaitable[Any]]

ADDRESS = 500


class Wrong(Exception):
    """A field cannot be taken as it is; the sentence belongs beside it."""

    def __init__(self, field: Field, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Forms:
    """What happens when a form is sent off. Who may do it is asked again, here."""

    def __init__(
        self, store: Database, access: Access, work: Deskwork, opening: Opening, desk: Desk
    ) -> None:
        self._store = store
        self._access = access
        self._work = work
        self._opening = opening
        self._desk = desk
        # The function of each form, which may have something to tell, and the field beside which a
        # refusal is shown.
        self._agents: dict[str, tuple[Callable[[Submission], Awaitable[str | None]], Field]] = {
            Form.REPLY: (self._reply, Field.TEXT),
            Form.EDIT_DRAFT: (self._edit_draft, Field.TEXT),
            Form.NOT_A_REQUEST: (self._not_a_request, Field.REASON),
            Form.MORE: (self._more, Field.OWNER),
            Form.MERGE: (self._merge, Field.TARGET),
            Form.TELL_ALL: (self._tell_all, Field.TEXT),
        }

    async def sent(self, ack: Ack, body: Payload) -> None:
        """A form of the agents' was sent off."""
        submission = read_submission(body)
        work, field = self._agents[str(body["view"]["callback_id"])]
        try:
            if not await self._access.works(submission.user):
                raise Refused("Only the desk's agents can do this. Nothing was changed.")
            news = await work(submission)
        except Wrong as error:
            await _refuse(ack, error.field, str(error))
        except REFUSALS as error:
            await _refuse(ack, field, told(error))
        else:
            if news is None:
                await ack(response_action="clear")
            else:
                await ack(response_action="update", view=modals.told("Sent", news))

    async def new_ticket(self, ack: Ack, body: Payload) -> None:
        """Anybody asks the desk something."""
        submission = read_submission(body)
        try:
            fresh = await self._opening.ask(await self._request(submission, body))
        except Wrong as error:
            await _refuse(ack, error.field, str(error))
            return
        if fresh:
            await ack()
        else:
            await _refuse(ack, Field.TITLE, "This was sent already; nothing was opened.")

    async def rating(self, ack: Ack, body: Payload) -> None:
        """The customer adds words to a rating."""
        submission = read_submission(body)
        comment = submission.text(Field.COMMENT)
        rating = str(submission.about.get("rating"))
        try:
            await self._work.rate(submission.hand(), submission.number, rating, comment)
        except REFUSALS as error:
            await _refuse(ack, Field.COMMENT, told(error))
        else:
            await ack()

    async def targets(self, ack: Ack, body: Payload) -> None:
        """The tickets that fit what is being typed into the search of the merge form."""
        if not await self._access.works(str(body["user"]["id"])):
            await ack(options=[])
            return
        about = int(read_about(body)["ticket"])
        found = await self._store.read(tickets.like, str(body.get("value") or ""), besides=about)
        await ack(options=modals.options((each.id or 0, each.title) for each in found))

    async def _reply(self, form: Submission) -> str | None:
        there = await self._work.reply(form.hand(), form.number, _needed(form, Field.TEXT))
        return None if there == form.number else elsewhere(form.number, there)

    async def _tell_all(self, form: Submission) -> None:
        await self._work.tell_all(form.hand(), form.number, _needed(form, Field.TEXT))

    async def _edit_draft(self, form: Submission) -> None:
        text = modals.draft_text(form.values, int(form.about["fields"]))
        if not text:
            raise Wrong(Field.TEXT, "There is nothing left to send.")
        await self._work.send_draft(form.hand(), form.number, str(form.about["draft"]), text)

    async def _not_a_request(self, form: Submission) -> None:
        reason = form.option(Field.REASON)
        if reason not in REASONS:
            raise Wrong(Field.REASON, "Please choose a reason.")
        comment = form.text(Field.COMMENT)
        await self._work.dismiss(form.hand(), form.number, reason, comment)

    async def _merge(self, form: Submission) -> None:
        target = form.option(Field.TARGET) or ""
        if not target.isdecimal():
            raise Wrong(Field.TARGET, "Please choose a ticket.")
        await self._work.merge(form.hand(), form.number, int(target))

    async def _more(self, form: Submission) -> None:
        """Only what differs from what the form showed is changed, and only if it still stands."""
        wanted = {
            "assignee_id": await self._owner(form),
            "priority": form.option(Field.PRIORITY),
            "link": _address(form.text(Field.LINK)),
        }
        shown = {
            "assignee_id": form.about["owner"],
            "priority": form.about["priority"],
            "link": form.about["link"],
        }
        changed: dict[str, Any] = {
            name: value for name, value in wanted.items() if value != shown[name]
        }
        seen = {name: shown[name] for name in changed}
        if typed := form.text(Field.WAKE):
            changed |= {"status": "on_hold", "wake_at": self._wake(typed)}
        if changed:
            await self._work.edit(form.hand(), form.number, seen, changed)

    async def _owner(self, form: Submission) -> str | None:
        owner = form.user_in(Field.OWNER)
        if owner and not await self._access.works(owner):
            raise Wrong(Field.OWNER, f"<@{owner}> is not in the agents' channel.")
        return owner

    def _wake(self, typed: str) -> datetime:
        try:
            return wake_up(typed, utc_now(), ZoneInfo(self._desk.hours.zone))
        except NotATime as error:
            raise Wrong(Field.WAKE, str(error)) from None

    async def _request(self, form: Submission, body: Payload) -> Request:
        category, urgency = form.option(Field.CATEGORY), form.option(Field.URGENCY)
        if category not in {intent.name for intent in self._desk.intents}:
            raise Wrong(Field.CATEGORY, "Please choose a category.")
        if urgency not in URGENCIES:
            raise Wrong(Field.URGENCY, "Please choose how urgent it is.")
        channel = None if form.ticked(Field.PRIVATE) else form.about.get("channel")
        return Request(
            key=form.view_id,
            team=str(body["team"]["id"]),
            user=form.user,
            channel=channel,
            private=channel is None or await self._access.private(channel),
            category=category,
            title=_needed(form, Field.TITLE),
            details=_needed(form, Field.DETAILS),
            urgency=urgency,
            asked_ts=f"{time.time():.6f}",
        )


def read_about(body: Payload) -> Payload:
    """What we kept in the form that a search is typed into."""
    return read_submission(body).about


def _needed(form: Submission, field: Field) -> str:
    text = form.text(field)
    if not text:
        raise Wrong(field, "Please write something here.")
    return text


def _address(typed: str) -> str | None:
    if typed and not (typed.startswith(("https://", "http://")) and len(typed) <= ADDRESS):
        raise Wrong(Field.LINK, f"Expected an https:// address of at most {ADDRESS} characters.")
    return typed or None


async def _refuse(ack: Ack, field: Field, sentence: str) -> None:
    await ack(response_action="errors", errors={field: sentence})
