"""What a text states that can be looked up again: figures, dates, codes, addresses.

A fact is written in many ways: 1.000.000đ, 1,000,000 VND and «1 triệu» are one. So each fact has
keys: what it `needs`, any of which in the ground makes it known, and what it `gives` as ground.
"""

from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.find import find_facts, known_keys

__all__ = ["Fact", "FactKey", "find_facts", "known_keys"]
