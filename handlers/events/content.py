"""What a message of Slack's says: the one reader of its text, blocks, attachments and files.

A message is all that its reader sees. People type text, but they also forward messages, paste
tables, share canvases, speak into clips; apps post blocks. Link previews are not the author's words
and are left out. A stranger may have written any of it, so it is read within limits.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.messages.content import Content, Quote, QuoteKind
from bot.messages.inbound import File, moment_of
from bot.text.invisible import visible
from handlers.events.block_text import TABLES, BlockText, Raw, listed, text_of
from handlers.slack.files import CANVASES, LISTS, UNWRITTEN, read_file

# Slack calls a snippet without a name so; that is no title.
UNNAMED = frozenset({"Untitled", "Untitled.txt", "-"})
PREVIEWS = ("original_url", "is_app_unfurl", "app_unfurl_url", "service_name", "from_url")
# What Slack writes where it has no words for clients that show no attachments.
PLACEHOLDERS = frozenset(
    {"[no preview available]", "This message contains interactive elements.",
     "This content can't be displayed."}
)  # fmt: skip
# A reference in mrkdwn, or a field of a rich text's run.
_NAMED = re.compile(
    r"<(?:@|#|!subteam\^)([UWCGS]\w+)"
    r'|"(?:user_id|usergroup_id|channel_id|author_id)": "([UWCGS]\w+)"'
)
MOST_LOOKED_AT = 100_000
# Files of one e-mail that are looked at; pictures of signatures are files too.
MOST_ENCLOSED = 20
# Forwards within forwards whose files are looked for.
DEEPEST = 5
NO_NAMES: Mapping[str, str] = {}


def read_content(
    message: Raw, *, without: str | None = None, names: Mapping[str, str] = NO_NAMES
) -> Content:
    """All that the reader of a message sees.

    `without` is a user whose mention is dropped: the bot's own. `names` are the names of people,
    channels and groups by their ids; whoever is not among them is shown by the id.
    """
    reader = BlockText(without, names)
    quotes: list[Quote] = []
    text = text_of(message.get("text"))
    words = reader.blocks(message.get("blocks")) if _is_posted(message) else ""
    if not words and (words := reader.mrkdwn("" if text in PLACEHOLDERS else text)):
        quotes += _tables(reader, message.get("blocks"))
    elif not words:
        words = reader.blocks(message.get("blocks"))
    attachments = [each for each in listed(message.get("attachments")) if _is_shown(each)]
    for each in attachments:
        quotes += _of_attachment(reader, each, names)
    raw_files = _once_each([*listed(message.get("files")), *_attached_files(attachments)])
    told = [(each, _of_file(reader, each)) for each in raw_files]
    return Content(
        words=words,
        quotes=tuple(_once([*quotes, *(quote for _, quote in told if quote)], words)),
        files=tuple(file for each, quote in told for file in _files(each, quote)),
        cut=reader.cut,
    )


def mentioned_ids(message: Raw) -> list[str]:
    """The ids of people, channels and groups that the message names, those of its quotes too."""
    parts = [message.get(name) for name in ("text", "blocks", "attachments")]
    written = json.dumps(parts, ensure_ascii=False, default=str)[:MOST_LOOKED_AT]
    return list(dict.fromkeys(found[1] or found[2] for found in _NAMED.finditer(written)))


def _is_posted(message: Raw) -> bool:
    """Whether an app posted it: then people see the blocks, and `text` is what a notice shows."""
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def _tables(reader: BlockText, blocks: object) -> Iterator[Quote]:
    """The tables among a message's blocks: its `text` does not hold them."""
    for block in listed(blocks):
        if _is_table(block) and (text := reader.blocks([block])):
            yield Quote(kind="table", text=text)


def _is_shown(attachment: object) -> bool:
    """A forwarded message or what was posted; not a link's preview, which Slack made."""
    if not isinstance(attachment, Mapping):
        return False
    return _is_forward(attachment) or not any(attachment.get(sign) for sign in PREVIEWS)


