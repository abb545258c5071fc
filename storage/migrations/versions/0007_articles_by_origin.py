"""Articles by origin, their words beside them, and indexes that only know where a word is."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007_articles_by_origin"
down_revision = "0006_together"

DROPPED = ("DROP TABLE passages_folded", "DROP TABLE passages_stemmed")
WORDS_WITH = " UNION ALL ".join(
    f"SELECT '{part}', word, (SELECT array_agg(passage_id ORDER BY passage_id)"  # noqa: S608
    f" FROM passages_words AS row WHERE row.{part} @@ CAST(quote_literal(word) AS tsquery))"
    f" FROM unnest(passages_with.{part}) AS word"
    for part in ("stemmed", "folded")
)
BEFORE = {
    "postgresql": ("DROP FUNCTION passages_with", "DROP TABLE passages_words"),
    "sqlite": (
        *DROPPED,
        """CREATE VIRTUAL TABLE passages_stemmed USING fts5(
    heading, body, tokenize = "porter unicode61 remove_diacritics 0")""",
        """CREATE VIRTUAL TABLE passages_folded USING fts5(
    heading, body, pairs, tokenize = "unicode61 tokenchars '_'")""",
    ),
}
AFTER = {
    "postgresql": (
        (
            "CREATE TABLE passages_words (passage_id integer PRIMARY KEY"
            " REFERENCES passages(id) ON DELETE CASCADE, stemmed tsvector NOT NULL,"
            " folded tsvector NOT NULL)"
        ),
        (
            "CREATE INDEX passages_stemmed ON passages_words USING gin(stemmed)"
            " WITH (fastupdate = off)"
        ),
        "CREATE INDEX passages_folded ON passages_words USING gin(folded) WITH (fastupdate = off)",
        f"""CREATE FUNCTION passages_with(stemmed text[], folded text[])
    RETURNS TABLE (part text, word text, ids integer[]) LANGUAGE sql STABLE
    SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off
    BEGIN ATOMIC {WORDS_WITH}; END""",
    ),
    "sqlite": (
        *DROPPED,
        (
            "CREATE VIRTUAL TABLE passages_stemmed USING fts5(words, content = '', detail = none,"
            " tokenize = 'unicode61 remove_diacritics 0')"
        ),
        (
            "CREATE VIRTUAL TABLE passages_folded USING fts5(words, content = '', detail = none,"
            " tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")"
        ),
    ),
}


def upgrade() -> None:
    # Articles are in their files, and read again by the start that brought us here.
    _emptied(AFTER)
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("origin", sa.String(), nullable=False))
        table.create_index("ix_articles_origin", ["origin"])
    with op.batch_alter_table("passages") as table:
        table.add_column(sa.Column("stemmed", sa.String(), nullable=False))
        table.add_column(sa.Column("folded", sa.String(), nullable=False))
    op.create_table(
        "passage_vocabulary",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("stemmed", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
    )


def downgrade() -> None:
    op.drop_table("passage_vocabulary")
    _emptied(BEFORE)
    with op.batch_alter_table("passages") as table:
        table.drop_column("folded")
        table.drop_column("stemmed")
    with op.batch_alter_table("articles") as table:
        table.drop_index("ix_articles_origin")
        table.drop_column("origin")


def _emptied(indexes: Mapping[str, Sequence[str]]) -> None:
    op.execute("DELETE FROM passages")
    op.execute("DELETE FROM articles")
    for statement in indexes[op.get_bind().dialect.name]:
        op.execute(statement)
