"""The gate: whether the bot speaks, and what becomes of words that it must not say.

Pure: a proposal and its grounds go in, a verdict with its reason comes out. The model proposes;
what is decided here is decided by rules that can be read, tested and explained to a manager.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from bot.config.sections import GatePolicy
from bot.gate.assertions import assertions
from bot.gate.conduct import misconduct
from bot.gate.figures import ungrounded
from bot.gate.forbidden_text import find_strays
from bot.gate.grounding import Grounding
from bot.gate.judgement import Fault, Proposed, Verdict, fault, withheld
from bot.knowledge.citations import passage_texts
from bot.messages.outcomes import NO_ARTICLE, NOT_ANSWERED
from bot.text.facts.addresses import host
from bot.text.facts.fact import legible
from bot.text.facts.find import find_facts
from bot.text.frames import prepare_frames
from bot.text.hidden import hidden
from bot.text.language import language_of, same_language
from bot.values import Frozen

# Words of a sentence from which its language is judged by itself.
OWN_LANGUAGE_KINDS = 6
# Characters of a text that is too long anyway, and is judged as a draft only.
READ = 3_000


class Case(Frozen):
    """What the gate needs to know besides the words.

    `rule` is the policy of the intent, `drafts` says that the channel wants drafts only, `sure`
    that triage was confident of the intent, `asked` that the last the bot said to this customer
    was a clarifying question.
    """

    rule: Literal["answer", "draft", "human"] = "answer"
    intent: str = "other"
    drafts: bool = False
    sure: bool = True
    asked: bool = False


def judge_reply(
    proposed: Proposed, text: str, grounding: Grounding, case: Case, policy: GatePolicy
) -> Verdict:
    """Decide what becomes of a text that the model proposes as an answer, a question, a refusal."""
    if proposed == "unknown" or not text.strip():
        return Verdict(outcome="hand_over", reason=_unanswered(grounding), unknown=text.strip())
    if case.rule == "human":
        return Verdict(outcome="hand_over", reason=f"{case.intent} goes to a person by policy")
    match proposed:
        case "answer":
            return _answer(text, grounding, case, policy)
        case "ask":
            return _ask(text, grounding, case, policy)
        case "decline":
            return _decline(text, grounding, case, policy)


def find_faults(
    text: str, grounding: Grounding, policy: GatePolicy | None = None, *, whole: bool = True
) -> tuple[Fault, ...]:
    """Everything that speaks against publishing a text as an answer.

    With `whole=False` the text is the beginning of an answer, of whole sentences: its citations
    may still come, and it may rest on any passage that was sent.
    """
    policy = policy or GatePolicy()
    found = list(_unseen(text, grounding))
    limit = _limit(grounding, policy)
    if len(text) > limit:
        found.append(fault("length", f"it is longer than {limit:,} characters"))
    # What is too long is not sent; what follows is read only as far as an answer may go.
    text = legible(text[: max(limit, READ)])
    found += [*find_strays(text, grounding), *_rude(text, grounding)]
    found += ungrounded(text, grounding, whole=whole)
    found += _foreign(text, grounding)
    found += _strange_hosts(text, policy)
    if grounding.free and not grounding.made_up:
        found += _stated(text, grounding)
    if whole and not grounding.free:
        found += _citations(grounding)
    return tuple(found)


def prepare_gate() -> None:
    """Make all patterns of the rules: the first text would take a quarter of a second more."""
    prepare_frames()
    find_faults("Hello, how are you?", Grounding(message="hi", free=True))


def _limit(grounding: Grounding, policy: GatePolicy) -> int:
    """Characters that a text of its kind may have: an invented one most, a greeting few."""
    if grounding.made_up:
        return policy.longest_written
    return policy.longest_question if grounding.free else policy.longest


def _answer(text: str, grounding: Grounding, case: Case, policy: GatePolicy) -> Verdict:
    found = find_faults(text, grounding, policy)
    if not grounding.free and not grounding.cited:
        return Verdict(outcome="hand_over", reason=_unanswered(grounding), faults=found)
    if found:
        return withheld("the answer", found)
    if case.rule == "draft":
        reason = f"{case.intent} is answered by a person, from a draft"
        return Verdict(outcome="suggest", reason=reason)
    if case.drafts:
        return Verdict(outcome="suggest", reason="the bot only drafts in this channel")
    if not case.sure:
        reason = "it is not sure enough what the customer wants"
        return Verdict(outcome="suggest", reason=reason)
    reason = (
        "nothing in it needs a source" if grounding.free else "every fact stands in its sources"
    )
    return Verdict(outcome="send", reason=reason)


def _unanswered(grounding: Grounding) -> str:
    return NOT_ANSWERED if grounding.passages or grounding.attached else NO_ARTICLE


def _ask(text: str, grounding: Grounding, case: Case, policy: GatePolicy) -> Verdict:
    """One question, to the customer's own words; a second in a row is a person's to ask."""
    found = _spoken(text, grounding, policy)
    if not policy.ask:
        return _person("clarifying questions are left to people", found)
    if case.asked:
        return _person("it is still unclear after a question", found)
    if "?" not in text and "？" not in text:
        return _person("the model wanted to ask, but asked nothing", found)
    if found:
        return withheld("the question", found)
    if case.rule == "draft" or case.drafts:
        return Verdict(outcome="suggest", reason="a person asks the customer, from a draft")
    return Verdict(outcome="ask", reason="it is not clear what the customer means")


def _decline(text: str, grounding: Grounding, case: Case, policy: GatePolicy) -> Verdict:
    found = _spoken(text, grounding, policy)
    if not policy.decline:
        return _person("what is out of scope is left to people", found)
    if case.drafts or case.rule == "draft":
        return Verdict(outcome="suggest", reason="it is not what this desk is for", faults=found)
    # With a fault in it the desk says it in its own words instead.
    return Verdict(outcome="decline", reason="it is not what this desk is for", faults=found)


def _spoken(text: str, grounding: Grounding, policy: GatePolicy) -> tuple[Fault, ...]:
    """The faults of a question or a refusal, which state nothing and so cite nothing."""
    # What was sent may be asked about: «the steel one or the glass one?»
    sent = [part for each in grounding.passages for part in passage_texts(each)]
    free = replace(grounding, free=True, said=[*grounding.said, *sent])
    return find_faults(text, free, policy)


def _person(reason: str, found: tuple[Fault, ...]) -> Verdict:
    return Verdict(outcome="hand_over", reason=reason, faults=found)


def _unseen(text: str, grounding: Grounding) -> Iterator[Fault]:
    found = hidden(text, grounding.sent)
    if found:
        yield fault("hidden", f"it hides something: {found}", found)


def _rude(text: str, grounding: Grounding) -> Iterator[Fault]:
    for kind, words_ in misconduct(text, grounding.sent):
        told = "asks for a secret" if kind == "secret" else "insults"
        yield fault(kind, f"it {told}: «{words_}»", words_)


def _stated(text: str, grounding: Grounding) -> Iterator[Fault]:
    for sentence in assertions(text, grounding.own, [grounding.message, *grounding.asked]):
        yield fault("citation", f"it states «{sentence}» and cites nothing", sentence)


def _foreign(text: str, grounding: Grounding) -> Iterator[Fault]:
    """Another language than the customer's, as a whole or in a sentence of some length."""
    welcome = [grounding.language]
    written = language_of(grounding.message)
    if written is not None:
        welcome.append(written)
    for sentence in (text, *_sentences(text)):
        spoken = language_of(sentence)
        if spoken is not None and not any(same_language(spoken, each) for each in welcome):
            told = f"it is written in «{spoken}», and the customer writes in «{grounding.language}»"
            yield fault("language", told, sentence[:80])
            return


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?。！？])\s+|\n+", text)
    return [part for part in parts if len(part.split()) >= OWN_LANGUAGE_KINDS]


def _strange_hosts(text: str, policy: GatePolicy) -> Iterator[Fault]:
    for fact in find_facts(text):
        if fact.kind == "link" and policy.domains:
            named = host(fact.text.lower())
            if not any(_under(named, domain.lower()) for domain in policy.domains):
                yield fault("link", f"«{named}» is not among the allowed domains", fact.text)


def _under(named: str, domain: str) -> bool:
    return named == domain or named.endswith(f".{domain}")


def _citations(grounding: Grounding) -> Iterator[Fault]:
    if not grounding.citations:
        yield fault("citation", "it cites nothing")
    for each in grounding.citations:
        if grounding.invented(each):
            yield fault("citation", "it cites what was not sent", each.title or each.source)
            return
