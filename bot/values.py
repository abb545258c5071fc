"""Values that cross rooms and checkpoints."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that crosses a checkpoint as JSON and never changes."""

    model_config = ConfigDict(frozen=True)
