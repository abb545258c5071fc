"""A digest in words and rows, for Slack and the terminal alike."""

from collections.abc import Sequence
from fractions import Fraction

from bot.costs.budgets import BudgetUsage
from bot.reports.digest import Digest, OtherModelCost, Percentiles
from bot.text.money import dollars, percent
from storage.reports.values import IncidentFigures, TicketFigures

# Changes that a line names.
ALONE = 20
NOTHING = "–"
WIDTH = 10
LONGEST = 500  # characters of a row about the articles
ROUTES = {"reply": "courtesy", "answer": "answered", "hand_over": "to a person", "none": "no route"}

Rows = list[tuple[str, ...]]


def digest_title(digest: Digest) -> str:
    """What the digest is of."""
    so_far = "" if digest.complete else ", so far"
    return f"Digest · {digest.period.label}{so_far}"


def digest_headline(digest: Digest) -> str:
    """The digest in one line, which must stand alone in a notification."""
    if digest.quiet:
        return "Nothing happened, nothing was spent."
    sonnet = digest.elsewhere[0]
    return (
        f"{dollars(digest.nano_dollars)} for {_number(digest.heard.received, 'message')} and "
        f"{_number(digest.tickets.opened, 'new ticket')}{_trend(digest)}; "
        f"{_compared(sonnet)}"
    )


def key_figures(digest: Digest) -> Rows:
    """Labels and values: what people ask first."""
    tickets = digest.tickets
    return [
        ("Messages", _messages(digest)),
        (
            "Tickets",
            f"{tickets.opened} opened, {tickets.solved} solved, {tickets.waiting} waiting now",
        ),
        ("Answered without a person", _share(digest.unaided, "of the new tickets")),
        ("First response", _pair(digest.first_response)),
        ("Cost per message", _dollars(digest.per_message)),
        ("Cost per solved ticket", _solved(digest)),
        ("On Sonnet alone", _alone(digest.elsewhere[0])),
        ("On Opus alone", _alone(digest.elsewhere[1])),
        *_reused(tickets),
        *_incidents(tickets.incidents),
        *_drafts(tickets.drafts),
        *_gaps(digest.gaps),
        *_shelf(digest.shelf),
    ]


def _reused(tickets: TicketFigures) -> Rows:
    """Answers given again, where there were any."""
    if not tickets.reused:
        return []
    saved = dollars(tickets.saved_nano_dollars)
    return [("Answers given again", f"{tickets.reused}, which saved {saved}")]


def _incidents(found: IncidentFigures) -> Rows:
    """Incidents, where there were any."""
    if not found.count:
        return []
    largest = f"the largest T-{found.largest} with {found.tickets:,} tickets"
    return [("Incidents", f"{found.count}, {largest}")]


def _drafts(waiting: int) -> Rows:
    """Drafts of articles, where any wait."""
    return [("Article drafts", f"{waiting} waiting for approval now")] if waiting else []


def _gaps(found: Sequence[tuple[str, int]]) -> Rows:
    """What no article answers, the most asked first, where anything was asked in vain."""
    if not found:
        return []
    asked = sum(count for _, count in found)
    most = "; ".join(f"{title[:60]} ({count})" for title, count in found[:3])
    return [("No article answers", f"{_number(asked, 'ticket')}: {most}")]


def _shelf(sentences: Sequence[str]) -> Rows:
    """What is wrong with the articles, where anything is."""
    return [("Articles", " ".join(sentences)[:LONGEST])] if sentences else []


def route_rows(digest: Digest) -> Rows:
    """Route, model, messages, and their part of all that came to a route."""
    total = sum(count for _, _, count in digest.routes)
    return [
        (
            ROUTES.get(action, action),
            short_model_name(model) or NOTHING,
            str(count),
            _of(count, total),
        )
        for action, model, count in digest.routes
    ]


def model_rows(digest: Digest) -> Rows:
    """Model, cost, its part of all, and its latency as median and 90th percentile."""
    return [
        (
            short_model_name(model),
            dollars(nano),
            _of(nano, digest.nano_dollars),
            seconds_text(took.median / 1000) if (took := digest.latency.get(model)) else NOTHING,
            seconds_text(took.p90 / 1000) if took else NOTHING,
        )
        for model, nano in digest.by_model
    ]


def ranked_rows(rows: Sequence[tuple[str, int]], total: int) -> Rows:
    """Name, cost and part of all."""
    return [(name, dollars(nano), _of(nano, total)) for name, nano in rows]


def budget_text(usage: BudgetUsage) -> str:
    """A budget's bar."""
    used = Fraction(usage.spent, usage.limit.ceiling)
    filled = min(round(used * WIDTH), WIDTH)
    return (
        f"{'▓' * filled}{'░' * (WIDTH - filled)} {percent(used)} · "
        f"{dollars(usage.spent)} of {dollars(usage.limit.ceiling)} a {usage.limit.span}"
    )


