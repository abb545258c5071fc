"""Slash commands and thread commands: their grammar, and what each does."""
