"""Questions as people send them: with other sentences around them."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from random import Random

CHATTER = Path(__file__).with_name("chatter.toml")
SEED = 20261127


def surrounded(question: str, others: Sequence[str], count: int, dice: Random) -> str:
    """A question with so many sentences of others around it, at any place among them."""
    said = [_ended(other) for other in dice.sample(others, count)]
    said.insert(dice.randint(0, count), question)
    return " ".join(said)


def chatty(question: str, language: str, length: int, dice: Random) -> str:
    """A question within some `length` words of friendly chatter."""
    kinds = tomllib.loads(CHATTER.read_text(encoding="utf-8"))[language]
    before = [dice.choice(kinds["before"])]
    after = [dice.choice(kinds["after"])]
    around = dice.sample(kinds["around"], len(kinds["around"]))
    for sentence in around:
        said = " ".join([*before, question, *after])
        if len(said.split()) + len(sentence.split()) / 2 > length:
            break
        if dice.random() < 0.5:
            before.append(sentence)
        else:
            after.insert(0, sentence)
    return " ".join([*before, question, *after])


def _ended(sentence: str) -> str:
    """A sentence on one line, with a mark at its end."""
    line = " ".join(sentence.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
