"""The Home as people see it: pure builders, inside the hundred blocks that Slack allows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from bot.config.modes import Mode
from bot.knowledge.shelf_words import EMPTY, articles_text, shelf_sentences, stale_sentence
from bot.messages.channel_modes import MODES
from bot.text.money import dollars
from handlers.views.blocks import Block, context, header, section
from handlers.views.elements import button, category_label, option, select
from handlers.views.mrkdwn import escape, local_time, person_mention
from handlers.views.ticket_list import ticket_line
from storage.knowledge.inventory import KnowledgeSize
from storage.knowledge.shelf import ShelfState
from storage.reports.health import DeskHealth
from storage.reports.proposal_counts import ProposalCounts
from storage.tickets.states import PRIORITIES
from storage.tickets.tables import Ticket

# Characters of a sentence about the shelf.
NOTE = 600
# People named in a line.
SHOWN = 50
Tab = Literal["asked", "queue", "mine", "due", "stats", "desk"]

TABS: tuple[Tab, ...] = get_args(Tab)
MOST = 100
ROWS = 25  # tickets or channels on one page of the Home
ALL = "all"
IN_A_ROW = 25  # buttons
NAMES: Mapping[Tab, str] = {
    "queue": "Queue",
    "mine": "Mine",
    "due": "Due soon",
    "stats": "Stats",
    "desk": "The desk",
}
MODE_NAMES: Mapping[str, str] = {
    "off": "off: not watched",
    "shadow": "shadow: tickets only",
    "draft": "draft: agents send",
    "auto": "auto: the bot answers",
}


@dataclass(frozen=True)
class HomePlace:
    """Where somebody is in their Home: the tab, its filters, and where its pages begin."""

    tab: Tab
    priority: str = ALL
    intent: str = ALL
    unassigned: bool = False
    starts: tuple[int, ...] = (0,)

    def on(self, start: int) -> "HomePlace":
        """The next page."""
        return replace(self, starts=(*self.starts[-20:], start))

    def back(self) -> "HomePlace":
        """The page before."""
        return replace(self, starts=self.starts[:-1] or (0,))

    def dump(self) -> str:
        """As the Home carries it."""
        return json.dumps(asdict(self))


def read_home_place(stored: str) -> HomePlace | None:
    """The place that a Home carried, or None when it is none of ours."""
    try:
        given = json.loads(stored)
        place = HomePlace(**{**given, "starts": tuple(map(int, given["starts"])) or (0,)})
    except (ValueError, TypeError, KeyError):
        return None
    return place if place.tab in TABS else None


@dataclass(frozen=True)
class HomeViewer:
    """Who looks at their Home, and as what."""

    id: str
    agent: bool
    admin: bool


def allowed_place(place: HomePlace | None, person: HomeViewer) -> HomePlace:
    """Where the person may be: what they asked for, or else their front page."""
    if not person.agent:
        return place if place is not None and place.tab == "asked" else HomePlace("asked")
    if place is None or place.tab == "asked" or (place.tab == "desk" and not person.admin):
        return HomePlace("queue")
    return place


def moved_place(place: HomePlace, name: str, value: str, chosen: str) -> HomePlace:
    """Where a button or a menu of the Home leads from a place; nowhere, when it is none of ours."""
    first = (0,)
    match name:
        case "home_priority":
            return replace(place, priority=chosen, starts=first)
        case "home_intent":
            return replace(place, intent=chosen, starts=first)
        case "home_unassigned":
            return replace(place, unassigned=value == "yes", starts=first)
        case "home_next" if value.isdecimal() and len(value) < 10:
            return place.on(int(value))
        case "home_back":
            return place.back()
        case _:
            tab = next((each for each in TABS if each == value), None)
            return place if tab is None else HomePlace(tab)


def home_view(place: HomePlace, blocks: Sequence[Block], notice: str = "") -> dict[str, Any]:
    """The Home with its place inside; what does not fit is left out with a word."""
    shown = [context(notice), *blocks] if notice else list(blocks)
    if len(shown) > MOST:
        shown = [*shown[: MOST - 1], context("There is more than fits here.")]
    return {"type": "home", "private_metadata": place.dump(), "blocks": shown}


def alarm_lines(sentences: Sequence[str]) -> list[Block]:
    """What is wrong with the desk at the moment; nothing when all is well."""
    return [section(f":rotating_light: {escape(each)}") for each in sentences[:5]]


def home_tabs(place: HomePlace, *, admin: bool) -> list[Block]:
    """The buttons between the tabs, the present one marked."""
    shown = [tab for tab in NAMES if admin or tab != "desk"]
    buttons = [
        button(f"home_tab_{tab}", NAMES[tab], tab, primary=tab == place.tab) for tab in shown
    ]
    return [{"type": "actions", "elements": buttons}, {"type": "divider"}]


def home_filters(place: HomePlace, intents: Sequence[str]) -> list[Block]:
    """The menus that narrow a list down."""
    priorities = {ALL: "Every priority", **{each: category_label(each) for each in PRIORITIES}}
    categories = {ALL: "Every category", **{each: category_label(each) for each in intents[:99]}}
    elements = [
        {**select(priorities, place.priority), "action_id": "home_priority"},
        {**select(categories, place.intent), "action_id": "home_intent"},
    ]
    if place.tab != "mine":
        label = "Everybody's" if place.unassigned else "Without owner"
        elements.append(button("home_unassigned", label, "no" if place.unassigned else "yes"))
    return [{"type": "actions", "elements": elements}]


def home_tickets(tickets: Sequence[Ticket], now: datetime, nothing: str) -> list[Block]:
    """A list of tickets, each with a button that shows it."""
    if not tickets:
        return [section(nothing)]
    return [
        {**ticket_line(each, now), "accessory": button("home_show", "Show", str(each.id))}
        for each in tickets
    ]


def page_buttons(place: HomePlace, following: int | None) -> list[Block]:
    """Buttons to the page before and the page after."""
    buttons = []
    if len(place.starts) > 1:
        buttons.append(button("home_back", "← Back", "back"))
    if following is not None:
        buttons.append(button("home_next", "More →", str(following)))
    return [{"type": "actions", "elements": buttons}] if buttons else []


def category_buttons(name: str, intents: Sequence[str]) -> list[Block]:
    """What a customer can ask for, a button for each category."""
    buttons = [button(f"home_ask_{intent}", category_label(intent), intent) for intent in intents]
    lots = [buttons[start : start + IN_A_ROW] for start in range(0, len(buttons), IN_A_ROW)]
    return [
        header(f"Ask {name}"),
        *({"type": "actions", "elements": each} for each in lots),
        {"type": "divider"},
        section("*Your tickets*"),
    ]


@dataclass(frozen=True)
class ChannelSetting:
    """A channel, how far the bot may go there, and whether that was set here."""

    id: str
    mode: Mode
    changed: bool


def channel_menus(watched: Sequence[ChannelSetting]) -> list[Block]:
    """The channels with a menu of modes each."""
    options = [option(mode, MODE_NAMES[mode]) for mode in MODES]
    return [
        {
            **section(f"<#{each.id}>{' · set here' if each.changed else ''}"),
            "block_id": f"mode:{each.id}",
            "accessory": {
                "type": "static_select",
                "action_id": "home_mode",
                "options": options,
                "initial_option": option(each.mode, MODE_NAMES[each.mode]),
            },
        }
        for each in watched
    ]


def staff_blocks(agents: frozenset[str], left_out: Mapping[str, str]) -> list[Block]:
    """Who the agents are, and who of the agents' channel or group is none and why."""
    people = " ".join(f"<@{each}>" for each in sorted(agents)[:SHOWN]) or "nobody yet"
    shown = section(f"*Agents ({len(agents)})*: {people}")
    if not left_out:
        return [shown]
    told = [f"<@{each}> ({escape(why)})" for each, why in list(left_out.items())[:SHOWN]]
    return [shown, section(f"*No agents ({len(left_out)})*: {' '.join(told)}")]


