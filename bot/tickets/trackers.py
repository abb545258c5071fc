"""GitHub and Jira, as far as the desk asks them: an issue made, found again, looked at."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx2

from bot.config.trackers import TrackerConfig
from bot.text.invisible import visible

WITHIN = 10.0
LONGEST_STATE = 60
# Among so many pages of the newest issues one is looked for that may have been made.
PAGES, ON_A_PAGE = 10, 100
# Answers that say nothing of one issue, but of who asks, how often, or of the tracker.
OF_THE_WHOLE = (401, 403, 429)
LONGEST_REASON = 200
GONE = "gone"


class TrackerFailed(Exception):
    """It did not do what it was asked. `doubtful`: it may have, for its answer was lost.

    `whole` says that it would answer nothing else either.
    """

    def __init__(self, problem: str, *, doubtful: bool = False, whole: bool = False) -> None:
        super().__init__(problem)
        self.doubtful = doubtful
        self.whole = whole


@dataclass(frozen=True)
class TrackerIssue:
    """An issue: its key there (7, SHOP-7), its page, its state in words, and whether it is over."""

    key: str
    url: str
    state: str
    done: bool


class Tracker(Protocol):
    """Asks a tracker. Each raises TrackerFailed."""

    async def create(self, title: str, body: str, mark: str) -> TrackerIssue:
        """Make an issue, with a mark by which it is found again."""

    async def find(self, mark: str) -> TrackerIssue | None:
        """The issue with that mark, among the newest."""

    async def look(self, key: str) -> TrackerIssue:
        """An issue as it stands; its state is `gone` where there is none any more."""


def tracker_of(config: TrackerConfig, token: str, http: httpx2.AsyncClient) -> Tracker:
    """The client of a tracker."""
    return GitHub(config, token, http) if config.kind == "github" else Jira(config, token, http)


class GitHub:
    """Issues of a repository."""

    def __init__(self, config: TrackerConfig, token: str, http: httpx2.AsyncClient) -> None:
        self._issues = f"{config.address}/repos/{config.project}/issues"
        self._http = http
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    async def create(self, title: str, body: str, mark: str) -> TrackerIssue:
        sent = {"title": title, "body": f"{body}\n\n{_hidden(mark)}"}
        return self._read(await self._ask("POST", self._issues, json=sent))

    async def find(self, mark: str) -> TrackerIssue | None:
        newest = {"state": "all", "sort": "created", "direction": "desc", "per_page": ON_A_PAGE}
        for page in range(1, PAGES + 1):
            found = await self._ask("GET", self._issues, params={**newest, "page": page})
            for each in found:
                # The list has pull requests as well, which quote what they are about.
                if _hidden(mark) in str(each.get("body")) and "pull_request" not in each:
                    return self._read(each)
            if len(found) < ON_A_PAGE:
                break
        return None

    async def look(self, key: str) -> TrackerIssue:
        return self._read(await self._ask("GET", f"{self._issues}/{quote(key, safe='')}", key=key))

    async def _ask(self, method: str, url: str, **more: Any) -> Any:
        return await _asked(self._http, method, url, self._headers, **more)

    def _read(self, issue: Mapping[str, Any]) -> TrackerIssue:
        try:
            state, why = str(issue["state"]), issue.get("state_reason")
            told = f"{state} ({str(why).replace('_', ' ')})" if why else state
            done = state in ("closed", GONE)
            return TrackerIssue(str(issue["number"]), str(issue["html_url"]), _short(told), done)
        except (KeyError, TypeError, AttributeError):
            raise TrackerFailed("what it answers is no issue", doubtful=True) from None


class Jira:
    """Issues of a project."""

    def __init__(self, config: TrackerConfig, token: str, http: httpx2.AsyncClient) -> None:
        self._config = config
        self._rest = f"{config.address}/rest/api/3"
        self._http = http
        basic = base64.b64encode(token.encode()).decode()
        known = f"Basic {basic}" if ":" in token else f"Bearer {token}"
        self._headers = {"Authorization": known, "Accept": "application/json"}

    async def create(self, title: str, body: str, mark: str) -> TrackerIssue:
        paragraphs = [
            {"type": "paragraph", "content": [{"type": "text", "text": line}]}
            for line in body.splitlines()
            if line
        ]
        fields = {
            "project": {"key": self._config.project},
            "issuetype": {"name": self._config.issue_type},
            "summary": title,
            "labels": [mark],
            "description": {"type": "doc", "version": 1, "content": paragraphs},
        }
        made = await self._ask("POST", "issue", json={"fields": fields})
        # The answer to that has a key and no state.
        return self._read({**made, "fields": {"status": {"name": "created"}}})

    async def find(self, mark: str) -> TrackerIssue | None:
        query = {"jql": f'project = "{self._config.project}" AND labels = "{mark}"'}
        found = await self._ask("GET", "search/jql", params={**query, "fields": "status"})
        return next((self._read(each) for each in found.get("issues") or ()), None)

    async def look(self, key: str) -> TrackerIssue:
        path = f"issue/{quote(key, safe='')}"
        return self._read(await self._ask("GET", path, params={"fields": "status"}, key=key))

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        return await _asked(self._http, method, f"{self._rest}/{path}", self._headers, **more)

    def _read(self, issue: Mapping[str, Any]) -> TrackerIssue:
        try:
            if issue.get("state") == GONE:
                return TrackerIssue(str(issue["number"]), "", GONE, done=True)
            key, status = str(issue["key"]), issue["fields"]["status"]
            done = (status.get("statusCategory") or {}).get("key") == "done"
            url = f"{self._config.address}/browse/{quote(key, safe='')}"
            return TrackerIssue(key, url, _short(str(status["name"])), done)
        except (KeyError, TypeError, AttributeError):
            raise TrackerFailed("what it answers is no issue", doubtful=True) from None


async def _asked(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    key: str = "",
    **more: Any,
) -> Any:
    """The JSON of an answer; of an issue (`key`) that is gone, that it is."""
    # Where an issue or its repository has moved, it is read there; nothing is made elsewhere.
    moved = method == "GET"
    try:
        response = await http.request(
            method, url, headers=headers, timeout=WITHIN, follow_redirects=moved, **more
        )
    except (httpx2.ConnectError, httpx2.ConnectTimeout):
        raise TrackerFailed("it is not reached", whole=True) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        told = f"no answer ({type(error).__name__})"
        raise TrackerFailed(told, doubtful=True, whole=True) from None
    if key and response.status_code in (404, 410):
        return {"number": key, "state": GONE, "html_url": ""}
    if not response.is_success:
        doubtful = response.status_code >= 500
        whole = doubtful or response.status_code in OF_THE_WHOLE
        told = f"it answered {response.status_code}{_reason(response)}"
        raise TrackerFailed(told, doubtful=doubtful, whole=whole)
    try:
        answer = response.json()
    except ValueError:
        raise TrackerFailed("its answer is no JSON", doubtful=True) from None
    if not isinstance(answer, dict | list):
        raise TrackerFailed("what it answers is no issue", doubtful=True)
    return answer


def _hidden(mark: str) -> str:
    """The mark as it stands in an issue's text, whole: T-104 is no T-1042."""
    return f"<!-- {mark} -->"


def _reason(response: httpx2.Response) -> str:
    """What a refusal says of itself, cut; GitHub and Jira have names of their own for that."""
    try:
        match response.json():
            case {"message": str(told)}:
                said = [told]
            case {"errorMessages": list(told), **more}:
                errors = more.get("errors")
                said = [*told, *(errors.values() if isinstance(errors, dict) else ())]
            case _:
                return ""
    except ValueError:
        return ""
    told = " ".join(visible(" ".join(map(str, said))).split())[:LONGEST_REASON]
    return f": {told}" if told else ""


def _short(state: str) -> str:
    shown = "".join(each for each in state if each.isprintable())
    return " ".join(shown.split())[:LONGEST_STATE]
