"""What the gate holds back and lets pass, kind by kind: `python -m evals.gate --triples PATH …`.

A line of the file is an answer somebody labelled: `kind`, `language`, `label` (good or bad),
`cites` (keys of the passages), `message`, `answer`; `outcome` is what the model proposes it as,
an answer if nothing is said. Nothing is asked of a model: rules only. `--quoted FOLDER` adds the
answers of XQuAD, and the sentences in which they stand: what is quoted is always good.
"""

import argparse
import json
import re
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.config.sections import GatePolicy
from bot.gate.gate import Case, judge_reply, prepare_gate
from bot.gate.grounding import Grounding
from bot.gate.judgement import Proposed, Verdict
from bot.gate.risk import suspicious
from bot.llm.calls import Citation
from storage.knowledge.values import Passage

# The shop's passages that the tables of the tests rest on, and those of other trades.
SHOP = Path(__file__).parents[1] / "tests" / "rules" / "gate" / "articles.toml"
OTHERS = Path(__file__).parent / "answers" / "articles.toml"
SENTENCE = re.compile(r"(?<=[.!?])\s+")
# What only reading can tell: the words are all there, but they do not say this.
READING = frozenset(
    {"negation", "condition", "swap-figure", "entity", "policy", "steps", "compare", "permission"}
)


@dataclass(frozen=True)
class Triple:
    """A labelled answer, and what the gate makes of it."""

    kind: str
    good: bool
    answer: str
    verdict: Verdict
    risky: bool

    @property
    def passed(self) -> bool:
        """Whether a customer would have read it; a refusal with a fault is put in other words."""
        outcome, faults = self.verdict.outcome, self.verdict.faults
        return outcome in ("send", "ask") or (outcome == "decline" and not faults)


def passages(*paths: Path) -> dict[str, Passage]:
    """The passages of files of articles by their keys; the shop's, when none is named."""
    read = (tomllib.loads(path.read_text(encoding="utf-8")) for path in paths or (SHOP,))
    rows = {key: row for each in read for key, row in each.items()}
    return {
        key: Passage(
            source=f"{key}.md",
            title=row["title"],
            url=row["url"],
            audience="public",
            language=row["language"],
            heading=(),
            paragraphs=tuple(row["paragraphs"]),
        )
        for key, row in rows.items()
    }


def articles_of(path: Path) -> list[Path]:
    """The files of the passages that a list rests on: the shop's, and its own or others."""
    own = path.with_suffix(".toml")
    return [SHOP, own] if own.exists() else [SHOP, OTHERS]


def judged(row: dict[str, Any], sent: dict[str, Passage]) -> Triple:
    """A line of the file, put to the gate with all passages sent and the named ones cited."""
    cited = [sent[key] for key in row.get("cites", ())]
    proposed: Proposed = row.get("outcome", "answer")
    grounding = Grounding(
        message=row["message"],
        language=row["language"],
        passages=tuple(sent.values()),
        citations=[
            Citation(source=each.source, title=each.title, text=paragraph)
            for each in cited
            for paragraph in each.paragraphs
        ],
        free=row.get("free", False),
    )
    verdict = judge_reply(proposed, row["answer"], grounding, Case(), GatePolicy())
    risky = bool(suspicious(row["answer"], grounding))
    return Triple(row["kind"], row["label"] == "good", row["answer"], verdict, risky)


def report(triples: Sequence[Triple]) -> str:
    """A table: false holds of the good, misses of the bad, by kind and in all."""
    lines = [f"{'kind':16}{'n':>5}{'wrong':>7}{'share':>9}{'read':>7}"]
    for good, title in ((True, "good, held back"), (False, "bad, for rules"), (False, "bad, read")):
        rows = [
            each
            for each in triples
            if each.good == good and (good or (each.kind in READING) == (title == "bad, read"))
        ]
        lines.append(f"— {title}")
        kinds = sorted({each.kind for each in rows})
        lines += [_line(kind, [each for each in rows if each.kind == kind]) for kind in kinds]
        lines.append(_line("all", rows))
    return "\n".join(lines)


def _line(name: str, rows: Iterable[Triple]) -> str:
    rows = list(rows)
    wrong = sum(each.passed != each.good for each in rows)
    read = sum(each.passed and each.risky for each in rows)
    return f"{name:16}{len(rows):5}{wrong:7}{wrong / max(len(rows), 1):9.1%}{read:7}"


def load(path: Path, sent: dict[str, Passage]) -> list[Triple]:
    """Every line of a file, judged."""
    return [judged(row, sent) for row in _rows(path)]


def quoted(folder: Path) -> Iterator[Triple]:
    """XQuAD's answers and their sentences, each citing the passage that it is quoted from."""
    for language in ("en", "vi"):
        docs = {row["id"]: row["text"] for row in _rows(folder / f"xquad_{language}_docs.jsonl")}
        for row in _rows(folder / f"xquad_{language}_queries.jsonl"):
            text = docs[row["doc"]]
            passage = Passage(
                source=row["doc"],
                title="",
                url="",
                audience="public",
                language=language,
                heading=(),
                paragraphs=(text,),
            )
            sentences = [each for each in SENTENCE.split(text) if row["answer"] in each]
            for answer in (row["answer"], *sentences[:1]):
                asked: dict[str, Any] = {
                    "kind": f"xquad {language}",
                    "label": "good",
                    "language": language,
                }
                asked |= {"message": row["q"], "answer": answer, "cites": ["it"]}
                yield judged(asked, {"it": passage})


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table, and with `--wrong` each row that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=Path, nargs="*", default=[])
    parser.add_argument("--quoted", type=Path)
    parser.add_argument("--passages", type=Path, nargs="*", default=[])
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args(argv)
    prepare_gate()
    began = time.process_time()
    triples = [
        each
        for path in options.triples
        for each in load(path, passages(*(options.passages or articles_of(path))))
    ]
    triples += quoted(options.quoted) if options.quoted else ()
    took = (time.process_time() - began) * 1_000 / max(len(triples), 1)
    print(report(triples))
    print(f"{took:.1f} ms of processor time an answer, with finding what has to be read")
    if options.wrong:
        for each in triples:
            if each.passed != each.good:
                label: Literal["good", "bad"] = "good" if each.good else "bad"
                reason = each.verdict.reason
                print(f"{label} {each.kind}: {each.answer!r} → {each.verdict.outcome}: {reason}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
