"""`deskhand migrate`: what the database lacks, a copy of it beside it, and the upgrade.

With `--to`, the way from a file of SQLite to a PostgreSQL server.
"""

import argparse
import sys

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from storage.db.address import BadDatabaseUrl, database_url, on_server, shown
from storage.db.database import StoreFailure
from storage.db.migrate import back_up, schema_state, upgrade_database
from storage.moving.desk import CannotMove, move_desk


@mistakes_told(BadDatabaseUrl, CannotMove)
def migrate(chosen: argparse.Namespace) -> int:
    """Bring the database up to date; there is no way down but the copy that is made before."""
    url = load_store_settings(chosen.env).database_url
    if chosen.to:
        return _move(url, _target(chosen.to))
    state, place = schema_state(url), database_url(url)
    print(f"{shown(place)} stands at {state.revision or 'nothing: it is new'}.")
    for each in state.pending:
        print(f"  {each.revision}: {each.sentence}")
    if not state.pending or chosen.dry_run:
        told = f"{len(state.pending)} to come; nothing was changed."
        print(told if state.pending else "It is up to date.")
        return ExitCode.DONE
    if copy := back_up(url):
        print(f"Copied to {copy}. To go back: stop the desk, put the copy in its place, install")
        print("the older release. What was written since is not in it.")
    elif on_server(place) and state.revision:
        print("There is no way down: whoever wants one makes a copy with pg_dump first.")
    upgrade_database(url)
    print("It is up to date.")
    return ExitCode.DONE


def _target(given: str) -> str:
    """Where a desk is to move; a mistake in it is the option's, not the setting's."""
    try:
        database_url(given)
    except BadDatabaseUrl as error:
        raise SettingsError(f"--to: {str(error).removeprefix('DATABASE_URL: ')}") from None
    return given


def _move(source: str, target: str) -> int:
    """Move a desk to a server, table by table, and say whether both hold the same."""
    name = shown(database_url(target))
    try:
        found = move_desk(source, target, lambda table, rows: print(f"{rows:>10,}  {table}"))
    except StoreFailure as error:
        print(f"{name}: {error.orig}", file=sys.stderr)
        print("What was copied stands: the same command goes on behind it.", file=sys.stderr)
        return ExitCode.STOPPED
    for each in found:
        if not each.same:
            print(f"{each.name}: {each.before} before, {each.after} after", file=sys.stderr)
    if not all(each.same for each in found):
        return ExitCode.WRONG
    rows = sum(each.rows for each in found)
    print(f"{rows:,} rows in {len(found)} tables are the same on both sides, with their sums.")
    print(f"Set DATABASE_URL to {name} with its password, and start the desk.")
    return ExitCode.DONE
