"""Forms that were sent off: one function for each. A mistake stands beside its field."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.desk import Desk
from bot.pipeline.forms import FormRequest, FormTickets
from bot.tickets.actions import TicketActions, merged_answer_text
from bot.tickets.proposals import Proposals
from bot.tickets.snooze import NotATime, wake_time
from bot.tools.schemas import misfit
from handlers.actions.payload import Submission, read_pressed, read_search, read_submission
from handlers.errors import FieldRefused
from handlers.slack.permissions import Permissions
from handlers.types import Ack, Payload
from handlers.views import modals
from handlers.views.ids import FieldId, FormId
from handlers.views.modals import REASONS, URGENCIES
from handlers.views.proposal import argument_field, typed_argument
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import tickets

ADDRESS = 500


class Forms:
    """What happens when a form is sent off. Who may do it is asked again, here."""

    def __init__(
        self,
        store: Database,
        access: Permissions,
        work: TicketActions,
        proposals: Proposals,
        form_tickets: FormTickets,
        desk: Desk,
        team: str,
    ) -> None:
        self._team = team
        self._store = store
        self._access = access
        self._work = work
        self._proposals = proposals
        self._form_tickets = form_tickets
        self._desk = desk
        # The function of each form, which may have something to tell.
        self._agents: dict[str, Callable[[Submission], Awaitable[str | None]]] = {
            FormId.REPLY: self._reply,
            FormId.EDIT_DRAFT: self._edit_draft,
            FormId.EDIT_IT: self._edit_proposal,
            FormId.NOT_A_REQUEST: self._not_a_request,
            FormId.MORE: self._more,
            FormId.MERGE: self._merge,
            FormId.TELL_ALL: self._tell_all,
        }

    async def sent(self, ack: Ack, body: Payload) -> None:
        """A form of the agents' was sent off."""
        form = read_submission(body)
        news = await self._agents[form.form](form)
        if news is None:
            await ack(response_action="clear")
        else:
            await ack(response_action="update", view=modals.notice_modal("Sent", news))

    async def new_ticket(self, ack: Ack, body: Payload) -> None:
        """Anybody asks the desk something."""
        if not await self._form_tickets.ask(await self._request(read_submission(body))):
            raise FieldRefused(FieldId.TITLE, "This was sent already; nothing was opened.")
        await ack()

    async def rating(self, ack: Ack, body: Payload) -> None:
        """The customer adds words to a rating."""
        form = read_submission(body)
        rating = str(form.about.get("rating"))
        await self._work.rate(form.actor(), form.number, rating, form.text(FieldId.COMMENT))
        await ack()

    async def targets(self, ack: Ack, body: Payload) -> None:
        """The tickets that fit what is being typed into the search of the merge form."""
        search = read_search(body)
        found = await self._store.read(
            tickets.tickets_like, search.typed, besides=int(search.about["ticket"])
        )
        await ack(options=modals.ticket_options((each.ticket_id, each.title) for each in found))

    async def _reply(self, form: Submission) -> str | None:
        there = await self._work.reply(form.actor(), form.number, _needed(form, FieldId.TEXT))
        return None if there == form.number else merged_answer_text(form.number, there)

    async def _tell_all(self, form: Submission) -> None:
        await self._work.tell_all(form.actor(), form.number, _needed(form, FieldId.TEXT))

    async def _edit_draft(self, form: Submission) -> None:
        text = modals.draft_text(form.values, int(form.about["fields"]))
        if not text:
            raise FieldRefused(FieldId.TEXT, "There is nothing left to send.")
        await self._work.send_draft(form.actor(), form.number, str(form.about["draft"]), text)

    async def _edit_proposal(self, form: Submission) -> None:
        pressed = read_pressed(form.user, form.number, str(form.about["proposal"]))
        _row, tool = await self._proposals.waiting(pressed)
        arguments = {}
        for place, (name, schema) in enumerate(tool.input.items()):
            at = argument_field(place)
            try:
                arguments[name] = typed_argument(schema, form.state(at))
            except ValueError:
                raise FieldRefused(
                    at, "Expected a number such as 50000 or 49.90, without separators."
                ) from None
            if wrong := misfit(arguments[name], schema):
                raise FieldRefused(at, f"This cannot be so: {wrong}.")
        await self._proposals.edit(pressed, arguments)

    async def _not_a_request(self, form: Submission) -> None:
        reason = form.option(FieldId.REASON)
        if reason not in REASONS:
            raise FieldRefused(FieldId.REASON, "Please choose a reason.")
        comment = form.text(FieldId.COMMENT)
        await self._work.dismiss(form.actor(), form.number, reason, comment)

    async def _merge(self, form: Submission) -> None:
        target = form.option(FieldId.TARGET) or ""
        if not target.isdecimal():
            raise FieldRefused(FieldId.TARGET, "Please choose a ticket.")
        await self._work.merge(form.actor(), form.number, int(target))

    async def _more(self, form: Submission) -> None:
        """Only what differs from what the form showed is changed, and only if it still stands."""
        wanted = {
            "assignee_id": await self._owner(form),
            "priority": form.option(FieldId.PRIORITY),
            "link": _address(form.text(FieldId.LINK)),
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
        if typed := form.text(FieldId.WAKE):
            changed |= {"status": "on_hold", "wake_at": self._wake(typed)}
        if changed:
            await self._work.edit(form.actor(), form.number, seen, changed)

    async def _owner(self, form: Submission) -> str | None:
        owner = form.user_in(FieldId.OWNER)
        if owner and not await self._access.works(owner):
            raise FieldRefused(FieldId.OWNER, f"<@{owner}> is not in the agents' channel.")
        return owner

    def _wake(self, typed: str) -> datetime:
        try:
            return wake_time(typed, utc_now(), ZoneInfo(self._desk.hours.zone))
        except NotATime as error:
            raise FieldRefused(FieldId.WAKE, str(error)) from None

    async def _request(self, form: Submission) -> FormRequest:
        category, urgency = form.option(FieldId.CATEGORY), form.option(FieldId.URGENCY)
        if category not in {intent.name for intent in self._desk.intents}:
            raise FieldRefused(FieldId.CATEGORY, "Please choose a category.")
        if urgency not in URGENCIES:
            raise FieldRefused(FieldId.URGENCY, "Please choose how urgent it is.")
        channel = None if form.ticked(FieldId.PRIVATE) else form.about.get("channel")
        return FormRequest(
            key=form.view_id,
            team=self._team,
            user=form.user,
            channel=channel,
            private=channel is None or await self._access.private(channel),
            category=category,
            title=_needed(form, FieldId.TITLE),
            details=_needed(form, FieldId.DETAILS),
            urgency=urgency,
            asked_ts=f"{time.time():.6f}",
        )


def _needed(form: Submission, field: FieldId) -> str:
    text = form.text(field)
    if not text:
        raise FieldRefused(field, "Please write something here.")
    return text


def _address(typed: str) -> str | None:
    if typed and not (typed.startswith(("https://", "http://")) and len(typed) <= ADDRESS):
        raise FieldRefused(
            FieldId.LINK, f"Expected an https:// address of at most {ADDRESS} characters."
        )
    return typed or None
