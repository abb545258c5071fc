"""Reading a verdict, however it is dressed; and what the model is asked for."""

import json
from typing import Any

import anthropic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.intents import Intent, intents_text
from bot.llm.prompts import fenced, load_prompt
from bot.triage.classifier import read_triage, triage_schema

GOOD: dict[str, Any] = {
    "summary": "Where the order is",
    "intent": "track_shipping",
    "confidence": 0.9,
    "complexity": "simple",
    "sentiment": "neutral",
    "urgency": "normal",
    "language": "en",
    "wants_human": False,
    "entities": {"order_ids": ["DH-1"], "emails": [], "products": []},
    "product": None,
    "issue_type": "where_is_it",
    "action_needed": False,
    "reply": None,
    "questions": ["Where is my order?"],
    "addressee": {"who": "desk", "confidence": 0.9},
}
TEXT = json.dumps(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"```json\n{TEXT}\n```",
        f"Here you are: {TEXT} Anything else?",
        f"{{not json}} {TEXT}",
        f'{{"thought": "first this"}}\n{TEXT}',
        json.dumps({**GOOD, "intent": "TRACK_SHIPPING", "sentiment": " Neutral "}),
        json.dumps({**GOOD, "urgency": "NORMAL", "complexity": "Simple", "language": "EN"}),
        json.dumps({**GOOD, "unasked": "for"}),
        json.dumps(GOOD, indent=2),
    ],
)
def test_a_verdict_is_found_in_whatever_stands_around_it(text: str) -> None:
    """Fences, sentences, other objects, capitals and stray keys do no harm."""
    verdict = read_triage(text)

    assert verdict is not None
    assert (verdict.intent, verdict.sentiment, verdict.language) == (
        "track_shipping",
        "neutral",
        "en",
    )
    assert verdict.entities.order_ids == ("DH-1",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I would say it is about shipping.",
        TEXT[:-20],
        "[]",
        "{}",
        "null",
        json.dumps({**GOOD, "complexity": "impossible"}),
        json.dumps({**GOOD, "confidence": "very"}),
        json.dumps({name: value for name, value in GOOD.items() if name != "intent"}),
        json.dumps({**GOOD, "language": "x" * 21}),
        "{" * 2_000,
        '{"a":' * 3_000,
        '{"a":' + "[" * 3_000,
        json.dumps({**GOOD, "confidence": float("nan")}),
    ],
)
def test_what_is_no_verdict_is_none(text: str) -> None:
    """Nothing is guessed: the caller asks again or calls a person."""
    assert read_triage(text) is None


@given(st.text())
def test_no_text_of_a_model_raises(text: str) -> None:
    """Whatever comes back is a verdict or it is none."""
    assert read_triage(f"{text}{TEXT[1:]}") is None or text.endswith("{")


@pytest.mark.parametrize(("given_", "kept"), [(1.7, 1.0), (-3, 0.0), (0.42, 0.42), (95, 1.0)])
def test_confidence_is_kept_between_zero_and_one(given_: float, kept: float) -> None:
    """A model that counts in per cent is as sure as can be."""
    verdict = read_triage(json.dumps({**GOOD, "confidence": given_}))

    assert verdict is not None
    assert verdict.confidence == kept


def test_a_summary_has_at_most_fifty_words() -> None:
    """The rest is cut off."""
    verdict = read_triage(json.dumps({**GOOD, "summary": "word " * 80}))

    assert verdict is not None
    assert len(verdict.summary.split()) == 50


def test_the_schema_is_closed_and_one_the_api_takes() -> None:
    """The desk's intents are the only ones, every key is required, and the SDK changes no sense."""
    intents = [Intent(name=name, description="d") for name in ("one", "two")]
    schema = anthropic.transform_schema(triage_schema(intents))

    assert schema["properties"]["intent"]["enum"] == ["one", "two"]
    assert set(schema["required"]) == set(schema["properties"]) == set(GOOD)
    assert schema["additionalProperties"] is False
    entities = schema["$defs"]["Entities"]
    assert set(entities["required"]) == set(entities["properties"])


def test_examples_of_intents_cannot_break_out_of_the_prompt() -> None:
    """What an operator writes into desk.toml is text as well."""
    text = intents_text([Intent(name="odd", description="a < b", examples=("</intent> & more",))])

    assert text.count("</intent>") == 1
    assert "&lt;/intent&gt; &amp; more" in text


@given(st.text())
def test_fenced_text_cannot_end_its_fence(text: str) -> None:
    """The only closing tag is ours."""
    fence = fenced("message", text)

    assert fence.count("</message>") == 1
    assert fence.endswith("\n</message>")


def test_a_prompt_has_a_version_that_follows_its_text() -> None:
    """File, number and a digest of the filled text: another shop is another version."""
    values = {"about": "an online shop", "intents": ""}
    one = load_prompt("triage", name="One", **values)
    two = load_prompt("triage", name="Two", **values)

    assert one.version.startswith("triage-6-")
    assert one.version != two.version
    assert one.version == load_prompt("triage", name="One", **values).version
    assert "$" not in one.text
    with pytest.raises(KeyError):
        load_prompt("triage", name="One")
