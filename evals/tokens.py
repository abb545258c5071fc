"""How many characters a token has, language by language, and whether our estimate is safe.

Asks `count_tokens`, which is free, of the API that ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY name;
without a key, of the stand-in, which follows the figure that the models' page gives and proves
nothing about the real tokenizer.
"""

import argparse
import asyncio
import os
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from anthropic import AsyncAnthropic

from bot.knowledge.sources import Folder
from bot.llm.tokens import estimate_tokens
from emulator.claude import ClaudeEmulator

HAIKU = "claude-haiku-5-5"
KNOWLEDGE = Path(__file__).parent.parent / "demo" / "articles"
SAMPLES = Path(__file__).with_name("samples.toml")


@dataclass(frozen=True)
class Density:
    """What was counted of a language."""

    language: str
    characters: int
    counted: int
    estimated: int

    @property
    def line(self) -> str:
        """A row of the table."""
        return (
            f"| {self.language} | {self.characters:,} | {self.counted:,} "
            f"| {self.characters / self.counted:.2f} | {self.estimated / self.counted:.2f} |"
        )


async def measure(client: AsyncAnthropic, model: str) -> list[Density]:
    """Every language's texts, counted as one message each, less an empty one."""
    texts: dict[str, list[str]] = defaultdict(list)
    for article in Folder(KNOWLEDGE).read().articles:
        words = ("\n\n".join(passage.paragraphs) for passage in article.passages)
        texts[article.language].append("\n\n".join(words))
    joined = {language: "\n\n".join(parts) for language, parts in sorted(texts.items())}
    base = await _count(client, model, ".") - 1
    return [
        Density(
            language, len(text), await _count(client, model, text) - base, estimate_tokens(text)
        )
        for language, text in {**joined, **tomllib.loads(SAMPLES.read_text("utf-8"))}.items()
    ]


async def _count(client: AsyncAnthropic, model: str, text: str) -> int:
    counted = await client.messages.count_tokens(
        model=model, messages=[{"role": "user", "content": text}]
    )
    return counted.input_tokens


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="evals.tokens", description=__doc__)
    parser.add_argument("--model", default=HAIKU)
    chosen = parser.parse_args()
    key = os.environ.get("ANTHROPIC_API_KEY")
    if key:
        where = "the API"
        async with AsyncAnthropic(api_key=key) as client:
            rows = await measure(client, chosen.model)
    else:
        where = "the stand-in"
        async with ClaudeEmulator() as claude:
            client = AsyncAnthropic(base_url=claude.url, api_key=claude.api_key)
            rows = await measure(client, chosen.model)
            await client.close()
    print(f"{chosen.model}, counted by {where}\n")
    print("| text | characters | tokens | characters a token | our estimate by the count |")
    print("|---|---:|---:|---:|---:|")
    for row in rows:
        print(row.line)


if __name__ == "__main__":
    asyncio.run(main())
