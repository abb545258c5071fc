"""The article index: tables, words, ranking, search."""
