"""The checker finds what is wrong, each thing by its name, and nothing where all is well."""

import ast
from collections.abc import Callable
from dataclasses import replace

import pytest

from chaos import checker
from chaos.evidence import Billed, Evidence, Seen
from tests.support.workspace import ROOT

TEAM, HELP, DESK, BOT, AGENT, LINH = "T1", "C1", "C9", "UBOT", "UMAI", "ULINH"
ASKED, LATER, WORD = "1.000100", "1.000200", "1.000300"


def key(ts: str) -> str:
    return f"{TEAM}:{HELP}:{ts}"


def post(ts: str, of: str, text: str = "An answer") -> Seen:
    return Seen(HELP, ts, ASKED, BOT, text, f"{key(of)}:answer")


def row(**columns: object) -> dict[str, object]:
    return columns


def all_is_well() -> Evidence:
    """Two questions in a thread, each answered; a word of an agent's; one call to Claude."""
    return Evidence(
        team=TEAM,
        bot=BOT,
        said=[(HELP, ASKED, ASKED), (HELP, LATER, ASKED)],
        words=[(WORD, "1.000150", "It left yesterday")],
        desk=DESK,
        agents=frozenset({AGENT}),
        seen=[
            post("1.000110", ASKED),
            post("1.000210", LATER),
            Seen(HELP, "1.000310", ASKED, BOT, "It left yesterday", f"relay:{TEAM}:{DESK}:{WORD}"),
        ],
        heard={(HELP, ASKED): 1.0, (HELP, LATER): 2.0},
        billed=[Billed("req_1", 200, 5.0, 6.0, 30)],
        kills=[100.0],
        ends=[],
        rows={
            "messages": [
                row(key=key(ts), ticket_id=1, author="customer", outcome="answered")
                for ts in (ASKED, LATER)
            ],
            "tickets": [
                row(id=1, channel_id=HELP, thread_ts=ASKED, status="open", assignee_id=None)
            ],
            "ignored": [],
            "posts": [],
            "calls": [
                row(
                    key="c",
                    request_id="req_1",
                    input_tokens=20,
                    output_tokens=10,
                    written=0,
                    found=0,
                )
            ],
            "changes": [],
            "inbox": [],
            "outbox": [],
            "publications": [],
            "turns": [],
            "left": [row(left=0)],
        },
    )


def with_rows(evidence: Evidence, **tables: list[dict[str, object]]) -> Evidence:
    return replace(evidence, rows={**evidence.rows, **tables})


def forgotten(evidence: Evidence) -> Evidence:
    return with_rows(evidence, messages=[dict(evidence.rows["messages"][0])])


def two_tickets(evidence: Evidence) -> Evidence:
    ticket = dict(evidence.rows["tickets"][0])
    return with_rows(evidence, tickets=[ticket, {**ticket, "id": 2}])


def said_again(evidence: Evidence) -> Evidence:
    return replace(evidence, seen=[*evidence.seen, post("1.000400", LATER)])


def turned_round(evidence: Evidence) -> Evidence:
    return replace(
        evidence, seen=[post("1.000210", ASKED), post("1.000205", LATER), evidence.seen[2]]
    )


def met_by_silence(evidence: Evidence) -> Evidence:
    quiet = [{**each, "outcome": "noted"} for each in evidence.rows["messages"]]
    return with_rows(replace(evidence, seen=[]), messages=quiet)


def words_lost(evidence: Evidence) -> Evidence:
    return replace(evidence, seen=evidence.seen[:2])


def words_of_before(evidence: Evidence) -> Evidence:
    return replace(evidence, words=[(WORD, "1.000150", "It left today")])


def changed_by_nobody(evidence: Evidence) -> Evidence:
    return with_rows(evidence, tickets=[{**evidence.rows["tickets"][0], "status": "solved"}])


def unpaid(evidence: Evidence) -> Evidence:
    return with_rows(evidence, calls=[])


def paid_twice(evidence: Evidence) -> Evidence:
    line = dict(evidence.rows["calls"][0])
    return with_rows(evidence, calls=[line, line])


def two_digests(evidence: Evidence) -> Evidence:
    digest = Seen(DESK, "1.000500", "1.000500", BOT, "Yesterday", "digest:C9:day:2026-11-27")
    return replace(evidence, seen=[*evidence.seen, digest, digest])


def a_turn_left(evidence: Evidence) -> Evidence:
    return with_rows(evidence, turns=[row(thread=key(ASKED), ts=LATER)])


def died(evidence: Evidence) -> Evidence:
    return replace(evidence, ends=[(1.0, 1)])


def test_nothing_is_wrong_where_all_is_well() -> None:
    """Every question is asked, and holds."""
    assert [each.name for each in checker.check(all_is_well()) if not each.holds] == []


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (forgotten, "lost"),
        (two_tickets, "ticketed once"),
        (said_again, "posted twice"),
        (turned_round, "order in threads"),
        (met_by_silence, "answered or told"),
        (words_lost, "agents' words"),
        (words_of_before, "agents' words"),
        (changed_by_nobody, "audit complete"),
        (unpaid, "ledger = bill"),
        (paid_twice, "ledger = bill"),
        (two_digests, "digests once"),
        (a_turn_left, "nothing left"),
        (died, "ended by themselves"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_what_is_wrong_is_found(spoil: Callable[[Evidence], Evidence], name: str) -> None:
    """By the question that is about it."""
    wrong = [each.name for each in checker.check(spoil(all_is_well())) if not each.holds]
    assert name in wrong


def test_what_a_kill_may_have_lost_is_no_fault() -> None:
    """A reply that was in the memory of a process that was killed just then was paid for."""
    killed = replace(unpaid(all_is_well()), kills=[6.5])
    assert all(each.holds for each in checker.check(killed))


def test_what_slack_delivered_late_may_be_answered_late() -> None:
    """Nobody knew of the earlier message when the later one was answered."""
    late = replace(turned_round(all_is_well()), heard={(HELP, LATER): 2.0, (HELP, ASKED): 3.0})
    assert all(each.holds for each in checker.check(late))


def test_the_checker_is_no_part_of_the_product() -> None:
    """It imports nothing of it, so that it cannot be wrong in the same way."""
    for file in (ROOT / "chaos").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in [module or "", *names]:
                assert name.split(".")[0] not in ("bot", "handlers", "storage"), (file, name)
