"""What of an answer may be shown while it is written, and what follows when its stream breaks."""

from bot.answers.gate import find_faults
from bot.answers.grounding import Grounding
from bot.answers.reply_kind import begun_proposal
from bot.config.sections import GatePolicy
from bot.llm.calls import Call, Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.streaming import Allowed, ReplyAudience
from bot.text.sentences import whole_sentences

# Failures that may pass at once. The SDK retries them until a reply begins, but not in its middle.
BROKEN = ("overloaded_error", "api_error", "timeout_error", "stream_cut", "connection")


def check_of_sentences(grounding: Grounding, policy: GatePolicy) -> Allowed:
    """A check of whole sentences from the beginning, each against the gate's rules.

    Nothing shows before something is cited, unless nothing has to be, nor what is no answer by its
    first line: a question or a refusal is for the gate to judge as a whole.
    """
    seen: dict[str, bool] = {}

    def check(text: str, sources: frozenset[str]) -> str:
        proposal = begun_proposal(text)
        if proposal is None or proposal.kind != "answer" or not (sources or grounding.free):
            return ""
        ended = whole_sentences(proposal.text)
        if not ended.strip():
            return ""
        if ended not in seen:
            seen[ended] = not find_faults(ended, grounding, policy, whole=False)
        return ended if seen[ended] else ""

    return check


async def ask_aloud(
    claude: Claude, question: Question, audience: ReplyAudience | None, broken: list[Call]
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
