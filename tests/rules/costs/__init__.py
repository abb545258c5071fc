"""Prices, costs and plans."""
