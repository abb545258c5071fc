"""What an agent writes under a card: words for the customer or a note, with all it carries."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages.content import Content, Quote, QuoteKind
from bot.messages.inbound import File
from bot.tickets.refusals import ActionRefused
from bot.tickets.shared_files import file_names
from handlers.events.payload import SlackMessage
from handlers.views.mrkdwn import escape, live_mrkdwn, readable_text

MIXED = (
    "Nothing was sent: some lines begin with `>` and some do not. To answer the customer begin "
    "every line with `>`, or the first with `>>>`. This stays a note."
)
# What the text of a message does not hold and its files do not either.
QUOTED: frozenset[QuoteKind] = frozenset({"forward", "table", "form"})
_MARKS = ("&gt;", ">")


@dataclass(frozen=True)
class AgentReply:
    """Words for a customer: as they are kept, as Slack shows them, and the files with them."""

    text: str
    markup: str
    files: tuple[File, ...] = ()


def read_reply(said: SlackMessage, names: Mapping[str, str]) -> AgentReply | None:
    """What an agent's message says to the customer; None when it is a note.

    What it forwards and the tables in it go with the words, without the place where they were said.

    Raises:
        ActionRefused: only some of its lines are marked.
    """
    raw = for_customer(said.text or escape(said.content.words))
    if raw is None:
        return None
    sent = tuple(each for each in said.content.files if not each.part_of)
    files = file_names(sent)
    quotes = [_told(each) for each in said.content.quotes if each.kind in QUOTED]
    written = readable_text(raw, names=names)
    shown = [live_mrkdwn(raw, names), *(_quoted(each) for each in quotes)]
    if not written and not quotes:
        written, shown = files, [escape(files)]
    return AgentReply(
        text="\n\n".join(each for each in [written, *quotes] if each),
        markup="\n".join(each for each in shown if each),
        files=sent,
    )


def note_text(content: Content) -> str:
    """What an agent's message says as a note: its words and quotes, and the names of its files."""
    return "\n".join(each for each in (content.text, file_names(content.files)) if each)


def for_customer(text: str) -> str | None:
    """The part of an agent's message that is meant for the customer; None when it is a note.

    Quoting somebody and then commenting looks almost like an answer, so a message of which only
    some lines begin with `>` is not sent. The marks may be escaped, as Slack sends them.

    Raises:
        ActionRefused: it is such a mixture.
    """
    for mark in _MARKS:
        if text.startswith(3 * mark):
            return text.removeprefix(3 * mark).strip()
    if not text.startswith(_MARKS):
        return None
    lines = text.splitlines()
    if any(line.strip() and not line.startswith(_MARKS) for line in lines):
        raise ActionRefused(MIXED)
    return "\n".join(_unmarked(line) for line in lines).strip()


def _unmarked(line: str) -> str:
    mark = next((each for each in _MARKS if line.startswith(each)), "")
    return line.removeprefix(mark).removeprefix(" ")


def _told(quote: Quote) -> str:
    """A quote for a customer, who need not know where colleagues talk."""
    return quote.model_copy(update={"place": None, "url": None}).shown


def _quoted(told: str) -> str:
    return "\n".join(f">{escape(line)}" for line in told.splitlines())