def missed_sentence(state: DeskHealth) -> str:
    """What no event brought, and when that was last looked for."""
    if state.read_back_at is None:
        return "The history of the channels was not read yet."
    found = f"{state.missed} messages of this week were found in the history"
    return f"{found}, last read {local_time(state.read_back_at)}"


def proposal_summary(
    counts: Sequence[ProposalCounts], alone: Sequence[str], stopped_by: str | None, days: int
) -> list[Block]:
    """What people made of proposed changes, and the switch of what happens by itself.

    `alone` says of each tool what it may do so; without any, and without proposals, there is
    nothing to show.
    """
    told = [
        f"{escape(each.tool)}: {each.unchanged} of {each.decided} agreed to unchanged, "
        f"{each.edited} edited, {each.declined} declined, {each.waiting} waiting, "
        f"{each.alone} by itself"
        for each in counts
    ]
    shown = [section("\n".join([f"*Changes proposed in {days} days*", *told]))] if told else []
    if not alone:
        return shown
    stands = f"stopped by {person_mention(stopped_by)}" if stopped_by else "on"
    label = "Let it go on" if stopped_by else "Stop it"
    switch = button("home_alone", label, "on" if stopped_by else "stop")
    lines = [f"*By itself* ({stands})", *map(escape, alone)]
    return [*shown, {**section("\n".join(lines)), "accessory": switch}]


def health_blocks(
    size: KnowledgeSize,
    shelf: ShelfState,
    state: DeskHealth,
    budgets: Sequence[str],
    slack: Sequence[str],
) -> list[Block]:
    """Articles and what is wrong with them, spend against the budgets (a bar each), and health.

    `slack` is what is wrong between the app and Slack.
    """
    read = f", last read {local_time(size.synced_at)}" if size.synced_at else ""
    empty = "" if size.public else f"⚠️ {EMPTY[0].upper()}{EMPTY[1:]}."
    notes = [empty, *(f"⚠️ {each}" for each in shelf_sentences(shelf)), stale_sentence(shelf)]
    noted = "".join(f"\n{escape(each[:NOTE])}" for each in notes if each)
    spent = " · ".join(f"{name} {dollars(nano)}" for name, nano in state.spent.items())
    well = not (state.failed or state.unsent or slack)
    stands = " ".join(slack) or "takes the app"
    told = "✅ All is well." if well else "⚠️ Something needs a look."
    return [
        section(
            f"*Knowledge*: {articles_text(size.articles)}, {size.passages} passages{read}{noted}"
        ),
        section("\n".join([f"*Spent*: {escape(spent)}", *budgets])),
        section(
            f"*Health*: {told} {state.under_way} messages under way · {state.unsent} words unsent "
            f"· {state.late} tickets late · {state.failed} messages "
            f"failed in a day · Slack: {escape(stands)}"
            f"\n{missed_sentence(state)}"
        ),
        {"type": "divider"},
        section("*Channels*: how far the bot may go. Changes count from the next message on."),
    ]
