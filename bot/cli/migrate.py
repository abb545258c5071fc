"""`deskhand migrate`: what the database lacks, a copy of it beside it, and the upgrade."""

import argparse

from bot.cli.arguments import ExitCode, mistakes_told
from bot.config.settings import load_store_settings
from storage.db.database import BadDatabaseUrl, sqlite_url
from storage.db.migrate import back_up, schema_state, upgrade_database


@mistakes_told(BadDatabaseUrl)
def migrate(chosen: argparse.Namespace) -> int:
    """Bring the database up to date; there is no way down but the copy that is made before."""
    url = load_store_settings(chosen.env).database_url
    state, file = schema_state(url), sqlite_url(url).database
    print(f"{file} stands at {state.revision or 'nothing: it is new'}.")
    for each in state.pending:
        print(f"  {each.revision}: {each.sentence}")
    if not state.pending or chosen.dry_run:
        told = f"{len(state.pending)} to come; nothing was changed."
        print(told if state.pending else "It is up to date.")
        return ExitCode.DONE
    if copy := back_up(url):
        print(f"Copied to {copy}. To go back: stop the desk, put the copy in its place, install")
        print("the older release. What was written since is not in it.")
    upgrade_database(url)
    print("It is up to date.")
    return ExitCode.DONE
