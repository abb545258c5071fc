"""Which calls to Slack go first when not all can go at once."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

CallArguments = ParamSpec("CallArguments")
CallResult = TypeVar("CallResult")
CallingFunction = Callable[CallArguments, Coroutine[Any, Any, CallResult]]


class CallPriority(IntEnum):
    """From what cannot wait to what can; within a class, first come, first served."""

    VIEW = 0  # acknowledgements and modals: their trigger expires after three seconds
    CUSTOMER = 1  # words for customers, and whatever is asked on the way to them
    SIGN = 2  # 👀 on a message that was seen
    AGENT_WORDS = 3  # agents' words on their way to customers
    HAND_OVER = 4  # a ticket put before the agents for the first time
    NOTE = 5  # a line under a card, a notice
    CARD = 6  # a card brought up to date, a sign taken off
    CATCH_UP = 7  # what was said while no event came
    DIGEST = 8


_priority: ContextVar[CallPriority | None] = ContextVar("priority", default=None)


@contextmanager
def calls_as(priority: CallPriority) -> Iterator[None]:
    """Calls made inside the block, and in tasks begun there, have this priority."""
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


def prioritised(
    priority: CallPriority,
) -> Callable[
    [CallingFunction[CallArguments, CallResult]], CallingFunction[CallArguments, CallResult]
]:
    """Every call that the function makes has this priority."""

    def marked(
        function: CallingFunction[CallArguments, CallResult],
    ) -> CallingFunction[CallArguments, CallResult]:
        @wraps(function)
        async def called(*args: CallArguments.args, **kwargs: CallArguments.kwargs) -> CallResult:
            with calls_as(priority):
                return await function(*args, **kwargs)

        return called

    return marked


def priority_of(method: str) -> CallPriority:
    """What the caller said; otherwise a form is a form, and all else is asked for a customer."""
    said = _priority.get()
    if said is not None:
        return said
    is_view = method.startswith("views.") or method == "chat.postEphemeral"
    return CallPriority.VIEW if is_view else CallPriority.CUSTOMER
