"""A second reading: what rules cannot tell, a small model reads against the cited passages.

It fills in a closed form and decides nothing. What it does not call supported is held back, and so
is what it could not be asked about.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from bot.config.desk import Desk
from bot.config.sections import GatePolicy
from bot.config.settings import Settings
from bot.gate.grounding import Grounding
from bot.gate.judgement import Fault, Verdict, withheld
from bot.gate.risk import claims_of, suspicious
from bot.llm.calls import Call, Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.prompts import fenced, load_prompt
from bot.llm.structured import lowered, read_form
from bot.values import Frozen

MAX_TOKENS = 600
# Sentences and passages of one reading, characters of each passage; an answer has a few of either.
SENTENCES = 20
PASSAGES = 12
PASSAGE = 2_500
MESSAGE = 2_000
# Characters of a passage that the card shows beside a sentence.
SHOWN = 240


class _Judgement(BaseModel):
    sentence: int
    verdict: Annotated[Literal["supported", "contradicted", "not_stated"], BeforeValidator(lowered)]
    passage: int = 0


class _Form(BaseModel):
    readings: Annotated[list[_Judgement], Field(max_length=4 * SENTENCES)]


class Reading(Frozen):
    """What the second reading found wrong, and its calls; none when nothing had to be read."""

    faults: tuple[Fault, ...] = ()
    calls: tuple[Call, ...] = ()


class Verifier:
    """Has sentences read again where the desk's policy wants it."""

    def __init__(self, claude: Claude, desk: Desk, settings: Settings) -> None:
        self._claude = claude
        self._model = desk.models.triage
        self._policy = desk.gate
        self._settings = settings
        self._prompt = load_prompt("verify", name=desk.desk.name, about=desk.desk.about)
        self._schema = _Form.model_json_schema()

    async def verify(
        self, verdict: Verdict, text: str, grounding: Grounding, user: str
    ) -> tuple[Verdict, tuple[Call, ...]]:
        """The verdict on an answer after its second reading, and the calls it took.

        Only what would be sent is read; what goes to the agents they read themselves.
        """
        if verdict.outcome != "send":
            return verdict, ()
        read = await self.read(text, grounding, user)
        return (withheld("the answer", read.faults) if read.faults else verdict), read.calls

    async def read(self, text: str, grounding: Grounding, user: str) -> Reading:
        """Read the sentences that the policy wants read; never raises for what a model does."""
        chosen = to_read(text, grounding, self._policy)
        if not chosen:
            return Reading()
        if len(chosen) > SENTENCES:
            return Reading(faults=(_fault("unread", "it has too many sentences to be read again"),))
        passages = _passages(grounding)
        try:
            reply = await self._ask(chosen, passages, grounding, user)
        except ModelUnavailable as error:
            told = f"it could not be read a second time: {error.reason}"
            return Reading(faults=(_fault("unread", told),), calls=(error.call,))
        form = read_form(_Form, reply.text) if reply.usable else None
        if form is None:
            told = "the second reading gave no readable verdict"
            return Reading(faults=(_fault("unread", told),), calls=(reply.call,))
        return Reading(faults=_faults(chosen, passages, form), calls=(reply.call,))

    async def _ask(
        self, chosen: Sequence[str], passages: Sequence[str], grounding: Grounding, user: str
    ) -> Completion:
        content = "\n".join(
            [
                *(_numbered("passage", place, each) for place, each in enumerate(passages, 1)),
                fenced("message", grounding.message[:MESSAGE]),
                *(_numbered("sentence", place, each) for place, each in enumerate(chosen, 1)),
            ]
        )
        return await self._claude.ask(
            Question(
                purpose="verify",
                model=self._model,
                prompt=self._prompt,
                content=content,
                max_tokens=MAX_TOKENS,
                timeout=self._settings.triage_timeout,
                deadline=self._settings.triage_deadline,
                schema=self._schema,
                user=user,
            )
        )


def to_read(
    text: str, grounding: Grounding, policy: GatePolicy, *, whole: bool = True
) -> tuple[str, ...]:
    """The sentences of an answer that have to be read again before anybody sees them."""
    if policy.verify == "never" or grounding.free:
        return ()
    if policy.verify == "always":
        return tuple(claims_of(text))
    return tuple(each.sentence for each in suspicious(text, grounding, whole=whole))


def _passages(grounding: Grounding) -> list[str]:
    """The cited passages, then what people of the desk said: an answer may rest on either."""
    cited = [
        "\n".join((" · ".join((each.title, *each.heading)), *each.paragraphs))
        for each in grounding.cited
    ]
    return [each[:PASSAGE] for each in (*cited, *grounding.own, *grounding.said)][:PASSAGES]


def _numbered(tag: str, number: int, text: str) -> str:
    return fenced(tag, text).replace(f"<{tag}>", f'<{tag} number="{number}">', 1)


def _faults(chosen: Sequence[str], passages: Sequence[str], form: _Form) -> tuple[Fault, ...]:
    """A fault for every sentence that is not supported, and for each that was left out."""
    judged: dict[int, _Judgement] = {}
    for each in form.readings:
        known = judged.get(each.sentence)
        # Of two verdicts on one sentence the stricter holds.
        if known is None or known.verdict == "supported":
            judged[each.sentence] = each
    return tuple(
        fault
        for place, sentence in enumerate(chosen, start=1)
        if (fault := _weighed(sentence, judged.get(place), passages)) is not None
    )


def _weighed(sentence: str, judged: _Judgement | None, passages: Sequence[str]) -> Fault | None:
    if judged is None:
        return _fault("unread", f"nobody could tell whether «{sentence}» is right", sentence)
    if judged.verdict == "supported":
        return None
    beside = passages[judged.passage - 1] if 0 < judged.passage <= len(passages) else ""
    if judged.verdict == "contradicted":
        told = f"«{sentence}» is contradicted by its source"
    else:
        told = f"«{sentence}» stands in none of its sources"
    excerpt = " ".join(beside.split())[:SHOWN]
    told = f"{told}, which says «{excerpt}»" if excerpt else told
    return _fault(
        "contradicted" if judged.verdict == "contradicted" else "not_stated", told, sentence
    )


def _fault(kind: Literal["unread", "contradicted", "not_stated"], told: str, at: str = "") -> Fault:
    return Fault(kind=kind, words=at, told=told)
