"""What a message of Slack's says: the one reader of its text, blocks, attachments and files.

A message is all that its reader sees. People type text, but they also forward messages, paste
tables, share canvases, speak into clips; apps post blocks. Link previews are not the author's words
and are left out. Whatever is unknown is read for its texts, within limits, since a stranger wrote
it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.messages.content import Content, Quote, QuoteKind
from bot.messages.inbound import File
from bot.text.invisible import visible
from handlers.views.mrkdwn import readable_text

# Slack cuts a message's text at 40,000 characters; a table or a forward may hold more.
MOST_TEXT = 40_000
# Blocks in blocks: Slack's own nest to four.
DEEPEST = 12
MOST_PARTS = 2_000
NAMES: Mapping[str, str] = {}

Raw = Mapping[str, Any]


def read_content(
    message: Raw, *, without: str | None = None, names: Mapping[str, str] = NAMES
) -> Content:
    """All that the reader of a message sees.

    `without` is a user whose mention is dropped: the bot's own. `names` are the names of people,
    channels and groups by their ids; whoever is not among them is shown by the id.
    """
    reader = _Reader(without, names)
    words = reader.mrkdwn(_text(message.get("text")))
    blocks = reader.blocks(message.get("blocks"))
    quotes = []
    if not words:
        words = blocks
    else:
        quotes += reader.tables(message.get("blocks"))
    for attachment in _list(message.get("attachments")):
        quotes += reader.attachment(attachment)
    files = [each for each in _list(message.get("files")) if isinstance(each, Mapping)]
    quotes += [quote for each in files if (quote := reader.file(each))]
    shared = [*files, *reader.files]
    return Content(
        words=words,
        quotes=tuple(_once(quotes, words)),
        files=tuple(read_file(each) for each in shared),
        cut=reader.cut,
    )


def read_file(raw: Raw) -> File:
    """A file as the desk handles it; what Slack leaves out of it is empty."""
    return File(
        id=_text(raw.get("id")),
        name=_text(raw.get("name")) or _text(raw.get("title")),
        mimetype=_text(raw.get("mimetype")),
        size=_number(raw.get("size")),
        url=_text(raw.get("url_private")),
    )


class _Reader:
    """Reads one message; counts what it has read, so that no message is read for ever."""

    def __init__(self, without: str | None, names: Mapping[str, str]) -> None:
        self._without = without
        self._names = names
        self._parts = 0
        self._length = 0
        self.cut = False
        self.files: list[Raw] = []

    def mrkdwn(self, text: str) -> str:
        """Slack's text as people read it."""
        return self._within(readable_text(text, without=self._without, names=self._names))

    def blocks(self, blocks: object) -> str:
        """The texts of blocks, a line for each line that people see."""
        return self._within("\n".join(self._texts(blocks, 0)))

    def tables(self, blocks: object) -> Iterator[Quote]:
        """The tables among a message's blocks: its `text` does not hold them."""
        for block in _list(blocks):
            if isinstance(block, Mapping) and block.get("type") in ("table", "data_table"):
                if text := self.blocks([block]):
                    yield Quote(kind="table", text=text)

    def attachment(self, attachment: object) -> Iterator[Quote]:
        """A forwarded message, a table, or a post of an app's; nothing for a link's preview."""
        if not isinstance(attachment, Mapping) or _is_preview(attachment):
            return
        forwarded = bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))
        self.files += [each for each in _list(attachment.get("files")) if isinstance(each, Mapping)]
        text = self._of_attachment(attachment)
        nested = _list(attachment.get("attachments"))
        kind: QuoteKind = "forward" if forwarded else "form"
        if not forwarded and _all_tables(attachment.get("blocks")):
            kind = "table"
        if text or (forwarded and (nested or attachment.get("files"))):
            yield Quote(
                kind=kind,
                text=text,
                author=self._author(attachment) if forwarded else None,
                url=_text(attachment.get("from_url")) or None,
            )
        for each in nested if self._more() else ():
            yield from self.attachment(each)

    def file(self, raw: Raw) -> Quote | None:
        """What a file itself says in the event: an e-mail, a snippet, a clip's transcript."""
        title = visible(_text(raw.get("title"))).strip() or None
        mode, kind = raw.get("mode"), raw.get("filetype")
        if mode == "email" or kind == "email":
            text = self._within(_text(raw.get("plain_text")) or _text(raw.get("preview_plain_text")))
            return Quote(kind="email", text=text.strip(), author=_sender(raw), title=title)
        if mode == "snippet":
            text = self._within(_text(raw.get("preview")))
            return Quote(kind="snippet", text=text.strip(), title=_own_title(title)) if text else None
        if kind in ("quip", "canvas"):
            return Quote(kind="canvas", text="", title=title)
        spoken = _transcript(raw)
        return Quote(kind="transcript", text=self._within(spoken)) if spoken else None

    def _of_attachment(self, attachment: Raw) -> str:
        """Its message where it has one; else its blocks; else the fields of old attachments."""
        for message in _list(attachment.get("message_blocks")):
            inner = message.get("message") if isinstance(message, Mapping) else None
            if isinstance(inner, Mapping) and (text := self.blocks(inner.get("blocks"))):
                return text
        if text := self.blocks(attachment.get("blocks")):
            return text
        fields = [
            f"{_text(each.get('title'))}: {_text(each.get('value'))}".strip(": ")
            for each in _list(attachment.get("fields"))
            if isinstance(each, Mapping)
        ]
        told = (_text(attachment.get(name)) for name in ("pretext", "title", "text"))
        return self.mrkdwn("\n".join(each for each in (*told, *fields) if each))

    def _author(self, attachment: Raw) -> str | None:
        author = _text(attachment.get("author_name")) or _text(attachment.get("author_subname"))
        return visible(author).strip()[:80] or self._names.get(_text(attachment.get("author_id")))

    def _texts(self, node: object, depth: int) -> Iterator[str]:
        """Lines of text in blocks of any kind."""
        if not self._more() or depth > DEEPEST:
            return
        if isinstance(node, Mapping):
            yield from self._of_block(node, depth)
        else:
            for each in _list(node):
                yield from self._texts(each, depth + 1)

    def _of_block(self, block: Raw, depth: int) -> Iterator[str]:
        match block.get("type"):
            case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
                line = "".join(self._inline(each) for each in _list(block.get("elements")))
                if line.strip():
                    yield line.strip()
            case "rich_text_list":
                for each in _list(block.get("elements")):
                    yield from (f"- {line}" for line in self._texts(each, depth + 1))
            case "table" | "data_table":
                for row in _list(block.get("rows")):
                    cells = (" ".join(self._texts(cell, depth + 2)) for cell in _list(row))
                    yield " | ".join(cells)
            case "mrkdwn" | "markdown":
                yield from self._lines(self.mrkdwn(_text(block.get("text"))))
            case "plain_text" | "raw_text" | "text":
                yield from self._lines(visible(_text(block.get("text"))))
            case "raw_number":
                yield _text(block.get("text")) or str(block.get("value", ""))
            case "image":
                yield from self._lines(visible(_text(block.get("alt_text"))))
            case "actions" | "input" | "divider" | "context_actions":
                return
            case _:
                for name in SPOKEN:
                    yield from self._spoken(block.get(name), depth + 1)

    def _spoken(self, value: object, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            yield from self._lines(self.mrkdwn(value))
        else:
            yield from self._texts(value, depth)

    def _inline(self, element: object) -> str:
        """One run of a line of rich text."""
        if not isinstance(element, Mapping) or not self._more():
            return ""
        match element.get("type"):
            case "text":
                return visible(_text(element.get("text")))
            case "link":
                return self._link(_text(element.get("text")), _text(element.get("url")))
            case "user":
                user = _text(element.get("user_id"))
                return "" if user == self._without else f"@{self._names.get(user, user)}"
            case "usergroup":
                group = _text(element.get("usergroup_id"))
                return f"@{self._names.get(group, group)}"
            case "channel":
                channel = _text(element.get("channel_id"))
                return f"#{self._names.get(channel, channel)}"
            case "broadcast":
                return f"@{_text(element.get('range'))}"
            case "emoji":
                return f":{_text(element.get('name'))}:"
            case "date":
                return visible(_text(element.get("fallback")))
            case _:
                return visible(_text(element.get("text")) or _text(element.get("fallback")))

    def _link(self, label: str, url: str) -> str:
        label = visible(label)
        return url if not label or label == url else f"{label} ({url})"

    def _lines(self, text: str) -> Iterator[str]:
        yield from (line.strip() for line in text.splitlines() if line.strip())

    def _more(self) -> bool:
        """Whether another part may be read."""
        self._parts += 1
        self.cut = self.cut or self._parts > MOST_PARTS
        return self._parts <= MOST_PARTS

    def _within(self, text: str) -> str:
        """The text, within what one message may say in all."""
        left = max(0, MOST_TEXT - self._length)
        self.cut = self.cut or len(text) > left
        self._length += min(len(text), left)
        return text[:left]


# Where blocks of kinds that we do not know by name keep what people read.
SPOKEN = (
    "title", "rich_title", "subtitle", "header", "text", "body", "caption", "fields", "elements",
    "blocks", "child_blocks", "cards", "rows", "details", "output", "alt_text", "footer",
)  # fmt: skip


def _is_preview(attachment: Raw) -> bool:
    """A link's preview, which Slack made: neither a forward nor something that was posted."""
    if attachment.get("is_share") or attachment.get("is_msg_unfurl"):
        return False
    return any(
        attachment.get(sign)
        for sign in ("original_url", "is_app_unfurl", "app_unfurl_url", "service_name", "from_url")
    )


def _all_tables(blocks: object) -> bool:
    kinds = [each.get("type") for each in _list(blocks) if isinstance(each, Mapping)]
    return bool(kinds) and all(kind in ("table", "data_table") for kind in kinds)


def _sender(raw: Raw) -> str | None:
    """Who an e-mail is from: the name where there is one, and the address."""
    for each in _list(raw.get("from")):
        if isinstance(each, Mapping):
            name, address = _text(each.get("name")), _text(each.get("address"))
            told = f"{name} <{address}>" if name and address else name or address
            return visible(told)[:200] or None
    return None


def _transcript(raw: Raw) -> str:
    """What was said in a voice or video clip, where Slack has written it down."""
    written = raw.get("transcription")
    if not isinstance(written, Mapping) or written.get("status") != "complete":
        return ""
    preview = written.get("preview")
    return _text(preview.get("content")).strip() if isinstance(preview, Mapping) else ""


def _own_title(title: str | None) -> str | None:
    """Slack calls a snippet without a name so; that is no title."""
    return None if title in ("Untitled", "Untitled.txt", "-") else title


def _once(quotes: Sequence[Quote], words: str) -> Iterator[Quote]:
    """Each quote once: Slack repeats the text of a pasted message in its blocks."""
    seen = {words}
    for quote in quotes:
        if not quote.text or quote.text not in seen:
            seen.add(quote.text)
            yield quote


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
