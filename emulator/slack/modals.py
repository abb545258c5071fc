"""Showing views: the checks, the stack of a person's modals, the Home tab."""

from typing import Any

from emulator.slack.blockkit import VIEW_BLOCKS, complete, problems
from emulator.slack.views import STACK_DEPTH, View
from emulator.slack.wire import JSON, SlackError, dump
from emulator.slack.workspace import Workspace

LARGEST = 250_000
LONGEST = {"callback_id": 255, "private_metadata": 3000, "external_id": 255}
LONGEST_TITLE = 24


def checked(value: Any, kind: str) -> JSON:
    """The view with its block ids filled in; raises `invalid_arguments` saying what is wrong."""
    if not isinstance(value, dict):
        raise SlackError("invalid_arguments", messages=["[ERROR] view must be an object"])
    if len(dump(value)) > LARGEST:
        raise SlackError("view_too_large")
    if messages := _wrong(value, kind):
        raise SlackError("invalid_arguments", messages=messages)
    return {**value, "blocks": complete(value["blocks"])}


def _wrong(view: JSON, kind: str) -> list[str]:
    wrong = []
    if view.get("type") != kind:
        wrong.append(f"[ERROR] expected a {kind} [json-pointer:/view/type]")
    for name, longest in LONGEST.items():
        if len(str(view.get(name) or "")) > longest:
            wrong.append(f"[ERROR] must be less than {longest + 1} characters {_at(name)}")
    if kind == "modal":
        wrong += _wrong_words(view)
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return [*wrong, f"[ERROR] missing required field: blocks {_at('')}"]
    return wrong + [m.replace("pointer:", "pointer:/view") for m in problems(blocks, VIEW_BLOCKS)]


def _wrong_words(view: JSON) -> list[str]:
    wrong = []
    for name in ("title", "submit", "close"):
        text = (view.get(name) or {}).get("text", "")
        if len(text) > LONGEST_TITLE:
            wrong.append(f"[ERROR] must be less than {LONGEST_TITLE + 1} characters {_at(name)}")
    if not view.get("title"):
        wrong.append(f"[ERROR] missing required field: title {_at('')}")
    inputs = [b for b in view.get("blocks") or [] if b.get("type") == "input"]
    if inputs and not view.get("submit"):
        wrong.append(f"[ERROR] missing required field: submit {_at('')}")
    return wrong


def _at(name: str) -> str:
    return f"[json-pointer:/view/{name}]".replace("/]", "]")


def show(workspace: Workspace, user: str, body: JSON, *, push: bool) -> View:
    """Open a modal, alone or on top of the stack; raises `push_limit_reached`."""
    stack = workspace.modals.setdefault(user, [])
    if not push:
        stack.clear()
    if len(stack) >= STACK_DEPTH:
        raise SlackError("push_limit_reached")
    claim_external_id(workspace, body)
    identifier = workspace.new_id("V")
    below = stack[-1] if stack else None
    root = stack[0].id if stack else identifier
    view = View(identifier, body, user, root, below.id if below else None)
    stack.append(view)
    workspace.changes.touch()
    return view


def claim_external_id(workspace: Workspace, body: JSON, holder: View | None = None) -> None:
    """Raise `duplicate_external_id` if another open view has it."""
    wanted = body.get("external_id")
    others = (v for v in open_views(workspace) if v is not holder)
    if wanted and any(v.body.get("external_id") == wanted for v in others):
        raise SlackError("duplicate_external_id")


def open_views(workspace: Workspace) -> list[View]:
    """Every modal and Home tab that somebody has."""
    modals = [view for stack in workspace.modals.values() for view in stack]
    return [*modals, *workspace.homes.values()]
