"""The kinds of messages that Slack tells apart: said, changed, or written by Slack itself.

From docs.slack.dev/reference/events/message and the types of Slack's clients, as of November 2026.
"""

PERSONAL = (None, "file_share", "thread_broadcast", "me_message")
REVISIONS = ("message_changed", "message_deleted")
# What stands where a message with answers was deleted.
TOMBSTONE = "tombstone"
BECAME_PRIVATE = ("channel_convert_to_private", "group_convert_to_private")

_OF_CHANNELS = (
    "join leave topic purpose name archive unarchive convert_to_private convert_to_public "
    "posting_permissions canvas_updated"
)
_OTHERS = (
    "pinned_item unpinned_item bot_add bot_remove bot_enable bot_disable app_conversation_join "
    "app_conversation_leave joiner_notification reminder_add huddle_thread sh_room_created "
    "tabbed_canvas_updated message_replied"
)
# What Slack writes into a conversation about it: nobody said it, whoever stands there as its user.
SLACKS_OWN = frozenset(
    {
        *(f"{kind}_{what}" for kind in ("channel", "group") for what in _OF_CHANNELS.split()),
        *_OTHERS.split(),
        TOMBSTONE,
    }
)