def forecast_text(digest: Digest) -> str:
    """The month until now, and what it comes to if its other days are alike."""
    ahead = f", {_dollars(digest.forecast)} by its end at this pace" if digest.forecast else ""
    return f"{dollars(digest.month_so_far)} this month{ahead}"


def tokens_text(digest: Digest) -> str:
    """Tokens by class and how much of the prompts was found in the cache."""
    mix = digest.tokens
    written = mix.cache_write_5m + mix.cache_write_1h
    hit = f", cache hit rate {percent(mix.hit_rate)}" if mix.hit_rate is not None else ""
    return (
        f"Tokens: {mix.input:,} fresh, {written:,} written to the cache, "
        f"{mix.cache_read:,} read from it, {mix.output:,} out{hit}"
    )


def failures_text(digest: Digest) -> str:
    """What went wrong."""
    met = digest.trouble
    return (
        f"Failures: {met.refusals} refused, {met.timeouts} timed out, {met.others} other, "
        f"{met.retries} retried"
    )


def balance_text(digest: Digest) -> str:
    """The line that has to add up."""
    heard = digest.heard
    under_way = f" + under way {heard.under_way}" if heard.under_way else ""
    return (
        f"received {heard.received} = ticketed {heard.ticketed} + ignored {heard.ignored} + "
        f"failed {heard.failed}{under_way}, lost {digest.lost}"
    )


def alone_text(digest: Digest) -> str | None:
    """What was changed in the desk's systems without a person, by tool and ticket."""
    if not digest.alone:
        return None
    told = (f"{each.tool} {each.fate} (T-{each.ticket_id})" for each in digest.alone[:ALONE])
    more = len(digest.alone) - ALONE
    rest = f" and {more:,} more" if more > 0 else ""
    return f"By itself: {', '.join(told)}{rest}"


def corrected_text(digest: Digest) -> str | None:
    """Both figures, when prices were corrected after they were counted."""
    if digest.first_counted == digest.nano_dollars:
        return None
    return f"At corrected prices; first counted as {dollars(digest.first_counted)}"


def seconds_text(amount: float) -> str:
    """A length of time to two digits: `0.76 s`, `14 s`, `2.3 min`, `3.1 h`."""
    for unit, size in (("h", 3600), ("min", 60)):
        if amount >= size:
            return f"{_two(amount / size)} {unit}"
    return f"{_two(amount)} s"


def short_model_name(model: str) -> str:
    """`haiku-5-5` for `claude-haiku-5-5`."""
    return model.removeprefix("claude-")


def _two(amount: float) -> str:
    return f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}" if amount >= 1 else f"{amount:.2f}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _trend(digest: Digest) -> str:
    if digest.trend is None:
        return ""
    way = "▲" if digest.trend > 0 else "▼"
    return f" ({way} {percent(abs(digest.trend))} against the {digest.period.name} before)"


def _compared(elsewhere: OtherModelCost) -> str:
    if elsewhere.part is None:
        return "no model was called"
    less = "less" if elsewhere.saving >= 0 else "more"
    return f"{percent(abs(elsewhere.part))} {less} than on {elsewhere.name} alone"


def _alone(elsewhere: OtherModelCost) -> str:
    if elsewhere.part is None:
        return NOTHING
    word = "saved" if elsewhere.saving >= 0 else "paid more"
    return (
        f"{dollars(elsewhere.nano_dollars)}: {dollars(abs(elsewhere.saving))} "
        f"({percent(abs(elsewhere.part))}) {word}"
    )


def _messages(digest: Digest) -> str:
    heard = digest.heard
    missed = f", {heard.missed:,} found in the history" if heard.missed else ""
    return (
        f"{heard.received:,} received, {heard.ignored:,} ignored, {heard.failed:,} failed{missed}"
    )


def _solved(digest: Digest) -> str:
    if digest.per_solved is None:
        return f"{NOTHING} (none was solved)"
    people = ""
    if digest.people is not None:
        people = f", of it people {dollars(digest.people)} for {seconds_text(digest.agent_seconds)}"
    return f"{dollars(digest.per_solved)}{people}"


def _share(part: Fraction | None, of: str) -> str:
    return NOTHING if part is None else f"{percent(part)} {of}"


def _pair(took: Percentiles | None) -> str:
    if took is None:
        return NOTHING
    return f"median {seconds_text(took.median / 1000)}, p90 {seconds_text(took.p90 / 1000)}"


def _dollars(nano: int | None) -> str:
    return NOTHING if nano is None else dollars(nano)


def _of(amount: int, total: int) -> str:
    return percent(Fraction(amount, total)) if total else NOTHING
