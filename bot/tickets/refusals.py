"""Why an act is not possible: what is raised, and the sentence that the one who acted reads."""

from storage.tickets.changes import Conflict, NotAllowed, NoTicket


class ActionRefused(Exception):
    """The act is not possible, and nothing was changed; the sentence says why."""


class ActionRepeated(ActionRefused):
    """The very same act was carried out before: it was delivered twice, or replayed."""


# Everything an act may raise for a reason that people should read.
REFUSALS = (ActionRefused, Conflict, NoTicket, NotAllowed)


def refusal_text(error: Exception) -> str:
    """A refusal as a sentence, with the one who was faster by name."""
    if not isinstance(error, Conflict):
        return str(error)
    who = f"{_named(error.who)} was faster" if error.who else "It has changed in the meantime"
    return f"{who}: the {error.what} is {error.now or 'empty'} now. Nothing was changed."


def _named(who: str) -> str:
    """A person by mention; a program by its name."""
    return who if who.startswith("api:") else f"<@{who}>"
