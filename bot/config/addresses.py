"""Addresses of other systems in `desk.toml`."""

from urllib.parse import urlsplit

# Hosts that nobody else can listen in on.
OUR_OWN = frozenset({"127.0.0.1", "localhost", "::1"})


def require_safe(address: str) -> None:
    """Raise ValueError for an address that is not https, or http on this machine."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in OUR_OWN)):
        raise ValueError("expected an address that starts with https://")
