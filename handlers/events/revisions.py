"""Edits and deletions as Slack tells them, read into values; and what it tells that is neither."""

from bot.messages.content import Content
from bot.messages.inbound import IgnoredEvent, message_key
from bot.messages.revisions import RevisedMessage
from handlers.events.payload import MessageEvent, SlackMessage


def read_revision(
    event: MessageEvent, *, bot_user: str, asks: bool = False
) -> RevisedMessage | IgnoredEvent:
    """An edit or a deletion of a message by a person, or why it does not matter.

    `asks` says that a machine posted the message and that its posts are requests there.
    Slack sends `message_changed` for link previews and reply counters as well. Slack's own voice
    stands where a message with answers was deleted.
    """
    before, after = event.before, event.after
    author = before if event.deletes else event.concerned
    if author is not None and ((author.by_bot and not asks) or author.user == bot_user):
        return IgnoredEvent(reason="bot")
    key = message_key(event.team, event.channel, event.revised_ts)
    if event.deletes:
        return RevisedMessage(key=key, edited_ts=event.event_ts, content=None)
    if after is None:
        return IgnoredEvent(reason="text unchanged")
    calls = after.mentions(bot_user) and not (before is not None and before.mentions(bot_user))
    if not calls and _unchanged(before, after):
        return IgnoredEvent(reason="text unchanged")
    # What nothing is left of was taken back.
    content = None if after.content.empty and not calls else after.content
    # Without an edit of the author's the moment is Slack's own.
    edited = before is None or after.edited_ts != before.edited_ts
    edited_ts = (after.edited_ts if edited else None) or event.event_ts
    return RevisedMessage(key=key, edited_ts=edited_ts, content=content, calls=calls)


def _unchanged(before: SlackMessage | None, after: SlackMessage) -> bool:
    """Whether the author changed nothing that is read.

    Without an edit of theirs only what Slack adds to it may be new: the words of a clip, say, but
    not a message that Slack shows under a link to it.
    """
    if before is None:
        return after.edited_ts is None
    forwards = before.edited_ts != after.edited_ts
    return _read(before.content, forwards=forwards) == _read(after.content, forwards=forwards)


def _read(content: Content, *, forwards: bool) -> tuple[object, ...]:
    quotes = [each.text for each in content.quotes if forwards or each.kind != "forward"]
    return content.words, quotes, {each.id for each in content.files}
