"""What of an answer may be shown while it is written, and what follows when its stream breaks."""

from collections.abc import Sequence

from bot.config.sections import GatePolicy
from bot.gate.gate import find_faults
from bot.gate.grounding import Grounding
from bot.gate.reply_kind import begun_proposal
from bot.gate.second_reading import to_read
from bot.llm.calls import Call, Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.streaming import Allowed, ReplyAudience
from bot.text.sentences import ends

# Characters up to which sentences show one by one; the rest of a longer text shows when all is.
LONG = 1_500
# Failures that may pass at once. The SDK retries them until a reply begins, but not in its middle.
BROKEN = (
    "overloaded_error", "api_error", "timeout_error", "stream_cut", "connection", "timeout",
)  # fmt: skip


def check_of_sentences(grounding: Grounding, policy: GatePolicy) -> Allowed:
    """A check of whole sentences from the beginning, each against the gate's rules.

    What has to be read a second time shows when it has been, and what follows it after it: at the
    end of the reply.

    Nothing shows before something is cited, unless nothing has to be, nor what is no answer by its
    first line: a question or a refusal is for the gate to judge as a whole.
    """
    passed, over = 0, False

    def check(text: str, sources: frozenset[str]) -> str:
        nonlocal passed, over
        proposal = begun_proposal(text)
        if proposal is None or proposal.kind != "answer" or not (sources or grounding.free):
            return ""
        new = [] if over else [end for end in ends(proposal.text, passed) if end <= LONG]
        if new:
            sentences = _faultless([proposal.text[:end] for end in new], grounding, policy)
            passed = new[sentences - 1] if sentences else passed
            # The same words will not pass later.
            over = sentences < len(new)
        return proposal.text[:passed]

    return check


def _faultless(beginnings: Sequence[str], grounding: Grounding, policy: GatePolicy) -> int:
    """How many of these beginnings, each longer by a sentence, may be shown.

    However many sentences come at once, few are judged: the longest, and if it has a fault, halves.
    """
    low, high, tried = 0, len(beginnings), len(beginnings)
    while low < high:
        beginning = beginnings[tried - 1]
        unread = to_read(beginning, grounding, policy, whole=False)
        if unread or find_faults(beginning, grounding, policy, whole=False):
            high = tried - 1
        else:
            low = tried
        tried = (low + high + 1) // 2
    return low


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
