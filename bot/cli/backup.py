"""`deskhand backup` and `deskhand restore`: a desk's files in one archive, and back from it."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from storage.db.address import BadDatabaseUrl, database_url, on_server
from storage.db.backup import Backup, BadBackup, make_backup, opened_backup, put_in_place
from storage.db.engine_home import DatabaseInUse, engine_file, lock_desk
from storage.db.migrate import schema_state

DESK, ENGINE = "deskhand.db", "deskhand.engine.db"


@mistakes_told(BadDatabaseUrl, BadBackup)
def backup(chosen: argparse.Namespace) -> int:
    """Copy both databases as they are at one moment; the desk may run meanwhile."""
    database = _database(chosen)
    if not database.exists():
        raise SettingsError(f"DATABASE_URL: {database}: not found; there is nothing to back up")
    if not chosen.file.parent.is_dir():
        raise SettingsError(f"{chosen.file.parent}: not found")
    there = {DESK: database, ENGINE: engine_file(database)}
    made = make_backup({name: file for name, file in there.items() if file.exists()}, chosen.file)
    print(f"{chosen.file}: {_told(made)}; read back and found whole.")
    return ExitCode.DONE


@mistakes_told(BadDatabaseUrl, BadBackup, DatabaseInUse)
def restore(chosen: argparse.Namespace) -> int:
    """Put the databases of an archive in the place of those that are there, which are kept."""
    database = _database(chosen)
    with opened_backup(chosen.file) as (found, folder):
        if DESK not in found.files:
            raise BadBackup(f"{chosen.file}: there is no {DESK} in it")
        schema_state(f"sqlite:///{folder / DESK}")
        print(f"{chosen.file}: {_told(found)}; it is whole.")
        if chosen.dry_run:
            return ExitCode.DONE
        with closing(lock_desk(database)):
            aside = f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            # The engine's first: with an older file of its own the desk would take for done what
            # it is about to take in again.
            for name, place in ((ENGINE, engine_file(database)), (DESK, database)):
                if name in found.files:
                    kept = put_in_place(folder / name, place, aside)
                    print(f"{place}: restored" + (f"; the one before is {kept}" if kept else ""))
    print("At its next start the desk reads from Slack what was said since.")
    return ExitCode.DONE


def _database(chosen: argparse.Namespace) -> Path:
    place = database_url(load_store_settings(chosen.env).database_url)
    if on_server(place):
        raise SettingsError("DATABASE_URL: a server has tools of its own for this; use pg_dump")
    return Path(place.database or "")


def _told(made: Backup) -> str:
    desk = made.files[DESK].rows if DESK in made.files else {}
    size = sum(each.size for each in made.files.values()) / 1_000_000
    return (
        f"made {made.made_at}, {desk.get('tickets', 0):,} tickets, "
        f"{desk.get('messages', 0):,} messages, {size:,.1f} MB in {len(made.files)} databases"
    )
