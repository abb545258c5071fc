"""What desks call the statuses and priorities that ours has too. What is not here is asked."""

import re
from collections.abc import Mapping

from storage.intake.imported import ImportedStatus

STATUSES: Mapping[str, ImportedStatus] = {
    **dict.fromkeys((
        "new", "open", "opened", "reopened", "re-opened", "in progress", "to do", "todo", "active",
        "assigned", "unassigned", "escalated", "waiting for support", "waiting for agent",
        "waiting on us", "waiting for approval", "in review", "under review",
    ), "open"),
    **dict.fromkeys((
        "pending", "waiting", "on hold", "hold", "on-hold", "snoozed", "waiting on customer",
        "waiting on contact", "waiting on third party", "waiting for customer", "awaiting reply",
        "awaiting customer", "awaiting customer reply", "pending reminder", "pending close",
        "pending customer response",
    ), "pending"),
    **dict.fromkeys(("solved", "resolved", "done", "completed", "complete", "fixed"), "solved"),
    **dict.fromkeys((
        "closed", "archived", "merged", "cancelled", "canceled", "declined", "removed",
    ), "closed"),
}  # fmt: skip
PRIORITIES: Mapping[str, str] = {
    **dict.fromkeys(("low", "lowest", "minor", "trivial", "1 low"), "low"),
    **dict.fromkeys((
        "normal", "medium", "-", "-none-", "none", "default", "not_priority",
        "2 normal", "moderate",
    ), "normal"),
    **dict.fromkeys(("high", "major", "3 high", "important", "priority"), "high"),
    **dict.fromkeys((
        "urgent", "critical", "highest", "blocker", "emergency", "immediate",
    ), "urgent"),
}  # fmt: skip
# A place in the order before a word, and behind it what it belongs to: `1 - High`, `New (Sales)`.
_AROUND = re.compile(r"^\d+ ?[-–.:)]* ?(?=\D)|(?<=\S) \([^()]*\)$")
KNOWN: Mapping[str, Mapping[str, str]] = {"status": STATUSES, "priority": PRIORITIES}


def known_word(thing: str, value: str, codes: Mapping[str, Mapping[str, str]]) -> str | None:
    """Our word for another desk's status or priority; None when it is not known."""
    plain = " ".join(value.lower().replace("_", " ").split())
    bare = _AROUND.sub("", plain)
    own = codes.get(thing, {}).get(value)
    known = KNOWN[thing]
    return own or known.get(plain) or known.get(value.lower()) or known.get(bare)
