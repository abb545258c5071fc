"""`python -m emulator`: a Slack workspace and a Claude stand-in on localhost.

With a command it is run with their addresses in its environment: `python -m emulator bash` opens a
shell in which every Deskhand command meets the emulators. Without one, a ready `.env` and
`desk.toml` are printed as lines for a shell, or written to the folder that `--write` names; what is
typed is posted by a customer, until Ctrl-C.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from emulator import first_contact
from emulator.claude import ClaudeEmulator, Limits
from emulator.claude.faults import KINDS
from emulator.first_contact import Stage, Talk
from emulator.slack import SlackEmulator

ARTICLES = Path(__file__).parents[1] / "demo" / "articles"


def main() -> int:
    """Run the emulators; the exit status is the command's."""
    chosen = _parser().parse_args()
    return asyncio.run(_serve(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a model takes")
    parser.add_argument("--batch-seconds", type=float, default=1.0, help="seconds a batch takes")
    parser.add_argument("--requests", type=int, default=Limits.requests, help="allowed a minute")
    parser.add_argument("--tokens", type=int, default=Limits.input, help="input allowed a minute")
    parser.add_argument("--enforce", action="store_true", help="answer 429 beyond the allowance")
    parser.add_argument(
        "--fault",
        action="append",
        type=_fault,
        default=[],
        metavar="KIND=SHARE",
        help="let a share of all messages fail, as in rate_limited=0.05",
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write .env and desk.toml")
    parser.add_argument(
        "--articles", type=Path, default=ARTICLES, help="named in desk.toml; default: the demo's"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run beside them")
    return parser


def _fault(typed: str) -> tuple[str, float]:
    kind, _, share = typed.partition("=")
    try:
        part = float(share)
    except ValueError:
        part = -1.0
    if kind not in KINDS:
        raise argparse.ArgumentTypeError(f"no fault {kind!r}; there are {', '.join(sorted(KINDS))}")
    if not 0 <= part <= 1:
        raise argparse.ArgumentTypeError(f"{typed!r} is no fault such as rate_limited=0.05")
    return kind, part


async def _serve(chosen: argparse.Namespace) -> int:
    limits = Limits(
        requests=chosen.requests,
        input=chosen.tokens,
        output=max(Limits.output, chosen.tokens // 5),
        enforced=chosen.enforce,
    )
    async with (
        ClaudeEmulator(
            latency={"*": chosen.latency}, batch_seconds=chosen.batch_seconds, limits=limits
        ) as claude,
        SlackEmulator() as slack,
    ):
        for kind, share in chosen.fault:
            claude.faults.sometimes(kind, share)
        built = first_contact.stage(slack)
        where = _environment(claude, slack)
        if chosen.command:
            return await _run(chosen.command, where)
        return await _met(built, first_contact.files(built, where, chosen.articles), chosen.write)


async def _met(built: Stage, written: Mapping[str, str], folder: Path | None) -> int:
    """Hand out the two files, and be a customer until a signal comes."""
    if folder is None:
        print(first_contact.as_shell(written))
    elif there := [folder / name for name in written if (folder / name).exists()]:
        print(f"{there[0]} is there already, and is not replaced", file=sys.stderr)
        return 2
    else:
        try:
            _write(folder, written)
        except OSError as error:
            print(f"{folder}: cannot be written to: {error.strerror}", file=sys.stderr)
            return 2
        print(f"{' and '.join(written)} stand in {folder}: deskhand check, then deskhand run")
    print(first_contact.HELP, flush=True)
    talking = asyncio.create_task(Talk(built).hold())
    await _stopped()
    talking.cancel()
    return 0


def _write(folder: Path, written: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")


def _environment(claude: ClaudeEmulator, slack: SlackEmulator) -> dict[str, str]:
    return {
        "ANTHROPIC_BASE_URL": claude.url,
        "ANTHROPIC_API_KEY": claude.api_key,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }


async def _run(command: list[str], where: dict[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | where)
    loop = asyncio.get_running_loop()
    # Ctrl-C is the command's to handle; it reaches both.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    loop.add_signal_handler(signal.SIGTERM, process.terminate)
    return await process.wait()


async def _stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
