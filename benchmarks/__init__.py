"""Measurements of speed, memory and loss, against the emulators."""
