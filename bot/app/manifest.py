"""The manifest of the app, for the commands that show it."""

from handlers.manifest import creation_link
from handlers.manifest import manifest as app_manifest
from handlers.manifest import reached_at as app_reached_at

__all__ = ["app_manifest", "app_reached_at", "creation_link"]
