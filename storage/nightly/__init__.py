"""Nightly runs and the article drafts that come of them."""
