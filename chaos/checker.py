"""What must hold, and whether it does: evidence in, findings out. It knows nothing of the product.

A finding names what is wrong by its key, so that it can be looked up in the logs.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chaos.evidence import Evidence, Seen

# Outcomes of messages to which the desk itself says something in the customer's thread.
TOLD = {"answered", "replied", "asked", "declined", "handed_over", "drafted", "failed", "stopped"}
# Outcomes of those that a person, or the answer to another message, takes care of.
CARED_FOR = {"noted", "joined", "left_alone", "cancelled", "shadowed"}
# Seconds before a kill in which a reply of Claude's may have been paid for and not written down.
UNWRITTEN = 3.0


@dataclass(frozen=True)
class Finding:
    """What was asked, what was found in a few words, and each case that must not be."""

    name: str
    told: str
    wrong: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


def check(evidence: Evidence) -> list[Finding]:
    """Every question, in the order in which people would ask them."""
    return [each(evidence) for each in QUESTIONS]


def lost(evidence: Evidence) -> Finding:
    """Every message that was said is a row with an outcome."""
    outcomes = {row["key"]: row["outcome"] for row in evidence.rows["messages"]}
    outcomes |= {row["key"]: "ignored" for row in evidence.rows["ignored"]}
    missing = [key for key in _keys(evidence) if outcomes.get(key) is None]
    return Finding("lost", f"{len(missing)} of {len(evidence.said)}", missing)


def ticketed_once(evidence: Evidence) -> Finding:
    """Every thread is one ticket, and its messages are in it."""
    at = Counter((row["channel_id"], row["thread_ts"]) for row in evidence.rows["tickets"])
    numbers = {(row["channel_id"], row["thread_ts"]): row["id"] for row in evidence.rows["tickets"]}
    of = {row["key"]: row["ticket_id"] for row in evidence.rows["messages"]}
    wrong = [f"{place} has {count} tickets" for place, count in at.items() if count > 1]
    for channel, ts, root in evidence.said:
        key = f"{evidence.team}:{channel}:{ts}"
        if key in of and of[key] != numbers.get((channel, root)):
            wrong.append(f"{key} is in {of[key]}")
    threads = len({(channel, root) for channel, _, root in evidence.said})
    return Finding("ticketed once", f"{threads} threads, {len(at)} tickets", wrong)


def posted_twice(evidence: Evidence) -> Finding:
    """No post of the desk's stands twice, and none is in Slack that no row knows of."""
    own = [each for each in evidence.seen if each.key]
    twice = [key for key, count in Counter(each.key for each in own).items() if count > 1]
    silent = Counter(
        (each.channel, each.thread, each.text)
        for each in evidence.seen
        if each.user == evidence.bot and not each.key and each.channel != evidence.desk
    )
    twice += [f"without a key: {text[:60]}" for (*_, text), count in silent.items() if count > 1]
    return Finding("posted twice", f"{len(twice)} of {len(own)}", twice)


def in_order(evidence: Evidence) -> Finding:
    """In a thread nothing is said to a later message before an earlier one that was known."""
    wrong, overtaken, pairs = [], 0, 0
    first = _first_words(evidence)
    for thread in _threads(evidence).values():
        told = [(key, place, first[key]) for key, place in thread if key in first]
        for (key, place, at), (later, beside, then) in _pairs(told):
            pairs += 1
            if then >= at:
                continue
            known, after = evidence.heard.get(place), evidence.heard.get(beside)
            if known is not None and (after is None or known < after):
                wrong.append(f"{later} was answered before {key}")
            else:
                overtaken += 1
    return Finding("order in threads", f"{len(wrong)} of {pairs}, {overtaken} came late", wrong)


def answered_or_told(evidence: Evidence) -> Finding:
    """Whoever asked reads something: words to their message, or a person's in their thread."""
    outcomes = {row["key"]: row["outcome"] for row in evidence.rows["messages"]}
    first, voices = _first_words(evidence), _voices(evidence)
    wrong = []
    for channel, ts, root in evidence.said:
        key = f"{evidence.team}:{channel}:{ts}"
        outcome = outcomes.get(key)
        if key in first or (outcome in CARED_FOR and voices[channel, root]):
            continue
        if outcome in TOLD and voices[channel, root]:
            # A draft, or a line that was said in the thread once and is not said again.
            continue
        wrong.append(f"{key} is {outcome} and nobody spoke")
    counted = Counter(str(outcomes.get(key)) for key in _keys(evidence))
    told = ", ".join(f"{count} {name}" for name, count in counted.most_common())
    return Finding("answered or told", told, wrong)


def agents_heard(evidence: Evidence) -> Finding:
    """What agents wrote under a card stands in the customer's thread once, as it reads last."""
    posts = {each.key: each for each in evidence.seen if each.key}
    problems = {row["key"]: row["problem"] for row in evidence.rows["outbox"]}
    wrong = []
    for ts, _, text in evidence.words:
        found = [
            each for key, each in posts.items() if key.startswith("relay:") and key.endswith(ts)
        ]
        if not found and not any(key.endswith(ts) and why for key, why in problems.items()):
            wrong.append(f"{ts} never came")
        elif found and text not in found[0].text:
            wrong.append(f"{ts} reads {found[0].text[:40]!r}, not {text[:40]!r}")
    return Finding("agents' words", f"{len(wrong)} of {len(evidence.words)} wrong", wrong)


