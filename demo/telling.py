"""What the demo prints: the day as it happens, the tickets, and the line that adds up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.cli.terminal.tables import show_table
from bot.llm.pricing import Catalogue, Tokens
from bot.reports import wording as words
from bot.reports.digest import Digest
from bot.reports.gaps import Gap
from bot.text.money import dollars
from demo.day import Told
from demo.desk import Presses, Worked
from demo.script import Says
from emulator.slack import Message, SlackEmulator
from storage.reports.balance import MessageBalance
from storage.tickets.tables import CallRow, Change, Ticket

YARDSTICK = "claude-sonnet-5-5"
SAID = 84
REASON = 120
COLOURS = {
    "answered": "green",
    "replied": "green",
    "handed_over": "yellow",
    "asked": "green",
    "declined": "green",
    "drafted": "cyan",
    "shadowed": "blue",
    "noted": "blue",
    "cancelled": "magenta",
    "joined": "blue",
    "left_alone": "blue",
    "failed": "red",
}


def opening(console: Console, claude: str) -> None:
    """What runs, and what it is made of."""
    console.print("[bold]A day at the desk of Lotus & Bamboo[/]")
    console.print(f"[dim]Real bot, emulated Slack workspace, {claude}.[/]\n")


def scene(console: Console, told: Told, stage_channel: str) -> None:
    """One message: what was said, what the desk decided, and what the customer got."""
    said = told.says.text or _wordless(told)
    if isinstance(told.says, Says) and told.says.misquoted:
        said = f"{said} (its figures come out wrong)"
    if told.row and told.row.text != told.says.text:
        said = f"{said} ✎ {' '.join(told.row.text.split())}"
    console.print(
        f"[bold]{told.says.who:<9}[/] [dim]{stage_channel:<10}[/] {escape(_clip(said, SAID))}",
        highlight=False,
    )
    console.print(f"{'':21}{_decided(told)}", highlight=False)
    for reply in told.replies:
        line = " ".join(reply.split())
        console.print(f"{'':21}[dim italic]“{escape(_clip(line, SAID))}”[/]", highlight=False)
    if told.draft:
        held = " ".join(told.draft.split())
        console.print(f"{'':21}[dim]draft on the card: “{escape(_clip(held, SAID))}”[/]")
    sources = told.decision.sources if told.decision and told.replies else []
    if sources:
        named = " · ".join(str(each["title"]) for each in sources)
        console.print(f"{'':21}[dim]↳ {escape(_clip(named, SAID))}[/]", highlight=False)


def _wordless(told: Told) -> str:
    forwards = isinstance(told.says, Says) and told.says.forwards
    return "(forwards a message)" if forwards else "(a screenshot without words)"


def desk_opens(console: Console) -> None:
    """The agents' part begins."""
    console.print("\n[bold]The agents work the tickets from their cards[/]")


def worked(console: Console, done: Worked, names: dict[str, str]) -> None:
    """What somebody did at the desk, and what the audit says of it; `names` by user id."""
    act = done.act
    did = f"presses {act.label}" if isinstance(act, Presses) else f"“{act.text}”"
    console.print(
        f"[bold]{act.who:<9}[/] [dim]{done.ticket.number:<10}[/] {escape(_clip(did, SAID))}",
        highlight=False,
    )
    changed = ", ".join(_changed(each, names) for each in done.changes)
    heard = f"said in {done.heard} threads" if done.heard > 1 else ""
    heard = "the customer is told" if done.heard == 1 and not changed else heard
    said = " · ".join(filter(None, [changed, heard, done.told])) or "a note, for agents only"
    console.print(f"{'':21}[dim]→ {escape(_clip(said, SAID))}[/]", highlight=False)


def _changed(change: Change, names: dict[str, str]) -> str:
    if change.what == "taken over":
        return "the bot keeps quiet" if change.after else "the bot answers again"
    before, after = (names.get(each or "", each or "–") for each in (change.before, change.after))
    return f"{change.what} {before} → {after}"


def _decided(told: Told) -> str:
    decision = told.decision
    if decision is None:
        return _untold(told)
    triage = decision.triage or {}
    label = f"{triage['intent']} {triage['confidence']:.2f} · " if triage else ""
    models = "+".join(dict.fromkeys(_short(call.model) for call in told.calls)) or "no model"
    spent = sum(decision.stage_ms.values())
    cost = dollars(sum(call.nano_dollars for call in told.calls))
    colour = COLOURS[decision.outcome]
    return (
        f"→ {label}{escape(_clip(decision.reason, REASON))} · [dim]{models}[/] · "
        f"[{colour}]{decision.outcome}[/] · {spent} ms · {cost}"
    )


