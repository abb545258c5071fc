"""A scripted day at the desk."""

# Refuses a Python that is too old, before anything is imported that it does not understand.
import bot  # noqa: F401
