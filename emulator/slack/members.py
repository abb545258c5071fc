"""Who is in the workspace: people and bots, as records."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from emulator.slack.wire import JSON


@dataclass(eq=False)
class Member:
    """A user of the workspace; an app's bot user has a `bot_id` and an `app_id` too."""

    id: str
    name: str
    real_name: str
    team_id: str
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    email: str = ""
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False
    guest: bool = False
    stranger: bool = False
    confirmed: bool = True

    def _tz_offset(self) -> int:
        """Seconds east of Greenwich."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def identity(self) -> JSON:
        """The author fields of this member's messages."""
        if self.bot_id is None:
            return {"user": self.id, "team": self.team_id}
        return {
            "user": self.id,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "team": self.team_id,
            "bot_profile": self.bot_profile(),
        }

    def bot_profile(self) -> JSON:
        """The `bot_profile` of a modern bot message."""
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "name": self.name,
            "deleted": False,
            "updated": 0,
            "team_id": self.team_id,
        }

    def payload(self, *, email: bool = False, locale: bool = False) -> JSON:
        """The user as `users.info` shows it."""
        profile: JSON = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": self.team_id,
            "image_72": f"https://avatars.slack-edge.com/{self.id}_72.png",
        }
        if email and self.email:
            profile["email"] = self.email
        if self.bot_id:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        body: JSON = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_offset": self._tz_offset(),
            "profile": profile,
            "is_bot": self.bot_id is not None,
            "is_app_user": False,
            "is_admin": False,
            "is_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_email_confirmed": self.confirmed,
            "updated": 0,
        }
        if self.stranger:
            body["is_stranger"] = True
        return {**body, "locale": self.locale} if locale else body