def _untold(told: Told) -> str:
    if told.row is None:
        return f"[dim]→ left alone: {told.ignored}[/]" if told.ignored else "[dim]→ ignored[/]"
    if told.row.outcome == "history":
        return "[dim]→ read as part of the thread that the desk was called into[/]"
    return "[dim]→ an agent's word: the bot keeps quiet here[/]"


def ticket_table(console: Console, tickets: Sequence[Ticket], spent: dict[int, int]) -> None:
    """Every ticket of the day."""
    console.print("\n[bold]Tickets[/]")
    show_table(
        console,
        ("ticket", "status", "intent", "priority", "language", "title", "cost"),
        [
            (
                ticket.number,
                ticket.status,
                ticket.intent or "–",
                ticket.priority,
                ticket.language or "–",
                _clip(ticket.title or "–", 56),
                dollars(spent.get(ticket.ticket_id, 0)),
            )
            for ticket in tickets
        ],
    )


@dataclass(frozen=True)
class Account:
    """The books of the day: what was posted in Slack against what the desk holds."""

    posted: int
    balance: MessageBalance
    doubled: int
    unfinished: int
    calls: Sequence[CallRow]

    @property
    def lost(self) -> int:
        """Messages that Slack has and the desk does not."""
        return self.posted - self.balance.received

    @property
    def adds_up(self) -> bool:
        """Nothing lost, nothing doubled, nothing failed, and every story told to its end."""
        return not (self.lost or self.doubled or self.unfinished or self.balance.failed)


def closing(console: Console, account: Account, catalogue: Catalogue) -> None:
    """The line that adds up, and what the same day would have cost on Sonnet alone."""
    balance = account.balance
    ignored = ", ".join(f"{reason} {count}" for reason, count in sorted(balance.ignored.items()))
    spent = sum(call.nano_dollars for call in account.calls)
    alone = sum(_on(catalogue, call, call.called_at) for call in account.calls)
    saved = f"{1 - spent / alone:.0%} less" if alone else "nothing spent"
    mark = "[green]✓[/]" if account.adds_up else "[red]✗[/]"
    console.print(
        f"\n{mark} received {balance.received} = ticketed {balance.ticketed}"
        f" + ignored {sum(balance.ignored.values())} ({ignored or 'none'})"
        f" + failed {balance.failed}, lost {account.lost}, posted twice {account.doubled};"
        f" cost [bold]{dollars(spent)}[/], on Sonnet alone {dollars(alone)} ({saved})",
        highlight=False,
        soft_wrap=True,
    )


def money(console: Console, notices: Sequence[str], digest: Digest, picture: Path | None) -> None:
    """What the agents were told about money, and the digest they got."""
    console.print("\n[bold]In #desk about money[/]")
    for text in [*notices, f"{words.digest_title(digest)}: {words.digest_headline(digest)}"]:
        console.print(f"  {escape(text)}", highlight=False, soft_wrap=True)
    if picture:
        console.print(f"  [dim]with a picture: {picture}[/]", highlight=False, soft_wrap=True)


def gaps(console: Console, found: Sequence[Gap]) -> None:
    """What customers asked and no article answers: the list from which articles are written."""
    console.print("\n[bold]What no article answers[/] (`/ticket gaps`)")
    for gap in found:
        console.print(f"  {gap.count}×  {escape(_clip(gap.title, 90))}", highlight=False)


def doubled_posts(slack: SlackEmulator) -> int:
    """Posts of the bot that stand in the workspace more than once under the same key."""
    keys = Counter(
        message.metadata["event_payload"]["key"]
        for channel in slack.workspace.channels.values()
        for message in slack.messages(channel)
        if message.metadata
    )
    return sum(count - 1 for count in keys.values())


def channel_name(slack: SlackEmulator, message: Message) -> str:
    """`#orders`, or `DM`."""
    channel = slack.workspace.channels[message.channel]
    return "DM" if channel.id.startswith("D") else f"#{channel.name}"


def _on(catalogue: Catalogue, call: CallRow, at: datetime) -> int:
    tokens = Tokens(
        input=call.input_tokens,
        output=call.output_tokens,
        cache_write_5m=call.cache_write_5m_tokens,
        cache_write_1h=call.cache_write_1h_tokens,
        cache_read=call.cache_read_tokens,
    )
    return catalogue.counterfactual(tokens, YARDSTICK, at).nano_dollars


def _short(model: str) -> str:
    return model.removeprefix("claude-")


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
