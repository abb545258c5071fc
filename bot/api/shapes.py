"""What goes into the API and comes out of it, as it stands in its OpenAPI document."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.config.api import ApiRole
from bot.config.sla import Priority
from bot.text.invisible import visible
from storage.tickets.states import Status

# A column of a database holds no larger number.
LARGEST = 2**31 - 1
TicketNumber = Annotated[
    int, Field(ge=1, le=LARGEST, description="The ticket's number, 12 for T-12.")
]
SlackUser = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,30}$")]
SlackChannel = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,30}$")]


def _seen(given: object) -> object:
    """Words as a person sees them: nothing that hides, or turns what is read around."""
    return visible(given) if isinstance(given, str) else given


def _line(given: object) -> object:
    """The same in one line."""
    return " ".join(visible(given).split()) if isinstance(given, str) else given


SEEN = BeforeValidator(_seen)
LINE = BeforeValidator(_line)
# What the document says of words that have to be there: one character shows, by its code.
SHOWS = {
    "pattern": r"[^\s\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"
}


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class NothingGiven(_Given):
    """Nothing is asked for."""


class SearchGiven(_Given):
    """Which tickets; all that is given has to be so."""

    words: Annotated[str, Field(max_length=300, description="Words that were said in it.")] = ""
    status: Annotated[Status | None, Field(description="Its status.")] = None
    category: Annotated[str | None, Field(max_length=60, description="Its intent.")] = None
    priority: Annotated[Priority | None, Field(description="Its priority.")] = None
    requester: Annotated[SlackUser | None, Field(description="Who asked, by Slack user id.")] = None
    channel: Annotated[SlackChannel | None, Field(description="Where, by channel id.")] = None
    start: Annotated[
        int, Field(ge=0, le=LARGEST, description="0, or `next` of the page before.")
    ] = 0
    size: Annotated[int, Field(ge=1, le=50, description="The most tickets of a page.")] = 20


class TicketGiven(_Given):
    """One ticket."""

    number: TicketNumber


class ReadingGiven(_Given):
    """One ticket, and how much of what was said in it."""

    number: TicketNumber
    size: Annotated[
        int, Field(ge=1, le=200, description="The most words, notes and changes: the newest.")
    ] = 100


class CommentGiven(_Given):
    """A note on a ticket, for agents only; a customer never reads it."""

    number: TicketNumber
    text: Annotated[str, Field(min_length=1, max_length=8_000, json_schema_extra=SHOWS), SEEN]


class OpeningGiven(_Given):
    """A new ticket. Its words are posted in the channel as a thread of their own."""

    title: Annotated[str, Field(min_length=1, max_length=150, json_schema_extra=SHOWS), LINE]
    details: Annotated[str, Field(min_length=1, max_length=8_000, json_schema_extra=SHOWS), SEEN]
    category: Annotated[str, Field(max_length=60, description="One of the desk's intents.")]
    channel: Annotated[SlackChannel, Field(description="A channel that the desk watches.")]
    priority: Priority = "normal"
    requester: Annotated[
        SlackUser | None, Field(description="For whom, by Slack user id; else for the program.")
    ] = None


class QuestionGiven(_Given):
    """A question that the articles may answer."""

    question: Annotated[str, Field(min_length=1, max_length=4_000, json_schema_extra=SHOWS), SEEN]


class WhoToldMe(_Told):
    """Whose token it is, and what it may do; `categories` are the desk's intents."""

    name: str
    role: ApiRole
    may: list[str]
    private: bool
    categories: list[str]


class TicketTold(_Told):
    """A ticket. Moments are in UTC."""

    number: int
    title: str
    status: str
    priority: str
    category: str | None
    requester: str
    owner: str | None
    channel: str
    tags: list[str]
    link: str | None
    opened_at: datetime
    updated_at: datetime
    solved_at: datetime | None


class PageTold(_Told):
    """Some tickets, newest first; `next` is the `start` of the following page, if there is one."""

    tickets: list[TicketTold]
    next: int | None


class WordTold(_Told):
    """Something that was said in a ticket by a customer, an agent or the bot."""

    author: str
    by: str
    at: datetime
    text: str


class NoteTold(_Told):
    """A note among agents."""

    by: str
    at: datetime
    text: str


class ChangeTold(_Told):
    """A change of a ticket: who changed what, from what to what, from where."""

    by: str
    at: datetime
    what: str
    before: str | None
    after: str | None
    source: str


class WholeTicketTold(_Told):
    """A ticket with what was said in it; notes and changes are for agents only.

    `left_out` is how many earlier words are not told.
    """

    ticket: TicketTold
    summary: str | None
    left_out: int
    said: list[WordTold]
    notes: list[NoteTold]
    changes: list[ChangeTold]


class OpenedTold(_Told):
    """A ticket that is being opened; its number where that was done by now."""

    number: int | None
    request: Annotated[str, Field(description="Sent again as Idempotency-Key it opens no second.")]


class DoneTold(_Told):
    """What was done to a ticket, in a sentence."""

    number: int
    done: str


class SourceTold(_Told):
    """An article that an answer rests on."""

    title: str
    url: str | None


class AnswerTold(_Told):
    """What the desk has to say. Without `text` a person has to; `reason` says why."""

    outcome: Literal["answered", "asked", "declined", "suggested", "person"]
    text: str | None
    sources: list[SourceTold]
    reason: str


class FailureTold(_Told):
    """Why nothing was done."""

    error: str
    sentence: str