def audit_complete(evidence: Evidence) -> Finding:
    """The last change of a ticket's status, and of its owner, is what the ticket says."""
    last: dict[tuple[int, str], str | None] = {}
    for row in evidence.rows["changes"]:
        last[row["ticket_id"], row["what"]] = row["after"]
    wrong = []
    for ticket in evidence.rows["tickets"]:
        for what, column, at_first in (
            ("status", "status", "open"),
            ("owner", "assignee_id", None),
        ):
            noted = last.get((ticket["id"], what), at_first)
            if noted != ticket[column]:
                wrong.append(f"ticket {ticket['id']}: {what} {ticket[column]}, noted {noted}")
    return Finding("audit complete", f"{len(evidence.rows['changes'])} changes", wrong)


def ledger_agrees(evidence: Evidence) -> Finding:
    """Each reply that Claude billed is a line, but for what a kill kept from being written."""
    lines = {row["request_id"]: row for row in evidence.rows["calls"] if row["request_id"]}
    doubled = [
        str(key)
        for key, count in Counter(
            row["request_id"] for row in evidence.rows["calls"] if row["request_id"]
        ).items()
        if count > 1
    ]
    billed = [each for each in evidence.billed if each.status == 200 and each.tokens]
    killed = wrong_sum = 0
    wrong = [f"{key} is written twice" for key in doubled]
    for each in billed:
        line = lines.get(each.request_id)
        if line is not None:
            written = sum(line[n] for n in ("input_tokens", "output_tokens", "written", "found"))
            if written != each.tokens:
                wrong_sum += 1
                wrong.append(f"{each.request_id}: billed {each.tokens}, written {written}")
        elif _unwritten(evidence, each.at, each.until):
            killed += 1
        else:
            wrong.append(f"{each.request_id} is in no line")
    told = f"{len(billed)} billed, {len(billed) - killed} written, {killed} lost by kills"
    return Finding("ledger = bill", told, wrong)


def digests_once(evidence: Evidence) -> Finding:
    """No digest of a period stands twice in a channel."""
    posts = Counter(each.key for each in evidence.seen if each.key.startswith("digest:"))
    wrong = [key for key, count in posts.items() if count > 1]
    unfinished = [row["key"] for row in evidence.rows["publications"] if row["done_at"] is None]
    told = f"{len(posts)} posted, {len(evidence.rows['publications'])} claimed"
    return Finding("digests once", told, [*wrong, *unfinished])


def nothing_left(evidence: Evidence) -> Finding:
    """Nothing waits any more: messages, stories, turns, words of agents."""
    rows = evidence.rows
    left = [f"inbox {row['key']}" for row in rows["inbox"]]
    left += [f"turn {row['thread']} {row['ts']}" for row in rows["turns"]]
    stories = rows["left"][0]["left"]
    left += [f"{stories} stories"] if stories else []
    return Finding("nothing left", f"{len(left)} left", left)


def ended_well(evidence: Evidence) -> Finding:
    """No process ended by itself."""
    wrong = [f"status {status}" for _, status in evidence.ends]
    return Finding("ended by themselves", f"{len(evidence.kills)} kills", wrong)


QUESTIONS: Sequence[Callable[[Evidence], Finding]] = (
    lost,
    ticketed_once,
    posted_twice,
    in_order,
    answered_or_told,
    agents_heard,
    audit_complete,
    ledger_agrees,
    digests_once,
    nothing_left,
    ended_well,
)


def _keys(evidence: Evidence) -> list[str]:
    return [f"{evidence.team}:{channel}:{ts}" for channel, ts, _ in evidence.said]


def _threads(evidence: Evidence) -> dict[tuple[str, str], list[tuple[str, tuple[str, str]]]]:
    found: defaultdict[tuple[str, str], list[tuple[str, tuple[str, str]]]] = defaultdict(list)
    for channel, ts, root in sorted(evidence.said, key=lambda each: each[1]):
        found[channel, root].append((f"{evidence.team}:{channel}:{ts}", (channel, ts)))
    return found


def _first_words(evidence: Evidence) -> dict[str, str]:
    """By the key of a message the ts of the first thing that the desk said to it there."""
    found: dict[str, str] = {}
    for each in sorted(evidence.seen, key=lambda each: each.ts):
        if each.key.startswith(f"{evidence.team}:") and each.channel != evidence.desk:
            found.setdefault(":".join(each.key.split(":")[:3]), each.ts)
    return found


def _voices(evidence: Evidence) -> Counter[tuple[str, str]]:
    """How often the desk or an agent spoke in each thread."""
    return Counter((each.channel, each.thread) for each in evidence.seen if _speaks(evidence, each))


def _speaks(evidence: Evidence, each: Seen) -> bool:
    return each.user == evidence.bot or each.user in evidence.agents


def _pairs(
    told: Sequence[tuple[str, tuple[str, str], str]],
) -> Iterator[tuple[tuple[str, tuple[str, str], str], tuple[str, tuple[str, str], str]]]:
    for number, each in enumerate(told):
        for later in told[number + 1 :]:
            yield each, later


def _unwritten(evidence: Evidence, at: float, until: float) -> bool:
    """Whether a process was killed while it may have held the reply in its memory."""
    return any(at <= kill <= until + UNWRITTEN for kill in evidence.kills)
