"""Article drafts on their way from the nightly run to the knowledge folder, past a person.

What people decide is written in one transaction; the card in Slack and the file follow from it.
What lags behind, after a crash or a refusal, is caught up at the next start and every minute.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, get_args

import structlog

from bot.nightly.personal_data import PrivacyFinding, TicketPerson, check_privacy
from bot.nightly.publish import article_of, published_origin, write_article
from bot.runtime.replicas import Replicas
from bot.runtime.tasks import BackgroundTasks, Stoppable
from bot.text.language import language_code
from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused, ActionRepeated
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from storage.actions import drafts
from storage.actions.acts import ActKey, AlreadyDone
from storage.db.database import Database
from storage.knowledge.values import Audience
from storage.nightly import article_drafts
from storage.nightly.article_drafts import (
    AlreadyDecided,
    ArticleDraft,
    ArticleDraftText,
    NoArticleDraft,
    PersonalDataFound,
)
from storage.tickets.tables import Message

P = ParamSpec("P")

log = structlog.get_logger("article drafts")


class ArticleDraftBoard(Protocol):
    """Where drafts wait for people. `handlers.actions.article_drafts` does it in Slack."""

    channel: str

    async def post(self, article_draft: ArticleDraft) -> str:
        """Put a draft before the agents, once; answers its ts. Raises CannotPost."""

    async def redraw(self, article_draft: ArticleDraft) -> bool:
        """Bring its card up to date; False when it was deleted. Raises CannotPost."""


class PersonalData(ActionRefused):
    """Something of the customer's stands in the text; `in_title` says where."""

    def __init__(self, findings: Sequence[PrivacyFinding], *, in_title: bool) -> None:
        super().__init__(
            f"Please take out what belongs to the customer: {findings_text(findings)}."
        )
        self.in_title = in_title


