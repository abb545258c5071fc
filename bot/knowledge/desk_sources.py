"""The sources that a desk names: its knowledge folders, and those of `[[sources]]`."""

from collections.abc import Sequence

from bot.config.article_sources import SourceConfig
from bot.config.desk import Desk
from bot.knowledge.git_folder import GitFolder
from bot.knowledge.sources import ArticleSource, Folder, label_folders
from bot.knowledge.web.network_addresses import AddressRules
from bot.knowledge.website import Website
from bot.readers.pool import ReaderPool, shared_pool
from bot.readers.reader_limits import ReaderLimits


def local_sources(desk: Desk, readers: ReaderPool | None = None) -> Sequence[ArticleSource]:
    """Those on this machine, which are quickly looked at."""
    named = [each for each in desk.sources if not (each.site or each.pages)]
    return [
        *label_folders(desk.desk.knowledge, readers or _readers(desk)),
        *(make_source(each, readers or _readers(desk)) for each in named),
    ]


def websites(desk: Desk, readers: ReaderPool | None = None) -> Sequence[ArticleSource]:
    """Those that take minutes, because their servers are asked page by page."""
    pool = readers or _readers(desk)
    return [make_source(each, pool) for each in desk.sources if each.site or each.pages]


def _readers(desk: Desk) -> ReaderPool:
    """The readers of a command, within the desk's limits."""
    return shared_pool(ReaderLimits(**desk.readers.model_dump()))


def make_source(config: SourceConfig, readers: ReaderPool | None = None) -> ArticleSource:
    """The source that an entry of `[[sources]]` names."""
    read_by = {"readers": readers} if readers else {}
    if config.git:
        folder, label = str(config.folder or ""), config.label or f"{config.git.stem}/"
        return GitFolder(config.git, config.ref, folder, label, config.audience, **read_by)
    if config.folder:
        label = config.label or f"{config.folder.resolve().name}/"
        return Folder(config.folder, label, config.audience, **read_by)
    return Website(
        config.site or config.pages[0],
        config.pages,
        config.audience,
        config.most,
        config.minutes,
        config.delay,
        AddressRules(config.private_hosts),
        **read_by,
    )
