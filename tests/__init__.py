"""The tests, and what they stand on."""

import gc

# Modules stay: looking for garbage among them takes a quarter of the time of their import.
gc.disable()