class ArticleDrafts(Stoppable):
    """What people do to drafts of articles. Callers have checked who may.

    Each act raises Refused, having changed nothing.
    """

    def __init__(
        self,
        store: Database,
        workspace: Workspace,
        board: ArticleDraftBoard,
        folder: Path,
        read_folder: Callable[[], Awaitable[None]],
        replicas: Replicas | None = None,
    ) -> None:
        self._store = store
        self._replicas = replicas or Replicas(store)
        self._workspace = workspace
        self._board = board
        self._folder = folder
        self._read_folder = read_folder
        self._catching_up = asyncio.Lock()
        self._background = BackgroundTasks()

    async def approve(self, actor: Actor, number: int) -> None:
        """Let a draft become an article."""
        await self._act(drafts.approve_once, actor, number)

    async def reject(self, actor: Actor, number: int, reason: str) -> None:
        """Let a draft be none, and keep why."""
        await self._act(drafts.reject_once, actor, number, reason)

    async def edit(
        self, actor: Actor, number: int, title: str, body: str, audience: str, language: str
    ) -> None:
        """Change a draft, which goes on waiting; what belongs to the customer is refused."""
        if audience not in get_args(Audience) or not language_code(language):
            raise ActionRefused("An article has an audience and the code of a language.")
        title, body = " ".join(title.split()), body.strip()
        person = await self._person(number)
        found = check_privacy(title, person), check_privacy(body, person)
        for some, in_title in zip(found, (True, False), strict=True):
            certain = [each for each in some if each.certain]
            if certain:
                raise PersonalData(certain, in_title=in_title)
        findings = [asdict(each) for each in dict.fromkeys((*found[0], *found[1]))]
        wording = ArticleDraftText(title, body, audience, language, findings)
        await self._act(drafts.edit_once, actor, number, wording)

    async def find_article_draft(self, number: int) -> ArticleDraft:
        """A draft that waits; raises Refused when it does no longer."""
        article_draft = await self._store.read(article_drafts.find_article_draft, number)
        if article_draft is None:
            raise ActionRefused("There is no such draft.")
        if article_draft.state != "waiting":
            raise ActionRefused(_decided(article_draft.state, article_draft.decided_by))
        return article_draft

    async def standing_at(self, channel: str, ts: str) -> ArticleDraft | None:
        """The draft whose card stands at this place."""
        return await self._store.read(article_drafts.article_draft_at, channel, ts)

    def touch(self) -> None:
        """Something has changed: let cards and files follow soon. Never raises."""
        self._background.begin(self.catch_up())

    async def wait_idle(self) -> None:
        """Wait until cards and files have followed."""
        await self._background.wait_idle()

    async def stop(self) -> None:
        """Stop; what is behind is caught up at the next start."""
        await self._background.stop()

    async def catch_up(self) -> None:
        """File what was approved and bring every card up to date. Never raises."""
        async with self._catching_up, self._replicas.alone("article drafts"):
            for number in await self._store.read(article_drafts.article_drafts_behind):
                try:
                    await self._file(number)
                    await self._show(number)
                except CannotPost as error:
                    log.warning("draft's card is behind", draft=number, problem=str(error))
                except Exception:
                    log.exception("draft is behind", draft=number)

    async def _file(self, number: int) -> None:
        article_draft = await self._store.read(article_drafts.find_article_draft, number)
        if article_draft is None or article_draft.state != "approved":
            return
        try:
            source = await asyncio.to_thread(write_article, self._folder, article_draft)
        except OSError as error:
            log.error("article not written", draft=number, problem=str(error))  # noqa: TRY400
            problem = f"{self._folder} cannot be written ({error.strerror or error})"
            source = await self._store.write(
                drafts.file_without_folder,
                number,
                article_of(article_draft),
                published_origin(self._folder),
                problem,
            )
        else:
            await self._read_folder()
            await self._store.write(article_drafts.article_draft_filed, number, source)
        log.info("article filed", draft=number, source=source, ticket=article_draft.ticket_id)

    async def _show(self, number: int) -> None:
        article_draft = await self._store.read(article_drafts.find_article_draft, number)
        if article_draft is None or article_draft.shown == article_draft.version:
            return
        ts = article_draft.ts
        if ts is None or not await self._board.redraw(article_draft):
            ts = await self._board.post(article_draft)
        await self._store.write(
            article_drafts.article_draft_posted,
            number,
            self._board.channel,
            ts,
            article_draft.version,
        )

    async def _act(
        self,
        act: Callable[Concatenate[Any, ActKey, int, P], None],
        actor: Actor,
        number: int,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        try:
            await self._store.write(act, actor.act_key, number, *args, **kwargs)
        except AlreadyDone:
            raise ActionRepeated("That was done already.") from None
        except NoArticleDraft:
            raise ActionRefused("There is no such draft.") from None
        except AlreadyDecided as error:
            raise ActionRefused(_decided(error.state, error.who)) from None
        except PersonalDataFound:
            raise ActionRefused(
                "Something of the customer's stands in it: take it out with Edit first."
            ) from None
        self.touch()

    async def _person(self, number: int) -> TicketPerson:
        draft = await self.find_article_draft(number)
        asked = await self._store.read(drafts.asked_in_ticket, draft.ticket_id)
        try:
            names = await self._workspace.names(asked.requester)
        except CannotPost as error:
            raise ActionRefused(f"{error}, so the text cannot be checked now. Try again.") from None
        return person_of(names, asked.said, asked.orders)


def person_of(names: Sequence[str], said: Sequence[Message], orders: Sequence[str]) -> TicketPerson:
    """The customer of a ticket, as the check for personal data wants to know them."""
    return TicketPerson(
        names=tuple(names),
        wrote="\n".join(each.text for each in said if each.author == "customer"),
        thread="\n".join(each.text for each in said),
        orders=tuple(orders),
    )


def findings_text(findings: Sequence[PrivacyFinding]) -> str:
    """Findings in words."""
    return ", ".join(f"{each.kind} {each.text}" for each in findings)


def _decided(state: str, who: str | None) -> str:
    done = {"filed": "approved"}.get(state, state)
    by = f"<@{who}> was faster: the" if who else "The"
    return f"{by} draft is {done}. Nothing was changed."