def _is_forward(attachment: Raw) -> bool:
    return bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _of_attachment(reader: BlockText, attachment: Raw, names: Mapping[str, str]) -> Iterator[Quote]:
    """A forwarded message, a table, or a post of an app's, and what it holds in turn."""
    if not reader.more():
        return
    text, kind = _said(reader, attachment), _kind(attachment)
    if text or kind == "forward":
        yield Quote(
            kind=kind,
            text=text,
            **(_origin(attachment, names) if kind == "forward" else {}),
        )
    for each in _inside(attachment, "attachments"):
        if _is_shown(each):
            yield from _of_attachment(reader, each, names)


def _inside(attachment: Raw, what: str) -> Iterator[Any]:
    """The attachments or files of an attachment, and of the message that it shows whole."""
    yield from listed(attachment.get(what))
    for each in listed(attachment.get("message_blocks")):
        inner = each.get("message") if isinstance(each, Mapping) else None
        if isinstance(inner, Mapping):
            yield from listed(inner.get(what))


def _kind(attachment: Raw) -> QuoteKind:
    if _is_forward(attachment):
        return "forward"
    blocks = listed(attachment.get("blocks"))
    return "table" if blocks and all(_is_table(each) for each in blocks) else "form"


def _is_table(block: object) -> bool:
    return isinstance(block, Mapping) and block.get("type") in TABLES


def _said(reader: BlockText, attachment: Raw) -> str:
    """Its message where it has one; else its blocks; else the fields of old attachments.

    What is only said for clients that show no attachments comes last.
    """
    for message in listed(attachment.get("message_blocks")):
        inner = message.get("message") if isinstance(message, Mapping) else None
        shown = inner.get("blocks") if isinstance(inner, Mapping) else message
        if text := reader.blocks(shown):
            return text
    if text := reader.blocks(attachment.get("blocks")):
        return text
    told = [text_of(attachment.get(name)) for name in ("pretext", "title", "text")]
    told += [
        f"{text_of(each.get('title'))}: {text_of(each.get('value'))}".strip(": ")
        for each in listed(attachment.get("fields"))
        if isinstance(each, Mapping)
    ]
    fallback = text_of(attachment.get("fallback"))
    spare = "" if _is_forward(attachment) or fallback in PLACEHOLDERS else fallback
    return reader.mrkdwn("\n".join(each for each in told if each) or spare)


def _origin(attachment: Raw, names: Mapping[str, str]) -> dict[str, Any]:
    """Who said what is forwarded, where and when, as far as Slack tells."""
    return {
        "author": _author(attachment, names),
        "url": text_of(attachment.get("from_url")) or None,
        "place": names.get(text_of(attachment.get("channel_id"))),
        "said_at": _moment(text_of(attachment.get("ts"))),
    }


def _moment(ts: str) -> datetime | None:
    return moment_of(ts) if re.fullmatch(r"\d{9,11}\.\d{1,6}", ts) else None


def _author(attachment: Raw, names: Mapping[str, str]) -> str | None:
    author = text_of(attachment.get("author_name")) or text_of(attachment.get("author_subname"))
    return visible(author).strip()[:80] or names.get(text_of(attachment.get("author_id")))


def _attached_files(attachments: Sequence[Raw], deep: int = 0) -> Iterator[Any]:
    """The files of what is forwarded, and of what is forwarded in that."""
    for each in attachments:
        yield from _inside(each, "files")
        if deep < DEEPEST:
            shown = [one for one in _inside(each, "attachments") if _is_shown(one)]
            yield from _attached_files(shown, deep + 1)


def _once_each(files: Sequence[object]) -> Sequence[Raw]:
    """Each file once, but for those that were deleted."""
    raw = [each for each in files if isinstance(each, Mapping) and each.get("mode") != "tombstone"]
    return list({str(each.get("id") or place): each for place, each in enumerate(raw)}.values())


