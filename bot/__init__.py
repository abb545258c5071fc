"""The desk's decisions: triage, routing, answering, money."""

import sys

OLDEST_PYTHON = (3, 11)

# Before anything is imported that an older one does not understand.
if sys.version_info < OLDEST_PYTHON:
    sys.exit("Deskhand needs Python 3.11 or newer; this is {}.{}".format(*sys.version_info[:2]))
