"""What of an answer may be shown while it is written, and what follows when its stream breaks."""

from bot.calls import Call, Completion, ModelUnavailable, Question
from bot.claude import Claude
from bot.gate import GatePolicy, faults
from bot.grounds import Grounds
from bot.listening import Allowed, Audience
from bot.proposal import begun
from bot.sentences import whole

# Failures that may pass at once. The SDK retries them until a reply begins, but not in its middle.
BROKEN = ("overloaded_error", "api_error", "timeout_error", "stream_cut", "connection")


def allowed(grounds: Grounds, policy: GatePolicy) -> Allowed:
    """A check of whole sentences from the beginning, each against the gate's rules.

    Nothing shows before something is cited, unless nothing has to be, nor what is no answer by its
    first line: a question or a refusal is for the gate to judge as a whole.
    """
    seen: dict[str, bool] = {}

    def check(text: str, sources: frozenset[str]) -> str:
        proposal = begun(text)
        if proposal is None or proposal.kind != "answer" or not (sources or grounds.free):
            return ""
        ended = whole(proposal.text)
        if not ended.strip():
            return ""
        if ended not in seen:
            seen[ended] = not faults(ended, grounds, policy, whole=False)
        return ended if seen[ended] else ""

    return check


async def heard(
    claude: Claude, question: Question, audience: Audience | None, broken: list[Call]
) -> Completion:
    """Ask, and let the audience hear; a stream that breaks off is asked once more, in one piece.

    The call that broke off is added to `broken`.

    Raises:
        ModelUnavailable: as `Claude.ask`.
    """
    if audience is None:
        return await claude.ask(question)
    try:
        return await claude.listen(question, audience)
    except ModelUnavailable as error:
        begun = error.call.request_id is not None
        if not begun or error.reason not in BROKEN or audience.stopped:
            raise
        broken.append(error.call)
    return await claude.ask(question)
