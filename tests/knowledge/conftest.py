"""A store on a real file with the two tables of articles and their indexes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from bot import knowledge
from storage import articles
from storage.articles import FTS_CREATE, ArticleRow, PassageRow
from storage.database import Database, Session

SAMPLE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    store = Database(f"sqlite:///{tmp_path}/desk.db")
    tables = [SQLModel.metadata.tables[str(row.__tablename__)] for row in (ArticleRow, PassageRow)]

    def create(session: Session) -> None:
        SQLModel.metadata.create_all(session.connection(), tables=tables)
        for statement in FTS_CREATE:
            session.execute(text(statement))

    await store.write(create)
    yield store
    await store.close()


@pytest.fixture
async def shop(database: Database) -> Database:
    """The store with the sample articles in it."""
    found, problems = knowledge.read(SAMPLE)
    assert problems == []
    await database.write(articles.sync, found)
    return database