def _of_file(reader: BlockText, raw: Raw) -> Quote | None:
    """What a file itself says in the event: an e-mail, a snippet, a clip's transcript."""
    title = visible(text_of(raw.get("title"))).strip()[:200] or None
    mode, kind = raw.get("mode"), raw.get("filetype")
    if _is_email(raw):
        body = text_of(raw.get("plain_text")) or text_of(raw.get("preview_plain_text"))
        text = visible(reader.within(body)).strip()
        return Quote(kind="email", text=text, author=_sender(raw), title=title)
    if mode == "snippet":
        text = visible(reader.within(text_of(raw.get("preview")))).strip()
        named = None if title in UNNAMED else title
        return Quote(kind="snippet", text=text, title=named) if text else None
    if kind in CANVASES:
        return Quote(kind="canvas", text="", title=title)
    if kind in LISTS:
        return Quote(kind="list", text="", title=title)
    spoken = visible(reader.within(_transcript(raw))).strip()
    return Quote(kind="transcript", text=spoken) if spoken else None


def _is_email(raw: Raw) -> bool:
    return "email" in (raw.get("mode"), raw.get("filetype"))


def _files(raw: Raw, quote: Quote | None) -> Iterator[File]:
    """A file, and what it brings along: what an e-mail had with it, the words of a clip."""
    file = read_file(raw, quoted=_is_whole(raw, quote))
    yield file
    if _is_email(raw):
        for number, each in enumerate(listed(raw.get("attachments"))[:MOST_ENCLOSED]):
            if isinstance(each, Mapping) and text_of(each.get("url")):
                enclosed = {**each, "name": each.get("filename"), "url_private": each["url"]}
                yield read_file({**enclosed, "id": f"{file.id}.{number}"}, part_of=file.id)
    elif file.id and _is_unwritten(raw):
        # Whoever reads it asks Slack for the words, which come seconds after the clip.
        yield File(id=f"{file.id}.vtt", name=file.name, part_of=file.id)
    elif quote is not None and quote.kind == "transcript" and _has_more(raw):
        words = {"id": f"{file.id}.vtt", "name": f"{file.name}.vtt", "mimetype": "text/vtt"}
        if url := text_of(raw.get("vtt")):
            yield read_file({**words, "url_private": url}, part_of=file.id)


def _is_whole(raw: Raw, quote: Quote | None) -> bool:
    """Whether a quote holds all that a file says. Nobody here can listen to a recording."""
    if quote is None or not quote.text:
        return False
    cut = any(raw.get(name) for name in ("is_truncated", "preview_is_truncated", "lines_more"))
    return not (quote.kind == "snippet" and cut)


def _sender(raw: Raw) -> str | None:
    """Who an e-mail is from: the name where there is one, and the address."""
    for each in listed(raw.get("from")):
        if isinstance(each, Mapping):
            name, address = text_of(each.get("name")), text_of(each.get("address"))
            told = f"{name} <{address}>" if name and address else name or address
            return visible(told)[:200] or None
    return None


def _transcript(raw: Raw) -> str:
    """What was said in a voice or video clip, where Slack has written it down."""
    written = raw.get("transcription")
    if not isinstance(written, Mapping) or written.get("status") != "complete":
        return ""
    preview = written.get("preview")
    said = text_of(preview.get("content")) if isinstance(preview, Mapping) else ""
    return f"{said} […]" if said and _has_more(raw) else said


def _is_unwritten(raw: Raw) -> bool:
    """Whether Slack is still writing down what is said in a clip."""
    written = raw.get("transcription")
    return isinstance(written, Mapping) and written.get("status") == UNWRITTEN


def _has_more(raw: Raw) -> bool:
    """Whether a clip says more than the event shows: Slack puts its beginning there."""
    written = raw.get("transcription")
    preview = written.get("preview") if isinstance(written, Mapping) else None
    return isinstance(preview, Mapping) and bool(preview.get("has_more"))


def _once(quotes: Sequence[Quote], words: str) -> Iterator[Quote]:
    """Each quote once: Slack repeats the text of a pasted message in its blocks."""
    seen = {words}
    for quote in quotes:
        if not quote.text or quote.text not in seen:
            seen.add(quote.text)
            yield quote
