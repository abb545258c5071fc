"""The database: connections, transactions, migrations, column types."""
