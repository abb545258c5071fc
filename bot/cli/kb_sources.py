"""Which sources of articles a command means: folders, repositories, websites, or the desk's."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from bot.config.article_sources import SourceConfig
from bot.config.desk import Desk
from bot.config.settings import SettingsError
from bot.knowledge.desk_sources import local_sources, make_source, websites
from bot.knowledge.sources import ArticleSource, Folder


def asked_sources(chosen: argparse.Namespace, desk: Desk) -> Sequence[ArticleSource]:
    """The sources asked for, or the desk's own; names are kept apart as the bot keeps them.

    Raises:
        SettingsError: an option holds nothing that can be.
    """
    own = {each.origin: each for each in (*local_sources(desk), *websites(desk))}
    asked = [_source(place, chosen) for place in chosen.places]
    return [own.get(each.origin, each) for each in asked] or list(own.values())


def origins_of(place: str, stored: Sequence[str]) -> Sequence[str]:
    """The origins that a place has in the store: a repository has one for each ref and folder."""
    path = Folder(Path(place)).origin
    ours = [each for each in stored if each in {place, path} or each.startswith(f"git:{path}:")]
    return ours or [place if _is_address(place) else path]


def _source(place: str, chosen: argparse.Namespace) -> ArticleSource:
    given = {"audience": chosen.audience or "public"}
    if _is_address(place):
        most = {"most": chosen.most} if chosen.most is not None else {}
        given |= {"site": place, "private_hosts": chosen.private_host, **most}
    elif chosen.ref or _is_bare(Path(place)):
        given |= {"git": Path(place), "ref": chosen.ref or "HEAD", "folder": chosen.within}
    else:
        given |= {"folder": Path(place)}
    try:
        return make_source(SourceConfig.model_validate(given))
    except ValueError:
        raise SettingsError(f"{place}: expected a folder, a repository or an address") from None


def _is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _is_bare(path: Path) -> bool:
    # Not asked of the paths themselves, which raise where the folder is closed to us.
    head, objects = path / "HEAD", path / "objects"
    return os.path.isfile(head) and os.path.isdir(objects)  # noqa: PTH112, PTH113
