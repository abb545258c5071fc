"""What is called a picture; `bot.readers.picture` says whether it is one."""

MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def claims_image(name: str, media_type: str) -> bool:
    """Whether a file is called a picture of a kind that a model takes."""
    return media_type in MEDIA_TYPES or name.lower().endswith(NAMES)
