"""What a batch run found about the same tickets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.summaries.summariser import TicketSummary
from bot.ticket_files.record import NotATable

Labels = Mapping[str, dict[str, Any]]


def read_labels(path: Path) -> Labels:
    """By ticket: the summary as the title, the labels as columns.

    Raises:
        NotATable: the file is not what a batch run writes.
    """
    found: dict[str, dict[str, Any]] = {}
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                if "error" in entry:
                    continue
                labelled = TicketSummary.model_validate(entry).model_dump()
                found[entry["id"]] = {"title": labelled.pop("summary"), **labelled}
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise NotATable(f"--labels {path}: not what deskhand batch writes ({error})") from None
    return found
