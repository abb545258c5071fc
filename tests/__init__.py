"""The tests, and what they stand on."""

from tests.support import speed

speed.no_collector()
