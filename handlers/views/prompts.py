"""The first questions that the agent pane offers."""

from collections.abc import Sequence

from bot.config.sections import AgentView


def pane_prompts(view: AgentView, language: str) -> Sequence[dict[str, str]]:
    """The questions in a language, or else in the first that the desk has."""
    chosen = view.prompts.get(language) or next(iter(view.prompts.values()))
    return [{"title": each.title, "message": each.message} for each in chosen]
