"""Figures for digests and Home, and which digests were published."""
