"""How many characters a token has, language by language, and whether our estimate is on the safe side.

Asks `count_tokens`, which is free, of the API that ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY name;
without a key, of the stand-in, which follows the figure that the models' page gives and proves
nothing about the real tokenizer.
"""

import argparse
import asyncio
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anthropic import AsyncAnthropic

from bot.knowledge import read
from bot.splitting import tokens
from emulator.claude import ClaudeEmulator

HAIKU = "claude-haiku-5-5"
KNOWLEDGE = Path(__file__).parent.parent / "knowledge"
# A paragraph of the same announcement in languages the sample articles do not have.
SAMPLES: Mapping[str, str] = {
    "vi without marks": "Chung toi giao hang trong hai den nam ngay lam viec. Neu san pham bi hong, "
    "ban hay gui anh chup va ma don hang, chung toi se doi san pham moi hoac hoan tien cho ban.",
    "fr": "Nous livrons en deux à cinq jours ouvrés. Si le produit est abîmé, envoyez-nous une photo "
    "et le numéro de commande : nous l'échangerons ou vous serez remboursé.",
    "de": "Wir liefern in zwei bis fünf Werktagen. Ist das Produkt beschädigt, schicken Sie uns ein "
    "Foto und die Bestellnummer; wir tauschen es um oder erstatten den Kaufpreis.",
    "ja": "二日から五営業日以内にお届けします。商品が破損していた場合は、写真と注文番号をお送りください。"
    "交換または返金いたします。",
    "zh": "我们会在两到五个工作日内送达。如果商品损坏，请把照片和订单号发给我们，我们会为您换货或退款。",
    "th": "เราจัดส่งภายในสองถึงห้าวันทำการ หากสินค้าเสียหาย โปรดส่งรูปถ่ายและหมายเลขคำสั่งซื้อมาให้เรา "
    "เราจะเปลี่ยนสินค้าหรือคืนเงินให้คุณ",
    "log lines": "2026-11-26T07:40:01Z ERROR payment order=DH10234 code=502 retry=3 latency_ms=10021\n"
    "2026-11-26T07:40:12Z WARN  gateway upstream=10.0.3.7:8443 status=503 body={}\n",
}


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
    found, _problems = read(KNOWLEDGE)
    for article in found:
        words = ("\n\n".join(passage.paragraphs) for passage in article.passages)
        texts[article.language].append("\n\n".join(words))
    joined = {language: "\n\n".join(parts) for language, parts in sorted(texts.items())}
    base = await _count(client, model, ".") - 1
    return [
        Density(language, len(text), await _count(client, model, text) - base, tokens(text))
        for language, text in {**joined, **SAMPLES}.items()
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
