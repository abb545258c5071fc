"""What a message costs in calls to Slack: by method, and by what became of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.crowd import Sent
from emulator.slack.web import Call

# A card's link to its thread.
LINK = re.compile(r"/archives/\w+/p(\d{10})(\d{6})")


def each_method(calls: Sequence[Call], messages: int) -> dict[str, float]:
    """Calls of each method a message."""
    return {
        method: round(count / messages, 2)
        for method, count in Counter(call.method for call in calls).items()
    }


def each_outcome(
    calls: Sequence[Call], sent: Sequence[Sent], outcomes: Mapping[str, str]
) -> dict[str, float]:
    """Calls a message for each outcome, over the threads in which all messages had it.

    A thread is charged with what is said, signed and shown in it, and with its card. `outcomes`
    are by the ts of a message.
    """
    roots = {each.ts: each.message.root_ts for each in sent}
    ended: defaultdict[str, list[str]] = defaultdict(list)
    for ts, root in roots.items():
        ended[root].append(outcomes.get(ts, "none"))
    made = Counter(_root(call, roots) for call in calls)
    spent: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    for root, kinds in ended.items():
        if len(set(kinds)) == 1:
            spent[kinds[0]] += made[root]
            messages[kinds[0]] += len(kinds)
    return {kind: round(spent[kind] / count, 2) for kind, count in messages.items()}


def _root(call: Call, roots: Mapping[str, str]) -> str:
    """The thread that a call is for; "" where it does not say so."""
    args = call.args
    if ts := args.get("timestamp") or args.get("message_ts"):
        return roots.get(str(ts), "")
    link = LINK.search(repr(args.get("blocks")))
    carded = "card:" in repr(args.get("metadata")) or call.method == "chat.update"
    if link and carded:
        return f"{link[1]}.{link[2]}"
    return str(args.get("thread_ts") or "")
