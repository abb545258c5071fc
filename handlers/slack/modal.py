"""Forms that Slack would not open."""

from slack_sdk.errors import SlackApiError

from bot.tickets.actions import ActionRefused

# Errors of Slack's for a form that came too late to be opened.
TOO_LATE_FOR_CARD = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")


def too_late(error: SlackApiError) -> Exception:
    if error.response.get("error") in TOO_LATE_FOR_CARD:
        return ActionRefused(
            "That took too long, so Slack did not open the form. Please press again."
        )
    return error
